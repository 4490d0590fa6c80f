"""What an entrepreneur asks a mentor for, and what either side wishes."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.folding import fold
from mentoring.forms.week import Boxes, Week
from mentoring.models import Function, Need, Preference
from people.sectors import SECTORS


class NeedForm(Week):
    """In her words first; the rest is what a match is computed from."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sectors = [("", _("not said")), *SECTORS.items()]
        languages = [("", _("not said")), *User.Language.choices]
        asked = {
            "text": forms.CharField(
                label=_("Help needed, in own words"),
                max_length=500,
                required=False,
                widget=forms.Textarea({"rows": 3}),
            ),
            "functions": Boxes(_("Business functions"), Function.choices),
            "sector": forms.ChoiceField(label=_("Sector of the business"), choices=sectors, required=False),
            "language": forms.ChoiceField(label=_("Language"), choices=languages, required=False),
            "place": forms.ChoiceField(
                label=_("Where to meet"), choices=Need.Place, widget=forms.RadioSelect, initial="either"
            ),
        }
        self.fields = asked | self.fields


SAYS = [
    ("", gettext_lazy("nothing special")),
    (Preference.Says.WISH, gettext_lazy("I would like her")),
    (Preference.Says.NO, gettext_lazy("I will not have her")),
]


class PreferForm(forms.Form):
    """`says` empty takes back what was said."""

    says = forms.ChoiceField(label=gettext_lazy("What is said"), choices=SAYS, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class ByMentorForm(PreferForm):
    """Whom it is about: chosen from the people by staff; written by the mentor, who does not see the list."""

    def __init__(self, *args, enrolments, is_staff: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments
        if is_staff:
            whom = forms.ModelChoiceField(enrolments, label=_("Entrepreneur"), empty_label=_("Choose …"))
        else:
            whom = forms.CharField(label=_("Her name and surname"), max_length=200)
        self.fields = {"whom": whom} | self.fields

    def clean_whom(self):
        said = self.cleaned_data["whom"]
        if not isinstance(said, str):
            return said
        found = list(self.enrolments.filter(person__name_key=fold(said)[:200])[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Nobody who takes part is found by this name; the coordinator can help.")
            )
        return found[0]
