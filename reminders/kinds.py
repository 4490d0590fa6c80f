"""The kinds of reminders: what is due is read from the records; whether it is still true, too.

A kind is a class with five answers: `due` (who must hear of what, and when), `untrue` (why a planned
reminder is no longer true), `to` (the address and the language it goes to), `subjects` (the records behind
many reminders, read at once) and `words` (what it says about one of them, in the language that is active).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.models import Round, Seat
from lib import clock
from mentoring.meetings import links
from mentoring.models import Assignment
from reminders.applications import ApplicationUnconfirmed, MentorUnconfirmed
from reminders.due import AHEAD, Due, ToPerson, Words, evening, link
from reminders.invitations import MentorFound, MentorInvited
from reminders.meetings import MeetingToConfirm
from reminders.models import Reminder, Rule
from reminders.offers import OfferWaiting
from reminders.slots import BookingOverForMentor, BookingOverForPerson
from training.models import Enrolment, Session

LAST_CALL = timedelta(minutes=30)  # before a session begins, a reminder of it is no use any more


class SessionTomorrow(ToPerson):
    subject_type = "training.session"

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Everybody on the roster, and who leads it, the evening before; a missed evening is caught up."""
        sessions = Session.objects.scheduled().filter(programme=rule.programme)
        sessions = sessions.filter(starts_at__gt=now + LAST_CALL, starts_at__lte=now + AHEAD)
        on_roster = Q(roster__enrolment__state__in=Enrolment.TAKING_PART)
        rows = sessions.filter(on_roster).values_list("pk", "roster__enrolment__person")
        led = sessions.exclude(trainers=None).values_list("pk", "trainers")
        known = sessions.in_bulk()
        for session_id, person_id in {*rows, *led}:
            session = known[session_id]
            due_at = evening(session.day - timedelta(days=1), rule.at_hour, session.zone)
            yield Due(person_id, session_id, session.revision, due_at, session.starts_at - LAST_CALL)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        session = Session.objects.filter(pk=reminder.subject_id).first()
        if session is None or session.cancelled_at:
            return _("The session was cancelled.")
        if session.revision != reminder.subject_revision:
            return _("The session was moved.")
        expected = session.roster.filter(
            enrolment__person=reminder.person_id, enrolment__state__in=Enrolment.TAKING_PART
        )
        if not expected.exists() and not session.trainers.filter(pk=reminder.person_id).exists():
            return _("This person is no longer expected there.")
        return ""

    def subjects(self, ids: Iterable[int]) -> dict[int, Session]:
        return Session.objects.select_related("venue", "programme", "module").in_bulk(ids)

    def words(self, session: Session) -> Words:
        what = {
            "session": session.heading,
            "programme": session.programme.title,
            "day": date_format(session.day, "DATE_FORMAT"),
            "start": time_format(session.start, "H:i"),
            "end": time_format(session.end, "H:i"),
        }
        lines = [
            _("%(day)s, from %(start)s to %(end)s: %(session)s.") % what,
            _("It belongs to the programme %(programme)s.") % what,
        ]
        if session.venue:
            place = ", ".join(
                p for p in (session.venue.name, session.venue.address, session.venue.municipality) if p
            )
            lines.append(_("Place: %(place)s.") % {"place": place})
        subject = _("%(session)s on %(day)s at %(start)s") % what
        return Words(subject, lines, _("Open the programme"), link("desk:today"))


class ReviewWaiting(ToPerson):
    subject_type = "ideas.seat"

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Each reviewer of an open round who has not finished, some days after it opened."""
        rounds = Round.objects.filter(programme=rule.programme, opens_at__lte=now, closes_at__gt=now)
        for seat in (
            Seat.objects.filter(round__in=rounds, tasks__state="waiting").select_related("round").distinct()
        ):
            opened = clock.local(seat.round.opens_at, rule.programme.zone).date()
            due_at = evening(opened + timedelta(days=rule.after_days), rule.at_hour, rule.programme.zone)
            if due_at < seat.round.closes_at:
                yield Due(seat.reviewer_id, seat.pk, 1, due_at, seat.round.closes_at)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        seat = Seat.objects.filter(pk=reminder.subject_id).select_related("round").first()
        if seat is None or not seat.round.is_open(now):
            return _("The review round is closed.")
        return "" if seat.tasks.filter(state="waiting").exists() else _("All reviews are in.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Seat]:
        waiting = Count("tasks", filter=Q(tasks__state="waiting"))
        return Seat.objects.select_related("round__programme").annotate(waiting=waiting).in_bulk(ids)

    def words(self, seat: Seat) -> Words:
        waiting = seat.waiting
        closes = clock.local(seat.round.closes_at, seat.round.programme.zone)
        if closes.time() == time():  # midnight belongs to the next day, which would mislead
            closes -= timedelta(minutes=1)
        subject = ngettext("%(n)s idea waits for your review", "%(n)s ideas wait for your review", waiting)
        lines = [
            subject % {"n": waiting} + ".",
            _("The round closes on %(day)s at %(time)s.")
            % {"day": date_format(closes, "DATE_FORMAT"), "time": time_format(closes, "H:i")},
        ]
        return Words(
            subject % {"n": waiting},
            lines,
            _("Review the next one"),
            link("ideas:review_next", seat.round_id),
        )


class MeetingNotLogged(ToPerson):
    subject_type = "mentoring.assignment"

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """The mentor of a pair that logged nothing for some days since it last met, or since it began."""
        rows = Assignment.objects.alive().exclude(state=Assignment.State.PAUSED)
        rows = rows.filter(programme=rule.programme).with_minutes()
        for pk, mentor, revision, start, last in rows.values_list(
            "pk", "mentor__person", "revision", "start", "last_met"
        ):
            since = last or start
            if since is None:
                continue
            due_at = evening(since + timedelta(days=rule.after_days), rule.at_hour, rule.programme.zone)
            if due_at <= now + AHEAD:
                yield Due(mentor, pk, revision, due_at, None)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Assignment.objects.filter(pk=reminder.subject_id).first()
        if row is None or row.state not in Assignment.ALIVE:
            return _("The assignment has ended.")
        if row.state == Assignment.State.PAUSED:
            return _("The assignment pauses.")
        return "" if row.revision == reminder.subject_revision else _("A meeting was logged since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Assignment]:
        return Assignment.objects.select_related("enrolment__person").in_bulk(ids)

    def words(self, row: Assignment) -> Words:
        what = {"person": row.enrolment.person}
        lines = [
            _("No meeting with %(person)s has been logged for a while.") % what,
            _("If you met, it takes ten seconds to log it. If not, this is a good day to agree on a date."),
        ]
        subject = _("Did you meet %(person)s?") % what
        return Words(
            subject, lines, _("Log a meeting"), settings.SITE_URL.rstrip("/") + links.log_address(row)
        )


KINDS = {
    Rule.Kind.SESSION_TOMORROW: SessionTomorrow(),
    Rule.Kind.REVIEW_WAITING: ReviewWaiting(),
    Rule.Kind.MEETING_NOT_LOGGED: MeetingNotLogged(),
    Rule.Kind.MEETING_TO_CONFIRM: MeetingToConfirm(),
    Rule.Kind.OFFER_WAITING: OfferWaiting(),
    Rule.Kind.BOOKING_OVER: BookingOverForPerson(),
    Rule.Kind.BOOKING_OVER_MENTOR: BookingOverForMentor(),
    Rule.Kind.MENTOR_FOUND: MentorFound(),
    Rule.Kind.MENTOR_INVITED: MentorInvited(),
    Rule.Kind.APPLICATION_UNCONFIRMED: ApplicationUnconfirmed(),
    Rule.Kind.MENTOR_UNCONFIRMED: MentorUnconfirmed(),
}

# what a new programme starts with: (kind, local hour, days)
DEFAULTS: Iterable[tuple[str, int, int]] = (
    (Rule.Kind.SESSION_TOMORROW, 18, 1),
    (Rule.Kind.REVIEW_WAITING, 9, 3),
    (Rule.Kind.MEETING_NOT_LOGGED, 9, Assignment.SILENT_DAYS),
    (Rule.Kind.MEETING_TO_CONFIRM, 9, 1),
    (Rule.Kind.OFFER_WAITING, 0, 0),  # at once
    (Rule.Kind.BOOKING_OVER, 0, 0),
    (Rule.Kind.BOOKING_OVER_MENTOR, 0, 0),
    (Rule.Kind.MENTOR_FOUND, 0, 0),
    (Rule.Kind.MENTOR_INVITED, 0, 0),
    (Rule.Kind.APPLICATION_UNCONFIRMED, 0, 0),  # at once
    (Rule.Kind.MENTOR_UNCONFIRMED, 0, 0),
)
