import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import AuditEntry
from ideas import services
from ideas.models import DeclaredConflict, Idea, IdeaText, Mentored, Nomination, Review, ReviewTask, Score
from mentoring.models import Assignment
from tests.factories import (
    make_aim,
    make_assignment,
    make_declared,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_round,
    make_seat,
    make_session,
    make_task,
)
from training.models import Enrolment

RUBRIC = [{"name": "Need", "weight": 60}, {"name": "Means", "weight": 40}]


def refused(error) -> dict:
    return error.value.message_dict


# --- nominating


def test_an_idea_is_numbered_and_kept_with_its_nominator(world, now):
    operation, aim = uuid.uuid4(), make_aim(world.programme)
    session = make_session(world.programme)
    last = max(idea.number for idea in world.ideas)
    idea = services.nominate(
        by=None, enrolment=world.enrolment, session=session, title="  Med   u saću ", summary=" Za hotele. ",
        sector="A", stage="idea", aims=[aim], operation=operation, now=now,
    )  # fmt: skip
    assert (idea.number, idea.state, idea.sector, idea.stage) == (last + 1, "nominated", "A", "idea")
    assert (idea.text.title, idea.text.summary, idea.text.title_key) == (
        "Med u saću",
        "Za hotele.",
        "med u sacu",
    )
    assert list(idea.aims.all()) == [aim]
    nomination = idea.nominations.get()
    assert (nomination.enrolment, nomination.session, nomination.operation, nomination.by, nomination.at) == (
        world.enrolment, session, operation, None, now,
    )  # fmt: skip
    entry = AuditEntry.objects.get(object_type="ideas.idea", object_id=idea.pk)
    assert (entry.verb, entry.tenant, entry.fields) == (
        "nominated", world.programme.tenant, ["aims", "nominations", "sector", "stage", "text"],
    )  # fmt: skip


def test_a_double_tap_is_one_idea(world, now):
    operation = uuid.uuid4()
    ideas = [
        services.nominate(by=None, enrolment=world.enrolment, title="Med", operation=operation, now=now)
        for _ in range(2)
    ]
    assert ideas[0] == ideas[1]
    assert Nomination.objects.filter(operation=operation).count() == 1
    assert Idea.objects.filter(text__title="Med").count() == 1


def test_an_operation_of_somebody_else_is_refused(world, now):
    operation = uuid.uuid4()
    services.nominate(by=None, enrolment=world.enrolment, title="Med", operation=operation, now=now)
    other = make_enrolment(world.programme)
    with pytest.raises(ValidationError, match="sent already"):
        services.nominate(by=None, enrolment=other, title="Sir", operation=operation, now=now)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "m" * 301}, "title"),
        ({"title": "Med", "summary": "m" * 10_001}, "summary"),
        ({"title": "Med", "problem": "a\x00b"}, "problem"),
        ({"title": "Med", "sector": "Z"}, "sector"),
        ({"title": "Med", "stage": "dream"}, "stage"),
    ],
)
def test_bad_words_are_refused_by_field_and_nothing_is_written(world, now, words, field):
    before = Idea.objects.count(), IdeaText.objects.count()
    with pytest.raises(ValidationError) as error:
        services.nominate(by=None, enrolment=world.enrolment, operation=uuid.uuid4(), now=now, **words)
    assert list(refused(error)) == [field]
    assert (Idea.objects.count(), IdeaText.objects.count()) == before


def test_an_aim_and_a_session_of_another_programme_are_refused(world, now):
    for other in ({"aims": [make_aim()]}, {"session": make_session()}):
        with pytest.raises(ValidationError, match="another programme"):
            services.nominate(
                by=None, enrolment=world.enrolment, title="Med", operation=uuid.uuid4(), now=now, **other
            )


@pytest.mark.parametrize("state", ["applied", "waitlisted", "withdrawn", "declined"])
def test_only_who_takes_part_nominates_unless_it_is_loaded(world, now, state):
    enrolment = make_enrolment(world.programme, state=state)
    give = {"by": None, "enrolment": enrolment, "title": "Med", "now": now}
    with pytest.raises(ValidationError, match="takes part"):
        services.nominate(operation=uuid.uuid4(), **give)
    idea = services.nominate(operation=uuid.uuid4(), source="sheet", source_id="7", **give)
    assert idea.nominations.get().enrolment == enrolment


def test_cyrillic_words_are_marked_as_such(world, now):
    idea = services.nominate(by=None, enrolment=world.enrolment, title="Мед", operation=uuid.uuid4(), now=now)
    assert (idea.text.language, idea.text.title_key) == ("sr", "med")


def test_a_second_nominator_stands_with_the_same_idea_once(world, now):
    other, operation = make_enrolment(world.programme), uuid.uuid4()
    for tap in (operation, operation, uuid.uuid4()):
        services.add_nominator(by=None, idea=world.ideas[0], enrolment=other, operation=tap, now=now)
    assert [n.enrolment for n in world.ideas[0].nominations.order_by("pk")] == [world.enrolment, other]


def test_a_stranger_cannot_stand_with_an_idea(world, now):
    with pytest.raises(ValidationError, match="another programme"):
        services.add_nominator(
            by=None, idea=world.ideas[0], enrolment=make_enrolment(), operation=uuid.uuid4(), now=now
        )


def test_a_reviewer_loses_an_idea_that_her_entrepreneur_joins(world, now):
    """Two seats hold the idea; the joining entrepreneur is guided by the first reviewer."""
    third = make_seat(world.round, make_mentor(world.programme).person)
    joining = make_assignment(world.people[0].mentor, make_enrolment(world.programme)).enrolment
    services.add_nominator(by=None, idea=world.ideas[0], enrolment=joining, operation=uuid.uuid4(), now=now)
    lost = world.tasks[0][0]
    lost.refresh_from_db()
    assert (lost.state, lost.reason) == ("conflict", "Already her mentor.")
    assert [task.idea for task in third.tasks.all()] == [world.ideas[0]]


# --- words and states


def test_other_words_are_another_version(world, now):
    idea = world.ideas[0]
    services.rewrite(by=world.coordinator, idea=idea, title="Sušara za jabuke", sector="C", now=now)
    services.rewrite(by=world.coordinator, idea=idea, title="Sušara za jabuke", sector="C", now=now)
    idea.refresh_from_db()
    assert [(t.version, t.title) for t in idea.texts.all()] == [
        (1, "Sušara za šljive"),
        (2, "Sušara za jabuke"),
    ]
    assert (idea.text.version, idea.sector) == (2, "C")


def test_a_state_has_its_date_person_and_reason(world, now):
    idea = world.ideas[0]
    services.set_idea_state(
        by=world.coordinator, idea=idea, state="declined", reason=" Postoji već. ", now=now
    )
    assert (idea.state, idea.reason, idea.state_at, idea.state_by) == (
        "declined", "Postoji već.", now, world.coordinator,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["declined", "stopped"])
def test_an_end_needs_a_reason(world, now, state):
    with pytest.raises(ValidationError) as error:
        services.set_idea_state(by=world.coordinator, idea=world.ideas[0], state=state, reason="  ", now=now)
    assert list(refused(error)) == ["reason"]
    world.ideas[0].refresh_from_db()
    assert world.ideas[0].state == "in_review"


def test_a_state_that_is_none_is_refused(world, now):
    with pytest.raises(ValidationError, match="is no state"):
        services.set_idea_state(by=world.coordinator, idea=world.ideas[0], state="won", now=now)


def test_the_same_state_again_changes_nothing(world, now):
    idea = world.ideas[0]
    for later in (0, 1):
        services.set_idea_state(
            by=world.coordinator, idea=idea, state="shortlisted", now=now + timedelta(hours=later)
        )
    assert (idea.state_at, idea.revision) == (now, 2)
    assert AuditEntry.objects.filter(object_type="ideas.idea", object_id=idea.pk).count() == 1


@pytest.mark.parametrize("state", ["shortlisted", "waiting"])
def test_a_decision_in_spite_of_a_conflict_of_interest_needs_words(world, now, state):
    make_declared(world.coordinator.person, world.enrolment.person, words="She is my aunt")
    said = {"by": world.coordinator, "idea": world.ideas[0], "state": state, "now": now}
    with pytest.raises(ValidationError) as error:
        services.set_idea_state(**said)
    words = ["She declared: She is my aunt", "Say why you decide on it all the same."]
    assert refused(error) == {"reason": words}
    services.set_idea_state(**said, reason="Two others agreed.")
    assert (world.ideas[0].state, world.ideas[0].reason) == (state, "Two others agreed.")
    services.set_idea_state(**said | {"idea": world.ideas[1]})  # nothing stands between these
    assert world.ideas[1].state == state


def test_what_was_decided_elsewhere_is_written_down_without_words(world, now):
    make_declared(world.coordinator.person, world.enrolment.person)
    said = {"by": world.coordinator, "idea": world.ideas[0], "state": "waiting", "now": now}
    services.set_idea_state(**said, decided_elsewhere=True)
    assert world.ideas[0].state == "waiting"


def test_who_comes_into_conflict_in_an_open_round_loses_the_idea_to_somebody_else(world, now):
    task = world.tasks[0][0]
    third = make_seat(world.round, make_mentor(world.programme).person)
    make_declared(task.seat.reviewer, world.enrolment.person, words="She is my aunt")
    assert [services.clear_desks(now=now) for _sweep in range(2)] == [1, 0]
    task.refresh_from_db()
    assert (task.state, task.reason) == ("conflict", "She declared: She is my aunt")
    assert [(t.idea, t.state) for t in third.tasks.all()] == [(task.idea, "waiting")]


def test_when_the_round_is_over_no_desk_is_cleared(world, now):
    make_declared(world.tasks[0][0].seat.reviewer, world.enrolment.person)
    assert services.clear_desks(now=world.round.closes_at) == 0


def test_an_idea_is_carried_on_in_a_nominators_assignment(world, now):
    assignment = make_assignment(enrolment=world.enrolment)
    for _ in range(2):
        services.carry_on(by=world.coordinator, idea=world.ideas[0], assignment=assignment, now=now)
    world.ideas[0].refresh_from_db()
    assert world.ideas[0].state == "in_mentoring"
    assert Mentored.objects.count() == 1


def test_what_has_ended_stays_ended_when_it_is_linked(world, now):
    services.set_idea_state(by=None, idea=world.ideas[0], state="launched", now=now)
    services.carry_on(
        by=None, idea=world.ideas[0], assignment=make_assignment(enrolment=world.enrolment), now=now
    )
    world.ideas[0].refresh_from_db()
    assert world.ideas[0].state == "launched"


def test_an_assignment_of_somebody_else_carries_nothing_on(world, now):
    others = [
        (make_assignment(), "another programme"),
        (make_assignment(programme=world.programme), "nominated the idea"),
        (make_assignment(enrolment=world.enrolment, state=Assignment.State.DECLINED), "declined"),
    ]
    for assignment, words in others:
        with pytest.raises(ValidationError, match=words):
            services.carry_on(by=world.coordinator, idea=world.ideas[0], assignment=assignment, now=now)


def test_an_idea_is_never_deleted(world):
    for delete in (world.ideas[0].delete, Idea.objects.all().delete, Idea.objects.none().delete):
        with pytest.raises(ProtectedError):
            delete()
    assert Idea.objects.count() == 2


# --- rounds


def open_round(world, now, **over):
    """Another one; the one before is over with that, so that its ideas are free for it."""
    world.round.closes_at = now
    world.round.save()
    plain = {"by": world.coordinator, "programme": world.programme, "coverage": 2, "criteria": RUBRIC}
    plain |= {"opens_at": now, "closes_at": now + timedelta(days=7), "reviewers": world.people, "now": now}
    return services.open_round(**plain | over)


def test_a_round_lays_each_idea_on_as_many_desks_as_asked(world, now):
    make_idea(world.programme, state="declined")
    fresh = make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
    round = open_round(world, now)
    assert round.number == world.round.number + 1
    assert [(c.position, c.name, c.weight) for c in round.criteria.all()] == [
        (1, "Need", 60),
        (2, "Means", 40),
    ]
    for seat in round.seats.all():
        assert {task.idea for task in seat.tasks.all()} == {*world.ideas, fresh}
        assert sorted(task.place for task in seat.tasks.all()) == [1, 2, 3]
    fresh.refresh_from_db()
    assert (fresh.state, fresh.state_by) == ("in_review", world.coordinator)


def test_nobody_gets_what_she_nominated_guides_or_declared(world, now):
    """Idea 0 is guided by the first and declared by the second; idea 1 was nominated by the third herself."""
    third = make_mentor(world.programme).person
    make_assignment(world.people[0].mentor, world.enrolment)
    DeclaredConflict.objects.create(reviewer=world.people[1], idea=world.ideas[0], reason="Kuma.")
    services.add_nominator(
        by=None, idea=world.ideas[1], operation=uuid.uuid4(), now=now,
        enrolment=make_enrolment(world.programme, person=third),
    )  # fmt: skip
    round = open_round(world, now, reviewers=[*world.people, third])
    desks = {seat.reviewer: {task.idea for task in seat.tasks.all()} for seat in round.seats.all()}
    assert desks == {
        world.people[0]: {world.ideas[1]}, world.people[1]: {world.ideas[1]}, third: {world.ideas[0]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"coverage": 0}, "at least one review"),
        ({"criteria": []}, "at least one criterion"),
        ({"criteria": [{"name": "Need", "weight": 0}]}, "greater than or equal to 1"),
        ({"criteria": [{"name": "", "weight": 5}]}, "cannot be blank"),
        ({"reviewers": []}, "Choose who judges"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_whole(world, now, over, words):
    with pytest.raises(ValidationError, match=words):
        open_round(world, now, **over)
    assert list(world.programme.rounds.all()) == [world.round]


def test_a_round_closes_after_it_opens_and_only_mentors_of_the_programme_judge(world, now):
    with pytest.raises(ValidationError, match="closes after it opens"):
        open_round(world, now, closes_at=now)
    with pytest.raises(ValidationError, match="Not a mentor"):
        open_round(world, now, reviewers=[make_mentor().person])
    Idea.objects.update(state="declined")
    with pytest.raises(ValidationError, match="No idea waits"):
        open_round(world, now)


# --- reviews


def test_a_draft_is_kept_and_does_not_count(world, now, scores):
    task, first = world.tasks[0][0], world.criteria[0]
    services.save_review(by=world.mentors[0], task=task, scores={first.pk: 2}, comment=" Hm ", now=now)
    review = services.save_review(
        by=world.mentors[0], task=task, scores={first.pk: 4}, comment="Pitati", now=now
    )
    assert (review.comment, review.score, review.handed_in_at, review.saved_at) == ("Pitati", None, None, now)
    assert [(s.criterion, s.value) for s in review.scores.all()] == [(first, 4)]
    task.refresh_from_db()
    assert task.state == "waiting"


def test_a_review_is_handed_in_with_its_weighted_mean(world, now, scores):
    task = world.tasks[0][0]
    review = services.hand_in_review(by=world.mentors[0], task=task, scores=scores, comment="Da", now=now)
    review.refresh_from_db()
    task.refresh_from_db()
    assert (review.score, review.handed_in_at, review.comment) == (Decimal("4.300"), now, "Da")
    assert (task.state, task.state_at) == ("done", now)


def test_a_double_tap_hands_in_once_and_the_first_stands(world, now, scores):
    first, second = (ReviewTask.objects.get(pk=world.tasks[0][0].pk) for _ in range(2))  # two requests
    services.hand_in_review(by=world.mentors[0], task=first, scores=scores, now=now)
    again = dict.fromkeys(scores, 1)
    services.hand_in_review(by=world.mentors[0], task=second, scores=again, now=now + timedelta(minutes=1))
    review = Review.objects.get()
    assert (review.score, review.handed_in_at) == (Decimal("4.300"), now)
    assert AuditEntry.objects.filter(verb="handed in").count() == 1


def test_a_late_draft_does_not_open_what_is_handed_in(world, now, scores):
    task = world.tasks[0][0]
    services.hand_in_review(by=world.mentors[0], task=task, scores=scores, now=now)
    with pytest.raises(ValidationError, match="handed in already"):
        services.save_review(by=world.mentors[0], task=task, scores=dict.fromkeys(scores, 1), now=now)
    assert sorted(Score.objects.values_list("value", flat=True)) == [3, 4, 5]


@pytest.mark.parametrize("value", [0, 6, -1, 10**8, "x", "²", True, 2.5, None])
def test_a_score_outside_the_scale_is_refused_with_words(world, now, scores, value):
    wrong = world.criteria[1].pk
    for save in (services.save_review, services.hand_in_review):
        with pytest.raises(ValidationError) as error:
            save(by=world.mentors[0], task=world.tasks[0][0], scores=scores | {wrong: value}, now=now)
        assert refused(error) == {f"criterion-{wrong}": [f"Criterion 2: {value} is outside 1 to 5."]}
    assert (Review.objects.count(), Score.objects.count()) == (0, 0)


def test_a_missing_criterion_is_named_and_nothing_is_half_written(world, now, scores):
    del scores[world.criteria[2].pk]
    with pytest.raises(ValidationError) as error:
        services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    assert refused(error) == {f"criterion-{world.criteria[2].pk}": ["Give “Criterion 3” a score."]}
    world.tasks[0][0].refresh_from_db()
    assert (Review.objects.count(), world.tasks[0][0].state) == (0, "waiting")


def test_a_criterion_of_another_round_is_refused(world, now, scores):
    stranger = make_round(world.programme).criteria.first()
    with pytest.raises(ValidationError) as error:
        services.hand_in_review(
            by=world.mentors[0], task=world.tasks[0][0], scores=scores | {stranger.pk: 3}, now=now
        )
    assert list(refused(error)) == [f"criterion-{stranger.pk}"]
    assert Review.objects.count() == 0


def test_a_comment_may_be_long_but_not_endless(world, now, scores):
    with pytest.raises(ValidationError) as error:
        services.save_review(
            by=world.mentors[0], task=world.tasks[0][0], scores={}, comment="x" * 10_001, now=now
        )
    assert list(refused(error)) == ["comment"]


def test_a_round_is_judged_from_its_opening_until_its_close(world, now, scores):
    """Half-open: the first moment counts, the last does not."""
    give = {"by": world.mentors[0], "scores": scores}
    for moment, words in (
        (world.round.opens_at - timedelta(seconds=1), "opens on"),
        (world.round.closes_at, "closed on"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.hand_in_review(task=world.tasks[0][0], now=moment, **give)
    services.hand_in_review(task=world.tasks[0][0], now=world.round.opens_at, **give)
    services.hand_in_review(
        task=world.tasks[0][1], now=world.round.closes_at - timedelta(microseconds=1), **give
    )
    assert Review.objects.exclude(handed_in_at=None).count() == 2


def test_a_declared_conflict_takes_the_idea_away_for_good(world, now, scores):
    task = world.tasks[0][0]
    for _ in range(2):
        services.declare_conflict(by=world.mentors[0], task=task, reason=" Kuma   je ", now=now)
    task.refresh_from_db()
    assert (task.state, task.reason) == ("conflict", "Kuma je")
    assert [(d.reviewer, d.idea, d.reason) for d in DeclaredConflict.objects.all()] == [
        (world.people[0], world.ideas[0], "Kuma je")
    ]
    with pytest.raises(ValidationError, match="not on your desk"):
        services.hand_in_review(by=world.mentors[0], task=task, scores=scores, now=now)


def test_what_she_cannot_judge_goes_to_who_has_the_fewest_and_no_conflict(world, now):
    barred = make_seat(world.round, make_mentor(world.programme).person)
    make_assignment(barred.reviewer.mentor, world.enrolment)
    full = make_seat(world.round, make_mentor(world.programme).person, cap=0)
    free = make_seat(world.round, make_mentor(world.programme).person)
    make_task(free, make_idea(world.programme), place=5)
    services.cannot_judge(by=world.mentors[0], task=world.tasks[0][0], reason="Ne znam drvo", now=now)
    assert [(t.idea, t.place, t.state) for t in free.tasks.order_by("-pk")][0] == (
        world.ideas[0],
        6,
        "waiting",
    )
    assert (barred.tasks.count(), full.tasks.count(), DeclaredConflict.objects.count()) == (0, 0, 0)


def test_stepping_back_needs_words_and_comes_before_handing_in(world, now, scores):
    task = world.tasks[0][0]
    with pytest.raises(ValidationError) as error:
        services.cannot_judge(by=world.mentors[0], task=task, reason="  ", now=now)
    assert list(refused(error)) == ["reason"]
    services.hand_in_review(by=world.mentors[0], task=task, scores=scores, now=now)
    with pytest.raises(ValidationError, match="handed in already"):
        services.declare_conflict(by=world.mentors[0], task=task, reason="Kuma", now=now)


def test_the_database_holds_one_review_of_one_idea_by_one_mentor_in_a_round(world, scores, now):
    task = world.tasks[0][0]
    review = services.hand_in_review(by=world.mentors[0], task=task, scores=scores, now=now)
    for twice in (
        lambda: ReviewTask.objects.create(seat=task.seat, idea=task.idea, place=99),
        lambda: make_seat(world.round, task.seat.reviewer),
        lambda: Review.objects.create(task=task),
        lambda: Score.objects.create(review=review, criterion=world.criteria[0], value=5),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            twice()


def test_a_declined_enrolment_keeps_its_idea(world, now):
    Enrolment.objects.filter(pk=world.enrolment.pk).update(state="withdrawn")
    assert [n.enrolment for n in world.ideas[0].nominations.all()] == [world.enrolment]
    with pytest.raises(ProtectedError):
        world.enrolment.delete()


def test_other_programmes_are_numbered_by_themselves(world, now):
    other = make_enrolment(make_programme())
    idea = services.nominate(by=None, enrolment=other, title="Med", operation=uuid.uuid4(), now=now)
    assert idea.number == 1


# --- handing in costs the same whatever the round's size


@pytest.mark.parametrize("ideas", [1, 3])
def test_handing_in_takes_a_constant_number_of_queries(world, now, scores, ideas, django_assert_num_queries):
    for _ in range(ideas - 1):
        make_task(world.seats[0], make_idea(world.programme))
    tasks = ReviewTask.objects.select_related("seat__round__programme", "seat__reviewer", "review")
    task = tasks.prefetch_related("seat__round__criteria").get(pk=world.tasks[0][0].pk)
    with django_assert_num_queries(9):
        services.hand_in_review(by=world.mentors[0], task=task, scores=scores, now=now)
