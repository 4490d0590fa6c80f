"""How far the data behind a summary can be trusted, for its reader: by standard, as the programme's own page
says it, with numbers that tell of nobody.

Who answered and who was asked at the beginning is exact, as participation is. What happened to few people (a
late answer, a correction) is told in steps of five.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from outcomes import quality
from outcomes.disclosure import FLOOR
from outcomes.quality import Fact, Quality
from outcomes.scope import Scope
from outcomes.wording import number

EXACT = ("baseline", "baseline_control", "evidence", "costs", "grants")


def trust(scope: Scope) -> list[dict]:
    """Lines of code, standard, name and what is said; of several programmes a line each."""
    found = [(programme, quality.of(programme, as_of(scope))) for programme in scope.programmes]
    return [
        line
        for programme, one in found
        for line in _lines(one, _later(one, scope), str(programme) if len(found) > 1 else "")
    ]


def _later(one: Quality, scope: Scope) -> set[str]:
    """Codes of the waves that open after the period, or on no day."""
    waves = [standing.wave for standing in one.reliability]
    return {wave.code for wave in waves if wave.opens is None or wave.opens >= scope.end}


def as_of(scope: Scope) -> datetime:
    """The end of the period where that is over, so that a later day says the same."""
    return min(scope.now, scope.midnight(scope.end))


def _lines(one: Quality, later: set[str], programme: str) -> list[dict]:
    return [
        {"standard": str(standard), "name": fact.name, "said": _said(fact, code)}
        | ({"programme": programme} if programme else {})
        for code, standard, facts in one.by_standard
        for fact in facts
        if fact.of != 0 and not (code == "reliability" and fact.code in later)
    ]


def _said(fact: Fact, standard: str) -> str:
    if fact.code in EXACT or standard == "reliability":
        return fact.said
    told = _in_steps(fact.n)
    if fact.of is None:
        return told
    return _("%(n)s of %(all)s") % {"n": told, "all": number(fact.of)}


def _in_steps(n: int) -> str:
    if n < FLOOR:
        return _("fewer than %(least)s") % {"least": FLOOR}
    return _("at least %(n)s") % {"n": number(n - n % FLOOR)}
