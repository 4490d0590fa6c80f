"""A line of a funder's logframe, and what is planned for it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.forms import ServedForm, day_field
from outcomes.forms.periods import ONE_DAY
from outcomes.models import LogframeLine, Target
from outcomes.registry import definitions, versions
from people.models import Funding


class LineForm(ServedForm):
    indicator = forms.ChoiceField(
        label=gettext_lazy("Definition that counts it"),
        required=False,
        help_text=gettext_lazy("Without one it has a target and no figure: “no data”, never 0."),
    )

    class Meta:
        model = LogframeLine
        fields = [
            "code", "wording", "level", "parent", "indicator", "version", "unit", "is_cumulative",
        ]  # fmt: skip
        widgets = {"version": forms.NumberInput({"min": 1, "class": "short"})}
        help_texts = {
            "version": gettext_lazy("Empty: always the newest."),
            "unit": gettext_lazy("Of a line without a definition."),
        }

    def __init__(self, *args, funding: Funding, **kwargs):
        super().__init__(*args, **kwargs)
        known = definitions(funding.project.tenant)
        named = [(code, f"{code} {one.name}") for code, one in known.items()]
        self.fields["indicator"].choices = [("", _("nothing counts it")), *named]
        others = funding.lines.exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = others.order_by("position", "id")
        self.fields["parent"].empty_label = _("no other line")
        self.funding = funding

    def clean(self) -> dict:
        said = super().clean()
        code, version = said.get("indicator"), said.get("version")
        if version and not code:
            self.add_error("version", _("Only a definition has a version."))
        elif version and version not in {one.version for one in versions(self.funding.project.tenant, code)}:
            self.add_error("version", _("There is no such version."))
        return said


class TargetForm(ServedForm):
    """For the whole funding, or for a period by its first and last day."""

    start = day_field(label=gettext_lazy("First day"), required=False)
    last = day_field(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty, both: for the whole of the funding."),
    )
    baseline_on = day_field(label=gettext_lazy("Day of the baseline"), required=False)

    class Meta:
        model = Target
        fields = ["value", "baseline", "baseline_on", "start", "note"]
        widgets = {
            "value": forms.NumberInput({"step": "any", "class": "short"}),
            "baseline": forms.NumberInput({"step": "any", "class": "short"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.end:
            self.initial["last"] = self.instance.end - ONE_DAY

    def clean(self) -> dict:
        """`end` is the day after the last."""
        said = super().clean()
        start, last = said.get("start"), said.pop("last", None)
        if bool(start) != bool(last):
            raise ValidationError({"start": _("A period has a first and a last day.")})
        if start and last < start:
            raise ValidationError({"last": _("The last day is before the first.")})
        said["end"] = last + ONE_DAY if last else None
        return said
