"""What one says about a token when it is made."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import User
from people.tokens import programmes_for

DAYS = ((7, _("in a week")), (30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")))
WORDS = {"read": _("read"), "add": _("add"), "change": _("change")}


class TokenForm(forms.Form):
    """`offered`: resource → the verbs that this person's roles allow there."""

    READ, EVERYTHING, CHOSEN = tokens.ALL_READ, tokens.ALL, "chosen"
    MAY = ((READ, _("read all that I may read")), (CHOSEN, _("only what is ticked below")),
           (EVERYTHING, _("all that I may do")))  # fmt: skip
    ALL, SOME = "all", "some"
    REACH = ((SOME, _("only the programmes ticked below")), (ALL, _("all that I reach, also later ones")))

    name = forms.CharField(
        label=_("What it is for"),
        max_length=100,
        help_text=_("So that you know later which script uses it."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("It ends"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )
    reach = forms.ChoiceField(label=_("Where"), choices=REACH, initial=SOME, widget=forms.RadioSelect)
    programmes = forms.ModelMultipleChoiceField(
        None, label=_("Programmes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    may = forms.ChoiceField(label=_("It may"), choices=MAY, initial=READ, widget=forms.RadioSelect)
    verbs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, user: User, offered: dict[str, Iterable[str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["programmes"].queryset = mine = programmes_for(user).order_by("-start", "name")
        if not mine.exists():
            del self.fields["programmes"], self.fields["reach"]
        self.fields["verbs"].choices = [(f"{r}:{v}", v) for r, verbs in offered.items() for v in verbs]

    def rows(self) -> list[tuple[str, list[tuple[str, str, bool] | None]]]:
        """For the table: a resource and its three cells (value, word, ticked), or none where she may not."""
        ticked = set(self.data.getlist("verbs")) if self.is_bound else set()
        return [
            (resource, [self._cell(f"{resource}:{v}", v, ticked) if v in verbs else None for v in WORDS])
            for resource, verbs in self.offered.items()
        ]

    def _cell(self, value: str, verb: str, ticked: set[str]) -> tuple[str, str, bool]:
        return value, WORDS[verb], value in ticked

    def said(self, now: datetime) -> dict:
        """For the service."""
        data = self.cleaned_data
        chosen = data["verbs"] if data["may"] == self.CHOSEN else [data["may"]]
        everywhere = data.get("reach", self.ALL) == self.ALL
        return {
            "name": data["name"],
            "verbs": chosen,
            "programmes": None if everywhere else data["programmes"],
            "expires_at": now + timedelta(days=data["days"]),
        }
