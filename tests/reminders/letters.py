"""A kind asked by hand: what it finds due, whether that is true, what the letter says."""

from datetime import datetime

from django.utils import translation

from people.models import Programme
from reminders.kinds import KINDS
from reminders.kinds.due import Due, Words
from reminders.models import Reminder, Rule
from tests.factories import NOW


class Letters:
    """Of one kind in one programme."""

    def __init__(self, programme: Programme, kind: str, **rule):
        self.kind = KINDS[kind]
        plain = {"at_hour": self.kind.hour, "after_days": self.kind.days}
        self.rule = Rule.objects.create(programme=programme, kind=kind, **plain | rule)

    def due(self, now: datetime = NOW) -> list[Due]:
        return sorted(self.kind.due(self.rule, now), key=lambda one: (one.person_id or 0, one.subject_id))

    def people(self, now: datetime = NOW) -> list[int]:
        return [one.person_id for one in self.due(now)]

    def planned(self, now: datetime = NOW) -> Reminder:
        """The only one, as the planner would write it down."""
        [one] = self.due(now)
        return self.written(one)

    def written(self, one: Due, **fields) -> Reminder:
        return Reminder.objects.create(
            rule=self.rule,
            person_id=one.person_id,
            subject_type=self.kind.subject_type,
            subject_id=one.subject_id,
            subject_revision=one.revision,
            due_at=one.due_at,
            send_before=one.send_before,
            **fields,
        )

    def untrue(self, reminder: Reminder, now: datetime = NOW) -> str:
        with translation.override("en"):
            return self.kind.untrue(reminder, now)

    def says(self, reminder: Reminder, language: str = "en") -> Words:
        with translation.override(language):
            subject = self.kind.subjects([reminder.subject_id])[reminder.subject_id]
            words = self.kind.words(subject, reminder.person)
            values = self.kind.values(subject, reminder.person)
            assert set(values) == set(self.kind.placeholders)
            return words
