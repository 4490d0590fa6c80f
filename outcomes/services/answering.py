"""Verbs of answering: what somebody says, what is said for her, and that she will not or cannot say it.

`by` is None for herself: whoever holds her link. She may answer as long as she likes (late, and said so);
staff may not touch a locked period.
"""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from outcomes.asking.keeping import (
    Keeping,
    Refusals,
    State,
    day_of,
    held,
    insist_askable,
    is_over,
    put_state,
    tenant_of,
)
from outcomes.asking.sheet import Sheet
from outcomes.locks import insist_open
from outcomes.models import Invitation, Question

Mode = Invitation.Mode


def save_answer(
    *, by: User | None, invitation: Invitation, question: Question, said, evidence: str = "", **more
) -> Invitation:
    """One answer, as `outcomes.asking.said.read` takes it; a blank one takes it back. The same twice is once.
    `more`: now, and perhaps reason and mode, as `save_answers` has them.

    Raises ValidationError for what is no answer to the question, or may not be said (any more).
    """
    code = question.code
    shown = {code: evidence} if evidence else {}
    row, refused = save_answers(by=by, invitation=invitation, said={code: said}, evidence=shown, **more)
    if refused:
        raise ValidationError({"said": refused[code]})
    return row


@transaction.atomic
def save_answers(
    *,
    by: User | None,
    invitation: Invitation,
    said: Mapping,
    now: datetime,
    reason: str = "",
    mode: str = "",
    evidence: Mapping[str, str] | None = None,
) -> tuple[Invitation, Refusals]:
    """Several at once, by question code, in the order in which they are asked: what cannot be read is
    refused by itself, and the rest is kept. One that is hidden by what stands above it is left alone.

    Raises ValidationError for an invitation on which nothing may be said (any more)."""
    row = held(invitation)
    insist_askable(row, now)
    if by is not None:
        insist_open(row.wave.programme, day_of(row, now))
    sheet = Sheet(row)
    if unknown := said.keys() - sheet.by_code.keys():
        return row, {code: [_("This is not asked here.")] for code in unknown}
    keeping = Keeping(by, row, sheet, now, reason.strip()[:300], evidence or {})
    keeping.put_all(said)
    if row.state == State.ANSWERED:
        keeping.drop_hidden()
    _move_on(by, row, keeping, mode, now)
    return row, keeping.refused


@transaction.atomic
def hand_in(*, by: User | None, invitation: Invitation, now: datetime, mode: str = "") -> Invitation:
    """She has said what she wants to say; what is left open stays unknown. Twice is once."""
    row = held(invitation)
    insist_askable(row, now)
    if row.state == State.ANSWERED:
        return row
    if by is not None:
        insist_open(row.wave.programme, day_of(row, now))
    sheet = Sheet(row)
    if not any(sheet.said(item.wording.question.code) for item in sheet.shown()):
        raise ValidationError(
            _("Nothing is answered yet. Answer what you like, or say that you do not want to answer.")
        )
    keeping = Keeping(by, row, sheet, now, "", {})
    keeping.drop_hidden()
    row.answered_at, row.is_late = now, row.is_late or is_over(row.wave, now)
    row.begun_at = row.begun_at or now
    row.mode = mode or row.mode or (Mode.LINK if by is None else "")
    put_state(by, row, State.ANSWERED, "", now)
    audit(by, "hand_in", row, ["answered_at", "state", *keeping.changed], tenant=tenant_of(row))
    return row


def _move_on(by: User | None, row: Invitation, keeping: Keeping, mode: str, now: datetime) -> None:
    """The invitation after some answers were put."""
    if not keeping.changed:
        return
    if row.state != State.ANSWERED:
        row.begun_at = row.begun_at or now
        row.is_late = row.is_late or is_over(row.wave, now)
        is_anything = any(keeping.sheet.answers.values())
        row.mode = mode or row.mode or (Mode.LINK if by is None else "")
        put_state(by, row, State.PARTIAL if is_anything else State.WAITING, "", now)
    audit(by, "answer", row, keeping.changed, tenant=tenant_of(row))
