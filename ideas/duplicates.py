"""Which ideas say the same thing: likeness of folded texts, so that script, diacritics and case do not count.

Two texts are as alike as the runs of three letters that they share (Dice). Compared are the titles and the
titles with what follows; the higher counts. The title alone also counts where only letters are swapped, which
costs a short title most of its runs (rapidfuzz over its words in order). On the demo's 230 ideas in two
languages and two scripts, all 29 planted pairs lie above 0.8 and all others at 0.61 or below.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from rapidfuzz import fuzz

from ideas.models import Idea, IdeaText
from lib.folding import fold
from people.models import Programme

ALIKE = 0.5  # from here on a pair is worth a look
TYPO = 0.85  # from here on two titles are the same but for a slip
SLIP_FROM = 0.3  # a slip never costs a title more of its runs than this
BITS = 1 << 13  # runs of letters are hashed into so many bits, so that a set of them is a number
WORD = re.compile(r"\w+")


class Trace(NamedTuple):
    """What remains of a text to compare: runs of letters of title and of all, the title's words sorted."""

    title: int
    all: int
    words: str


class Similar(NamedTuple):
    """An idea that sounds alike: how much (0 to 1), and the words both use, as the idea writes them."""

    idea: Idea
    likeness: float
    words: list[str]


@lru_cache(maxsize=8192)
def trace(title: str, summary: str = "") -> Trace:
    words = WORD.findall(fold(title))
    runs = _bits(words)
    return Trace(runs, runs | _bits(WORD.findall(fold(summary))), " ".join(sorted(words)))


def likeness(one: Trace, other: Trace) -> float:
    """0 (nothing in common) to 1 (the same). It does not matter which comes first."""
    titles = _dice(one.title, other.title)
    if titles >= SLIP_FROM:
        slip = fuzz.ratio(one.words, other.words) / 100
        titles = max(titles, slip if slip >= TYPO else 0)
    return round(max(titles, _dice(one.all, other.all)), 2)


def likeness_while_typing(typed: Trace, other: Trace) -> float:
    """The same for a title that is not finished: what is there already should stand in the other's title."""
    begun = typed.title.bit_count()
    contained = (typed.title & other.title).bit_count() / begun if begun >= 8 else 0
    return round(max(likeness(typed, other), 0.8 * contained), 2)


def similar(
    programme: Programme, title: str, summary: str = "", limit: int = 3, *, but: Idea | None = None
) -> list[Similar]:
    """The ideas of a programme that sound most like this text, the likest first. One query."""
    mine, compare = trace(title, summary), likeness if summary else likeness_while_typing
    found = []
    for idea in _ideas(programme):
        if but is None or idea.pk != but.pk:
            score = compare(mine, trace(idea.text.title, idea.text.summary))
            if score >= ALIKE:
                found.append((-score, idea.number, idea))
    return [
        Similar(idea, -score, shared_words(f"{idea.text.title} {idea.text.summary}", f"{title} {summary}"))
        for score, _number, idea in sorted(found, key=lambda row: row[:2])[:limit]
    ]


def pairs(programme: Programme, at_least: float = ALIKE) -> list[tuple[Idea, Idea, float]]:
    """All pairs that sound alike, the likest first. One query; some seconds for 2,000 ideas."""
    ideas = list(_ideas(programme))
    traces = [trace(idea.text.title, idea.text.summary) for idea in ideas]
    found = [
        (ideas[one], ideas[other], value)
        for one, other in _candidates(traces, at_least)
        if (value := likeness(traces[one], traces[other])) >= at_least
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[0].number, pair[1].number))


def _candidates(traces: list[Trace], at_least: float) -> Iterable[tuple[int, int]]:
    """Places of the pairs that may be so alike: each row against all later ones at once."""
    import numpy  # only here: a page about one idea does without it

    enough = {"title": min(at_least, SLIP_FROM) - 0.01, "all": at_least - 0.01}  # likeness is rounded
    packed = {
        kind: numpy.array(
            [numpy.frombuffer(getattr(t, kind).to_bytes(BITS // 8, "big"), "u8") for t in traces]
        )
        for kind in enough
    }
    counts = {kind: numpy.bitwise_count(rows).sum(axis=1, dtype="i8") for kind, rows in packed.items()}
    for one in range(len(traces) - 1):
        alike = numpy.zeros(len(traces) - one - 1, bool)
        for kind, rows in packed.items():
            shared = numpy.bitwise_count(rows[one] & rows[one + 1 :]).sum(axis=1, dtype="i8")
            alike |= 2 * shared >= enough[kind] * (counts[kind][one] + counts[kind][one + 1 :])
        for other in numpy.flatnonzero(alike):
            yield one, one + 1 + int(other)


def shared_words(text: str, other: str, limit: int = 8) -> list[str]:
    """Words of four letters or more that both use, in any script, as the first text writes them."""
    theirs = set(WORD.findall(fold(other)))
    found = {}
    for word in WORD.findall(text):
        key = fold(word)
        if len(key) > 3 and key in theirs:
            found.setdefault(key, word)
    return list(found.values())[:limit]


def _ideas(programme: Programme) -> Iterable[Idea]:
    texts = (
        IdeaText.objects.filter(current_of__programme=programme).select_related("current_of").order_by("idea")
    )
    for text in texts.only(
        "title", "summary", "current_of__number", "current_of__programme", "current_of__state"
    ):
        idea = text.current_of
        idea.text = text
        yield idea


def _bits(words: list[str]) -> int:
    runs = {f" {word} "[start : start + 3] for word in words for start in range(len(word))}
    bits = 0
    for run in runs:
        bits |= 1 << crc32(run.encode()) % BITS
    return bits


def _dice(one: int, other: int) -> float:
    total = one.bit_count() + other.bit_count()
    return 2 * (one & other).bit_count() / total if total else 0.0
