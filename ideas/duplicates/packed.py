"""Texts packed into rows of bits, many at once: what a quick comparison of thousands needs (numpy).

The exact measure is likeness.py; here it is only estimated, generously, to leave out what cannot reach it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ideas.duplicates.likeness import SLIP_FROM, STEM, TELLING, words_of

CHUNK = 1_000  # texts packed at a time
WIDTH = {"all": 2048, "title": 512, "stems": 512}  # bits a row
START = (0, 32, 40)  # the first column of each kind, in 64-bit numbers
TITLE = slice(32, 40)
SLACK = 0.04  # by so much the estimate may fall short of the exact measure
SPACE = 32


class Packed(NamedTuple):
    """Rows of bits as 64-bit numbers, the three kinds side by side (START); `counts` of bits set, a column a
    kind; `keys` are what two texts that say the same share (32 bits: two keys seldom fall together, which
    costs a comparison), with their rows."""

    bits: np.ndarray
    counts: np.ndarray
    has_text: np.ndarray
    keys: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.bits)


def pack(texts: Sequence[tuple[str, str]], *, with_keys: bool = False) -> Packed:
    """Titles and summaries. `with_keys` also collects what blocks.py looks for."""
    parts = [
        _pack(texts[start : start + CHUNK], start, with_keys) for start in range(0, len(texts), CHUNK)
    ] or [_pack([], 0, with_keys)]
    return Packed(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def together(one: Packed, other: Packed) -> Packed:
    return Packed(*(np.concatenate(two) for two in zip(one, other, strict=True)))


def estimate(one: Packed, at: np.ndarray | slice, other: Packed, to: np.ndarray | slice) -> np.ndarray:
    """At least the likeness, by about SLACK, of the rows `at` of one with the rows `to` of the other."""
    mine, theirs = one.counts[at], other.counts[to]
    shared, total = 2 * count(one.bits[at] & other.bits[to]), np.maximum(mine + theirs, 1)
    letters, titles, stems = (shared / total).T
    said = np.minimum(TELLING, np.minimum(mine[:, 1], theirs[:, 1])) / TELLING / 2
    mixed = (np.maximum(letters, said * titles + (1 - said) * letters) + stems) / 2
    alone = ~(one.has_text[at] & other.has_text[to]) & (titles >= SLIP_FROM - SLACK)
    return np.where(alone, 1.0, mixed) + SLACK


def count(bits: np.ndarray) -> np.ndarray:
    """How many bits of each kind are set, a column a kind."""
    return np.add.reduceat(np.bitwise_count(bits), START, axis=1, dtype="i4")


def _pack(texts: Sequence[tuple[str, str]], first: int, with_keys: bool) -> tuple[np.ndarray, ...]:
    titles = [_plain(title) for title, _summary in texts]
    wholes = [title + _plain(summary) for title, (_title, summary) in zip(titles, texts, strict=True)]
    letters, of = _letters(wholes)
    runs, stems = _bits(*_runs(letters, of), len(texts), "all"), _beginnings(letters, of)
    title = _bits(*_runs(*_letters(titles)), len(texts), "title")
    bits = np.concatenate([runs, title, _bits(*stems, len(texts), "stems")], axis=1)
    more = np.array([len(whole) - len(title) for title, whole in zip(titles, wholes, strict=True)], int)
    keys, rows = _keys(*stems) if with_keys else (np.zeros(0, "u4"), np.zeros(0, "i4"))
    return bits, count(bits), more >= 2 * TELLING, keys, (rows + first).astype("i4")


def _plain(text: str) -> bytes:
    return f" {' '.join(words_of(text))} ".encode()


def _letters(texts: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of all texts one after the other, and which text each is of. Spaces at both ends."""
    of = np.repeat(np.arange(len(texts), dtype="i4"), [len(text) for text in texts] if texts else 0)
    return np.frombuffer(b"".join(texts), "u1").astype("u4"), of


def _runs(letters: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Runs of three, the spaces around a word among them: a number each, and of which text."""
    runs = letters[:-2] | letters[1:-1] << np.uint32(8) | letters[2:] << np.uint32(16)
    inside = letters[1:-1] != SPACE
    return runs[inside], of[1:-1][inside]


def _beginnings(letters: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first letters of each word of three letters or more, as a number, and of which text, in order."""
    starts = np.flatnonzero((letters[:-1] == SPACE) & (letters[1:] != SPACE)) + 1
    padded = np.concatenate([letters, np.full(STEM, SPACE, "u4")]).astype("u8")
    code, going = np.zeros(len(starts), "u8"), np.ones(len(starts), bool)
    for place in range(STEM):
        letter = padded[starts + place]
        going &= letter != SPACE
        code |= np.where(going, letter, 0) << np.uint64(8 * place)
        if place == 2:
            is_long = going.copy()
    return code[is_long], of[starts][is_long]


def _keys(stems: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each beginning of a word, each two that follow one another in either order, and each three."""
    one = _mix(stems)
    two, three = one[:-1] + one[1:], one[:-2] + one[1:-1] + one[2:]  # a sum has no order
    beside, in_a_row = of[:-1] == of[1:], of[:-2] == of[2:]
    keys = [one, _mix(two[beside]), _mix(three[in_a_row] + np.uint64(1))]
    short = (np.concatenate(keys) >> np.uint64(32)).astype("u4")
    return short, np.concatenate([of, of[:-1][beside], of[:-2][in_a_row]])


def _mix(numbers: np.ndarray) -> np.ndarray:
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    return mixed ^ mixed >> np.uint64(29)


def _bits(numbers: np.ndarray, of: np.ndarray, n: int, kind: str) -> np.ndarray:
    width = WIDTH[kind]
    rows = np.zeros((n, width), bool)
    if numbers.dtype == np.uint32:  # runs: 24 bits
        places = numbers * np.uint32(2654435761) >> np.uint32(16)
    else:
        places = _mix(numbers) >> np.uint64(40)
    rows[of, places & numbers.dtype.type(width - 1)] = True
    return np.packbits(rows, axis=1).view("u8")
