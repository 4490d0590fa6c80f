"""Many ideas at once: a pasted list, one step for those that are chosen."""

from django import forms
from django.utils.translation import gettext_lazy

from ideas.here import Here
from ideas.models import Idea
from ideas.services.screening import STEPS
from training.models import Enrolment


class PasteForm(forms.Form):
    """A list as it was typed up. What is wrong with a line is said beside it; the text stays as it is."""

    text = forms.CharField(
        label=gettext_lazy("One idea a line"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "wide"}),
        strip=False,
    )
    who = forms.CharField(
        label=gettext_lazy("Whose are those that name nobody?"), required=False, max_length=200,
        help_text=gettext_lazy("Row code or name"),
    )  # fmt: skip

    def __init__(self, *args, here: Here, **kwargs):
        super().__init__(*args, **kwargs)
        self.here = here
        self.fields["who"].widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean_who(self) -> Enrolment | None:
        typed = self.cleaned_data["who"].strip()
        return self.here.find(typed) if typed else None


class ScreenForm(forms.Form):
    """One step for many ideas. `all`: those that the filter of the list finds, not only those on the page.
    `seen`: the mark of what she was shown before she said yes."""

    idea = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all = forms.BooleanField(required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("New state"), choices=[(s.value, s.label) for s in STEPS], initial="screened"
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=Idea._meta.get_field("reason").max_length, required=False,
        help_text=gettext_lazy("Declining needs one. It stands in the history of each."),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=64)

    def __init__(self, *args, keys=(), **kwargs):
        super().__init__(*args, auto_id="step_%s", **kwargs)  # the filter above it has a state as well
        self.fields["idea"].choices = [(key, key) for key in keys]
