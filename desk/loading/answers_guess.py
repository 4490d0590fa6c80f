"""What the cells of a column look like: which kind of question was asked, and which answers were offered."""

import re
from collections import Counter
from collections.abc import Callable

from desk.loading import values
from desk.loading.answers_plan import MOST, Planned
from lib.folding import fold
from lib.money import read_money
from outcomes.models import Question

Kind = Question.Kind
ENOUGH = 0.9  # of what stands there must be read so
FEW, SHORT = 15, 90  # choices that a guess takes for choices, and letters of one
YES_NO = {*values.YES, *values.NO}


def kind_of(texts: Counter) -> str:
    """The kind of question, by what stands in its cells."""
    total = sum(texts.values())
    if not total:
        return Kind.TEXT
    if all(fold(said) in YES_NO for said in texts):
        return Kind.YES_NO
    for kind, read in ((Kind.NUMBER, values.number), (Kind.DAY, values.day), (Kind.MONEY, _money)):
        if sum(n for said, n in texts.items() if _reads(read, said)) >= ENOUGH * total:
            return kind
    if is_joined(texts):
        return Kind.MANY
    few = len(texts) <= FEW and 2 * len(texts) <= total and max(map(len, texts)) <= SHORT
    return Kind.ONE if few else Kind.TEXT


def is_joined(texts: Counter, sign: str = "") -> bool:
    """Do several answers stand in one cell? Then each of them comes again and again."""
    signs = (sign,) if sign else ("\n", ";", ",")
    for one in signs:
        if not any(one in said for said in texts):
            continue
        parts = Counter(part for said in texts.elements() for part in _parts(said, one))
        sure = all(n > 1 for n in parts.values()) if one == "," else True
        repeats = sum(parts.values()) >= 2 * len(parts)
        if sure and repeats and len(parts) <= 2 * FEW and max(map(len, parts)) <= SHORT:
            return True
    return False


def offered(planned: Planned, texts: Counter) -> list[str]:
    """The answers that stand in the cells and are not known as choices yet, the most frequent first."""
    found: Counter = Counter()
    for said, n in texts.items():
        parts = [said]
        if planned.kind == Kind.MANY and not planned.choice(said):
            parts = _all_parts(planned, said, texts)
        found.update({part: n for part in parts if not planned.choice(part)})
    return [word for word, _n in sorted(found.items(), key=lambda one: (-one[1], one[0]))][: MOST + 1]


def _all_parts(planned: Planned, said: str, texts: Counter) -> list[str]:
    if planned.split or ";" in said or "\n" in said:
        return planned.parts(said)
    return _parts(said, ",") if "," in said and is_joined(texts, ",") else [said]


def _parts(said: str, sign: str) -> list[str]:
    return [part for one in re.split(re.escape(sign), said) if (part := one.strip())]


def _money(said: str) -> None:
    if read_money(said) is None:
        raise ValueError


def _reads(read: Callable, said: str) -> bool:
    try:
        read(said)
    except ValueError:
        return False
    return True
