"""What must hold of the letters of a walk. It asks the records itself what is right, and not the kinds."""

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

from reminders.models import Preference, Reminder
from training.models import Enrolment, RosterEntry, Session, SessionChange


class Judged:
    """The half of a walk that judges: `wrong` grows."""

    def handed_over(self, rows) -> None:
        """Just marked: is each of these right by the records as they are at this moment?"""
        for row in rows:
            self.wrong += [f"{row.rule.kind} {row.pk}: {words}" for words in self._untrue(row)]

    def _untrue(self, row: Reminder):
        session = Session.objects.get(pk=row.subject_id)
        starts = session.starts_at
        change = SessionChange.objects.filter(session=session).order_by("-revision").first()
        if session.revision != row.subject_revision:
            yield "an old revision"
        if not self._is_expected(session, row.person_id):
            yield "she is not expected there"
        if row.rule.kind == "session_changed":
            until = change.was_starts_at if session.cancelled_at else starts
            if until and until <= self.now:
                yield "after its time"
            return
        if session.cancelled_at or starts <= self.now:
            yield "cancelled, or begun"
        if Preference.objects.filter(person=row.person_id, kind="", channel=Preference.NOTHING).exists():
            yield "she does not want it"

    @staticmethod
    def _is_expected(session: Session, person: int) -> bool:
        return RosterEntry.objects.filter(
            session=session, enrolment__person=person, enrolment__state__in=Enrolment.TAKING_PART
        ).exists()

    def read(self) -> None:
        """The letters that arrived since: to her address as it is, with the time as it is."""
        new, self.seen = self.post.letters[self.seen :], len(self.post.letters)
        for to, data in new:
            self.counts["letters"] += 1
            mail = message_from_bytes(data, policy=policy.default)
            key = int(re.match(r"<reminder-(\d+)\.", mail["Message-ID"])[1])
            row = Reminder.objects.select_related("rule", "person").get(pk=key)
            session = Session.objects.get(pk=row.subject_id)
            text = mail.get_body(("plain",)).get_content()
            if row.person.email != to:
                self.wrong.append(f"{key}: to {to}, she is at {row.person.email}")
            if session.cancelled_at and "does not take place" not in text:
                self.wrong.append(f"{key}: does not say that it is cancelled")
            when = f"{session.day.day} {session.day:%B %Y}"
            if not session.cancelled_at and not (when in text and f"{session.start:%H:%M}" in text):
                self.wrong.append(f"{key}: does not say {when}, {session.start:%H:%M}: {text[:200]!r}")

    def end(self) -> None:
        """Nobody does anything any more; time goes on. Who had to hear of a change has."""
        wanted = list(self._must_hear())
        for _number in range(9):
            self.sweep()
            self.now += timedelta(hours=5)
        for session, revision, person in wanted:
            rows = Reminder.objects.filter(
                rule__kind="session_changed", subject_id=session, subject_revision=revision, person=person
            )
            states = list(rows.values_list("state", flat=True))
            self.counts["changes"] += 1
            if states not in (["sent"], ["uncertain"], ["held"]):
                self.wrong.append(
                    f"session {session} r{revision}: person {person} did not hear of it: {states}"
                )
        late = Reminder.objects.filter(state__in=["claimed", "handing_over"]).count()
        if late:
            self.wrong.append(f"{late} in nobody's hands")
        for key, copies in Counter(self.post.ids).items():
            if copies > 1 + self._unsure(key):
                self.wrong.append(f"{key}: {copies} copies")

    @staticmethod
    def _unsure(message_id: str) -> int:
        row = Reminder.objects.filter(pk=int(re.match(r"<reminder-(\d+)\.", message_id)[1])).first()
        return min(row.unsure, 1) if row else 0

    def _must_hear(self):
        """(session, revision, person) of each last change with time enough before what it is about."""
        for session in self.sessions:
            row = Session.objects.get(pk=session.pk)
            change = SessionChange.objects.filter(session=row).order_by("-revision").first()
            if change is None or change.at < self.now - timedelta(days=1):
                continue
            until = change.was_starts_at if row.cancelled_at else row.starts_at
            if until and until > self.now + timedelta(hours=36):
                entries = RosterEntry.objects.filter(session=row, enrolment__state__in=Enrolment.TAKING_PART)
                for person in entries.values_list("enrolment__person", flat=True):
                    yield row.pk, row.revision, person
