"""A figure taken apart, as it is read on its page and in a workbook."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outcomes.definitions import DISAGGREGATIONS, Unit, unit_name
from outcomes.disaggregating import Line, Table
from outcomes.document import amount, money

HEADS = {
    "share": (gettext_lazy("Counted"), gettext_lazy("Of"), gettext_lazy("Share")),
    "count": (gettext_lazy("Counted"),),
    "number": (gettext_lazy("Value"), "n"),
    "money": (gettext_lazy("Amount"), "n"),
}


@dataclass(frozen=True)
class Said:
    """One table in words: `lines` are a name and its cells, `total` those of all together."""

    name: str
    head: list[str]
    lines: list[tuple[str, list[str]]]
    total: list[str]


def said(table: Table) -> Said:
    lines = [(line.name, _cells(table, line)) for line in table.lines]
    return Said(table.name, _head(table), lines, _cells(table, table.total))


def cannot_be_told(tables: list[Table]) -> str:
    """The properties that its rows do not have, in a sentence."""
    names = [table.name for table in tables if not table.can_tell]
    if not names:
        return ""
    return _("What this figure counts cannot be told apart by: %(properties)s.") % {
        "properties": ", ".join(names)
    }


def sheet(table: Table) -> tuple[str, list[str], list[list]]:
    """Name, head and rows of a sheet; numbers as numbers, of money a row a currency."""
    head = [table.name.capitalize(), *_head(table)]
    if table.shape == "money":
        head.insert(2, str(DISAGGREGATIONS["currency"]).capitalize())
    rows = [row for line in table.lines for row in _row(table, line, line.name)]
    return table.name.capitalize()[:31], head, rows + list(_row(table, table.total, _("Together")))


def _head(table: Table) -> list[str]:
    head = [str(word) for word in HEADS[table.shape]]
    if table.shape == "number" and table.unit != Unit.PERCENT:
        head[0] = unit_name(table.unit).capitalize()
    return head


def _cells(table: Table, line: Line) -> list[str]:
    if table.shape == "money":
        return ["; ".join(money(one.as_dict()) for one in line.amounts), amount(Unit.NUMBER, line.n)]
    if table.shape == "number":
        return ["" if line.value is None else amount(table.unit, line.value), amount(Unit.NUMBER, line.n)]
    if table.shape == "count":
        return [amount(Unit.NUMBER, line.numerator)]
    share = "" if line.share is None else amount(Unit.PERCENT, line.share)
    return [amount(Unit.NUMBER, line.numerator), amount(Unit.NUMBER, line.denominator), share]


def _row(table: Table, line: Line, name: str) -> list[list]:
    if table.shape == "money":
        return [[name, one.amount, one.currency, one.n] for one in line.amounts]
    return {
        "share": [[name, line.numerator, line.denominator, line.share]],
        "count": [[name, line.numerator]],
        "number": [[name, line.value, line.n]],
    }[table.shape]
