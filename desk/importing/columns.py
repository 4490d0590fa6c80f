"""From what was chosen for each column to a map, what is still to be asked, and what to remember."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Tenant
from desk.importing.words import field_words
from desk.loading import signs
from desk.loading.door import KINDS
from desk.loading.fields import Field
from desk.loading.kinds import Target
from desk.models import ColumnMemory, Import
from lib.folding import fold
from training.models import Status

DAY_FIRST, MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
YES_NO = ("yes", "no")


def fields_of(record: Import) -> dict[str, Field]:
    return {field.name: field for field in KINDS[record.kind].fields}


def mapping_of(
    record: Import, fields: Mapping[str, str], constants: Mapping[str, str], *, strict: bool = True
) -> dict:
    """The map for `load`. Raises ValidationError where it says a thing twice or lacks what is required (not
    where it is to be asked for later, `strict=False`)."""
    known = fields_of(record)
    wrong = sorted({*fields.values(), *constants} - {"", *known})
    if wrong:
        raise ValidationError(_("This is no field of ours: %(names)s.") % {"names": ", ".join(wrong)})
    found: dict[str, dict] = {}
    for column in record.columns:
        if name := fields.get(column["header"]):
            found.setdefault(name, {"from": []})["from"].append(column["header"])
    for name, entry in found.items():
        found[name] = _entry(known[name], entry["from"], record)
    for name, value in constants.items():
        if name in found:
            words = _("%(field)s comes from a column already: it cannot be the same for all rows as well.")
            raise ValidationError(words % {"field": field_words(name)})
        found[name] = {"value": value}
    if not strict:
        return found
    lacking = [field_words(name) for name, field in known.items() if field.required and name not in found]
    if lacking:
        words = _("No column says this, and it is needed: %(fields)s.")
        raise ValidationError(words % {"fields": get_text_list(lacking, _("and"))})
    if not found:
        raise ValidationError(_("Say at least of one column what it is."))
    return found


def _entry(field: Field, headers: list[str], record: Import) -> dict:
    """One heading; several are put together where that makes sense (first name and surname)."""
    if field.is_wide:
        return {"from": headers}
    if len(headers) > 1:
        if field.type != "text" or field.choices:
            words = _("Two columns are called %(field)s: %(headers)s. Choose one.")
            raise ValidationError(
                words % {"field": field_words(field.name), "headers": get_text_list(headers, _("and"))}
            )
        return {"from": headers, "join": ";" if field.is_list else " "}
    entry = {"from": headers[0]}
    if field.type == "day" and (pattern := _proven(_column(record, headers[0])["slashes"])):
        entry["format"] = pattern
    return entry


def _proven(slashes: dict) -> str:
    """The order of day and month where the column itself leaves no doubt."""
    if slashes["day"] and not slashes["month"]:
        return DAY_FIRST
    return MONTH_FIRST if slashes["month"] and not slashes["day"] else ""


def _column(record: Import, header: str) -> dict:
    return next(column for column in record.columns if column["header"] == header)


def unclear_days(record: Import) -> list[dict]:
    """Columns of days that may be read in two ways: `field`, `header`, `example`, `format` chosen so far."""
    found = []
    for name, field, entry, column in _single(record):
        if field.type == "day" and column["slashes"]["either"] and not _proven(column["slashes"]):
            found.append(
                {
                    "field": name,
                    "header": column["header"],
                    "example": column["slashes"]["example"],
                    "format": entry.get("format", ""),
                }
            )
    return found


def unknown_values(record: Import) -> list[dict]:
    """Columns with values that are none of ours: `field`, `header`, `choices`, and `values`, each (what
    stands there, how often, what was chosen for it; None so far); `suggested`, by value."""
    found = []
    for name, field, entry, column in _single(record):
        choices = _choices(field)
        if not choices or column["values"] is None:
            continue
        chosen = entry.get("values", {})
        parts = _parts(field, column["values"])
        values = [
            (one, n, chosen.get(one)) for one, n in parts.items() if one in chosen or not _fits(field, one)
        ]
        values.sort(key=lambda one: -one[1])
        if values:
            said = {"field": name, "header": column["header"], "choices": choices, "values": values}
            found.append(said | {"suggested": {one: _suggested(field, one) for one, _n, _chosen in values}})
    return found + signs_of(record)


def columns_of_their_own(record: Import) -> list[dict]:
    """What the columns of a wide field are, as far as it is chosen or guessed: `field`, `choices` ((code,
    words), or None where any words may stand), `columns`, each (heading, examples, chosen or guessed)."""
    guessed, _words = KINDS[record.kind].completed(record.mapping, counted(record), target_of(record))
    found = []
    for name, field in fields_of(record).items():
        if field.is_wide and isinstance(entry := guessed.get(name), dict) and "from" in entry:
            choices = KINDS[record.kind].choices_of_columns(record.programme)
            known = {code for code, _words in choices} if choices is not None else None
            said = [(head, entry["called"].get(head, "")) for head in entry["from"]]
            columns = [
                (head, _column(record, head)["examples"], called if known is None or called in known else "")
                for head, called in said
            ]
            found.append({"field": name, "choices": choices, "columns": columns})
    return found


def signs_of(record: Import) -> list[dict]:
    """What each sign of a register means, as `unknown_values` tells of other columns."""
    guessed, _words = KINDS[record.kind].completed(record.mapping, counted(record), target_of(record))
    found = []
    for name, field in fields_of(record).items():
        entry = guessed.get(name)
        if field.type != "mark" or not isinstance(entry, dict) or "from" not in entry:
            continue
        headers = entry["from"] if isinstance(entry["from"], list) else [entry["from"]]
        texts = counted(record)(headers)
        said = _given(record.mapping[name]).get("values", {})
        meant = {sign: meaning for sign, meaning in entry["values"].items() if not meaning.endswith(" min")}
        plain = {sign for sign, meaning in entry["values"].items() if meaning.endswith(" min")}
        values = sorted(
            ((sign, n, said.get(sign)) for sign, n in texts.items() if sign not in plain),
            key=lambda one: -one[1],
        )
        suggested = {
            sign: meant.get(sign) if meant.get(sign) != signs.DOUBTFUL else None for sign, _n, _said in values
        }
        header = headers[0] if len(headers) == 1 else _("The signs in the squares")
        if values:
            found.append(
                {
                    "field": name,
                    "header": header,
                    "choices": statuses(),
                    "values": values,
                    "suggested": suggested,
                }
            )
    return found


def statuses() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in Status.choices if code != Status.CLEARED]


def counted(record: Import) -> Callable[[list[str]], Counter]:
    """The texts of these columns, each with how often, as far as they were kept beside the import."""

    def of(headers: list[str]) -> Counter:
        kept = [column["values"] or {} for column in record.columns if column["header"] in headers]
        return sum(map(Counter, kept), Counter())

    return of


def target_of(record: Import) -> Target:
    return Target(record.programme, record.created_at, source=record.source or "load")


def _given(entry) -> dict:
    return entry if isinstance(entry, dict) else {}


def _suggested(field: Field, value: str) -> str | None:
    """The one choice whose words begin so in one of our languages: "ž" and "жен." are female."""
    said, found = fold(value).rstrip("."), set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words = {code: fold(label) for code, label in _choices(field)}
        found |= {code for code, word in words.items() if said and word.startswith(said)}
        found |= {code for code, word in words.items() if len(said) > 2 and said.startswith(word[:3])}
    return found.pop() if len(found) == 1 else None


def is_settled(record: Import) -> bool:
    """Is nothing left to ask before the preview?"""
    if any(
        fields_of(record)[name].is_wide and "called" not in _given(entry)
        for name, entry in record.mapping.items()
    ):
        return False
    days = all(one["format"] for one in unclear_days(record))
    return days and all(said is not None for one in unknown_values(record) for _v, _n, said in one["values"])


def _single(record: Import):
    """Fields that come from one column: name, field, entry of the map, the column."""
    known = fields_of(record)
    for name, entry in record.mapping.items():
        entry = {"from": entry} if isinstance(entry, str) else entry
        header = entry.get("from")
        header = header[0] if isinstance(header, list) and len(header) == 1 else header
        if name in known and isinstance(header, str):
            yield name, known[name], entry, _column(record, header)


def _choices(field: Field) -> list[tuple[str, str]]:
    """What may stand in this field, (code, words), where that is a short list."""
    if field.choices:
        return [(code, str(label)) for code, label in field.choices.choices if code]
    if field.type == "yes or no":
        return [("yes", _("yes")), ("no", _("no"))]
    if field.type == "language":
        return [("en", _("English")), ("sr-latn", _("Serbian (Latin)")), ("sr", _("Serbian (Cyrillic)"))]
    return []


def _parts(field: Field, values: Mapping[str, int]) -> dict[str, int]:
    if not field.is_list:
        return dict(values)
    found: dict[str, int] = {}
    for cell, n in values.items():
        for part in filter(None, (one.strip() for one in cell.split(";"))):
            found[part] = found.get(part, 0) + n
    return found


def _fits(field: Field, value: str) -> bool:
    try:
        field.reader()(value)
    except ValueError:
        return False
    return True


def remembered(tenant: Tenant, kind: str) -> dict[str, str]:
    """Our field by folded heading, as chosen the last time in this organisation."""
    rows = ColumnMemory.objects.filter(tenant=tenant, kind=kind)
    return dict(rows.values_list("header", "field"))


def remember(record: Import, fields: Mapping[str, str], now: datetime) -> None:
    rows = {
        fold(header)[:200]: ColumnMemory(
            tenant=record.tenant, kind=record.kind, header=fold(header)[:200], field=field, used_at=now
        )
        for header, field in fields.items()
        if fold(header)
    }
    ColumnMemory.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["tenant", "kind", "header"],
        update_fields=["field", "used_at"],
    )
