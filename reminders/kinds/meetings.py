"""The letters about meetings that were logged, or not: to the mentor who logged none for a while; to the
other side of one that was logged, with a link on which she confirms it or says what is not right."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib import clock
from mentoring.meetings import links
from mentoring.models import Assignment, Meeting
from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening
from reminders.models import Reminder, Rule

FRESH = timedelta(days=7)  # later nobody remembers; what was brought in from old sheets is not asked about
WITH_BOTH = ("assignment__programme", "assignment__mentor__person", "assignment__enrolment__person")


class MeetingToConfirm(Kind):
    subject_type = "mentoring.meeting"
    hour, days, takes_hour = 9, 1, True
    placeholders = ("person", "mentor", "entrepreneur", "programme", "day")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """On the morning after it was logged, once; to somebody who has an address."""
        rows = Meeting.objects.counting().filter(assignment__programme=rule.programme, at__gt=now - FRESH)
        rows = rows.filter(confirmed_at=None, objected_at=None, day__gt=(now - 2 * FRESH).date())
        for row in rows.select_related(*WITH_BOTH).order_by("pk"):
            person = links.other_side(row)
            day = clock.local(row.at, rule.programme.zone).date() + timedelta(days=1)
            due_at = evening(day, rule.at_hour, rule.programme.zone)
            if person.email and due_at <= now + AHEAD:
                yield Due(person.pk, row.pk, row.revision, due_at, row.at + FRESH)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Meeting.objects.filter(pk=reminder.subject_id).first()
        if row is None or row.cancelled_at:
            return _("The meeting was cancelled.")
        if row.confirmed_at or row.objected_at:
            return _("The word on this meeting is given already.")
        return "" if row.revision == reminder.subject_revision else _("The meeting was changed since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Meeting]:
        return Meeting.objects.select_related(*WITH_BOTH, "by").in_bulk(ids)

    def about(self, row: Meeting) -> str:
        return str(row.assignment.enrolment.person)

    def values(self, row: Meeting, person: Person | None = None) -> dict[str, str]:
        return _of_pair(row.assignment, person) | {"day": date_format(row.day)}

    def words(self, row: Meeting, person: Person | None = None) -> Words:
        """Neither what it was about nor what comes next: a mail is read by others too."""
        pair = row.assignment
        what = {"mentor": pair.mentor, "person": pair.enrolment.person, "day": date_format(row.day)}
        lines = [
            ngettext(
                "%(mentor)s and %(person)s met on %(day)s for %(n)s minute, says the log.",
                "%(mentor)s and %(person)s met on %(day)s for %(n)s minutes, says the log.",
                row.minutes,
            )
            % (what | {"n": row.minutes}),
            _("Was it so? One press confirms it, or say what is not right. You need not sign in."),
        ]
        url = settings.SITE_URL.rstrip("/") + links.word_address(row)
        return Words(_("A meeting to confirm: %(day)s") % what, lines, _("Look at the meeting"), url)


class MeetingNotLogged(Kind):
    subject_type = "mentoring.assignment"
    hour, days, takes_hour, takes_days = 9, Assignment.SILENT_DAYS, True, True
    days_mean = gettext_lazy("days since they last met")
    placeholders = ("person", "mentor", "entrepreneur", "programme")

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
        both = ("programme", "mentor__person", "enrolment__person")
        return Assignment.objects.select_related(*both).in_bulk(ids)

    def about(self, row: Assignment) -> str:
        return str(row.enrolment.person)

    def values(self, row: Assignment, person: Person | None = None) -> dict[str, str]:
        return _of_pair(row, person)

    def words(self, row: Assignment, person: Person | None = None) -> Words:
        what = {"person": row.enrolment.person}
        lines = [
            _("No meeting with %(person)s has been logged for a while.") % what,
            _("If you met, it takes ten seconds to log it. If not, this is a good day to agree on a date."),
        ]
        subject = _("Did you meet %(person)s?") % what
        return Words(
            subject, lines, _("Log a meeting"), settings.SITE_URL.rstrip("/") + links.log_address(row)
        )


def _of_pair(row: Assignment, person: Person | None) -> dict[str, str]:
    return {
        "person": str(person or ""),
        "mentor": str(row.mentor),
        "entrepreneur": str(row.enrolment.person),
        "programme": row.programme.title,
    }
