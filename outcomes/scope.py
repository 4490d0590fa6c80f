"""What a report counts over: the programmes and modules that a funding pays for, in a half-open period."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Min, Q, QuerySet

from ideas.models import Idea, Nomination, Review
from lib import clock
from mentoring.models import Assignment, Meeting
from outcomes.models import Report
from people.models import Funding, Programme
from training.models import Attendance, Enrolment, Module, Session


@dataclass(frozen=True)
class Scope:
    """Rows of a report. `since` is the first day of the funding: distinct persons and ideas are counted in
    the period in which they first qualify, so that the periods of one funding may be added up."""

    programmes: tuple[Programme, ...]
    modules: frozenset[int]  # where a programme is paid for in part; the others count whole
    since: date
    start: date
    end: date
    now: datetime
    funding: Funding | None = None  # whose rules hold, whose costs count

    @classmethod
    def of(cls, report: Report, now: datetime) -> "Scope":
        return cls.over(report.funding, report.start, report.end, now)

    @classmethod
    def over(cls, funding: Funding, start: date, end: date, now: datetime) -> "Scope":
        """A period of a funding."""
        modules = Module.objects.filter(fundings=funding).values_list("pk", "programme_id")
        named = Q(scopes__funding=funding) | Q(pk__in=[programme for _, programme in modules])
        programmes = Programme.objects.filter(named).distinct().order_by("start", "pk")
        return cls(
            programmes=tuple(programmes),
            modules=frozenset(module for module, _ in modules),
            since=min(funding.start, start),
            start=start,
            end=end,
            now=now,
            funding=funding,
        )

    @classmethod
    def whole(cls, programme: Programme, now: datetime) -> "Scope":
        """All of a programme until today, whoever pays for it."""
        first, tomorrow = date(1900, 1, 1), clock.local(now, programme.zone).date() + timedelta(days=1)
        return cls((programme,), frozenset(), first, first, tomorrow, now)

    def since_the_beginning(self) -> "Scope":
        """The same, counted from the first day of the funding on."""
        return replace(self, start=self.since)

    @property
    def woman_owned(self) -> str:
        """What counts as owned by women."""
        return self.funding.woman_owned if self.funding else Funding.Rule.HALF

    @property
    def zone(self) -> str:
        return self.programmes[0].zone if self.programmes else "UTC"

    @cached_property
    def today(self) -> date:
        return clock.local(self.now, self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins (in the zone of the first programme)."""
        return clock.instant(day, time(0), self.zone)

    # --- training

    def sessions(self) -> QuerySet[Session]:
        """All that are paid for and not called off, whenever they are."""
        in_part = Module.objects.filter(pk__in=self.modules).values("programme")
        whole = Q(programme__in=self.programmes) & ~Q(programme__in=in_part)
        return Session.objects.filter(whole | Q(module__in=self.modules), cancelled_at=None).order_by()

    def dated(self) -> QuerySet[Session]:
        """Those of the period, by their own local day."""
        return self.sessions().filter(day__gte=self.start, day__lt=self.end)

    def held(self) -> QuerySet[Session]:
        return self.dated().filter(self.begun())

    def begun(self, path: str = "") -> Q:
        """Of sessions: they have begun by now."""
        timed = Q(**{f"{path}starts_at__lte": self.now})
        return timed | Q(**{f"{path}starts_at": None, f"{path}day__lte": self.today})

    def marked(self) -> QuerySet[Attendance]:
        """Who was marked, whatever the mark says, in the sessions held."""
        return Attendance.objects.filter(entry__session__in=self.held())

    def attended(self) -> QuerySet[Attendance]:
        return self.marked().filter(status__in=Attendance.THERE)

    def participants(self) -> QuerySet:
        """Primary keys of persons whose first session attended since the funding began lies here."""
        ever = self.sessions().filter(day__gte=self.since).filter(self.begun())
        there = Attendance.objects.filter(status__in=Attendance.THERE, entry__session__in=ever)
        first = there.values("entry__enrolment__person").annotate(first=Min("entry__session__day"))
        return first.filter(first__gte=self.start, first__lt=self.end).values_list(
            "entry__enrolment__person", flat=True
        )

    def enrolments(self) -> QuerySet[Enrolment]:
        """All until the end of the period; one without a day of application counts: it is not later."""
        on_time = Q(applied_on=None) | Q(applied_on__lt=self.end)
        return Enrolment.objects.filter(on_time, programme__in=self.programmes).order_by()

    # --- mentoring

    def assignments(self) -> QuerySet[Assignment]:
        return Assignment.objects.filter(
            programme__in=self.programmes, state__in=Assignment.COUNTED
        ).order_by()

    def meetings(self) -> QuerySet[Meeting]:
        days = {"day__gte": self.start, "day__lt": self.end, "day__lte": self.today}
        return Meeting.objects.counting().filter(assignment__programme__in=self.programmes, **days).order_by()

    def mentees(self) -> QuerySet:
        """Primary keys of persons whose first meeting since the funding began lies here."""
        ever = Meeting.objects.counting().filter(
            assignment__programme__in=self.programmes, day__gte=self.since, day__lte=self.today
        )
        first = ever.order_by().values("assignment__enrolment__person").annotate(first=Min("day"))
        return first.filter(first__gte=self.start, first__lt=self.end).values_list(
            "assignment__enrolment__person", flat=True
        )

    # --- ideas

    def ideas(self) -> QuerySet[Idea]:
        """Ideas first nominated here; one with several nominators is one."""
        ever = Nomination.objects.filter(
            idea__programme__in=self.programmes, at__gte=self.midnight(self.since)
        )
        first = ever.order_by().values("idea").annotate(first=Min("at"))
        here = first.filter(first__gte=self.midnight(self.start), first__lt=self.midnight(self.end))
        return Idea.objects.filter(pk__in=here.values("idea")).order_by()

    def reviews(self) -> QuerySet[Review]:
        here = {
            "handed_in_at__gte": self.midnight(self.start),
            "handed_in_at__lt": self.midnight(self.end),
        }
        return Review.objects.filter(task__idea__programme__in=self.programmes, **here).order_by()
