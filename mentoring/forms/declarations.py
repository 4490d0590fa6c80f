"""What people declare about each other, and the answer to a hint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import day_field
from mentoring.conflicts import DECIDE, JUDGE, MENTOR
from mentoring.models import Hint
from people.models import Person

BARRED = ((JUDGE, _("Judging")), (MENTOR, _("Mentoring")), (DECIDE, _("Deciding")))


class DeclareForm(forms.Form):
    about = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("About whom"),
        error_messages={"required": _("Find the person by name, and choose her.")},
    )
    words = forms.CharField(
        label=_("What stands between you"),
        max_length=300,
        help_text=_("Who runs the programme reads it; the other person does not."),
    )
    since = day_field(label=_("Since (if you know)"), required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].queryset = people


class HintForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.none())
    other = forms.ModelChoiceField(Person.objects.none())
    answer = forms.ChoiceField(choices=Hint.Answer)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = self.fields["other"].queryset = people


class NarrowForm(forms.Form):
    """Which conflicts the list shows."""

    q = forms.CharField(label=_("Mentor or entrepreneur"), required=False)
    bars = forms.ChoiceField(
        label=_("What it stands in the way of"), choices=[("", _("anything")), *BARRED], required=False
    )

    def said(self) -> tuple[str, str]:
        """Part of a name, and a purpose; what is no purpose narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("bars", "")
