"""When somebody has time, asked day by day: hours as text, one short field a weekday."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentoring.profiles import windows

NAMES = tuple(f"day_{number}" for number in range(7))


class Week(forms.Form):
    """Takes `windows` among its initial values and leaves them, checked, in `cleaned_data`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.initial.get("windows") or []
        for number, label in windows.days():
            field = forms.CharField(label=label, required=False, max_length=60)
            field.widget.attrs |= {"placeholder": "17–20", "autocomplete": "off"}
            self.fields[NAMES[number]] = field
            self.initial[NAMES[number]] = windows.hours_of(known, number)

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in NAMES]

    def clean(self):
        said = super().clean() or self.cleaned_data
        found = []
        for number, name in enumerate(NAMES):
            try:
                found += windows.of_day(number, said.pop(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        said["windows"] = windows.checked(found)
        return said


class Boxes(forms.TypedMultipleChoiceField):
    """Any of these; a list of their values."""

    def __init__(self, label: str, choices, **kwargs):
        boxes = forms.CheckboxSelectMultiple({"class": "boxes"})
        super().__init__(label=label, choices=choices, required=False, widget=boxes, **kwargs)


HOURS_HELP = _("Hours of a day as “17-20”; several with a comma: “9-12, 17-20”. Leave a day empty if not.")
