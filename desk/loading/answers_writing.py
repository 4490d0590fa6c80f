"""Answers of a file, written many at once: compared with what is there, by wave and person or row."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from desk.loading.answers_changing import VALUE, Asked, Ops, change
from desk.loading.answers_form import Form
from desk.loading.answers_said import Said, Value
from desk.loading.fields import Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Target
from desk.loading.trail import Trail
from lib import bulk, clock
from outcomes.locks import hold, insist_open
from outcomes.models import Answer, Invitation, PeriodLock, Question, Wave

State = Invitation.State


class Writing:
    def __init__(self, target: Target, trail: Trail, form: Form):
        self.target, self.trail, self.form = target, trail, form
        self.zone = ZoneInfo(target.programme.zone)
        self.today = clock.local(target.now, target.programme.zone).date()
        hold(target.programme)
        locks = PeriodLock.objects.holding().filter(programme=target.programme)
        self.locks = list(locks.values_list("start", "end"))

    def write(self, rows: Sequence[Asked]) -> list[str | Refused]:
        """What became of each row. No two speak of the same one."""
        there = self._invitations(rows)
        answers = self._answers(there)
        found, fresh, old = [], [], []
        for row in rows:
            here = there.get(self._key(row))
            ops = self._compared(row, answers.get(here.pk, {}) if here else {})
            state = self._state(row, here)
            try:
                outcome = self._outcome(row, here, ops, state)
            except Refused as refused:
                found.append(refused)
                continue
            found.append(outcome)
            if here is None:
                fresh.append((row, ops, state))
            elif outcome != UNCHANGED:
                old.append((row, ops, state, here))
        self._make(fresh, old)
        change(old, self.target, self.trail, self.form)
        return found

    def _key(self, row: Asked) -> tuple:
        wave = self.form.waves[row.wave].pk
        return (wave, row.enrolment) if row.enrolment else (wave, self.target.source, row.source_id)

    def _invitations(self, rows: Sequence[Asked]) -> dict[tuple, Invitation]:
        waves = {self.form.waves[row.wave].pk for row in rows}
        here = Invitation.objects.filter(wave__in=waves).order_by()
        found = {}
        if people := {row.enrolment for row in rows if row.enrolment}:
            found |= {(one.wave_id, one.enrolment_id): one for one in here.filter(enrolment__in=people)}
        if ids := {row.source_id for row in rows if not row.enrolment}:
            ours = here.filter(bulk.among(Invitation, "source_id", ids), source=self.target.source)
            found |= {(one.wave_id, one.source, one.source_id): one for one in ours}
        return found

    def _answers(self, there) -> dict[int, dict[int, dict[str, dict]]]:
        """By invitation, by question, by choice: the row, as a dict."""
        found: dict[int, dict[int, dict[str, dict]]] = {}
        if not there:
            return found
        rows = Answer.objects.filter(invitation__in=[one.pk for one in there.values()]).order_by()
        for row in rows.filter(question__in=self.form.questions.values()).values():
            mine = found.setdefault(row["invitation_id"], {}).setdefault(row["question_id"], {})
            mine[row["choice"]] = row
        return found

    def _compared(self, row: Asked, there: dict[int, dict[str, dict]]) -> Ops:
        """Blank takes nothing away; what is said of a question takes the place of what was said of it."""
        ops = Ops()
        for code, said in row.said.items():
            question = self.form.questions[code]
            before = there.get(question.pk, {})
            is_one = question.kind != Question.Kind.MANY and len(before) == len(said) == 1
            if is_one:
                self._replace(*next(iter(before.items())), *next(iter(said.items())), ops)
            for choice, value in () if is_one else said.items():
                if choice in before:
                    self._replace(choice, before[choice], choice, value, ops)
                else:
                    ops.new.append((code, choice, value))
            if not is_one:
                ops.gone += [one for choice, one in before.items() if choice not in said]
            touched = {one["id"] for one in before.values()} & (
                ops.changed.keys() | {o["id"] for o in ops.gone}
            )
            if touched or (before and any(new[0] == code for new in ops.new)):
                ops.touched.append(code)
        return ops

    def _replace(self, was: str, before: dict, choice: str, value: Value, ops: Ops) -> None:
        now = {"choice": choice} | dict(zip(VALUE, value, strict=True))
        differ = {name: [before[name], one] for name, one in now.items() if before[name] != one}
        if differ:
            ops.changed[before["id"]] = differ

    def _state(self, row: Asked, here: Invitation | None) -> dict:
        """What the invitation is to hold. Rows that say nothing leave an invitation as it is."""
        wave: Wave = self.form.waves[row.wave]
        late = bool(row.day and wave.closes and row.day >= wave.closes)
        at = row.day and datetime.combine(row.day, time(12), self.zone)
        if here is None:
            nothing = State.WAITING if row.enrolment else State.PARTIAL
            said = {"state": State.ANSWERED if row.said else nothing, "is_late": late and bool(row.said)}
            return said | {"answered_at": at, "mode": row.mode or Invitation.Mode.LOADED}
        if not row.said:
            return {}
        said = {"state": State.ANSWERED, "answered_at": at or here.answered_at}
        said |= {"mode": row.mode or here.mode or Invitation.Mode.LOADED}
        return said | {"is_late": here.is_late or (late and here.state not in Invitation.DONE)}

    def _outcome(self, row: Asked, here: Invitation | None, ops: Ops, state: dict) -> str:
        """Raises Refused where it may not be written."""
        is_same = here and all(getattr(here, name) == value for name, value in state.items())
        if is_same and not (ops.new or ops.changed or ops.gone):
            return UNCHANGED
        if here and here.state == State.WITHDRAWN:
            raise Refused(_("She withdrew her consent: her answers are not taken in."), "person")
        day = row.day or (here and here.answered_at and clock.local(here.answered_at, str(self.zone)).date())
        if day and any(start <= day < end for start, end in self.locks):
            try:
                insist_open(self.target.programme, day)
            except ValidationError as error:
                raise Refused(" ".join(error.messages), "day", day) from None
        return CREATED if here is None or here.state not in Invitation.DONE else UPDATED

    def _make(self, fresh, old) -> None:
        now, by = self.target.now, self.target.by and self.target.by.pk
        names = ["wave_id", "enrolment_id", "source", "source_id", "state", "answered_at", "mode", "is_late"]
        made = [
            (self.form.waves[row.wave].pk, row.enrolment, self.target.source, row.source_id,
             str(state["state"]), state["answered_at"], str(state["mode"]), state["is_late"])
            for row, _ops, state in fresh
        ]  # fmt: skip
        ids = bulk.insert(Invitation, names, made, state_at=now, state_by_id=by)
        self.trail.made(Invitation, ids)
        wanted = [(pk, row, ops) for pk, (row, ops, _state) in zip(ids, fresh, strict=True)]
        wanted += [(here.pk, row, ops) for row, ops, _state, here in old]
        rows = []
        for pk, row, ops in wanted:
            wave = self.form.waves[row.wave]
            at = row.day and datetime.combine(row.day, time(12), self.zone)
            for code, choice, value in ops.new:
                question, wording = self.form.questions[code].pk, self.form.wording(wave, code)
                rows.append((pk, question, wording, choice, *value, at or now))
        names = ["invitation_id", "question_id", "wording_id", "choice", *VALUE, "at"]
        self.trail.made(Answer, bulk.insert(Answer, names, rows, by_id=by))


def _same(before: dict[str, dict], said: Said) -> bool:
    there = {choice: tuple(row[name] for name in VALUE) for choice, row in before.items()}
    return there == {choice: tuple(value) for choice, value in said.items()}
