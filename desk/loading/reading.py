"""From the cells of many rows to their values: column by column, because each column has one reader."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from desk.loading import values
from desk.loading.fields import Origin, Refused
from lib.sheets import Row

_REMEMBERED = 10_000  # different texts of a column whose values are kept
Column = tuple[list[Any], list[tuple[int, Refused]]]  # a value a row; the rows, by place, that are refused


class Reader:
    """Reads the mapped columns of a table."""

    def __init__(self, origins: Sequence[Origin]):
        self.origins = sorted(origins, key=lambda origin: origin.columns)  # refusals come as one reads
        self.names = [origin.field.name for origin in self.origins]
        self._columns = [_column(origin) for origin in self.origins]
        self._width = max((place + 1 for origin in origins for place in origin.columns), default=0)

    def read(self, rows: Sequence[Row]) -> tuple[list[dict[str, Any]], dict[int, list[Refused]]]:
        """The rows in our terms, in order; by place, every cell that is wrong (that row is not whole)."""
        cells = [row.cells for row in rows]
        if cells and min(map(len, cells)) < self._width:
            cells = [[*row, *[None] * (self._width - len(row))] for row in cells]
        found = [column(cells) for column in self._columns]
        wrong: dict[int, list[Refused]] = {}
        for _values, refusals in found:
            for place, refused in refusals:
                wrong.setdefault(place, []).append(refused)
        names, columns = self.names, [column for column, _refusals in found]
        return [dict(zip(names, said, strict=True)) for said in zip(*columns, strict=True)], wrong


def _column(origin: Origin) -> Callable[[Sequence[Sequence]], Column]:
    if origin.field.is_wide and origin.constant is None:
        return _wide(origin)
    is_plain = len(origin.columns) == 1 and not (origin.split or origin.values or origin.field.is_list)
    if not is_plain or origin.constant is not None:
        return _any(origin)
    if origin.field.type == "text" and not origin.field.choices:
        return _required(origin, _texts(origin.columns[0]))
    return _required(origin, _each(origin))


def _any(origin: Origin) -> Callable[[Sequence[Sequence]], Column]:
    """Several columns, a constant, a list, replaced words: the slow way, a row at a time."""

    def read(rows: Sequence[Sequence]) -> Column:
        found, wrong = [], []
        for place, cells in enumerate(rows):
            value = None
            try:
                value = origin.value(cells)
            except Refused as refused:
                wrong.append((place, refused))
            else:
                if value is None and origin.field.required:
                    wrong.append((place, _blank(origin)))
            found.append(value)
        return found, wrong

    return read


def _wide(origin: Origin) -> Callable[[Sequence[Sequence]], Column]:
    """Many columns, one reader: what a sign means is asked once. Every cell that is wrong is told."""
    known = _Known(origin)

    def read(rows: Sequence[Sequence]) -> Column:
        found, wrong = [[] for _row in rows], []
        for header, called, column in origin.each():
            for place, cells in enumerate(rows):
                if (cell := cells[column]) is None:
                    continue
                said = origin.values.get(cell if type(cell) is str else values.text(cell), cell)
                value = known[said] if type(said) is str else known.value(said)
                if type(value) is Refused:
                    wrong.append((place, Refused(value.rule, origin.field.name, cell, column=header)))
                elif value is not None:
                    found[place].append((called, value))
        return [tuple(said) or None for said in found], wrong

    return read


def _texts(column: int) -> Callable[[Sequence[Sequence]], Column]:
    take = itemgetter(column)

    def read(rows: Sequence[Sequence]) -> Column:
        cells = map(take, rows)
        return [
            cell.strip() or None if type(cell) is str else None if cell is None else values.text(cell)
            for cell in cells
        ], []

    return read


class _Known(dict):
    """From a text to its value, or to the Refused that it earns; asked once for each text of a column."""

    def __init__(self, origin: Origin):
        super().__init__()
        self.origin, self.has_wrong = origin, False

    def __missing__(self, cell: Any) -> Any:
        value = self.value(cell)
        if len(self) < _REMEMBERED:
            self[cell] = value
        return value

    def value(self, cell: Any) -> Any:
        if cell is None or (type(cell) is str and not cell.strip()):
            return None
        try:
            return self.origin.read(cell)
        except ValueError as error:
            self.has_wrong = True
            return Refused(str(error), self.origin.field.name, cell)


def _each(origin: Origin) -> Callable[[Sequence[Sequence]], Column]:
    """One reader for the cells of one column; what it said of a text before it says again."""
    take, known = itemgetter(origin.columns[0]), _Known(origin)
    is_mail = origin.field.type == "e-mail"  # hardly any is there twice

    def read(rows: Sequence[Sequence]) -> Column:
        cells = list(map(take, rows))
        if set(map(type, cells)) <= {str, type(None)}:
            found = _mails(cells, known.value) if is_mail else list(map(known.__getitem__, cells))
        else:  # 1 and True are one key of a dict
            found = list(map(known.value, cells))
        if not known.has_wrong:
            return found, []
        wrong = [(place, value) for place, value in enumerate(found) if type(value) is Refused]
        for place, _refused in wrong:
            found[place] = None
        return found, wrong

    return read


def _mails(cells: Sequence[str | None], value_of: Callable) -> list:
    is_plain = values.PLAIN_ADDRESS.fullmatch
    return [
        cell.lower() if cell and len(cell) <= 254 and is_plain(cell) else value_of(cell) for cell in cells
    ]


def _required(origin: Origin, read: Callable[[Sequence[Sequence]], Column]) -> Callable:
    if not origin.field.required:
        return read

    def strict(rows: Sequence[Sequence]) -> Column:
        found, wrong = read(rows)
        said = {place for place, _refused in wrong}
        blank = [place for place, value in enumerate(found) if value is None and place not in said]
        return found, wrong + [(place, _blank(origin)) for place in blank]

    return strict


def _blank(origin: Origin) -> Refused:
    return Refused(_("This must not be blank."), origin.field.name)
