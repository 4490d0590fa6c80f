"""One decision over several applicants: who gets it, and why the others do not."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from people.models import Programme
from training.models import Enrolment
from training.services.enrolments import set_enrolment_state
from training.services.states import held


class Decided(NamedTuple):
    """`words` say why not; else `enrolment` has the state that came of it, which may be the waiting list."""

    enrolment: Enrolment
    words: str = ""


def decide(
    *,
    by: User,
    programme: Programme,
    enrolments: Collection[int],
    state: str,
    reason: str,
    now: datetime,
    only_look: bool = False,
) -> list[Decided]:
    """Set a state for each who may have it, the oldest application first. `only_look`: do all of it and take
    it back, so that the preview is what would happen."""
    with transaction.atomic():
        programme = held(programme)
        rows = Enrolment.objects.filter(programme=programme, pk__in=list(enrolments))
        rows = rows.select_related("person", "programme__tenant").order_by("applied_on", "pk")
        found = [_one(by, row, state, reason, now) for row in rows]
        transaction.set_rollback(only_look)
    return found


def _one(by: User, row: Enrolment, state: str, reason: str, now: datetime) -> Decided:
    try:
        with transaction.atomic():
            done = set_enrolment_state(by=by, enrolment=row, state=state, reason=reason, now=now)
    except ValidationError as error:
        return Decided(row, " ".join(error.messages))
    row.state, row.reason = done.state, done.reason
    return Decided(row)
