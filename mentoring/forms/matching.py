"""Weights of a matching run, what it shall try, and its publication."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.matching import fit
from mentoring.matching.words import FACTORS

TRIED = r"\A(capacity:\d{1,9}:\d{1,4}|lifted:\d{1,9}:\d{1,9}:[a-z]{2,12})\Z"


class WeightsForm(forms.Form):
    """A number from 0 to 100 for each factor; and what is tried: "capacity:5:4" (mentor 5 takes 4 people),
    "lifted:31:5:conflict" (that rule does not bind for entrepreneur 31 and mentor 5)."""

    tried = forms.RegexField(TRIED, required=False)

    def __init__(self, data=None, *, weights: dict | None = None, **kwargs):
        super().__init__(data, **kwargs)
        weights = fit.DEFAULT_WEIGHTS | (weights or {})
        for factor in fit.FACTORS:
            self.fields[factor] = forms.IntegerField(
                label=FACTORS[factor], min_value=0, max_value=100, initial=weights[factor]
            )

    @property
    def factors(self) -> list:
        return [self[name] for name in fit.FACTORS]

    def weights(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in fit.FACTORS}

    def clean(self):
        """There may be several things to try."""
        said = self.data.getlist("tried") if hasattr(self.data, "getlist") else []
        self.cleaned_data["tried"] = [self.fields["tried"].clean(one) for one in said if one]
        return self.cleaned_data

    def trial(self) -> dict:
        found = {"capacities": {}, "lifted": []}
        for one in self.cleaned_data["tried"]:
            what, first, second, *kind = one.split(":")
            if what == "capacity":
                found["capacities"][int(first)] = int(second)  # the last word counts
            else:
                found["lifted"].append((int(first), int(second), *kind))
        return {"capacities": list(found["capacities"].items()), "lifted": found["lifted"]}


def said_of(tried: dict) -> list[str]:
    """What a run tries, as the form says it."""
    found = [f"capacity:{mentor}:{n}" for mentor, n in tried.get("capacities", ())]
    return found + [f"lifted:{e}:{m}:{kind}" for e, m, kind in tried.get("lifted", ())]


class PublishForm(forms.Form):
    """`confirmed` is the fingerprint of what was shown."""

    confirmed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    agreed_hours = forms.IntegerField(
        label=_("Agreed hours of each pair"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("25 to 50 in the Serbian method. Empty: not agreed yet."),
    )
    share_on_premises = forms.IntegerField(
        label=_("Share on the premises, per cent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("At least 75 in the Serbian method. Empty: not agreed yet."),
    )
    conflict_accepted = forms.CharField(
        label=_("Why they are right in spite of the conflict"), max_length=300, required=False
    )
