"""The letter to a mentor who is asked whether she guides somebody: the page on which she answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from mentoring.models import Assignment
from mentoring.pairs import saying
from people.models import Person
from reminders.kinds.due import Due, Kind, Words, link
from reminders.models import Reminder, Rule

OFFERED = Assignment.State.OFFERED


class OfferWaiting(Kind):
    subject_type = "mentoring.assignment"
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, while she can still answer; once for each offer."""
        rows = Assignment.objects.filter(programme=rule.programme, state=OFFERED, offered_until__gt=now)
        for pk, mentor, revision, at, until in rows.values_list(
            "pk", "mentor__person", "revision", "state_at", "offered_until"
        ):
            yield Due(mentor, pk, revision, at, until)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Assignment.objects.filter(pk=reminder.subject_id).first()
        if row is None or row.state != OFFERED:
            return _("The offer was answered or taken back.")
        if row.offered_until and row.offered_until <= now:
            return _("The time to answer is over.")
        return "" if row.revision == reminder.subject_revision else _("The offer was changed since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Assignment]:
        rows = Assignment.objects.select_related("programme", "enrolment__person", "enrolment__enterprise")
        return rows.select_related("need", "goes_on_from__mentor__person").in_bulk(ids)

    def about(self, row: Assignment) -> str:
        return str(row.enrolment.person)

    def words(self, row: Assignment, person: Person | None = None) -> Words:
        until = saying.last_moment(row)
        what = {
            "person": row.enrolment,
            "programme": row.programme.title,
            "day": date_format(until, "DATE_FORMAT"),
            "time": time_format(until, "H:i"),
        }
        lines = [
            _("%(person)s takes part in %(programme)s and looks for a mentor. Would you guide her?") % what
        ]
        if row.enrolment.enterprise:
            lines.append(_("Her enterprise: %(name)s.") % {"name": row.enrolment.enterprise.name})
        if row.need and row.need.text:
            lines.append(_("In her words: “%(text)s”") % {"text": row.need.text})
        if row.goes_on_from:
            lines.append(_("You would go on from %(mentor)s.") % {"mentor": row.goes_on_from.mentor})
        lines.append(
            _("Please answer by %(day)s, %(time)s. You may say yes, say no, or ask something first.") % what
        )
        subject = _("Will you guide %(person)s?") % what
        return Words(
            subject,
            lines,
            _("Answer"),
            link("mentoring:assignment_answer", row.pk),
            _("You receive this because you are a mentor of %(programme)s.") % what,
        )
