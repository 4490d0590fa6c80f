"""What is known of a mentor, what she offers in a programme, whether she is there."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep, take_away
from accounts.models import User
from lib.folding import fold
from mentoring.models import Mentor, Offer
from mentoring.profiles import windows
from people.models import Affiliation, Membership, Organisation, Person, Programme
from people.services import save_fact, save_organisation

OFFERED = ("capacity", "hours", "per", "windows", "wishes")
State = Mentor.State
STEPS = {  # from each state where she may go
    State.INVITED: (State.ACTIVE, State.LEFT),
    State.ACTIVE: (State.PAUSED, State.LEFT),
    State.PAUSED: (State.ACTIVE, State.LEFT),
    State.LEFT: (State.ACTIVE,),
}


@transaction.atomic
def add_mentor(*, by: User, programme: Programme, person: Person, **said) -> Mentor:
    """A mentor for a programme: what is known of her, the role that opens it to her, and what she offers
    there (`OFFERED`). Whoever is a mentor already joins with what is said and differs."""
    if person.tenant_id != programme.tenant_id:
        raise ValidationError({"person": _("This person belongs to another organisation.")})
    mentor = Mentor.objects.filter(person=person).first() or Mentor(person=person)
    if mentor.pk and mentor.offers.filter(programme=programme).exists():
        raise ValidationError({"person": _("She is a mentor of this programme already.")})
    offered = {name: said.pop(name) for name in OFFERED if name in said}
    if mentor.pk:
        said.pop("state", None)  # it has a history: see change_mentor_state
    elif not said:
        said = {"state": State.ACTIVE}
    keep(by=by, row=mentor, said=said, tenant=programme.tenant)
    add_offer(by=by, mentor=mentor, programme=programme, **offered)
    return mentor


@transaction.atomic
def change_mentor(*, by: User, mentor: Mentor, **said) -> Mentor:
    keep(by=by, row=mentor, said=said, tenant=mentor.person.tenant)
    return mentor


@transaction.atomic
def change_mentor_state(
    *,
    by: User | None,
    mentor: Mentor,
    state: str,
    reason: str = "",
    away_until: date | None = None,
    now: datetime,
) -> Mentor:
    """She begins, pauses, comes back, leaves. Pausing and leaving need a reason, and delete nothing: whom she
    guides she goes on guiding until somebody hands them over. `away_until`: the day on which she is back."""
    mentor = Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=mentor.pk)
    if state not in STEPS[mentor.state]:
        words = _("From “%(old)s” there is no way to “%(new)s”.")
        said = {"old": mentor.get_state_display(), "new": State(state).label}
        raise ValidationError({"state": words % said})
    if state in (State.PAUSED, State.LEFT) and not reason.strip():
        raise ValidationError({"reason": _("Say why: it stands on her page.")})
    said = {"state": state, "state_at": now, "state_by": by, "state_reason": reason.strip()}
    said["away_until"] = away_until if state == State.PAUSED else None
    keep(by=by, row=mentor, said=said, tenant=mentor.person.tenant)
    return mentor


@transaction.atomic
def remove_mentor(*, by: User, mentor: Mentor) -> None:
    """Take away a profile that was made by mistake; the person stays. One that something is built on stays
    too: she leaves instead."""
    words = _("She has assignments, meetings, slots or proposals: these stay. Let her leave instead.")
    if mentor.assignments.exists() or mentor.slots.exists() or mentor.proposals.exists():
        raise ValidationError(words)
    programmes = mentor.offers.values_list("programme", flat=True)
    roles = Membership.objects.filter(person=mentor.person_id, role=Membership.Role.MENTOR)
    for role in roles.filter(programme__in=list(programmes)).select_related("programme"):
        take_away(by=by, row=role, words=words, tenant=mentor.person.tenant)
    take_away(by=by, row=mentor, words=words, tenant=mentor.person.tenant)


@transaction.atomic
def add_offer(*, by: User, mentor: Mentor, programme: Programme, **said) -> Offer:
    """What a mentor offers in a programme; it opens the programme to her."""
    if mentor.person.tenant_id != programme.tenant_id:
        raise ValidationError({"mentor": _("This mentor belongs to another organisation.")})
    held = {"person": mentor.person, "programme": programme, "role": Membership.Role.MENTOR}
    if not Membership.objects.filter(**held).exists():
        keep(by=by, row=Membership(), said=held, tenant=programme.tenant)
    row = Offer()
    said = _checked(said) | {"mentor": mentor, "programme": programme}
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    return row


@transaction.atomic
def change_offer(*, by: User, offer: Offer, **said) -> Offer:
    """Other hours, another capacity. Whom she guides already she goes on guiding."""
    keep(by=by, row=offer, said=_checked(said), tenant=offer.programme.tenant)
    return offer


def _checked(said: dict) -> dict:
    return said | {"windows": windows.checked(said["windows"])} if "windows" in said else said


@transaction.atomic
def add_affiliation(
    *,
    by: User | None,
    person: Person,
    organisation: str,
    role: str,
    start: date | None = None,
    end: date | None = None,
) -> Affiliation:
    """She works for an organisation: that of this name in any script, or a new one. The same role there that
    has not ended is said once."""
    name, role, tenant = organisation.strip(), role.strip(), person.tenant
    found = Organisation.objects.filter(tenant=tenant, name_key=fold(name)[:200]).order_by("pk").first()
    found = found or save_organisation(by=by, tenant=tenant, name=name)
    known = person.affiliations.filter(organisation=found, role=role, end=None)
    if row := known.first():
        return row
    said = {"person": person, "organisation": found, "role": role, "start": start, "end": end}
    return save_fact(by=by, row=Affiliation(), tenant=tenant, **said)


def end_affiliation(*, by: User, affiliation: Affiliation, end: date) -> Affiliation:
    """From this day on she does not work there any more; what was stays on record."""
    return save_fact(by=by, row=affiliation, tenant=affiliation.organisation.tenant, end=end)
