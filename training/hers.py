"""What her own page says of one person: how far she is, what comes, her certificate. Staff read the same."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from training import rules
from training.certificates import content
from training.hours import Hours
from training.models import Certificate, Enrolment, Session
from training.register import sheet

NAMED = {  # as the choice says it, inside a sentence
    "name": lambda: _("the name"),
    "hours": lambda: _("the hours"),
    "modules": lambda: _("the modules"),
    "dates": lambda: _("the days"),
}


@dataclass(frozen=True)
class Coming:
    day: object
    when: str
    heading: str
    venue: str


@dataclass(frozen=True)
class Hers:
    left: str
    coming: list[Coming]
    certificate: Certificate | None
    shows: str
    may_have: bool
    may_issue: bool
    is_hers: bool


def of(user: User, enrolment: Enrolment, hours: Hours, sessions: list[Session], now: datetime) -> Hers:
    """`sessions` are those of her rosters, in order. No query but the one for her certificate."""
    found = getattr(enrolment, "certificate", None)
    return Hers(
        left=left(hours),
        coming=[_coming(session, now) for session in sessions if _is_ahead(session, now)][:6],
        certificate=found,
        shows=shows(found) if found else "",
        may_have=not content.refusal(enrolment, hours),
        may_issue=rules.may(user, "issue_certificate", enrolment.programme),
        is_hers=enrolment.person.user_id == user.pk,
    )


def left(hours: Hours) -> str:
    """What is still missing, with the rule worked out."""
    if not hours.planned or not hours.takes_part:
        return ""
    rule = content.so_far(hours)
    what = {"rule": rule, "lacking": sheet.duration(hours.lacking), "open": sheet.duration(hours.open)}
    if hours.completes:
        return _("%(rule)s That is enough.") % what
    if hours.is_lost:
        return _("%(rule)s %(lacking)s more are needed, and only %(open)s are left.") % what
    return _("%(rule)s %(lacking)s more complete it; %(open)s are still open.") % what


def shows(certificate: Certificate) -> str:
    """What whoever scans the code reads beside that it is valid."""
    named = [NAMED[name]() for name in content.SHOWS if name in certificate.shows]
    if not named:
        return _("Whoever checks it reads that it is valid, and nothing else.")
    return _("Whoever checks it reads that it is valid, and: %(what)s.") % {"what": ", ".join(named)}


def _is_ahead(session: Session, now: datetime) -> bool:
    return session.cancelled_at is None and session.ends_at is not None and session.ends_at > now


def _coming(session: Session, now: datetime) -> Coming:
    when = sheet.when(session, session.local(now).date())
    return Coming(session.day, when, session.heading, str(session.venue) if session.venue_id else "")
