"""Figures from answers, person by person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import product
from statistics import mean, median
from typing import NamedTuple

from outcomes.definitions import Definition
from outcomes.models import Answer
from outcomes.scope import Scope


class Said(NamedTuple):
    at: datetime
    invitation: int
    wave: str
    question: str
    choice: str
    number: Decimal | None
    currency: str


class Known(NamedTuple):
    """The newest said of one value; None: nothing was, or it cannot be told."""

    number: Decimal | None
    currency: str
    choices: frozenset[str] | None
    is_known: bool


NOTHING = Known(None, "", None, False)


ByPerson = dict[int, list[Said]]
SAID = (
    "invitation", "invitation__answered_at", "invitation__begun_at", "invitation__state_at",
    "invitation__enrolment__person", "invitation__enrolment__person__joined_to",
    "invitation__enrolment__group__is_control", "invitation__wave__code", "question__code", "choice",
    "number", "currency",
)  # fmt: skip


def said_by(scope: Scope) -> ByPerson:
    """Everything that was said in the programmes until the end of the period, by person."""
    rows = Answer.objects.filter(invitation__wave__programme__in=scope.programmes, is_unread=False)
    found, end = defaultdict(list), scope.midnight(scope.end)
    for asked, answered, begun, stated, person, joined, is_control, *words in rows.values_list(*SAID):
        when = answered or begun or stated
        if not is_control and when < end:
            who = -asked if person is None else joined or person
            found[who].append(Said(when, asked, *words))
    return found


def newest(value: dict, rows: Iterable[Said]) -> Known:
    parts = value["question"] if isinstance(value["question"], list) else [value["question"]]
    zero = value.get("zero_when", {"question": None, "is": []})
    looked = [r for r in rows if r.wave in value["at"] and r.question in (*parts, zero["question"])]
    if not looked:
        return NOTHING
    last = max((row.at, row.invitation) for row in looked)
    looked = [row for row in looked if (row.at, row.invitation) == last]
    by_part = {part: [row for row in looked if row.question == part] for part in parts}
    number = None
    if any(row.question == zero["question"] and row.choice in zero["is"] for row in looked):
        number = Decimal(0)
    elif all(len(rows) == 1 and rows[0].number is not None for rows in by_part.values()):
        number = sum(rows[0].number for rows in by_part.values())
    chosen = by_part[parts[0]]
    money = {row.currency for rows in by_part.values() for row in rows if row.currency}
    is_number = len(parts) > 1 or "zero_when" in value
    return Known(
        number,
        max(money, default=""),
        frozenset(row.choice for row in chosen) if chosen else None,
        number is not None if is_number else bool(chosen),
    )


def holds(cond: list, now: dict[str, Known]) -> bool | None:
    """True, false, or None: it cannot be told."""
    verb, *rest = cond
    if verb in ("and", "or"):
        found, decides = [holds(one, now) for one in rest], verb == "or"
        if decides in found:
            return decides
        return None if None in found else not decides
    if verb == "not":
        found = holds(rest[0], now)
        return None if found is None else not found
    one = now[rest[0]]
    if verb == "known":
        return True if one.is_known else None
    if verb in ("is", "has"):
        return None if one.choices is None else not one.choices.isdisjoint(rest[1:])
    if verb == "new":
        found = new_ones(one, now[rest[1]])
        return None if found is None else found >= rest[2]
    if verb in ("more", "less"):
        other = now[rest[1]]
        if None in (one.number, other.number) or not one_currency(one, other):
            return None
        return one.number > other.number if verb == "more" else one.number < other.number
    if one.number is None:
        return None
    limit = Decimal(str(rest[1]))
    return one.number >= limit if verb == "at_least" else one.number <= limit


def one_currency(a: Known, b: Known) -> bool:
    return not a.currency or not b.currency or a.currency == b.currency


def new_ones(a: Known, b: Known) -> int | None:
    if not a.is_known or not b.is_known or a.choices is None or b.choices is None:
        return None
    return len(a.choices - b.choices - {"none"})


def told(value: list, now: dict[str, Known]) -> Decimal | int | None:
    if len(value) == 1:
        return now[value[0]].number
    verb, a, b = value[0], now[value[1]], now[value[2]]
    if verb == "new":
        return new_ones(a, b)
    if None in (a.number, b.number) or not one_currency(a, b):
        return None
    if verb == "change":
        return a.number - b.number
    return 100 * (a.number - b.number) / b.number if b.number else None


def fits(spec: dict, now: dict[str, Known]) -> bool | None:
    of = [holds(spec["denominator"], now)] if "denominator" in spec else []
    if "numerator" in spec:
        known = holds(spec["numerator"], now) is not None
    else:
        known = all(told(spec[part], now) is not None for part in ("value", "of") if part in spec)
    return all(one is True for one in of) and known


def counted(definition: Definition, scope: Scope, said: ByPerson) -> dict[int, dict[str, Known]]:
    """Who counts in the period, with what is known of her at its end."""
    spec, since, found = definition.how, scope.midnight(scope.since), {}
    parts = {part for value in spec["values"].values() for part in _looked_at(value)}
    for who, rows in said.items():
        looked = [row for row in rows if (row.wave, row.question) in parts]
        for moment in sorted({row.at for row in looked if row.at >= since}):
            now = _state(spec, looked, moment)
            if fits(spec, now) and (spec["aggregation"] != "distinct" or holds(spec["numerator"], now)):
                end = _state(spec, looked, None)
                if moment >= scope.midnight(scope.start) and (
                    spec["aggregation"] == "distinct" or fits(spec, end)
                ):
                    found[who] = end
                break
    return found


def _looked_at(value: dict) -> Iterator[tuple[str, str]]:
    """Waves and questions."""
    parts = value["question"] if isinstance(value["question"], list) else [value["question"]]
    if "zero_when" in value:
        parts = [*parts, value["zero_when"]["question"]]
    yield from product(value["at"], parts)


def _state(spec: dict, rows: list[Said], until: datetime | None) -> dict[str, Known]:
    rows = rows if until is None else [row for row in rows if row.at <= until]
    return {name: newest(value, rows) for name, value in spec["values"].items()}


def recounted(definition: Definition, scope: Scope, said: ByPerson | None = None) -> tuple[object, set]:
    """The value, and the keys of the rows of its numerator. A value of None: there is none."""
    spec, found = definition.how, counted(definition, scope, said_by(scope) if said is None else said)
    kind = spec["aggregation"]
    if kind == "distinct":
        return len(found), set(found)
    if kind == "share":
        yes = {who for who, now in found.items() if holds(spec["numerator"], now)}
        return (round(100 * len(yes) / len(found), 1) if found else None), yes
    values = {who: told(spec["value"], now) for who, now in found.items()}
    if kind == "ratio":
        whole = sum(told(spec["of"], now) for now in found.values())
        return (round(100 * float(sum(values.values())) / float(whole), 1) if whole else None), set(found)
    return _by_currency(kind, spec["value"], values, found), set(found)


def _by_currency(kind: str, value: list, values: dict, found: dict) -> object:
    groups = defaultdict(list)
    has_one = value[0] not in ("relative_change", "new")
    for who, number in values.items():
        names = value if len(value) == 1 else value[1:]
        money = next((found[who][n].currency for n in names if found[who][n].currency), "") if has_one else ""
        groups[money].append(float(number))
    if len(groups) == 2 and "" in groups:
        zeros = groups.pop("")
        next(iter(groups.values())).extend(zeros)
    groups = {money: one for money, one in groups.items() if money} or groups
    amounts = {
        money: round({"sum": sum, "mean": mean, "median": median}[kind](one), 4)
        for money, one in groups.items()
    }
    if len(amounts) > 1:
        return amounts
    return next(iter(amounts.values()), None)
