"""Where the cut-off lies, and what is decided against the order."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Decision, Idea, Round, Selection
from ideas.ranking import Choice

MOST = 1_000_000
A_FIFTH = 5
BY_HAND = 200  # ideas; whoever decides on more of them by hand wants another cut-off


class CutForm(forms.Form):
    """What is left empty is as usual: by the mean, a fifth shortlisted, all the rest waits."""

    method = forms.ChoiceField(
        label=gettext_lazy("In the order of"),
        choices=Selection.Method.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    shortlisted = forms.IntegerField(
        label=gettext_lazy("Shortlisted"), min_value=0, max_value=MOST, required=False
    )
    waiting = forms.IntegerField(
        label=gettext_lazy("Waiting"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=gettext_lazy("Empty: all the others wait and none is declined."),
    )
    weighted = forms.BooleanField(
        label=gettext_lazy("A review counts by how sure its reviewer is"), required=False
    )

    def __init__(self, data, *, round: Round):
        super().__init__(data.copy() if data is not None else {})
        if not round.asks_confidence:
            del self.fields["weighted"]
        self.judged = 0

    def settle(self, judged: int) -> Choice:
        """The choice, of so many ideas with a place; the form then shows it."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        shortlisted = said.get("shortlisted")
        if shortlisted is None:
            shortlisted = round_up(judged)
        choice = Choice(self.method_said, shortlisted, said.get("waiting"), bool(said.get("weighted")))
        if not self.errors:
            self.data = self.data.copy()
            self.data["method"], self.data["shortlisted"] = choice.method, str(choice.shortlisted)
        return choice

    @property
    def method_said(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("method") or Selection.Method.MEAN.value


def round_up(judged: int) -> int:
    return -(-judged // A_FIFTH)


class DecideForm(forms.Form):
    """The line is settled on the page of the ranking; here stands what has to be said with it."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    declined_reason = forms.CharField(
        label=gettext_lazy("Why the others are declined"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Their nominators read it."),
    )
    conflict_reason = forms.CharField(
        label=gettext_lazy("Why you decide on them all the same"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("It stands in the history of these ideas."),
    )


class ExceptionForm(forms.Form):
    """One idea that is decided on by hand, by its number."""

    number = forms.IntegerField(
        label=gettext_lazy("Number of the idea"), min_value=1, max_value=2**31 - 1, required=False
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("", gettext_lazy("as the order says")), *Decision.Verdict.choices],
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def clean(self):
        said = super().clean()
        if said.get("number") and said.get("verdict") and not said.get("reason", "").strip():
            self.add_error("reason", _("Say why this idea is decided on by hand."))
        if said.get("verdict") and not said.get("number") and "number" not in self.errors:
            self.add_error("number", _("Which idea?"))
        return said


class Exceptions(BaseFormSet):
    def by_idea(self, round: Round) -> dict[int, tuple[str, str]]:
        """By idea the verdict and the reason. Raises ValidationError for a number that the round does not
        know, at its row."""
        said = {
            form.cleaned_data["number"]: form
            for form in self.forms
            if form.cleaned_data.get("number") and form.cleaned_data.get("verdict")
        }
        rows = Idea.objects.filter(programme=round.programme_id, number__in=list(said))
        keys = dict(rows.filter(tasks__seat__round=round).values_list("number", "pk"))
        for number, form in said.items():
            if number not in keys:
                form.add_error("number", _("This idea is not part of the round."))
        if any(number not in keys for number in said):
            raise ValidationError(_("Look at the ideas that are decided on by hand."))
        return {
            keys[number]: (form.cleaned_data["verdict"], form.cleaned_data["reason"])
            for number, form in said.items()
        }


ExceptionFormSet = formset_factory(
    ExceptionForm, formset=Exceptions, extra=2, max_num=BY_HAND, absolute_max=BY_HAND
)
