"""Many ideas at once, from a list that somebody pasted."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from ideas.models import Idea, Nomination
from ideas.pasting import Line
from ideas.services.nominating import add_nominator, nominate
from people.models import Programme
from training.models import Session


@transaction.atomic
def keep_list(
    *, by: User, programme: Programme, session: Session | None = None, lines: Iterable[Line], now: datetime
) -> tuple[int, int]:
    """Keep the lines that were understood; return how many ideas are new, and how many new nominators stand
    with ideas that were there. The same lines again change nothing. Those with errors are left out."""
    lines = [line for line in lines if not line.errors]
    known = kept_already(programme, lines)
    numbers = {line.number for line in lines if line.number}
    there = {idea.number: idea for idea in programme.ideas.filter(number__in=numbers)}
    ideas = nominators = 0
    for line in lines:
        said = {"by": by, "session": session, "now": now}
        first, *others = line.who
        if line.number:
            idea, others = there.get(line.number), line.who
            if idea is None:
                raise ValidationError(no_such(line))
        else:
            operation = line.operation(programme, first)
            idea = nominate(
                **said, enrolment=first, operation=operation,
                title=line.title, summary=line.summary, sector=line.sector,
            )  # fmt: skip
            ideas += operation not in known
            known.setdefault(operation, idea)
        for enrolment in others:
            operation = line.operation(programme, enrolment)
            is_known = operation in known or idea.nominations.filter(enrolment=enrolment).exists()
            add_nominator(**said, idea=idea, enrolment=enrolment, operation=operation)
            nominators += not is_known
    return ideas, nominators


def kept_already(programme: Programme, lines: Iterable[Line]) -> dict:
    """What of a list was kept before: idea by operation. One query."""
    wanted = {line.operation(programme, row) for line in lines for row in line.who}
    rows = Nomination.objects.filter(operation__in=wanted).select_related("idea")
    return {row.operation: row.idea for row in rows}


def no_such(line: Line) -> str:
    words = _("Line %(n)s: the programme has no idea number %(number)s.")
    return words % {"n": line.n, "number": line.number}


def check_numbers(programme: Programme, lines: Iterable[Line]) -> None:
    """Put the error at the lines that name an idea that is not there."""
    lines = [line for line in lines if line.number]
    there = Idea.objects.filter(programme=programme, number__in={line.number for line in lines})
    there = set(there.values_list("number", flat=True))
    for line in lines:
        if line.number not in there:
            line.errors.append(no_such(line))
