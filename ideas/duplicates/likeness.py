"""How alike two texts are, from 0 to 1: by folded words, so that script, diacritics and case do not count.

Two measures, and their mean counts. *Letters*: the runs of three letters that both have (Dice), which
forgives endings and slips; *words*: the beginnings of words that both have, which forgives no other word, so
that long texts about different things do not come near by their common syllables. Order counts in neither.

The title counts more than the rest where it says something: a long one up to half, a name of one word hardly
(two companies may be called Pylon), and all of it where one of the two has no text. Then a title may also
differ in slips of the finger only, which cost a short one most of its runs (rapidfuzz, words in order).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from lib.folding import fold

ALIKE = 0.5  # from here on it is worth a look while one reads or types
PROPOSED = 0.62  # from here on two ideas are proposed as one (bench/bench_duplicates.py prints why)
TYPO = 0.85  # from here on two titles are the same but for a slip
SLIP_FROM = 0.3  # a slip never costs a title more of its runs than this
TELLING = 20  # runs of letters from which a title, or a text, says enough to be counted in full
STEM = 5  # letters of a word that stay when its ending changes
WORD = re.compile(r"\w+")
MARKS = dict.fromkeys(map(ord, "’‘“”„–—…•·\u00a0"), " ")  # part words as a space does, and fold slowly


class Trace(NamedTuple):
    """What remains of a text to compare: runs of letters of the title and of all, beginnings of words of the
    title and of all, the title's words sorted, and whether there is more than the title."""

    title: frozenset[str]
    all: frozenset[str]
    title_stems: frozenset[str]
    stems: frozenset[str]
    words: str
    has_text: bool


@lru_cache(maxsize=1024)
def trace(title: str, summary: str = "") -> Trace:
    words, more = words_of(title), words_of(summary)
    runs, rest, stems = _runs(words), _runs(more), _stems(words)
    has_text = len(rest) >= TELLING
    return Trace(runs, runs | rest, stems, stems | _stems(more), " ".join(sorted(words)), has_text)


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text.translate(MARKS)))


def likeness(one: Trace, other: Trace) -> float:
    """0 (nothing in common) to 1 (the same). It does not matter which comes first."""
    titles, everything = _shared(one.title, other.title), _shared(one.all, other.all)
    if not (one.has_text and other.has_text):
        return round(max(_titles_alone(one, other, titles), _blend(one, other, everything, everything)), 2)
    said = min(1, min(len(one.title), len(other.title)) / TELLING) / 2
    mixed = said * titles + (1 - said) * everything
    return round(_blend(one, other, everything, mixed), 2)


def likeness_while_typing(typed: Trace, other: Trace) -> float:
    """The same for a title that is not finished: what is there already should stand in the other's title."""
    begun = len(typed.title)
    contained = len(typed.title & other.title) / begun if begun >= 8 else 0
    titles = _alike_titles(typed, other, _shared(typed.title, other.title))
    return round(max(titles, 0.8 * contained), 2)


def shared_words(text: str, other: str, limit: int = 8) -> list[str]:
    """Words of four letters or more that both use, in any script, as the first text writes them."""
    theirs = set(words_of(other))
    found = {}
    for word in WORD.findall(text):
        key = fold(word)
        if len(key) > 3 and key in theirs:
            found.setdefault(key, word)
    return list(found.values())[:limit]


def _titles_alone(one: Trace, other: Trace, letters: float) -> float:
    """Of titles as all that is known: the shorter the one, the less it says."""
    if (one.words, one.all) == (other.words, other.all):
        return float(bool(one.words))
    said = (1 + min(1, min(len(one.title), len(other.title)) / TELLING)) / 2
    return said * _alike_titles(one, other, letters)


def _alike_titles(one: Trace, other: Trace, letters: float) -> float:
    slip = fuzz.ratio(one.words, other.words) / 100 if letters >= SLIP_FROM else 0
    if slip >= TYPO:
        return max(slip, letters)
    return (letters + _shared(one.title_stems, other.title_stems)) / 2


def _blend(one: Trace, other: Trace, everything: float, mixed: float) -> float:
    return (max(everything, mixed) + _shared(one.stems, other.stems)) / 2


def _stems(words: list[str]) -> frozenset[str]:
    return frozenset(word[:STEM] for word in words if len(word) > 2)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice: the share of what both have."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _runs(words: list[str]) -> frozenset[str]:
    return frozenset(f" {word} "[start : start + 3] for word in words for start in range(len(word)))
