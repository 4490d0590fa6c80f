"""The letters about a booked office hour that does not stand any more: to each of the two who did not do it
herself. At once, also at night: it may be for today."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.meetings import links
from mentoring.models import Assignment, Slot, SlotChange
from mentoring.slots import shown
from people.models import Person
from reminders.kinds.due import Due, Kind, Words, link
from reminders.models import Reminder, Rule

Step = SlotChange.Step
WITH_BOTH = (
    "slot__programme", "slot__mentor__person", "slot__booked_by__person", "enrolment__person",
    "moved_to__mentor__person",
)  # fmt: skip


class BookingOver(Kind):
    """What both letters share. A subclass says whose they are and where they lead."""

    subject_type = "mentoring.slotchange"
    is_essential = passes_quiet = True  # it may be for today

    def whose(self, row: SlotChange) -> Person:
        raise NotImplementedError

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Until the hour that is lost, or that she has instead, has come."""
        rows = SlotChange.objects.filter(slot__programme=rule.programme)
        rows = rows.filter(Q(slot__starts_at__gt=now) | Q(moved_to__starts_at__gt=now))
        for row in rows.select_related(*WITH_BOTH):
            person = self.whose(row)
            if not _did_it(row, person):
                last = max(one.starts_at for one in (row.slot, row.moved_to) if one)
                yield Due(person.pk, row.pk, 1, row.at, last)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = SlotChange.objects.filter(pk=reminder.subject_id).select_related("slot").first()
        if row is None:
            return _("The office hour is gone.")
        is_hers_again = row.slot.booked_by_id == row.enrolment_id and row.slot.cancelled_at is None
        return _("She has booked it again.") if is_hers_again else ""

    def subjects(self, ids: Iterable[int]) -> dict[int, SlotChange]:
        return SlotChange.objects.select_related(*WITH_BOTH).in_bulk(ids)

    def about(self, row: SlotChange) -> str:
        return str(row.slot)

    def words(self, row: SlotChange, person: Person | None = None) -> Words:
        """Not what she wanted to talk about: a mail is read by others too."""
        instead = self.instead(row)
        what = {
            "mentor": row.slot.mentor,
            "person": row.enrolment.person,
            "when": moment(row.slot),
            "new": moment(instead) if instead else "",
        }
        if row.step == Step.CANCELLED:
            return self.letter(row, _("Cancelled: %(when)s") % what, _cancelled(row, what))
        if instead:
            first = _("%(person)s moved from %(when)s with %(mentor)s to %(new)s.") % what
            return self.letter(row, _("Moved to %(new)s") % what, [first])
        return self.letter(row, _("Given back: %(when)s") % what, _released(row, what))

    def letter(self, row: SlotChange, subject: str, lines: list[str]) -> Words:
        raise NotImplementedError

    def instead(self, row: SlotChange) -> Slot | None:
        """The hour that she moved to, if it is still hers."""
        new = row.moved_to
        return new if new and new.booked_by_id == row.enrolment_id and new.cancelled_at is None else None


class BookingOverForPerson(BookingOver):
    """To who booked: the mentor cancelled, or whoever runs the programme moved or released it for her."""

    def whose(self, row: SlotChange) -> Person:
        return row.enrolment.person

    def letter(self, row: SlotChange, subject: str, lines: list[str]) -> Words:
        return Words(subject, lines, _("See your times, or choose another one"), _times(row))


class BookingOverForMentor(BookingOver):
    """To the mentor: she moved, or gave it back; or whoever runs the programme cancelled it."""

    def whose(self, row: SlotChange) -> Person:
        return row.slot.mentor.person

    def instead(self, row: SlotChange) -> Slot | None:
        """With another mentor it is no business of this one."""
        new = super().instead(row)
        return new if new and new.mentor_id == row.slot.mentor_id else None

    def letter(self, row: SlotChange, subject: str, lines: list[str]) -> Words:
        programme = row.slot.programme
        why = _("You receive this because you are a mentor of %(programme)s.") % {
            "programme": programme.title
        }
        address = link("mentoring:slot_list", programme.code)
        return Words(subject, lines, _("Open your office hours"), address, why)


def _did_it(row: SlotChange, person: Person) -> bool:
    """By the link of somebody without an account it is nobody: she moves and gives back, a mentor cancels."""
    if row.by_id is not None:
        return row.by_id == person.user_id
    return (row.step == Step.CANCELLED) == (person.pk != row.enrolment.person_id)


def _times(row: SlotChange) -> str:
    """Where she books: by a link that needs no account, where somebody guides her."""
    pair = Assignment.objects.alive().filter(enrolment=row.enrolment_id).last()
    if pair:
        return settings.SITE_URL.rstrip("/") + links.times_address(pair)
    return link("mentoring:slot_book", row.enrolment_id)


def moment(slot: Slot) -> str:
    """ "12 March 2025, 17:00–17:30", on the clock that was agreed, and the programme's where it differs."""
    return f"{date_format(slot.day)}, {shown.span(slot, slot.programme.zone)}"


def _cancelled(row: SlotChange, what: dict) -> list[str]:
    lines = [_("The time of %(person)s with %(mentor)s on %(when)s is cancelled.") % what]
    if row.slot.cancelled_reason:
        lines.append(_("The reason: “%(reason)s”") % {"reason": row.slot.cancelled_reason})
    return lines


def _released(row: SlotChange, what: dict) -> list[str]:
    lines = [_("The time of %(person)s with %(mentor)s on %(when)s was given back.") % what]
    if row.slot.booked_by:
        lines.append(_("Somebody else has booked it since."))
    elif row.slot.cancelled_at is None:
        lines.append(_("It is free for others again."))
    return lines
