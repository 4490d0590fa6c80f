"""A few rows to look at before one says yes: what is new, and what changes from what to what."""

from datetime import date, datetime, time

from django.apps import apps
from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from desk.importing.words import field_words
from desk.loading.calendar import KEY
from desk.loading.door import KINDS
from desk.loading.engine import Report
from desk.loading.fields import Refused, mapped
from desk.loading.signs import in_words
from desk.loading.trail import Trail
from desk.models import Import
from lib.sheets import Sheet
from training.models import Session

NEW, CHANGED = 5, 10
LONG = 160  # letters


def examples(record: Import, table: Sheet, report: Report, trail: Trail) -> dict:
    """All of it text in the reader's language: `{"new": [[row, [[field, value], ...]], ...], "changed":
    [[what, [[field, before, after], ...]], ...]}`."""
    return {"new": _new(record, table, report), "changed": _changed(trail)}


def _new(record: Import, table: Sheet, report: Report) -> list:
    fields = KINDS[record.kind].fields
    order = {field.name: n for n, field in enumerate(fields)}  # a database may give a map in its own order
    origins = sorted(mapped(fields, record.mapping, table.header), key=lambda one: order[one.field.name])
    found = []
    for row in table.rows:
        if len(found) == NEW:
            break
        if report.outcomes.get(row.number) != "created":
            continue
        try:
            said = [(origin.field, origin.value(row.cells)) for origin in origins]
        except Refused:
            continue
        shown = [
            [field_words(field.name), _shown(value, field)] for field, value in said if value is not None
        ]
        found.append([row.number, shown])
    return found


def _changed(trail: Trail) -> list:
    found = []
    for part in trail.parts():
        model = apps.get_model(part["model"])
        said = dict(list(part.get("changed", {}).items())[: CHANGED - len(found)])
        rows = model._base_manager.in_bulk([int(pk) for pk in said])
        for pk, fields in said.items():
            if shown := [line for name, ends in fields.items() if (line := _line(model, name, *ends))]:
                found.append([str(rows.get(int(pk), "")), shown])
    return found


def _line(model: type[models.Model], name: str, before, after) -> list[str] | None:
    """A field that a reader knows, with both values in words; None for what follows from others (a key)."""
    try:
        field = model._meta.get_field(name)
    except models.FieldDoesNotExist:
        return None
    if name.endswith(("_key", "_at", "_by", "_by_id", "text_id")) or name == "revision":
        return None
    return [capfirst(str(field.verbose_name)), _in_words(field, before), _in_words(field, after)]


def _in_words(field: models.Field, value) -> str:
    if value in (None, "", []):
        return _("unknown")
    if field.is_relation:
        keys = [int(one) for one in str(value).split(",")]  # of a list of rows their keys, as a text
        return ", ".join(map(str, field.related_model._base_manager.filter(pk__in=keys))) or str(value)
    if choices := dict(getattr(field, "flatchoices", ())):
        return str(choices.get(value, value))
    return _shown(field.to_python(value) if isinstance(value, str) else value)


def _shown(value, field=None) -> str:
    if field is not None and field.is_wide:
        said = [(heading_of(called), one) for called, one in value]
        return _cut(
            "; ".join(f"{called}: {_mark(one) if field.type == 'mark' else one}" for called, one in said)
        )
    if field is not None and field.type == "mark":
        return _mark(value)
    if isinstance(value, tuple | list):
        return "; ".join(_shown(one, field) for one in value)
    if field is not None and field.choices:
        return str(dict(field.choices.choices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, time):
        return time_format(value, "TIME_FORMAT")
    return _cut(str(value))


def _cut(said: str) -> str:
    return said if len(said) <= LONG else said[: LONG - 1] + "…"


def _mark(value: str | int) -> str:
    return in_words(f"{value} min" if isinstance(value, int) else value)


def heading_of(called: str) -> str:
    """What a column was chosen to be, for a reader."""
    key = KEY.fullmatch(called)
    row = Session.objects.filter(pk=key[1]).first() if key else None
    return str(row or called)
