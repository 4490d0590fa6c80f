"""Rows of a text whose cells are parted by a sign: which sign, and where the text is broken."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain

_END = "\x1eend\x1e"  # a last line of our own: when it is not the last row, a quotation mark swallowed it
_SIGNS = ",;\t|"
_HEAD = 200_000  # letters that the sign is found by
_PIECE = 1 << 18


class Broken(ValueError):
    """No table: `row` as counted in the file (1 is the first), `value` what stands there or what is wrong."""

    def __init__(self, row: int, value: str):
        super().__init__(value)
        self.row, self.value = row, value


class Unclosed(Broken):
    """A quotation mark opens in this row and never closes; `value` is the beginning of what it swallowed."""


class Nul(ValueError):
    """The text holds the sign of code 0: it is none."""


class Separated:
    """A table in bytes of a known encoding. Going through it reads it anew; the text never stands in memory.

    Raises UnicodeDecodeError and Nul when it is made; going through it raises Broken and Unclosed.
    """

    def __init__(self, data: bytes, encoding: str):
        self._data, self._encoding = data, encoding
        head = "".join(self._pieces(_HEAD))[:_HEAD]
        self.sign, self._hinted = separator_of(head)
        self._loose = self._looked_through(f'{self.sign} "')

    def __iter__(self) -> Iterator[list[str]]:
        """Every row, blank ones too, so that the n-th is row n of the file."""
        with io.TextIOWrapper(io.BytesIO(self._data), self._encoding, newline="") as text:
            first = text.readline().removeprefix("\ufeff")
            lines = chain([first], text, [_END])
            reader = csv.reader(lines, delimiter=self.sign, skipinitialspace=self._loose)
            number, held = 0, None
            try:
                for row in reader:
                    if number:
                        yield [] if self._hinted and number == 1 else held
                    number, held = number + 1, row
            except csv.Error as error:
                raise Broken(number + 1, str(error)) from None
            if held != [_END]:
                raise Unclosed(number, held[-1].removesuffix(_END).strip()[:60])

    def _pieces(self, most: int | None = None) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)()
        for start in range(0, min(len(self._data), 4 * most) if most else len(self._data), _PIECE):
            end = start + _PIECE
            yield decoder.decode(self._data[start:end], final=not most and end >= len(self._data))

    def _looked_through(self, wanted: str) -> bool:
        """Is this in the text? (A blank before a quotation mark, as people type it.) And is it a text?"""
        found, tail = False, ""
        for piece in self._pieces():
            if "\x00" in piece:
                raise Nul
            found = found or wanted in tail + piece
            tail = piece[-2:]
        return found


def separator_of(text: str) -> tuple[str, bool]:
    """The sign that cuts the heading into several columns and most rows into as many; and whether the first
    line says so itself (`sep=;`, as some programs write)."""
    text = text.removeprefix("\ufeff")
    first = text[:10].split("\n", 1)[0].strip().strip('"')
    if first.startswith("sep=") and first[4:] in (",", ";", "|", ""):
        return first[4:] or "\t", True
    return max(_SIGNS, key=lambda sign: _fit(text, sign)), False


def _fit(text: str, sign: str) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(text[:_HEAD], newline=""), delimiter=sign)
    try:
        widths = [len(row) for row, _n in zip(reader, range(100), strict=False) if row]
    except csv.Error:
        return False, 0, 0
    even = sum(width == widths[0] for width in widths) / len(widths) if widths else 0
    return widths[:1] > [1], even, max(widths, default=0)
