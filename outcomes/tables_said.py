"""The tables of a programme as people read them: names instead of keys, numbers as they are printed."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from ideas.models import Idea
from ideas.sectors import SECTORS
from outcomes.models import Wave, Wording
from outcomes.tables import KINDS, laid_out
from outcomes.wording import number
from people.models import Person, Programme
from people.regions import region_name
from training.models import Module, Status

Names = Callable[[Programme, Iterable], dict]
MINUTES = 60


class Cell(NamedTuple):
    value: float | None  # None: nothing there
    said: str
    n: str  # of how many, where it is a mean


class Line(NamedTuple):
    name: str
    cells: list[Cell]


class Table(NamedTuple):
    code: str
    name: str
    row: str
    columns: list[str]
    lines: list[Line]


def tables(programme: Programme) -> list[Table]:
    return [table(code, programme) for code in KINDS]


def table(code: str, programme: Programme) -> Table:
    """In three queries at the most: one that counts, the others for names."""
    kind, grid = KINDS[code], laid_out(code, [programme])
    rows, columns = NAMES[code]
    named = rows(programme, [row for row, _values, _n in grid.rows])
    lines = [
        Line(named.get(row, str(row)), [_cell(code, value, n) for value, n in zip(values, of, strict=True)])
        for row, values, of in grid.rows
    ]
    heads = columns(programme, grid.columns)
    return Table(code, str(kind.name), str(kind.row), [heads.get(c, str(c)) for c in grid.columns], lines)


def _cell(code: str, value: float | None, n: float | None) -> Cell:
    if value is None:
        return Cell(None, "", "")
    kind = KINDS[code]
    value = round(value / MINUTES, 1) if code == "hours" else round(value, kind.decimals)
    decimals = 1 if code == "hours" and value != int(value) else kind.decimals
    of = _("n %(n)s") % {"n": number(n)} if kind.is_mean else ""
    return Cell(value, number(value, decimals), of)


# --- names of what stands in rows and columns, in one query for all of them


def _unknown() -> dict:
    return {"": _("not known")}


def _regions(programme: Programme, keys: Iterable) -> dict:
    return {key: region_name(key) for key in keys} | _unknown()


def _sectors(programme: Programme, keys: Iterable) -> dict:
    return {key: str(SECTORS.get(key, key)) for key in keys} | _unknown()


def _marks(programme: Programme, keys: Iterable) -> dict:
    return {key: str(name) for key, name in Status.choices}


def _states(programme: Programme, keys: Iterable) -> dict:
    return {key: str(name) for key, name in Idea.State.choices}


def _modules(programme: Programme, keys: Iterable) -> dict:
    found = Module.objects.in_bulk([key for key in keys if key != ""])
    return {pk: module.title for pk, module in found.items()} | {"": _("outside the modules")}


def _people(programme: Programme, keys: Iterable) -> dict:
    return {pk: str(person) for pk, person in Person.objects.in_bulk(list(keys)).items()}


def _questions(programme: Programme, keys: Iterable) -> dict:
    rows = Wording.objects.filter(question__tenant=programme.tenant_id, question__code__in=list(keys))
    rows = rows.select_related("question").order_by("number")
    return {row.question.code: row.title for row in rows}


def _waves(programme: Programme, keys: Iterable) -> dict:
    return {row.code: str(row) for row in Wave.objects.filter(programme=programme, code__in=list(keys))}


NAMES: dict[str, tuple[Names, Names]] = {
    "attendance": (_regions, _marks),
    "hours": (_modules, lambda programme, keys: {"": _("Hours")}),
    "scores": (_sectors, lambda programme, keys: {"": _("Mean score")}),
    "ideas": (_states, _regions),
    "answers": (_questions, _waves),
    "reviewers": (_people, lambda programme, keys: {"": _("Mean score")}),
}
