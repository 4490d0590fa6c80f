"""What is known of a mentor, what she offers in a programme, what an entrepreneur asks for."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import User
from mentoring.models import Mentor, Need, Offer
from people.models import Membership, Person, Programme
from training.models import Enrolment

OFFERED = ("capacity", "hours")


@transaction.atomic
def add_mentor(*, by: User, programme: Programme, person: Person, **said) -> Mentor:
    """A mentor for a programme: what is known of her, the role that opens it to her, and what she offers
    there (`capacity`, `hours`). Whoever is a mentor already joins with what is said and differs."""
    if person.tenant_id != programme.tenant_id:
        raise ValidationError({"person": _("This person belongs to another organisation.")})
    mentor = Mentor.objects.filter(person=person).first() or Mentor(person=person)
    if mentor.pk and mentor.offers.filter(programme=programme).exists():
        raise ValidationError({"person": _("She is a mentor of this programme already.")})
    offered = {name: said.pop(name) for name in OFFERED if name in said}
    if mentor.pk is None and not said:
        said = {"state": Mentor.State.ACTIVE}
    keep(by=by, row=mentor, said=said, tenant=programme.tenant)
    add_offer(by=by, mentor=mentor, programme=programme, **offered)
    return mentor


@transaction.atomic
def change_mentor(*, by: User, mentor: Mentor, **said) -> Mentor:
    keep(by=by, row=mentor, said=said, tenant=mentor.person.tenant)
    return mentor


@transaction.atomic
def add_offer(*, by: User, mentor: Mentor, programme: Programme, **said) -> Offer:
    """What a mentor offers in a programme; it opens the programme to her."""
    if mentor.person.tenant_id != programme.tenant_id:
        raise ValidationError({"mentor": _("This mentor belongs to another organisation.")})
    held = {"person": mentor.person, "programme": programme, "role": Membership.Role.MENTOR}
    if not Membership.objects.filter(**held).exists():
        keep(by=by, row=Membership(), said=held, tenant=programme.tenant)
    row = Offer()
    said = said | {"mentor": mentor, "programme": programme}
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    return row


@transaction.atomic
def change_offer(*, by: User, offer: Offer, **said) -> Offer:
    """Other hours, another capacity. Whom she guides already she goes on guiding."""
    keep(by=by, row=offer, said=said, tenant=offer.programme.tenant)
    return offer


@transaction.atomic
def save_need(*, by: User, need: Need | None = None, enrolment: Enrolment | None = None, **said) -> Need:
    """What an entrepreneur asks a mentor for."""
    row = need or Need(enrolment=enrolment)
    if need is None and not any(said.get(name) for name in ("sector", "functions", "text")):
        raise ValidationError({"text": _("Say what she needs: a sector, a function, or in her own words.")})
    keep(by=by, row=row, said=said, tenant=row.enrolment.programme.tenant)
    return row
