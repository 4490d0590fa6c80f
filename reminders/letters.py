"""What reminders say, in the words of their kinds or in a programme's own: read at once for many."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.plain import unlinked
from reminders import texts
from reminders.kinds import KINDS
from reminders.kinds.due import Kind, Recipient
from reminders.models import Reminder, RuleText
from training.models import Session
from training.visibility import Visible, funders_of_session


class Letter(NamedTuple):
    """One reminder to one person. No typed value in it can be taken for an address."""

    subject: str
    lines: list[str]
    action: str
    url: str
    why: str


class Letters:
    """The letters of these reminders (with `rule__programme` and `person`): their subjects, own texts and
    funders are read once, however many they are."""

    def __init__(self, reminders: Iterable[Reminder]):
        self.reminders = list(reminders)
        ids = defaultdict(set)
        for row in self.reminders:
            ids[row.rule.kind].add(row.subject_id)
        self.subjects = {kind: KINDS[kind].subjects(found) for kind, found in ids.items()}
        rules = {row.rule_id for row in self.reminders}
        self.texts = defaultdict(list)
        for text in RuleText.objects.filter(rule__in=rules):
            self.texts[text.rule_id].append(text)
        self._paying: dict[tuple, list[Visible]] = {}

    def subject(self, reminder: Reminder):
        """The record that it is about; None once it is gone."""
        return self.subjects[reminder.rule.kind].get(reminder.subject_id)

    def letter(self, reminder: Reminder, to: Recipient) -> Letter:
        """In her language. Raises ValidationError when what it was about is gone."""
        kind, subject = KINDS[reminder.rule.kind], self.subject(reminder)
        if subject is None:
            raise ValidationError(_("What it was about is no longer there."))
        with override(to.language):
            words = kind.words(subject, reminder.person)
            why = words.why or _("You receive this because you take part in %(name)s.") % {
                "name": reminder.rule.programme.title
            }
            ours = unlinked(words.subject), [unlinked(line) for line in words.lines]
            title, lines = self._own(reminder, kind, subject) or ours
            return Letter(title, lines, unlinked(words.action), words.url, unlinked(why))

    def _own(self, reminder: Reminder, kind: Kind, subject) -> tuple[str, list[str]] | None:
        """The programme's own subject and paragraphs, where it gave some in the active language. One that
        names what this kind does not know any more gives way to ours: a letter is not lost by it."""
        found = texts.own(self.texts.get(reminder.rule_id, ()))
        if found is None:
            return None
        values = kind.values(subject, reminder.person)
        with suppress(ValidationError):
            lines = [texts.filled(line, values) for line in texts.paragraphs(found[1])]
            return texts.filled(found[0], values), lines
        return None

    def paying(self, reminder: Reminder) -> list[Visible]:
        """Who pays for what it is about, where that is to be seen: of a session."""
        session = self.subject(reminder)
        if not isinstance(session, Session):
            return []
        key = session.programme_id, session.module_id
        if key not in self._paying:
            self._paying[key] = funders_of_session(session)
        return self._paying[key]
