"""What goes into a pack of evidence: which sessions, for whose eyes, and who may be named in it.

A pack for a funder is of the sessions that it pays for, between two days. A pack of a module may be read by
every funder who pays for it. In both, a person is named only where she agreed to be passed on to each of
these funders; else her row stands without her name, and the signed sheets of that session are left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from people.consents import held
from people.models import Consent, Funding, Programme
from training.evidence import photographs
from training.models import Headcount, Module, Photo, RosterEntry, Session
from training.register.history import Act, history
from training.visibility import funders_of


@dataclass(frozen=True)
class Asked:
    """What a pack is of. `start` and `end` are given for a funding, half-open."""

    programme: Programme
    module: Module | None
    funding: Funding | None
    start: date | None
    end: date | None

    @property
    def language(self) -> str:
        return self.funding.language if self.funding else self.programme.language

    @property
    def name(self) -> str:
        if self.module:
            return f"evidence-{self.programme.code}-module-{self.module.number}.zip"
        return f"evidence-{self.programme.code}-{self.funding.code}-{self.start}-{self.end}.zip"

    @property
    def readers(self) -> list[Funding]:
        """The funders for whose eyes it is made."""
        if self.funding:
            return [self.funding]
        return [one.funding for one in funders_of(self.programme, self.module)]

    def sessions(self) -> QuerySet[Session]:
        """In the order of their days. Raises ValidationError when the funding pays for nothing here."""
        rows = Session.objects.filter(programme=self.programme).select_related("module", "venue", "programme")
        if self.module:
            return rows.filter(module=self.module).in_order()
        rows = rows.filter(day__gte=self.start, day__lt=self.end)
        named = self.funding.modules.filter(programme=self.programme)
        if named.exists():
            rows = rows.filter(module__in=named)
        elif not self.funding.scopes.filter(programme=self.programme).exists():
            raise ValidationError(_("This funding pays for nothing in this programme."))
        return rows.in_order()

    def headcounts(self, sessions: Sequence[Session]) -> QuerySet[Headcount]:
        """Those of the sessions; in a pack for a funder also those of the programme as a whole."""
        of = Q(session__in=sessions)
        if self.funding:
            of |= Q(session=None)
        rows = Headcount.objects.filter(of, programme=self.programme)
        return rows.select_related("session", "file").order_by(F("session__day").asc(nulls_last=True), "pk")


@dataclass
class Proof:
    """One session's records, read once."""

    session: Session
    entries: list[RosterEntry]
    acts: list[Act]
    photos: list[Photo]
    photos_left_out: int
    again: set[int]  # marks that came after another of the same person, or after the session was closed
    corrected: Counter[int]  # how many of these, by enrolment

    @property
    def unnamed(self) -> set[int]:
        """Enrolments of people who are not named in this pack."""
        return {entry.enrolment_id for entry in self.entries if not entry.is_named}

    @property
    def has_sheets(self) -> bool:
        """Signed sheets name everybody: they go in only where everybody may be named."""
        return not self.unnamed


def proof(session: Session, readers: Sequence[Funding], now: datetime) -> Proof:
    """What the pack says of one session."""
    entries = session.roster.select_related(
        "enrolment__person", "enrolment__enterprise", "attendance__mark__by"
    ).order_by("enrolment__person__name_key", "enrolment_id")
    photos = session.photos.filter(taken_down_at=None)
    free = photos.filter(photographs.is_free(now, readers)).select_related("file")
    found = Proof(
        session=session,
        entries=list(entries.annotate(is_named=_named(readers, now))),
        acts=history(session),
        photos=list(free.prefetch_related("subjects__person").order_by("pk")),
        photos_left_out=0,
        again=set(),
        corrected=Counter(),
    )
    found.photos_left_out = photos.count() - len(found.photos)
    seen: set[int] = set()
    for act in found.acts:
        if act.enrolment.pk in seen or act.is_correction:
            found.again.add(act.mark.pk)
            found.corrected[act.enrolment.pk] += 1
        seen.add(act.enrolment.pk)
    return found


def _named(readers: Sequence[Funding], now: datetime):
    place = {"person": "enrolment__person", "programme": "enrolment__programme"}
    agreed = [Q(held(Consent.Purpose.FUNDER, now, funding=one, **place)) for one in readers]
    condition = reduce(and_, agreed) if agreed else Q(Value(True))
    return ExpressionWrapper(condition, output_field=BooleanField())
