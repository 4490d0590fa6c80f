"""The letter to the other side of a meeting: a link on which she confirms it or says what is not right."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import clock
from mentoring.meetings import links
from mentoring.models import Meeting
from reminders.due import AHEAD, Due, ToPerson, Words, evening
from reminders.models import Reminder, Rule

FRESH = timedelta(days=7)  # later nobody remembers; what was brought in from old sheets is not asked about
WITH_BOTH = ("assignment__programme", "assignment__mentor__person", "assignment__enrolment__person")


class MeetingToConfirm(ToPerson):
    subject_type = "mentoring.meeting"

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

    def words(self, row: Meeting) -> Words:
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
