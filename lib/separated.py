"""Rows of a text whose cells are parted by a sign: which sign, and where the text is broken."""

import csv
import io

_END = "\x1eend\x1e"  # a last line of our own: when it is not the last row, a quotation mark swallowed it
_SIGNS = ",;\t|"


class Broken(ValueError):
    """No table: `row` as counted in the file (1 is the first), `value` what stands there or what is wrong."""

    def __init__(self, row: int, value: str):
        super().__init__(value)
        self.row, self.value = row, value


class Unclosed(Broken):
    """A quotation mark opens in this row and never closes; `value` is the beginning of what it swallowed."""


class TooMany(ValueError):
    """More rows than asked for."""


def rows_of(text: str, *, most: int) -> list[list[str]]:
    """Every row, blank ones too, so that the n-th is row n of the file. Raises Broken, Unclosed, TooMany."""
    sign, hinted = separator_of(text)
    lines = io.StringIO(f"{text}\n{_END}", newline="")
    loose = f'{sign} "' in text  # a blank before a quotation mark, as people type it
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=sign, skipinitialspace=loose):
            rows.append(row)
            if len(rows) > most:
                raise TooMany
    except csv.Error as error:
        raise Broken(len(rows) + 1, str(error)) from None
    last = rows.pop()
    if last != [_END]:
        raise Unclosed(len(rows) + 1, last[-1].removesuffix(_END).strip()[:60])
    return [[], *rows[1:]] if hinted else rows


def separator_of(text: str) -> tuple[str, bool]:
    """The sign that cuts the heading into several columns and most rows into as many; and whether the first
    line says so itself (`sep=;`, as some programs write)."""
    first = text[:10].split("\n", 1)[0].strip().strip('"')
    if first.startswith("sep=") and first[4:] in (",", ";", "|", ""):
        return first[4:] or "\t", True
    return max(_SIGNS, key=lambda sign: _fit(text, sign)), False


def _fit(text: str, sign: str) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=sign)
    try:
        widths = [len(row) for row, _n in zip(reader, range(100), strict=False) if row]
    except csv.Error:
        return False, 0, 0
    even = sum(width == widths[0] for width in widths) / len(widths) if widths else 0
    return widths[:1] > [1], even, max(widths, default=0)
