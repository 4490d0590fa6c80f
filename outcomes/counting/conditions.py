"""Conditions and values of a spec as SQL over the pivot.

SQL's own three values are the logic: true, false, and unknown where an answer is missing. "Known" is true or
unknown, never false, so that nobody's silence becomes a no.
"""

from decimal import Decimal

from outcomes.counting.facts import Pivot

JOINED = {"and": " AND ", "or": " OR "}
COMPARED = {"more": ">", "less": "<", "at_least": ">=", "at_most": "<="}


def condition(pivot: Pivot, found: list) -> str:
    """True, false or unknown for each person and moment."""
    verb, *rest = found
    if verb in JOINED:
        return "(" + JOINED[verb].join(condition(pivot, one) for one in rest) + ")"
    if verb == "not":
        return f"(NOT {condition(pivot, rest[0])})"
    if verb == "known":
        return f"(CASE WHEN {pivot.known(rest[0])} THEN TRUE END)"
    if verb in ("is", "has"):
        return f"({pivot.chosen(rest[0], rest[1:])} = 1)"
    if verb in ("more", "less"):
        compared = f"{pivot.number(rest[0])} {COMPARED[verb]} {pivot.number(rest[1])}"
        return f"(CASE WHEN {pivot.same_currency(*rest)} THEN {compared} END)"
    if verb in ("at_least", "at_most"):
        return f"({pivot.number(rest[0])} {COMPARED[verb]} {plain(rest[1])})"
    return f"({pivot.newly(rest[0], rest[1])} >= {plain(rest[2])})"


def value(pivot: Pivot, found: list) -> str:
    """A number, or unknown, for each person and moment."""
    if len(found) == 1:
        return pivot.number(found[0])
    verb, now, then = found
    if verb == "new":
        return pivot.newly(now, then)
    a, b = pivot.number(now), pivot.number(then)
    text = f"({a} - {b})" if verb == "change" else f"(100.0 * ({a} - {b}) / NULLIF({b}, 0))"
    return f"(CASE WHEN {pivot.same_currency(now, then)} THEN {text} END)"


def plain(number) -> str:
    """A number that stood in a checked spec, as SQL."""
    return format(Decimal(str(number)), "f")
