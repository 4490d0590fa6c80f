"""Joining ideas and parting them: nothing of an idea is changed by it."""

import random
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F

from accounts.models import AuditEntry
from ideas import conflicts, services
from ideas.models import Compared, Idea, Join, ReviewTask
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_nomination,
    make_programme,
    make_review,
    make_round,
    make_seat,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def coordinator(programme):
    return make_coordinator(programme)


def join(by, into, *ideas):
    return services.join_ideas(by=by, into=into, ideas=ideas, now=NOW)


def part(by, join):
    return services.part_ideas(by=by, join=join, now=NOW)


def heads() -> dict[Idea, Idea]:
    return {row.idea: row.into for row in Join.objects.open().select_related("idea", "into")}


def dump() -> dict[str, list]:
    """Every row of every table of ideas, but joins; whatever table is added is in it."""
    tables = [m for m in apps.get_app_config("ideas").get_models(include_auto_created=True) if m is not Join]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in tables}


def judged(programme, n: int) -> list[Idea]:
    """Ideas with everything that hangs on one: nominators, reviews in and waiting, an assignment."""
    round = make_round(programme)
    seats = [make_seat(round), make_seat(round)]
    ideas = []
    for number in range(n):
        idea = make_idea(programme, title=f"Sušara {number}", enrolments=[make_enrolment(programme)])
        make_review(make_task(seats[0], idea))
        make_task(seats[1], idea)
        ideas.append(idea)
    make_nomination(ideas[0], make_enrolment(programme))
    assignment = make_assignment(make_mentor(programme), ideas[-1].nominations.get().enrolment)
    services.carry_on(by=None, idea=ideas[-1], assignment=assignment, now=NOW)
    return ideas


# --- byte for byte --------------------------------------------------------------------------------------


def test_a_group_of_three_joined_and_parted_is_as_it_was(programme, coordinator):
    one, two, three = judged(programme, 3)
    before = dump()
    made = join(coordinator, one, two, three)
    assert heads() == {two: one, three: one}
    assert dump() == before
    for row in made:
        part(coordinator, row)
    assert heads() == {} and dump() == before


@pytest.mark.parametrize("seed", range(6))
def test_joined_and_parted_at_random_all_is_as_it_was(programme, coordinator, seed):
    """Any joins in any order, parted in any order: no row changes, nobody stands in two places or under one
    that stands under another, and in the end everybody stands for herself."""
    dice = random.Random(seed)
    ideas = judged(programme, 6)
    before = dump()
    for _step in range(14):
        standing = list(Idea.objects.standing().order_by("pk"))
        open_ones = list(Join.objects.open())
        if open_ones and (dice.random() < 0.35 or len(standing) < 2):
            part(coordinator, dice.choice(open_ones))
        else:
            into, *others = dice.sample(standing, dice.choice((2, 2, 3)) if len(standing) > 2 else 2)
            join(coordinator, into, *others)
        above = heads()
        assert not set(above) & set(above.values())
        assert len(above) + Idea.objects.standing().count() == len(ideas)
        assert dump() == before
    while open_ones := list(Join.objects.open()):
        part(coordinator, dice.choice(open_ones))
    assert heads() == {} and dump() == before


def test_what_stood_under_a_joined_one_moves_along_and_comes_back_with_it(programme, coordinator):
    top, middle, low, lowest = (make_idea(programme, title=f"Ideja {n}") for n in range(4))
    join(coordinator, low, lowest)
    join(coordinator, middle, low)
    [moved] = join(coordinator, top, middle)
    assert heads() == {middle: top, low: top, lowest: top}
    part(coordinator, Join.objects.open().get(idea=low))
    assert heads() == {middle: top, lowest: low}
    join(coordinator, top, low)
    part(coordinator, moved)
    assert heads() == {low: top, lowest: top}


# --- who gets the credit --------------------------------------------------------------------------------


def test_every_nominator_of_the_group_counts_once(programme, coordinator, django_assert_num_queries):
    both, other = make_enrolment(programme), make_enrolment(programme)
    one = make_idea(programme, title="Sušara", enrolments=[both])
    two = make_idea(programme, title="Сушара", enrolments=[both, other])
    three = make_idea(programme, title="Susara", enrolments=[other])
    [first, _second] = join(coordinator, one, two, three)
    counted = dict(Idea.objects.with_nominators().values_list("pk", "nominators"))
    assert counted == {one.pk: 2, two.pk: 2, three.pk: 1}
    part(coordinator, first)
    assert dict(Idea.objects.with_nominators().values_list("pk", "nominators"))[one.pk] == 2
    rows = Idea.objects.with_joined().order_by("pk").values_list("under", "head_number")
    with django_assert_num_queries(1):
        assert list(rows) == [(1, None), (0, None), (0, one.number)]


def test_who_nominated_the_joined_one_sees_the_one_that_stands_and_may_be_guided_with_it(
    programme, coordinator
):
    from tests.factories import make_person, make_user

    user = make_user(programme.tenant)
    hers = make_enrolment(programme, person=make_person(programme.tenant, user=user))
    head, idea = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара", enrolments=[hers])
    assignment = make_assignment(make_mentor(programme), hers)
    with pytest.raises(ValidationError, match="not of somebody who nominated"):
        services.carry_on(by=coordinator, idea=head, assignment=assignment, now=NOW)
    [row] = join(coordinator, head, idea)
    assert set(Idea.objects.visible_to(user)) == {head, idea}
    services.carry_on(by=coordinator, idea=head, assignment=assignment, now=NOW)
    part(coordinator, row)
    assert set(Idea.objects.visible_to(user)) == {idea}


def test_a_conflict_with_a_nominator_of_the_joined_one_counts(programme, coordinator):
    mentor = make_mentor(programme)
    hers = make_enrolment(programme, person=mentor.person)
    head, idea = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара", enrolments=[hers])
    assert conflicts.found([mentor.person], [head], TODAY) == {}
    join(coordinator, head, idea)
    assert list(conflicts.found([mentor.person], [head], TODAY)) == [(mentor.person.pk, head.pk)]


def test_a_reviewer_who_nominated_the_other_one_stands_in_the_way_until_her_review_is_in(
    programme, coordinator
):
    mentor = make_mentor(programme)
    hers = make_enrolment(programme, person=mentor.person)
    head, idea = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара", enrolments=[hers])
    task = make_task(make_seat(make_round(programme), mentor.person), head)
    with pytest.raises(ValidationError, match="is to judge “Sušara”"):
        join(coordinator, head, idea)
    assert heads() == {}
    ReviewTask.objects.filter(pk=task.pk).update(state="done")
    join(coordinator, head, idea)
    assert heads() == {idea: head}


def test_waiting_reviews_of_a_joined_idea_are_hidden_and_come_back(programme, coordinator):
    one, two = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара")
    seat = make_seat(make_round(programme))
    make_task(seat, one)
    hidden = make_task(seat, two)
    [row] = join(coordinator, one, two)
    assert [task.idea for task in seat.tasks.on_desk()] == [one]
    part(coordinator, row)
    assert hidden in seat.tasks.on_desk()


# --- refused, twice, and kept ---------------------------------------------------------------------------


def test_what_is_refused_says_why_and_joins_nothing(programme, coordinator):
    one, two, three = (make_idea(programme, title=title) for title in ("Sušara", "Сушара", "Pekara"))
    stranger = make_idea(title="Sušara")
    join(coordinator, one, two)
    for into, ideas, words in (
        (three, [three], "Choose two"),
        (three, [stranger], "of one programme"),
        (three, [two], "“Сушара” is joined to another idea"),
        (two, [three], "“Сушара” stands under “Sušara” by now"),
    ):
        with pytest.raises(ValidationError, match=words):
            join(coordinator, into, *ideas)
    assert heads() == {two: one}


def test_twice_is_once_and_each_is_audited(programme, coordinator):
    one, two = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара")
    [row] = join(coordinator, one, two)
    assert join(coordinator, one, two) == []
    part(coordinator, row)
    part(coordinator, row)
    verbs = AuditEntry.objects.filter(by=coordinator).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["joined ideas", "parted ideas"]


def test_not_the_same_is_remembered_of_each_two_and_the_newest_word_counts(programme, coordinator):
    ideas = [make_idea(programme, title=f"Ideja {n}") for n in range(3)]
    say = {"by": coordinator, "now": NOW}
    services.compare_ideas(ideas=reversed(ideas), says="later", **say)
    services.compare_ideas(ideas=ideas[:2], says="not_same", **say)
    said = Compared.objects.filter(one__lt=F("other")).values_list("one", "other", "says")
    one, two, three = (idea.pk for idea in ideas)
    assert sorted(said) == [(one, two, "not_same"), (one, three, "later"), (two, three, "later")]
    for wrong in (
        [ideas[0]],
        [ideas[0], make_idea(title="Druga")],
        [make_idea(programme) for _ in range(51)],
    ):
        with pytest.raises(ValidationError):
            services.compare_ideas(ideas=wrong, says="later", **say)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_join_the_same_two_the_other_way_round_and_one_wins():
    programme = make_programme()
    one, two = make_idea(programme, title="Sušara"), make_idea(programme, title="Сушара")
    barrier, said = Barrier(2), []

    def act(into, idea):
        try:
            barrier.wait(10)
            said.append(len(services.join_ideas(by=None, into=into, ideas=[idea], now=NOW)))
        except ValidationError as error:
            said.append(error.messages[0])
        finally:
            connection.close()

    threads = [Thread(target=act, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(heads()) == 1
    [(idea, head)] = heads().items()
    assert sorted(said, key=str) == [1, f"“{idea}” stands under “{head}” by now. Join with that one."]
