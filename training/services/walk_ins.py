"""Somebody who came unannounced."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.folding import fold
from people.models import Person
from training.models import Enrolment, Mark, Session, Status
from training.services.attendance import locked
from training.services.enrolments import enrol, set_enrolment_state
from training.services.marks import Outcome, record_marks, said_otherwise
from training.services.sessions import fill_roster


@transaction.atomic
def add_walk_in(
    *, by: User, session: Session, operation: UUID, name: str, phone: str = "", now: datetime
) -> Enrolment:
    """Somebody came unannounced: person, enrolment, place on the roster and mark in one step.

    Whoever is known by the same name and phone is not made twice. The same operation is the same person.
    She is in whatever seats and rules say: what the rules find stands beside her until somebody settles it.
    """
    session = locked(session)
    name, phone = " ".join(name.split()), " ".join(phone.split())
    if not name:
        raise ValidationError({"name": _("Write the name.")})
    if known := Mark.objects.filter(operation=operation).select_related("enrolment__person").first():
        if known.session_id != session.pk or not _is_she(known.enrolment.person, name, phone):
            raise ValidationError(said_otherwise(), code="conflict")
        return known.enrolment
    person = _known_person(session, name, phone) or Person.objects.create(
        tenant=session.programme.tenant, name=name, phone=phone
    )
    enrolment = session.programme.enrolments.filter(person=person).first()
    if enrolment is None:
        enrolment = enrol(by=by, programme=session.programme, person=person, walk_in=True, now=now)
    elif enrolment.state not in Enrolment.TAKING_PART:
        why = _("came to a session")
        enrolment = set_enrolment_state(
            by=by, enrolment=enrolment, state=Enrolment.State.ENROLLED, reason=why, at_door=True, now=now
        )
    fill_roster(by=by, session=session, enrolments=[enrolment], at_the_door=True)
    mark = {"operation": operation, "enrolment": enrolment.pk, "status": Status.PRESENT}
    mark["reason"] = _("came to a session") if session.closed_at else ""  # a correction needs one
    [result] = record_marks(by=by, session=session, marks=[mark], now=now)
    if result.outcome != Outcome.SAVED:
        raise ValidationError(result.words)
    return enrolment


def _is_she(person: Person, name: str, phone: str) -> bool:
    return person.name_key == fold(name)[:200] and _digits(person.phone) == _digits(phone)


def _known_person(session: Session, name: str, phone: str) -> Person | None:
    """Somebody of this name and this phone. A name alone proves nothing: there are two of many."""
    if not _digits(phone):
        return None
    same = Person.objects.filter(tenant=session.programme.tenant, name_key=fold(name)[:200], joined_to=None)
    return next((person for person in same if _digits(person.phone) == _digits(phone)), None)


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())
