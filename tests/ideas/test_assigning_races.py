"""Two coordinators at once: one wins, nothing lies twice on a desk. Real threads, connections and locks."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from ideas import services
from ideas.models import AssigningRun, ReviewTask
from tests.factories import NOW
from tests.house.test_races import at_once
from tests.ideas.test_assigning_runs import World

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def lay(pk: int, by) -> str:
    run = AssigningRun.objects.select_related("round__programme__tenant").get(pk=pk)
    try:
        return str(services.lay_on_desks(by=by, run=run, now=NOW).pk)
    except ValidationError as error:
        return error.error_list[0].code


def test_the_same_run_laid_by_ten_lies_once():
    world = World()
    run = world.requested()
    assert at_once(*[lambda: lay(run.pk, world.coordinator)] * 10) == [str(run.pk)] * 10
    assert (ReviewTask.objects.count(), AuditEntry.objects.filter(verb="lay").count()) == (12, 1)


def test_of_two_runs_laid_at_once_one_wins():
    world = World()
    runs = [world.requested().pk for _ in range(2)]
    answers = at_once(*[lambda pk=pk: lay(pk, world.coordinator) for pk in runs])
    assert sorted(answers, key=str.isalpha)[1] == "laid"
    assert Counter(ReviewTask.objects.values_list("idea", flat=True)) == {i.pk: 2 for i in world.ideas}


def test_the_last_place_of_a_cap_is_given_by_hand_once():
    world = World()
    world.seats[0].cap = 1
    world.seats[0].save()

    def by_hand(idea) -> str:
        said = {"by": world.coordinator, "seat": world.seats[0], "idea": idea, "now": NOW}
        try:
            return services.lay_by_hand(**said).state
        except ValidationError:
            return "refused"

    answers = at_once(*[lambda idea=idea: by_hand(idea) for idea in world.ideas])
    assert Counter(answers) == {"waiting": 1, "refused": 5}
