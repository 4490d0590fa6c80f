"""Who stands before the code on the wall: found without showing a list, remembered for this session only."""

from django.core.cache import cache
from django.http import HttpRequest

from lib.folding import fold
from people.models import Programme
from training.models import Enrolment, Session

TRIES, PERIOD = 20, 600  # wrong answers from one address in ten minutes


def candidates(
    programme: Programme, *, row_code: str = "", first_name: str = "", born=None
) -> list[Enrolment]:
    """Who takes part and fits: by row code, or by any one word of the name and the year of birth."""
    people = programme.enrolments.taking_part().select_related("person", "programme__tenant")
    if row_code:
        wanted = fold(row_code).replace(" ", "").upper()
        return list(people.filter(row_code=wanted))
    if not first_name or born is None:
        return []
    wanted = fold(first_name)
    return [one for one in people.filter(person__born=born) if wanted in one.person.name_key.split()]


def remember(request: HttpRequest, session: Session, enrolment: Enrolment, called: str) -> None:
    """Keep in the signed session who she is, and how she called herself; never more than she typed."""
    request.session["checked_in"] = request.session.get("checked_in", {}) | {str(session.pk): enrolment.pk}
    request.session["called"] = request.session.get("called", {}) | {str(session.pk): called}


def forget(request: HttpRequest, session: Session) -> None:
    kept = {**request.session.get("checked_in", {})}
    kept.pop(str(session.pk), None)
    request.session["checked_in"] = kept


def who(request: HttpRequest, session: Session) -> Enrolment | None:
    """Whoever this browser checked in to this session."""
    pk = request.session.get("checked_in", {}).get(str(session.pk))
    people = session.programme.enrolments.taking_part().select_related("person", "programme")
    return people.filter(pk=pk).first() if pk else None


def is_blocked(request: HttpRequest, what: str) -> bool:
    return cache.get(_key(request, what), 0) >= TRIES


def count_wrong(request: HttpRequest, what: str) -> None:
    """Only wrong answers count: a whole room stands behind one address."""
    key = _key(request, what)
    if not cache.add(key, 1, PERIOD):
        try:
            cache.incr(key)
        except ValueError:  # it ended between the two
            cache.set(key, 1, PERIOD)


def _key(request: HttpRequest, what: str) -> str:
    return f"training:in:{what}:{request.META.get('REMOTE_ADDR', '')}"
