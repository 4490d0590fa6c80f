"""What a file changes of answers that are there, and the invitations they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from desk.loading.answers_form import Form
from desk.loading.answers_said import Said
from desk.loading.kinds import Target
from desk.loading.trail import Trail
from lib import bulk, clock
from outcomes.models import Answer, AnswerChange, Invitation

VALUE = ("number", "currency", "day", "text", "is_unread")


@dataclass
class Asked:
    """A row on its way. `enrolment` by key, or None and a `source_id`; `wave` by code; `said` by question."""

    enrolment: int | None
    source_id: str
    wave: str
    day: date | None
    mode: str
    said: dict[str, Said]


@dataclass
class Ops:
    """What a row (or many) wants done: of answers, and of those that are there."""

    new: list[tuple] = field(default_factory=list)  # (code, choice, value)
    changed: dict[int, dict[str, list]] = field(default_factory=dict)
    gone: list[dict] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)  # questions that had another answer


Old = Sequence[tuple[Asked, Ops, dict, Invitation]]


def change(old: Old, target: Target, trail: Trail, form: Form) -> None:
    """Write it. Each: the row, what it wants done, what its invitation is to hold, the invitation."""
    changed = {pk: said for _row, ops, _state, _here in old for pk, said in ops.changed.items()}
    _set(Answer, changed, trail)
    gone = [one for _row, ops, _state, _here in old for one in ops.gone]
    for start in range(0, len(gone), 5000):
        Answer.objects.filter(pk__in=[row["id"] for row in gone[start : start + 5000]]).delete()
    trail.removed(Answer, gone)
    _set(Invitation, _states(old, target), trail)
    _note_changes(old, target, trail, form)


def _set(model: type, changes: dict[int, dict[str, list]], trail: Trail) -> None:
    """Rows that change the same fields are written together."""
    groups: dict[tuple, list[tuple]] = {}
    for pk, said in changes.items():
        groups.setdefault(tuple(said), []).append((pk, *(after for _before, after in said.values())))
    for names, rows in groups.items():
        bulk.update(model, names, rows)
    trail.changed(model, changes)


def _states(old: Old, target: Target) -> dict[int, dict[str, list]]:
    step = {"state_at": target.now, "state_by_id": target.by and target.by.pk}
    changes = {}
    for _row, _ops, state, here in old:
        said = state if here.state == state.get("state") else state | step
        differ = {name: [getattr(here, name), v] for name, v in said.items() if getattr(here, name) != v}
        if differ:
            changes[here.pk] = differ
    return changes


def _note_changes(old: Old, target: Target, trail: Trail, form: Form) -> None:
    """An answer that had been handed in is another one now: that it was changed, and by whom."""
    today, After = clock.local(target.now, target.programme.zone).date(), AnswerChange.After
    rows = []
    for row, ops, _state, here in old:
        if here.state in Invitation.DONE:
            closes = form.waves[row.wave].closes
            after = After.CLOSED if closes and closes <= today else After.ANSWERED
            rows += [(here.pk, form.questions[code].pk, str(after)) for code in ops.touched]
    said = {"at": target.now, "by_id": target.by and target.by.pk, "reason": _("a file was loaded")}
    ids = bulk.insert(AnswerChange, ["invitation_id", "question_id", "after"], rows, **said)
    trail.made(AnswerChange, ids)
