"""The letter about a goal whose day comes near, to both of the pair."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from mentoring.models import Assignment, Goal
from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule

MENTOR, PERSON = "mentor", "entrepreneur"
WORKING = (Assignment.State.ACCEPTED, Assignment.State.ACTIVE)  # who pauses is left in peace


class GoalDue(Kind):
    subject_type = "mentoring.goal"
    hour, days, takes_hour, takes_days = 9, 3, True, True
    days_mean = gettext_lazy("days before the goal is due")
    audiences = {MENTOR: gettext_lazy("the mentor"), PERSON: gettext_lazy("the entrepreneur")}
    placeholders = ("person", "other", "goal", "programme", "day")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """While nobody has said what came of it, and until its day is over."""
        zone = rule.programme.zone
        today = clock.local(now, zone).date()
        rows = Goal.objects.filter(assignment__programme=rule.programme, state=Goal.State.OPEN)
        until = today + AHEAD + timedelta(days=rule.after_days)
        rows = rows.filter(assignment__state__in=WORKING, due__gte=today, due__lte=until)
        both = ("assignment__mentor__person", "assignment__enrolment__person")
        for pk, revision, day, mentor, person in rows.values_list("pk", "revision", "due", *both):
            due_at = evening(day - timedelta(days=rule.after_days), rule.at_hour, zone)
            said = (pk, revision, due_at, evening(day + timedelta(days=1), 0, zone))
            if rule.audience in ("", MENTOR):
                yield Due(mentor, *said)
            if rule.audience in ("", PERSON):
                yield Due(person, *said)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Goal.objects.filter(pk=reminder.subject_id).select_related("assignment").first()
        if row is None or row.state != Goal.State.OPEN:
            return _("It is said already what came of the goal.")
        if row.assignment.state not in WORKING:
            return _("The assignment has ended, or pauses.")
        return "" if row.revision == reminder.subject_revision else _("The goal was changed since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Goal]:
        with_both = ("assignment__programme", "assignment__mentor__person", "assignment__enrolment__person")
        return Goal.objects.select_related(*with_both).in_bulk(ids)

    def about(self, row: Goal) -> str:
        return row.text

    def values(self, row: Goal, person: Person | None = None) -> dict[str, str]:
        pair = row.assignment
        is_mentor = person is not None and person.pk == pair.mentor.person_id
        return {
            "person": str(person or ""),
            "other": str(pair.enrolment.person if is_mentor else pair.mentor),
            "goal": row.text,
            "programme": pair.programme.title,
            "day": date_format(row.due) if row.due else _("unknown"),
        }

    def words(self, row: Goal, person: Person | None = None) -> Words:
        """What both agreed on, and whoever runs the programme reads as well."""
        what = self.values(row, person)
        lines = [
            _("You and %(other)s agreed on this goal: “%(goal)s”") % what,
            _("It is due on %(day)s. Say what came of it, or agree on another day.") % what,
        ]
        address = link("mentoring:assignment_detail", row.assignment_id)
        return Words(_("A goal is due on %(day)s") % what, lines, _("Open the goals"), address)
