"""Who stands before the code on the wall: found without showing a list, remembered for this session only.

Opening a code that is on the wall gives this browser a ticket: for five minutes it may say who she is in that
session, also when the code has changed meanwhile.
"""

from datetime import datetime, timedelta
from secrets import token_hex

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lib.folding import fold
from lib.quotas import count
from training.models import Enrolment, Mark, Session
from training.register import codes

TRIES, PERIOD = 20, 600  # wrong answers from one address in ten minutes
COUNTED = 200  # refusals of one session that are counted in that time: a script fills no table
TICKET = timedelta(minutes=5)
ROW, NAME = "row", "name"  # how she said who she is


def candidates(session: Session, *, row_code: str = "", first_name: str = "", born=None) -> list[Enrolment]:
    """Who stands on this session's roster and fits."""
    return [one for one in _fitting(session, row_code, first_name, born) if one.is_expected]


def is_elsewhere(session: Session, now: datetime, **said) -> bool:
    """Does somebody fit who is expected in another session whose time it is? Then the code was not hers."""
    fitting = [one.pk for one in _fitting(session, **said)]
    others = codes.open_now(now).exclude(pk=session.pk)
    return others.filter(roster__enrolment__in=fitting).exists()


def _fitting(session: Session, row_code: str = "", first_name: str = "", born=None) -> list[Enrolment]:
    """Who takes part in the programme and fits: by row code, or by any one word of the name and the year."""
    people = _taking_part(session).select_related("person", "programme__tenant")
    if row_code:
        wanted = fold(row_code).replace(" ", "").upper()
        return list(people.filter(row_code=wanted))
    if not first_name or born is None:
        return []
    wanted = fold(first_name)
    return [one for one in people.filter(person__born=born) if wanted in one.person.name_key.split()]


def _taking_part(session: Session) -> QuerySet[Enrolment]:
    expected = session.roster.filter(enrolment=OuterRef("pk"))
    return session.programme.enrolments.taking_part().annotate(is_expected=Exists(expected))


def phone(request: HttpRequest) -> str:
    """What tells this browser from others: eight signs of its own, of nothing else."""
    if "phone" not in request.session:
        request.session["phone"] = token_hex(4)
    return request.session["phone"]


def device(request: HttpRequest, row_code: str) -> str:
    """How a mark remembers it: by what she said who she is, and from which phone."""
    return f"{ROW if row_code else NAME}:{phone(request)}"


def how(mark: Mark) -> str:
    """Which device a mark came from, in words; of a check-in how she said who she is."""
    if mark.source != Mark.Source.CODE or ":" not in mark.device:
        return mark.device
    way, _colon, which = mark.device.partition(":")
    if way == ROW:
        return _("row code, phone %(phone)s") % {"phone": which}
    return _("first name and year, phone %(phone)s") % {"phone": which}


def give_ticket(request: HttpRequest, read: codes.Read, now: datetime) -> None:
    """One browser has one ticket: opening another session's code ends the first."""
    until = (now + TICKET).timestamp()
    request.session["ticket"] = [read.session.pk, until, read.is_shared]


def with_ticket(request: HttpRequest, read: codes.Read, now: datetime) -> codes.Read:
    """What was read, opened again where this browser opened the code while it was on the wall."""
    session, until, is_shared = request.session.get("ticket") or (0, 0, False)
    is_hers = read.session is not None and session == read.session.pk and now.timestamp() < until
    if read.why != codes.OLD or not is_hers or not codes.is_open(read.session, now):
        return read
    return read._replace(why="", is_shared=is_shared)


def session_here(request: HttpRequest, code: str, now: datetime) -> Session | None:
    """The session that the code opens, or opened for whoever checked in to it on this phone: she stays in
    until its time is over."""
    read = codes.read(code, now)
    if not read.why:
        return read.session
    is_in = read.session is not None and str(read.session.pk) in request.session.get("checked_in", {})
    return read.session if is_in and codes.is_its_time(read.session, now) else None


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
    count(_key(request, what), PERIOD)


def may_count(session: Session) -> bool:
    return count(f"training:away:{session.pk}", PERIOD) <= COUNTED


def _key(request: HttpRequest, what: str) -> str:
    return f"training:in:{what}:{request.META.get('REMOTE_ADDR', '')}"
