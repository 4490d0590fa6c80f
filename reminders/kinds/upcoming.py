"""The letter on the evening before a booked office hour, to both."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from mentoring.meetings import links
from mentoring.models import Assignment, Slot
from mentoring.slots import shown
from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule

LAST_CALL = timedelta(minutes=30)  # before it begins, a reminder of it is no use any more
MENTOR, PERSON = "mentor", "entrepreneur"
WITH_BOTH = ("programme", "mentor__person", "booked_by__person")


class MeetingUpcoming(Kind):
    subject_type = "mentoring.slot"
    hour, days, takes_hour = 18, 1, True
    audiences = {MENTOR: gettext_lazy("the mentor"), PERSON: gettext_lazy("the entrepreneur")}
    placeholders = ("person", "other", "mentor", "entrepreneur", "programme", "day", "time", "place")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """The evening before, on the clock that was agreed. What is booked later than that the mentor hears
        of at once; who booked it knows."""
        rows = Slot.objects.filter(programme=rule.programme, cancelled_at=None, booked_by__isnull=False)
        rows = rows.filter(starts_at__gt=now + LAST_CALL, starts_at__lte=now + AHEAD)
        for row in rows.select_related("mentor", "booked_by"):
            due_at = evening(row.day - timedelta(days=1), rule.at_hour, row.zone)
            knows = row.booked_at is not None and row.booked_at >= due_at
            if rule.audience in ("", MENTOR):
                yield Due(row.mentor.person_id, row.pk, row.revision, due_at, row.starts_at - LAST_CALL)
            if rule.audience in ("", PERSON) and not knows:
                yield Due(row.booked_by.person_id, row.pk, row.revision, due_at, row.starts_at - LAST_CALL)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Slot.objects.select_related("mentor", "booked_by").filter(pk=reminder.subject_id).first()
        if row is None or row.cancelled_at:
            return _("The office hour was cancelled.")
        both = {row.mentor.person_id, row.booked_by.person_id if row.booked_by else None}
        if row.booked_by is None or reminder.person_id not in both:
            return _("The office hour was given back.")
        return "" if row.revision == reminder.subject_revision else _("The office hour was changed since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Slot]:
        return Slot.objects.select_related(*WITH_BOTH).in_bulk(ids)

    def about(self, row: Slot) -> str:
        return str(row)

    def values(self, row: Slot, person: Person | None = None) -> dict[str, str]:
        is_mentor = _is_mentor(row, person)
        hers = row.booked_by.person if row.booked_by else ""
        zone = person.zone if person and clock.is_zone(person.zone) else row.programme.zone
        return {
            "person": str(person or ""),
            "other": str(hers if is_mentor else row.mentor),
            "mentor": str(row.mentor),
            "entrepreneur": str(hers),
            "programme": row.programme.title,
            "day": date_format(row.day),
            "time": shown.span(row, zone),
            "place": _place(row),
        }

    def words(self, row: Slot, person: Person | None = None) -> Words:
        """Not what she wants to talk about: a mail is read by others too."""
        what = self.values(row, person)
        lines = [_("You meet %(other)s on %(day)s, %(time)s.") % what, _("Place: %(place)s.") % what]
        subject = _("%(other)s on %(day)s, %(time)s") % what
        if _is_mentor(row, person):
            why = _("You receive this because you are a mentor of %(programme)s.") % what
            address = link("mentoring:slot_list", row.programme.code)
            return Words(subject, lines, _("Open your office hours"), address, why)
        lines.append(_("You cannot come? Behind the link you move it or give it back. You need not sign in."))
        return Words(subject, lines, _("See your times, or choose another one"), _times(row))


def _is_mentor(row: Slot, person: Person | None) -> bool:
    return person is not None and person.pk == row.mentor.person_id


def _place(row: Slot) -> str:
    """An address as it was typed; what is to be opened stands behind our link, where it can be trusted."""
    kind = row.get_place_display()
    return f"{kind}, {row.where}" if row.where and "://" not in row.where else kind


def _times(row: Slot) -> str:
    """By a link that needs no account, where somebody guides her."""
    pair = Assignment.objects.alive().filter(enrolment=row.booked_by_id).last()
    if pair:
        return settings.SITE_URL.rstrip("/") + links.times_address(pair)
    return link("mentoring:slot_book", row.booked_by_id)
