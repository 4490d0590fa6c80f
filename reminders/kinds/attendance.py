"""The letter to somebody who missed so much that she could fail to complete, while she still can."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person, Programme
from reminders.kinds.due import Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule
from training.hours import Hours, sides, summed, with_sums
from training.models import Enrolment, RosterEntry
from training.register.sheet import duration

PAUSE = timedelta(days=7)  # between two letters to one person, however much worse it gets
State = Reminder.State
NEVER_LEFT = (State.PLANNED, State.CLAIMED, State.DROPPED, State.EXPIRED)


class AttendanceLow(Kind):
    """Once, and again only when she has missed more since, a week later at the earliest. The revision is
    the minutes that she missed, and one."""

    subject_type = "training.enrolment"
    hour, takes_hour = 9, True
    placeholders = ("person", "programme", "attended", "past", "share", "wanted", "lacking", "open")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """The morning after the last session that is known of her."""
        told, share = _told(rule), rule.programme.completion_share
        for row in _below(rule.programme, now):
            hours = summed(row["planned"], row["past"], row["attended"], share)
            missed, at = told.get(row["enrolment"], (-1, None))
            if not hours.can_reach or hours.missed <= missed:
                continue
            day = clock.local(row["known_until"], rule.programme.zone).date() + timedelta(days=1)
            due_at = evening(day, rule.at_hour, rule.programme.zone)
            due_at = max(due_at, at + PAUSE) if at else due_at
            if due_at < row["last_ends_at"]:
                who, pk = row["enrolment__person"], row["enrolment"]
                yield Due(who, pk, hours.missed + 1, due_at, row["last_ends_at"])

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = with_sums(_enrolled_with_sessions_ahead(now)).filter(pk=reminder.subject_id).first()
        if row is None:
            return _("She takes no part any more, or no session is to come.")
        hours = hours_of(row)
        if not hours.is_under:
            return _("She has attended enough so far.")
        if not hours.can_reach:
            return _("It cannot be reached any more.")
        is_same = hours.missed + 1 == reminder.subject_revision
        return "" if is_same else _("What she missed is another number by now.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Enrolment]:
        rows = with_sums(Enrolment.objects.select_related("programme", "person"))
        return rows.in_bulk(list(ids))

    def about(self, row: Enrolment) -> str:
        return str(row.programme)

    def values(self, row: Enrolment, person: Person | None = None) -> dict[str, str]:
        hours = hours_of(row)
        return {
            "person": str(person or row.person),
            "programme": row.programme.title,
            "attended": duration(hours.attended),
            "past": duration(hours.past),
            "share": str(hours.so_far or 0),
            "wanted": str(hours.wanted),
            "lacking": duration(hours.lacking),
            "open": duration(hours.open),
        }

    def words(self, row: Enrolment, person: Person | None = None) -> Words:
        what = self.values(row, person)
        lines = [
            _("You were there for %(attended)s of %(past)s so far: %(share)s %%.") % what,
            _("Who attends %(wanted)s %% of %(programme)s completes it.") % what,
            _("You still can: %(lacking)s more are needed, and %(open)s are to come.") % what,
            _("Is something in the way? Tell whoever runs the programme; perhaps it can be helped."),
        ]
        subject = _("You can still complete %(programme)s") % what
        return Words(subject, lines, _("See your hours"), link("training:enrolment_detail", row.pk))


def hours_of(row: Enrolment) -> Hours:
    takes_part = row.state in Enrolment.TAKING_PART
    share = row.programme.completion_share
    return summed(row.planned, row.past, row.attended, share, takes_part)


def _enrolled_with_sessions_ahead(now: datetime) -> QuerySet:
    """Who can still do something about it."""
    ahead = RosterEntry.objects.filter(
        enrolment=OuterRef("pk"), session__cancelled_at=None, session__starts_at__gt=now
    )
    rows = Enrolment.objects.filter(Exists(ahead), state=Enrolment.State.ENROLLED, person__joined_to=None)
    return rows.select_related("programme")


def _below(programme: Programme, now: datetime) -> QuerySet:
    """Of all of them at once, who is below the share so far: the sums of `training.hours`, the end of the
    last session that is known of her, and of the last one to come."""
    entries = RosterEntry.objects.filter(session__programme=programme, session__cancelled_at=None)
    entries = entries.filter(
        enrolment__state=Enrolment.State.ENROLLED, enrolment__person__joined_to=None
    ).exclude(planned_minutes=None)
    known, ahead = Q(attendance__minutes__isnull=False), Q(session__starts_at__gt=now)
    sums = (
        entries.order_by()
        .values("enrolment", "enrolment__person")
        .annotate(
            planned=Sum("planned_minutes"),
            past=Sum("planned_minutes", filter=known),
            attended=Sum("attendance__minutes"),
            known_until=Max("session__ends_at", filter=known),
            last_ends_at=Max("session__ends_at", filter=ahead),
        )
    )
    below = LessThan(*sides(F("attended"), F("past"), programme.completion_share))
    return sums.filter(below, known_until__isnull=False, last_ends_at__isnull=False).order_by("enrolment")


def _told(rule: Rule) -> dict[int, tuple[int, datetime]]:
    """Of each enrolment the most minutes that a letter was about, and when the last one left."""
    left = rule.reminders.exclude(state__in=NEVER_LEFT).order_by()
    found: dict[int, tuple[int, datetime]] = {}
    for pk, revision, sent_at, due_at in left.values_list(
        "subject_id", "subject_revision", "sent_at", "due_at"
    ):
        missed, at = found.get(pk, (-1, None))
        when = sent_at or due_at
        found[pk] = (max(missed, revision - 1), max(at, when) if at else when)
    return found
