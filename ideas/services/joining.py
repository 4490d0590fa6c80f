"""Ideas that say the same: join them under one, part them again, or say that they are different.

Nothing of an idea is changed by it: a join is a row of its own, so that parting leaves every idea, its words,
nominators, dates and log exactly as they were.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas import conflicts
from ideas.duplicates.proposals import COMPARE
from ideas.models import Compared, Idea, Join
from ideas.services.words import hold
from jobs.models import Job
from jobs.services import enqueue
from lib import clock
from people.models import Programme

MOST = 50  # ideas decided on at once


@transaction.atomic
def join_ideas(*, by: User | None, into: Idea, ideas: Sequence[Idea], now: datetime) -> list[Join]:
    """These ideas stand under `into` from now on, and what stood under them moves along. Joined there already
    changes nothing. Raises ValidationError in words; then none is joined."""
    programme = hold(into.programme_id)
    ideas = _these(into, ideas)
    heads = dict(Join.objects.open().filter(idea__in=[into, *ideas]).values_list("idea", "into"))
    if into.pk in heads:
        head = Idea.objects.select_related("text").get(pk=heads[into.pk])
        raise ValidationError(
            _("“%(idea)s” stands under “%(head)s” by now. Join with that one.") % {"idea": into, "head": head}
        )
    made = []
    for idea in ideas:
        if heads.get(idea.pk) == into.pk:
            continue
        if idea.pk in heads:
            raise ValidationError(
                _("“%(idea)s” is joined to another idea. Part it there first.") % {"idea": idea}
            )
        join = Join.objects.create(idea=idea, into=into, by=by, at=now)
        _move_along(join, by, now)
        audit(by, "joined ideas", idea, ["joins"], tenant=programme.tenant)
        made.append(join)
    if made:
        _refuse_conflicts(into, now)
    return made


@transaction.atomic
def part_ideas(*, by: User | None, join: Join, now: datetime) -> Join:
    """The idea stands for itself again, with what had moved along with it. Parted already changes nothing."""
    programme = hold(join.idea.programme_id)
    if not _close([join.pk], by, now):
        join.refresh_from_db()
        return join
    moved = _moved_by(join)
    _close([row.pk for row in moved], by, now)
    for row in moved:  # where each stood before it was moved
        before = Join.objects.filter(idea=row.idea_id, into=join.idea_id, parted_at=row.at, pk__lt=row.pk)
        Join.objects.filter(pk=before.order_by("-pk").values("pk")[:1]).update(parted_at=None, parted_by=None)
    audit(by, "parted ideas", join.idea, ["joins"], tenant=programme.tenant)
    join.refresh_from_db()
    return join


@transaction.atomic
def compare_ideas(*, by: User | None, ideas: Sequence[Idea], says: str, now: datetime) -> list[Compared]:
    """What somebody says of each two of these: not the same, or later. The newest word counts."""
    if says not in Compared.Says.values:
        raise ValidationError({"says": _("Say whether they are not the same, or later.")})
    ideas = sorted(set(ideas), key=lambda idea: idea.pk)
    if len(ideas) < 2:
        raise ValidationError(_("Choose two ideas at least."))
    if len(ideas) > MOST:
        raise ValidationError(_("At most %(most)s ideas at once.") % {"most": MOST})
    if len({idea.programme_id for idea in ideas}) > 1:
        raise ValidationError(_("Ideas of one programme are compared."))
    programme, said = hold(ideas[0].programme_id), []
    for one, other in combinations(ideas, 2):
        row, is_new = Compared.objects.get_or_create(
            one=one, other=other, defaults={"says": says, "by": by, "at": now}
        )
        if not is_new and row.says != says:
            row.says, row.by, row.at = says, by, now
            row.save(update_fields=["says", "by", "at"])
        said.append(row)
    audit(by, "compared ideas", ideas[0], ["compared"], tenant=programme.tenant)
    return said


@transaction.atomic
def take_back_comparison(*, by: User | None, compared: Compared) -> None:
    """They may be proposed again."""
    hold(compared.one.programme_id)
    audit(by, "took back a comparison", compared.one, ["compared"], tenant=compared.one.programme.tenant)
    compared.delete()


def request_comparing(*, by: User | None, programme: Programme) -> Job:
    """Compare all ideas of a large programme in the background; asked twice it is done once."""
    return enqueue(COMPARE, tenant=programme.tenant, by=by, programme=programme.pk)


def _these(into: Idea, ideas: Sequence[Idea]) -> list[Idea]:
    ideas = sorted({idea for idea in ideas if idea.pk != into.pk}, key=lambda idea: idea.pk)
    if not ideas:
        raise ValidationError(_("Choose two ideas at least."))
    if len(ideas) > MOST:
        raise ValidationError(_("At most %(most)s ideas at once.") % {"most": MOST})
    if any(idea.programme_id != into.programme_id for idea in ideas):
        raise ValidationError(_("Ideas of one programme are joined."))
    return ideas


def _move_along(join: Join, by: User | None, now: datetime) -> None:
    """What stood under the joined idea stands under the same one as it does; each hangs on the join that
    moved it, so that it goes back with that one."""
    copies = {}
    for row in Join.objects.open().filter(into=join.idea_id).order_by("pk"):
        _close([row.pk], by, now)
        along = copies.get(row.along_id, join)
        copies[row.pk] = Join.objects.create(
            idea_id=row.idea_id, into_id=join.into_id, along=along, by=by, at=now
        )


def _moved_by(join: Join) -> list[Join]:
    """The open joins that came about with this one, and with those."""
    rows = Join.objects.open().filter(into=join.into_id).order_by("pk")
    hung, found = {join.pk}, []
    for row in rows:  # a row is younger than the one it hangs on
        if row.along_id in hung:
            hung.add(row.pk)
            found.append(row)
    return found


def _close(pks: list[int], by: User | None, now: datetime) -> int:
    return Join.objects.open().filter(pk__in=pks).update(parted_at=now, parted_by=by)


def _refuse_conflicts(into: Idea, now: datetime) -> None:
    """A reviewer who is to judge the idea must have no conflict with those who nominated the joined ones."""
    tasks = into.tasks.waiting().filter(seat__round__closes_at__gt=now).select_related("seat__reviewer")
    reviewers = {task.seat.reviewer for task in tasks}
    if not reviewers:
        return
    found = conflicts.found(reviewers, [into], clock.local(now, into.programme.zone).date())
    said = [
        _("%(reviewer)s is to judge “%(idea)s” and may not judge what you join to it: %(why)s")
        % {"reviewer": person, "idea": into, "why": " ".join(found[person.pk, into.pk])}
        for person in sorted(reviewers, key=lambda person: person.pk)
        if (person.pk, into.pk) in found
    ]
    if said:
        raise ValidationError([*said, _("Let another idea stand, or join them when that review is in.")])
