"""One step for many ideas: first what would happen, and what not and why; then it happens."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from ideas import conflicts
from ideas.models import Idea, Join
from ideas.services.states import A_PART, DECISIONS, change_states, checked
from lib import clock
from mentoring.conflicts import DECIDE
from people.models import Person, Programme

# what a person gives to many by hand; review and mentoring come about by what is done
STEPS = (
    Idea.State.NOMINATED,
    Idea.State.SCREENED,
    Idea.State.SHORTLISTED,
    Idea.State.WAITING,
    Idea.State.DECLINED,
)


class Step(NamedTuple):
    """What would become of one idea. `words`: why nothing; "" where it takes the step."""

    idea: Idea
    words: str


def look_at(
    *,
    by: User | None,
    programme: Programme,
    ideas: Iterable[int],
    state: str,
    reason: str = "",
    now: datetime,
) -> list[Step]:
    """What this step would do to these ideas (keys) of a programme, in order of their numbers. Writes
    nothing; as many queries for 10 ideas as for 4,000. Raises ValidationError by field."""
    reason = checked(state, reason)
    if state not in STEPS:
        raise ValidationError({"state": _("This state is not given to many at once.")})
    found = _found(programme, ideas)
    stand = {}
    if state in DECISIONS and not reason:
        stand = _conflicts(by, programme, found, now)
    return [Step(idea, _why_not(idea, state) or " ".join(stand.get(idea.pk, []))) for idea in found]


@transaction.atomic
def screen(
    *,
    by: User | None,
    programme: Programme,
    ideas: Iterable[int],
    state: str,
    reason: str = "",
    seen: str | None = None,
    now: datetime,
) -> list[Step]:
    """Take the step. `seen` is the mark of what she was shown (`mark_of`): where something is otherwise by
    now, ValidationError with the code `changed`, and nothing happens."""
    keys = sorted(ideas)
    for start in range(0, len(keys), A_PART):
        held = Idea.objects.select_for_update(no_key=True).filter(pk__in=keys[start : start + A_PART])
        list(held.order_by("pk").values_list("pk", flat=True))
    steps = look_at(by=by, programme=programme, ideas=keys, state=state, reason=reason, now=now)
    if seen is not None and seen != mark_of(steps):
        words = _("Something changed since you looked. This is how it is now.")
        raise ValidationError(words, code="changed")
    change_states(by=by, ideas=[s.idea for s in steps if not s.words], state=state, reason=reason, now=now)
    return steps


def mark_of(steps: Iterable[Step]) -> str:
    """One text for what was shown: the ideas, how each was, and whether it would change."""
    told = [f"{s.idea.pk}:{s.idea.revision}:{s.idea.state}:{int(not s.words)}" for s in steps]
    return hashlib.sha256(" ".join(told).encode()).hexdigest()[:32]


def _found(programme: Programme, ideas: Iterable[int]) -> list[Idea]:
    keys, found = sorted(set(ideas)), []
    under = Join.objects.open().filter(idea=OuterRef("pk")).values("into__number")
    for start in range(0, len(keys), A_PART):
        rows = Idea.objects.filter(programme=programme, pk__in=keys[start : start + A_PART])
        rows = rows.select_related("text").annotate(
            on_desks=Count("tasks", filter=Q(tasks__state="waiting")), under=Subquery(under[:1])
        )
        found += rows
    for idea in found:
        idea.programme = programme
    return sorted(found, key=lambda idea: idea.number)


def _why_not(idea: Idea, state: str) -> str:
    if idea.under is not None:
        return _("It stands under idea %(number)s.") % {"number": idea.under}
    if idea.state == state:
        return _("It is %(state)s already.") % {"state": idea.get_state_display()}
    if idea.state in Idea.CARRIED_ON:
        return _("It is carried on: change its state on its own page.")
    if idea.on_desks:
        words = ngettext(
            "It lies on %(n)s desk and is being judged.", "It lies on %(n)s desks and is being judged.",
            idea.on_desks,
        )  # fmt: skip
        return words % {"n": idea.on_desks}
    return ""


def _conflicts(by: User | None, programme: Programme, ideas: list[Idea], now: datetime) -> dict:
    """What stands between her and who nominated each: then she decides with a reason only."""
    person = Person.objects.filter(user=by, joined_to=None).first() if by else None
    if person is None:
        return {}
    on = clock.local(now, programme.zone).date()
    found = conflicts.found([person], ideas, on, DECIDE)
    why = _("Say why you decide on it all the same.")
    return {idea: [*words, why] for (_who, idea), words in found.items()}
