"""Photographs and the consent of who is on them. The one place that says who may be shown one.

It may be shown to who works in the programme, when nobody can be recognised, or when everybody who is on it
agreed to photographs in this programme. It may go to a funder, when each of them agreed to photographs for
that funder; or to photographs in general and to being passed on to that funder. While nobody has said who is
on it, it is shown to nobody but those who keep the register.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from people.access import access
from people.consents import held
from people.models import Consent, Funding, Person, Programme
from training.models import Photo, PhotoSubject, Session

PLACE = {"person": "person", "programme": "photo__session__programme"}
Purpose = Consent.Purpose


def refusing(now: datetime, funding: Funding | None = None) -> QuerySet[PhotoSubject]:
    """Those who are on a photograph and have not agreed that it is shown (to this funder)."""
    general = held(Purpose.PHOTO, now, **PLACE)
    if funding is None:
        return PhotoSubject.objects.filter(~general)
    for_funder = held(Purpose.PHOTO, now, funding=funding, **PLACE)
    passed_on = held(Purpose.FUNDER, now, funding=funding, **PLACE)
    return PhotoSubject.objects.filter(~(Q(for_funder) | Q(general) & Q(passed_on)))


def is_free(now: datetime, fundings: Sequence[Funding] = ()) -> Q:
    """As a condition on photographs: they may be shown; with fundings, given to each of these funders."""
    named = Exists(PhotoSubject.objects.filter(photo=OuterRef("pk")))
    agreed = Q(named)
    for funding in fundings or (None,):
        agreed &= ~Q(Exists(refusing(now, funding).filter(photo=OuterRef("pk"))))
    return Q(taken_down_at=None) & (Q(nobody=True) | agreed)


def of_session(session: Session) -> QuerySet[Photo]:
    """For who keeps its register, newest first, with what they are asked about below."""
    rows = Photo.objects.filter(session=session, taken_down_at=None)
    return rows.select_related("by", "file").prefetch_related("subjects__person").order_by("-at", "-pk")


def shown_of(programme: Programme, now: datetime) -> QuerySet[Photo]:
    """What everybody who works in the programme may see, newest first."""
    rows = Photo.objects.filter(is_free(now), session__programme=programme)
    return rows.select_related("session").order_by("-session__day", "-pk")


def told(photos: QuerySet[Photo], now: datetime) -> QuerySet[Photo]:
    """With `may_be_shown` and who is on them."""
    rows = photos.filter(taken_down_at=None).annotate(
        may_be_shown=ExpressionWrapper(is_free(now), output_field=BooleanField())
    )
    return rows.prefetch_related("subjects")


def readable_by(user: User, now: datetime) -> QuerySet[Photo]:
    """Who keeps the register sees all of them; a mentor those that may be shown."""
    hers = Photo.objects.visible_to(user).filter(taken_down_at=None).order_by().values("pk")
    guided = access(user).programmes("mentor") if user.is_authenticated else set()
    return Photo.objects.filter(Q(pk__in=hers) | Q(session__programme__in=guided) & is_free(now))


def refusals(photos: Sequence[Photo], now: datetime) -> dict[int, list[Person]]:
    """Who on these photographs has not agreed, by photograph. One query."""
    found: dict[int, list[Person]] = {}
    rows = refusing(now).filter(photo__in=photos).select_related("person").order_by("person__name_key", "pk")
    for row in rows:
        found.setdefault(row.photo_id, []).append(row.person)
    return found


def why_not(photo: Photo, refused: Sequence[Person]) -> str:
    """Why it is not shown, in words; empty when it may be."""
    if photo.nobody:
        return ""
    if not photo.subjects.all():
        return _("Not shown: nobody has said yet who is on it.")
    if not refused:
        return ""
    said = {"names": ", ".join(map(str, refused))}
    return (
        ngettext(
            "Not shown: %(names)s has not agreed to photographs.",
            "Not shown: %(names)s have not agreed to photographs.",
            len(refused),
        )
        % said
    )


def may_be_on(session: Session) -> QuerySet[Person]:
    """Whom one may name: who takes part, who leads, who works in the programme; the roster first."""
    programme = session.programme
    known = Q(enrolments__programme=programme) | Q(memberships__programme=programme) | Q(led_sessions=session)
    on_roster = Exists(session.roster.filter(enrolment__person=OuterRef("pk")))
    people = Person.objects.filter(pk__in=Person.objects.filter(known).order_by().values("pk"))
    return people.annotate(is_on_roster=on_roster).order_by("-is_on_roster", "name_key", "pk")
