"""The pages' door to the services: what was chosen, as values."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.importing.columns import (
    DAY_FIRST,
    MONTH_FIRST,
    columns_of_their_own,
    fields_of,
    unclear_days,
    unknown_values,
)
from desk.importing.words import KINDS, MEANT, field_words
from desk.loading import door
from desk.models import Import

CONSTANTS = 2  # fields that may be said for all rows at once
EMPTY = "-"  # a value that is to be left empty


def kind_choices() -> list[tuple[str, str]]:
    return [(name, str(KINDS.get(name, name))) for name in sorted(door.KINDS, key=list(KINDS).index)]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The sheet"),
        max_length=255,
        help_text=gettext_lazy("CSV, XLSX or ODS, up to 10 MB and 50,000 rows."),
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods", "class": "drop"}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("See by the headings")), *kind_choices()]


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header_row = forms.IntegerField(
        label=gettext_lazy("The headings stand in row"), min_value=1, max_value=1000, required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"), widget=forms.RadioSelect)
    source = forms.CharField(
        label=gettext_lazy("Where its own ids come from"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only for sheets with ids: one name for all sheets of one source."),
    )

    def __init__(self, *args, sheets, **kwargs):
        super().__init__(*args, **kwargs)
        hidden = _("%(sheet)s (hidden)")
        self.fields["sheet"].choices = [
            (n, hidden % {"sheet": n} if is_hidden else n) for n, is_hidden in sheets
        ]
        self.fields["kind"].choices = kind_choices()
        if len(sheets) < 2:
            self.fields["sheet"].widget = forms.HiddenInput()

    def kinds(self):
        """Each kind with what it means."""
        return [(radio, MEANT.get(radio.data["value"], "")) for radio in self["kind"]]


class ColumnsForm(forms.Form):
    """`column_0`, `column_1`, … in the order of the sheet; then what is the same for all rows."""

    leave_out = forms.CharField(
        label=gettext_lazy("Rows to leave out"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Their numbers in the sheet, with commas between them."),
    )
    only_column = forms.ChoiceField(label=gettext_lazy("Only rows in which"), required=False)
    only_value = forms.CharField(label=gettext_lazy("says"), required=False, max_length=200)

    def __init__(self, *args, record: Import, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        known = fields_of(record)
        options = [("", _("leave it out")), *((name, field_words(name)) for name in known)]
        for place, column in enumerate(record.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=options,
                required=False,
                initial=column.get("field", ""),
                label=_("What %(heading)s is") % {"heading": column["header"]},
            )
        self._add_constants([("", "—"), *options[1:]])
        headers = [column["header"] for column in record.columns]
        self.fields["only_column"].choices = [("", _("all rows")), *((name, name) for name in headers)]
        self.initial |= {"leave_out": ", ".join(map(str, record.leave_out))}
        if record.where:
            self.initial |= dict(zip(("only_column", "only_value"), record.where[0], strict=True))

    def _add_constants(self, options) -> None:
        said = [
            (name, entry["value"])
            for name, entry in self.record.mapping.items()
            if isinstance(entry, dict) and "value" in entry
        ]
        for n in range(CONSTANTS):
            name, value = said[n] if n < len(said) else ("", "")
            self.fields[f"same_{n}"] = forms.ChoiceField(
                choices=options, required=False, initial=name, label=_("The same for all rows")
            )
            self.fields[f"same_value_{n}"] = forms.CharField(
                required=False, max_length=200, initial=value, label=_("is")
            )

    def column_fields(self):
        """Each column of the sheet with its select."""
        return [(column, self[f"column_{n}"]) for n, column in enumerate(self.record.columns)]

    @property
    def has_same(self) -> bool:
        return any(isinstance(one, dict) and "value" in one for one in self.record.mapping.values())

    def same_fields(self):
        return [(self[f"same_{n}"], self[f"same_value_{n}"]) for n in range(CONSTANTS)]

    def clean_leave_out(self):
        said = self.cleaned_data["leave_out"]
        if not re.fullmatch(r"[\d\s,;]*", said):
            raise forms.ValidationError(_("Write numbers of rows, like 17, 18."))
        return [int(number) for number in re.findall(r"\d{1,7}", said)]

    def chosen(self) -> dict:
        """As `services.settle` takes it."""
        said = self.cleaned_data
        columns = enumerate(self.record.columns)
        same = [(said[f"same_{n}"], said[f"same_value_{n}"]) for n in range(CONSTANTS)]
        only = (said["only_column"], said["only_value"])
        return {
            "fields": {column["header"]: said[f"column_{n}"] for n, column in columns},
            "constants": {name: value for name, value in same if name and value},
            "leave_out": said["leave_out"],
            "where": [only] if only[0] else [],
        }


class ValuesForm(forms.Form):
    """What the sheet says in words of its own: `day_<field>`, `value_<field>_<n>`, and for each column of a
    field that has many `column_<field>_<n>`."""

    def __init__(self, *args, record: Import, **kwargs):
        super().__init__(*args, **kwargs)
        self.days, self.unknown = unclear_days(record), unknown_values(record)
        self.own = columns_of_their_own(record)
        for one in self.own:
            for n, (header, _examples, chosen) in enumerate(one["columns"]):
                self.fields[f"column_{one['field']}_{n}"] = self._column(header, chosen, one["choices"])
        for one in self.days:
            self.fields[f"day_{one['field']}"] = forms.ChoiceField(
                label=_("How %(heading)s is written") % {"heading": one["header"]},
                choices=self._orders(one["example"]),
                initial=one["format"],
                widget=forms.RadioSelect,
            )
        for one in self.unknown:
            for n, (value, _count, chosen) in enumerate(one["values"]):
                chosen = one["suggested"][value] if chosen is None else chosen
                self.fields[f"value_{one['field']}_{n}"] = forms.ChoiceField(
                    label=_("What “%(value)s” means") % {"value": value},
                    choices=[("", "—"), *one["choices"], (EMPTY, _("not known: leave it empty"))],
                    initial=EMPTY if chosen == "" else chosen,
                    error_messages={"required": _("Say what this means.")},
                )

    def _column(self, header: str, chosen: str, choices: list | None) -> forms.Field:
        label = _("What %(heading)s is") % {"heading": header}
        if choices is None:
            return forms.CharField(label=label, required=False, max_length=400, initial=chosen)
        options = [("", _("leave it out")), *choices]
        return forms.ChoiceField(label=label, required=False, choices=options, initial=chosen)

    def column_fields(self):
        """For each field of many columns: what it is, and (heading, examples, the select)."""
        return [
            (one, [(h, e, self[f"column_{one['field']}_{n}"]) for n, (h, e, _c) in enumerate(one["columns"])])
            for one in self.own
        ]

    def _orders(self, example: str) -> list[tuple[str, str]]:
        first, second, year = example.split("/")
        words = _("%(example)s is day %(day)s of month %(month)s")
        return [
            (DAY_FIRST, words % {"example": example, "day": first, "month": second}),
            (MONTH_FIRST, words % {"example": example, "day": second, "month": first}),
        ]

    def day_fields(self):
        return [(one, self[f"day_{one['field']}"]) for one in self.days]

    def value_fields(self):
        """For each column: the column, and (what stands there, how often, the select)."""
        return [
            (
                one,
                [
                    (value, count, self[f"value_{one['field']}_{n}"])
                    for n, (value, count, _chosen) in enumerate(one["values"])
                ],
            )
            for one in self.unknown
        ]

    def chosen(self) -> dict:
        """As `services.translate` takes it."""
        said = self.cleaned_data
        values = {
            one["field"]: {
                value: said[f"value_{one['field']}_{n}"].removeprefix(EMPTY)
                for n, (value, _count, _chosen) in enumerate(one["values"])
            }
            for one in self.unknown
        }
        called = {
            one["field"]: {
                h: said[f"column_{one['field']}_{n}"] for n, (h, _e, _c) in enumerate(one["columns"])
            }
            for one in self.own
        }
        return {
            "called": called,
            "values": values,
            "formats": {one["field"]: said[f"day_{one['field']}"] for one in self.days},
        }
