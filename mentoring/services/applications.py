"""From the public form to a mentor: written down, confirmed by the link, taken or declined by a person."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from lib.doors import KEPT, earlier, is_late
from lib.folding import fold
from mentoring.models import Mentor, MentorApplication
from mentoring.profiles import applying
from mentoring.services import profiles
from people.models import Person, Programme
from training.services.applicants import kept_row

State = MentorApplication.State
HERS = ("phone", "municipality", "region")
KNOWN = ("sectors", "functions", "languages", "reach", "on_premises", "online", "bio", "bio_sr")


@transaction.atomic
def apply_as_mentor(
    *, programme: Programme, operation: UUID, name: str, email: str, now: datetime, **more
) -> MentorApplication:
    """Write down that somebody offers herself (`more`: phone, language, said). The same operation is one
    application; sent again with other words, or anew before it is confirmed, it takes the new words, and a
    new link goes out: the old one dies."""
    if not applying.is_open(programme, now):
        raise ValidationError(_("Applications are not open."), code="closed")
    known = MentorApplication.objects.filter(Q(programme=programme) | Q(operation=operation))
    row = earlier(known, operation=operation, email=email, name=name)
    what = {"name": name, "email": email} | more
    if row is None:
        try:
            with transaction.atomic():
                row = MentorApplication.objects.create(
                    programme=programme, operation=operation, created_at=now, **what
                )
        except IntegrityError:  # the same form arrived twice in this moment
            return MentorApplication.objects.get(operation=operation)
        audit(None, "apply", row, tenant=programme.tenant)
        return row
    is_same = row.operation == operation and all(getattr(row, key) == value for key, value in what.items())
    if row.confirmed_at or row.programme_id != programme.pk or is_same:
        return row
    what |= {"operation": operation, "revision": row.revision + 1, "created_at": now}
    for key, value in what.items():
        setattr(row, key, value)
    row.save()
    audit(None, "apply again", row, ["said", "revision"], tenant=programme.tenant)
    return row


@transaction.atomic
def confirm_mentor_application(*, pk: int, revision: int, now: datetime) -> tuple[MentorApplication, bool]:
    """She pressed the button behind the link: now a coordinator sees it. Returns the application, and whether
    this press did it. Raises ValidationError for a link that a newer one replaced, or that is a week old."""
    rows = MentorApplication.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("programme__tenant").filter(pk=pk).first()
    if row is None or is_late(row, now):
        words = _("This application was not confirmed within a week and is gone. You can apply again.")
        raise ValidationError(words, code="gone")
    if row.revision != revision:
        raise ValidationError(_("A newer letter was sent after this one: use the link in that."), code="old")
    if row.confirmed_at:
        return row, False
    row.confirmed_at = now
    row.save(update_fields=["confirmed_at"])
    audit(None, "confirm", row, ["confirmed_at"], tenant=row.programme.tenant)
    return row, True


@transaction.atomic
def take_mentor(*, by: User, application: MentorApplication, now: datetime) -> Mentor:
    """A coordinator takes her: person found again or made, mentor, what she offers here, the role that opens
    the programme, whom she works for."""
    row = _decided(by, application, State.TAKEN, "", now)
    programme, said = row.programme, row.said
    person = _person(by, row)
    known = {name: said[name] for name in KNOWN if said.get(name) not in (None, "", [])}
    offered = {name: said[name] for name in profiles.OFFERED if said.get(name) not in (None, "", [])}
    mentor = Mentor.objects.filter(person=person).first()
    if mentor and mentor.offers.filter(programme=programme).exists():
        profiles.change_mentor(by=by, mentor=mentor, **known)
        profiles.change_offer(by=by, offer=mentor.offers.get(programme=programme), **offered)
    else:
        mentor = profiles.add_mentor(by=by, programme=programme, person=person, **known, **offered)
    if mentor.state != Mentor.State.ACTIVE:
        mentor = profiles.change_mentor_state(by=by, mentor=mentor, state=Mentor.State.ACTIVE, now=now)
    if said.get("organisation"):
        work = {"organisation": said["organisation"], "role": said.get("role") or _("associate")}
        profiles.add_affiliation(by=by, person=person, **work)
    keep(by=by, row=row, said={"mentor": mentor}, tenant=programme.tenant)
    return mentor


def decline_mentor(
    *, by: User, application: MentorApplication, reason: str, now: datetime
) -> MentorApplication:
    if not reason.strip():
        raise ValidationError({"reason": _("Declining needs a reason: it stays with the application.")})
    return _decided(by, application, State.DECLINED, reason.strip(), now)


@transaction.atomic
def _decided(
    by: User, application: MentorApplication, state: str, reason: str, now: datetime
) -> MentorApplication:
    """Of two coordinators one decides: a compare-and-set. Raises ValidationError for the other one."""
    waiting = MentorApplication.objects.filter(pk=application.pk, state=State.WAITING)
    said = {"state": state, "state_at": now, "state_by": by, "reason": reason}
    if not waiting.exclude(confirmed_at=None).update(**said):
        raise ValidationError(_("This application does not wait for an answer."), code="decided")
    row = MentorApplication.objects.select_related("programme__tenant").get(pk=application.pk)
    verb = "take" if state == State.TAKEN else "decline"
    audit(by, verb, row, ["state", "reason"], tenant=row.programme.tenant)
    return row


def known_person(row: MentorApplication) -> Person | None:
    """Somebody of the address book with this e-mail and this name in any script; whom she was joined to."""
    same = Person.objects.filter(tenant=row.programme.tenant_id, email__iexact=row.email)
    found = same.filter(name_key=fold(row.name)[:200]).select_related("joined_to").order_by("pk").first()
    return kept_row(found) if found else None


def _person(by: User, row: MentorApplication) -> Person:
    """What was unknown of her is filled in, what was known stays."""
    tenant, person = row.programme.tenant, known_person(row)
    said = {"phone": row.phone} | row.said
    hers = {name: said[name] for name in HERS if said.get(name)}
    if person:
        hers = {name: value for name, value in hers.items() if not getattr(person, name)}
    else:
        person = Person(tenant=tenant)
        hers |= {"name": row.name, "email": row.email, "language": row.language}
    keep(by=by, row=person, said=hers, tenant=tenant)
    return person


def forget_mentor_applications(*, now: datetime) -> int:
    """What nobody confirmed within a week is gone; return how many."""
    late = MentorApplication.objects.filter(confirmed_at=None, created_at__lte=now - KEPT)
    return late.delete()[0]
