"""Locked periods, and what is told of a period: people write its last day, records keep the day after."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.forms import ServedForm, day_field
from outcomes import registry
from outcomes.models import Narrative
from people.models import Funding

ONE_DAY = timedelta(days=1)


class PeriodForm(forms.Form):
    start = day_field(label=gettext_lazy("First day"))
    end = day_field(label=gettext_lazy("Last day"))

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("A period ends after it starts."))
        elif end:
            self.cleaned_data["end"] = end + ONE_DAY
        return self.cleaned_data


class NarrativeForm(PeriodForm, ServedForm):
    indicator = forms.ChoiceField(label=gettext_lazy("Of what"), required=False)

    class Meta:
        model = Narrative
        fields = ["indicator", "start", "end", "happened", "went_wrong", "changes_next"]
        widgets = {name: forms.Textarea({"rows": 5}) for name in ("happened", "went_wrong", "changes_next")}

    def __init__(self, *args, funding: Funding, **kwargs):
        super().__init__(*args, **kwargs)
        known = registry.definitions(funding.project.tenant)
        named = [(code, f"{code} {one.name}") for code, one in known.items()]
        self.fields["indicator"].choices = [("", _("the whole")), *named]
        if self.instance.pk:
            self.initial["end"] = self.instance.last_day
