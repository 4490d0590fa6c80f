"""What a coordinator types: a round and its rubric."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person, Programme

# What the founding programme judged by; a coordinator changes it as she likes. Data, so in both languages.
RUBRIC = [
    ("Customer need", "Potreba kupca", "1 nobody asked · 3 some signs · 5 paid or ordered",
     "1 niko nije tražio · 3 ima naznaka · 5 plaćeno ili poručeno", 40),
    ("Feasible in 12 months", "Izvodljivo za 12 meseci", "with the people and money described",
     "sa navedenim ljudima i novcem", 35),
    ("Women's economic strength", "Ekonomska snaga žena", "income, ownership, jobs for women",
     "prihod, vlasništvo, poslovi za žene", 25),
]  # fmt: skip


class CriterionForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Criterion"), max_length=100)
    name_sr = forms.CharField(label=gettext_lazy("Criterion in Serbian"), max_length=100, required=False)
    help = forms.CharField(label=gettext_lazy("What the numbers mean"), max_length=300, required=False)
    help_sr = forms.CharField(
        label=gettext_lazy("What the numbers mean, in Serbian"), max_length=300, required=False
    )
    weight = forms.IntegerField(label=gettext_lazy("Weight in per cent"), min_value=1, max_value=100)


class BaseCriterionFormSet(forms.BaseFormSet):
    """The rubric: what is offered, one more, and what is left out."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this criterion out")

    def rubric(self) -> list[dict]:
        """What `open_round` takes: the lines that are filled in and not left out."""
        kept = [one for one in self.forms if one.cleaned_data and one not in self.deleted_forms]
        return [{k: v for k, v in one.cleaned_data.items() if k != "DELETE"} for one in kept]


CriterionFormSet = forms.formset_factory(
    CriterionForm, BaseCriterionFormSet, extra=1, max_num=12, validate_max=True, can_delete=True
)


class RoundForm(forms.Form):
    """Days are the programme's own; a round closes at the end of its last day."""

    opens_on = forms.DateField(label=gettext_lazy("Opens on"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    coverage = forms.IntegerField(
        label=gettext_lazy("Reviews per idea"), min_value=1, max_value=20, initial=3
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Reviewers do not see who nominated an idea"), required=False, initial=True
    )
    reviewers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Reviewers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, programme: Programme, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(programme.zone)
        mentors = Person.objects.filter(
            memberships__programme=programme, memberships__role="mentor"
        ).distinct()
        self.fields["reviewers"].queryset = mentors
        today = timezone.localtime(now, self.zone).date()
        for name, day in {"opens_on": today, "last_day": today + timedelta(days=14)}.items():
            self.fields[name].initial, self.fields[name].widget.format = day, "%Y-%m-%d"
        self.fields["reviewers"].initial = [] if self.is_bound else [person.pk for person in mentors]

    def clean(self):
        found = super().clean()
        if found.get("opens_on") and found.get("last_day") and found["last_day"] < found["opens_on"]:
            self.add_error("last_day", _("A round closes after it opens."))
        return found

    def values(self) -> dict:
        """What `open_round` takes, without the criteria."""
        found = self.cleaned_data
        return {
            "opens_at": datetime.combine(found["opens_on"], time(), self.zone),
            "closes_at": datetime.combine(found["last_day"] + timedelta(days=1), time(), self.zone),
            "coverage": found["coverage"],
            "is_blind": found["is_blind"],
            "reviewers": found["reviewers"],
        }


def default_rubric() -> list[dict]:
    names = ("name", "name_sr", "help", "help_sr", "weight")
    return [dict(zip(names, row, strict=True)) for row in RUBRIC]
