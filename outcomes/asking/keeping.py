"""How answers are put on an invitation, one question after the other, and what is noted of a change."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from lib import clock
from outcomes.asking import said as reading
from outcomes.asking.sheet import Sheet
from outcomes.locks import is_locked
from outcomes.models import Answer, AnswerChange, Invitation, Item, Question, Wave
from people.models import Programme

State = Invitation.State
Refusals = dict[str, list[str]]  # by question code: why what was said there could not be kept


def held(invitation: Invitation) -> Invitation:
    """The row as it is now, locked."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("wave__programme__tenant", "wave__edition__questionnaire").get(
        pk=invitation.pk
    )


def insist_askable(row: Invitation, now: datetime) -> None:
    """Raises ValidationError where nothing may be said: not asked yet, or not asked any more."""
    if row.state == State.WITHDRAWN:
        raise ValidationError(_("She withdrew her consent: she is not asked."), code="withdrawn")
    opens = row.wave.opens
    if opens and opens > _today(row.wave.programme, now):
        words = _("This is asked from %(day)s on.") % {"day": date_format(opens)}
        raise ValidationError(words, code="early")


class Keeping:
    """Answers as they are put, one question after the other, on one sheet."""

    def __init__(self, by, row: Invitation, sheet: Sheet, now: datetime, reason: str, evidence: Mapping):
        self.by, self.row, self.sheet, self.now = by, row, sheet, now
        self.reason, self.evidence = reason, evidence
        self.changed: list[str] = []  # question codes
        self.refused: Refusals = {}
        self.after = after(row, now)

    def put_all(self, said: Mapping) -> None:
        """In the order in which they are asked: one that is hidden by another is left alone."""
        for item in self.sheet.items:
            code = item.wording.question.code
            if code in said and (self.sheet.is_shown(item) or len(said) == 1):
                self.put(item, said[code])

    def put(self, item: Item, said) -> None:
        question = item.wording.question
        try:
            if not self.sheet.is_shown(item):
                raise ValidationError(_("This is asked only of who answered otherwise above."))
            value = reading.read(item.wording, said)
        except ValidationError as error:
            self.refused[question.code] = error.messages
            return
        self._write(item, value)

    def drop_hidden(self) -> None:
        """What no longer is asked because of another answer counts for nothing."""
        for item in self.sheet.items:
            if not self.sheet.is_shown(item) and self.sheet.answers.get(item.wording.question.code):
                self._write(item, {})

    def _write(self, item: Item, value: reading.Said) -> None:
        question = item.wording.question
        before = self.sheet.answers.get(question.code, {})
        evidence = self.evidence.get(question.code)  # nothing is said of it: the same value keeps its own
        if not value and all(row.is_unread for row in before.values()):
            return  # what could not be read of a file waits for somebody: a blank does not settle it
        is_same = self.sheet.said(question.code) == value and len(before) == len(value)
        if is_same and all(evidence in (None, row.evidence) for row in before.values()):
            return
        if before:
            Answer.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
        made = self._rows(item, value, evidence or Answer.Evidence.SAID)
        Answer.objects.bulk_create(made)
        self.sheet.answers[question.code] = {row.choice: row for row in made}
        self.changed.append(question.code)
        if before and self.after:
            self._note(question)

    def _rows(self, item: Item, value: reading.Said, evidence: str) -> list[Answer]:
        same = {"invitation": self.row, "question": item.wording.question, "wording": item.wording}
        same |= {"evidence": evidence, "at": self.now, "by": self.by}
        return [Answer(choice=choice, **same, **one._asdict()) for choice, one in value.items()]

    def _note(self, question: Question) -> None:
        said = {"after": self.after, "at": self.now, "by": self.by, "reason": self.reason}
        AnswerChange.objects.create(invitation=self.row, question=question, **said)


def after(row: Invitation, now: datetime) -> str:
    """What a change comes after: the strongest of them. Empty: she is still at it."""
    if is_locked(row.wave.programme, day_of(row, now)):
        return AnswerChange.After.LOCKED
    if is_over(row.wave, now):
        return AnswerChange.After.CLOSED
    return AnswerChange.After.ANSWERED if row.state == State.ANSWERED else ""


def put_state(by: User | None, row: Invitation, state: str, reason: str, now: datetime) -> None:
    reason = reason.strip()
    if len(reason) > Invitation._meta.get_field("reason").max_length:
        raise ValidationError({"reason": _("Say it in fewer words: 300 characters at most.")})
    if row.state != state or row.reason != reason:
        row.state, row.state_at, row.state_by, row.reason = state, now, by, reason
    row.save()


def _today(programme: Programme, at: datetime) -> date:
    return clock.local(at, programme.zone).date()


def is_over(wave: Wave, now: datetime) -> bool:
    return bool(wave.closes and wave.closes <= _today(wave.programme, now))


def day_of(row: Invitation, now: datetime) -> date:
    """The day of which these answers are facts: when they were handed in, else today."""
    return _today(row.wave.programme, row.answered_at or now)


def tenant_of(row: Invitation) -> Tenant:
    return row.wave.programme.tenant
