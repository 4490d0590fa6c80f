"""What a coordinator types: one line of a rubric, or all of them."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Criterion

LINE = re.compile(r"\s*(\d{1,3})\s*[:.)–—-]?\s+(.+?)\s*")
# What the founding programme judged by; a coordinator changes it as she likes. Data, so in both languages.
RUBRIC = [
    ("Customer need", "Potreba kupca", 40,
     {"1": ("nobody asked", "niko nije tražio"), "3": ("some signs", "ima naznaka"),
      "5": ("paid or ordered", "plaćeno ili poručeno")}),
    ("Feasible in 12 months", "Izvodljivo za 12 meseci", 35,
     {"1": ("not with these people and this money", "ne sa ovim ljudima i ovim novcem"),
      "3": ("with help", "uz pomoć"), "5": ("could begin tomorrow", "može da počne sutra")}),
    ("Women's economic strength", "Ekonomska snaga žena", 25,
     {"1": ("nothing changes", "ništa se ne menja"), "3": ("income for one", "prihod za jednu"),
      "5": ("jobs and ownership for women", "poslovi i vlasništvo za žene")}),
]  # fmt: skip


def default_rubric() -> list[dict]:
    return [
        {"name": name, "name_sr": name_sr, "weight": weight}
        | {
            f"means_{code}": "\n".join(f"{number} {words[place]}" for number, words in means.items())
            for place, code in enumerate(("en", "sr"))
        }
        for name, name_sr, weight, means in RUBRIC
    ]


def numbers_of(text: str) -> dict[str, str]:
    """From lines like “1 nobody asked” to {"1": "nobody asked"}. Raises ValidationError naming the line."""
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        read = LINE.fullmatch(line)
        if read is None:
            words = _("“%(line)s”: begin the line with a number of the scale, then say what it means.")
            raise ValidationError(words % {"line": line.strip()[:60]})
        if read[1] in found:
            raise ValidationError(_("The number %(number)s stands here twice.") % {"number": read[1]})
        found[read[1]] = read[2]
    return found


def lines_of(criterion: Criterion, code: str) -> str:
    said = sorted((int(number), words.get(code, "")) for number, words in criterion.described.items())
    return "\n".join(f"{number} {words}" for number, words in said if words)


class CriterionForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Criterion"), max_length=100)
    weight = forms.IntegerField(label=gettext_lazy("Weight in per cent"), min_value=1, max_value=100)
    means_en = forms.CharField(
        label=gettext_lazy("What its numbers mean"),
        help_text=gettext_lazy("One number a line, as “1 nobody asked”. Not every number needs words."),
        max_length=2_500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    help = forms.CharField(label=gettext_lazy("What reviewers look at"), max_length=300, required=False)
    name_sr = forms.CharField(label=gettext_lazy("Criterion in Serbian"), max_length=100, required=False)
    means_sr = forms.CharField(
        label=gettext_lazy("What its numbers mean, in Serbian"),
        max_length=2_500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    help_sr = forms.CharField(
        label=gettext_lazy("What reviewers look at, in Serbian"), max_length=300, required=False
    )

    def clean_means_en(self) -> dict[str, str]:
        return numbers_of(self.cleaned_data["means_en"])

    def clean_means_sr(self) -> dict[str, str]:
        return numbers_of(self.cleaned_data["means_sr"])

    def values(self) -> dict:
        """What the services take."""
        said = self.cleaned_data
        english, serbian = said.get("means_en") or {}, said.get("means_sr") or {}
        described = {
            number: {
                code: words[number] for code, words in (("en", english), ("sr", serbian)) if number in words
            }
            for number in sorted({*english, *serbian}, key=int)
        }
        plain = ("name", "name_sr", "help", "help_sr", "weight")
        return {name: said[name] for name in plain if name in said} | {"described": described}

    @classmethod
    def of(cls, criterion: Criterion, data=None, *, is_scored: bool) -> "CriterionForm":
        """The form of a line that is there; its weight is not asked for once it is scored by."""
        plain = {name: getattr(criterion, name) for name in ("name", "name_sr", "help", "help_sr", "weight")}
        means = {f"means_{code}": lines_of(criterion, code) for code in ("en", "sr")}
        form = cls(data, initial=plain | means, prefix=f"criterion-{criterion.pk}")
        if is_scored:
            del form.fields["weight"]
        return form


class BaseCriterionFormSet(forms.BaseFormSet):
    """The rubric: what is offered, one more, and what is left out."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this criterion out")

    def rubric(self) -> list[dict]:
        """What `open_round` takes: the lines that are filled in and not left out."""
        kept = [one for one in self.forms if one.cleaned_data and one not in self.deleted_forms]
        return [one.values() for one in kept]


CriterionFormSet = forms.formset_factory(
    CriterionForm, BaseCriterionFormSet, extra=1, max_num=12, validate_max=True, can_delete=True
)
