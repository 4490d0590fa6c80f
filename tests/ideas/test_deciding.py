"""A round is decided once: what is frozen, what moves, what is refused, and whether it holds."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from ideas import rules, services
from ideas.models import Decision, Idea, IdeaChange, ReviewTask, Selection
from ideas.ranking import Choice, rank
from ideas.ranking.again import check
from ideas.ranking.facts import gather
from ideas.ranking.kept import ranked, seen_now
from ideas.services.deciding import sealed
from tests.factories import (
    NOW,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_programme,
    make_review,
    make_seat,
    make_task,
)
from tests.house.test_races import at_once
from tests.ideas.judged import PANEL, judged, waiting

DECLINED = "no customer was named"


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


def decide(by, round, shortlisted=2, waiting=2, method="mean", **fields):
    plain = {"seen": seen_now(round), "declined_reason": DECLINED, "now": NOW}
    return services.decide(by=by, round=round, choice=Choice(method, shortlisted, waiting), **plain | fields)


def refused(code: str, *args, **fields) -> str:
    with pytest.raises(ValidationError) as caught:
        decide(*args, **fields)
    told = caught.value
    errors = sum(told.error_dict.values(), []) if hasattr(told, "error_dict") else told.error_list
    assert code in [one.code for one in errors]
    return " ".join(caught.value.messages)


# --- what it rests on


def test_facts_are_the_handed_in_reviews_of_ideas_that_stand(programme):
    round, ideas, desks = judged(programme, PANEL[:3])
    draft = make_task(desks[0], make_idea(programme, state="in_review"))
    joined = make_idea(programme, state="in_review")
    make_review(make_task(desks[0], joined), values=(5,))
    joined.joins.create(into=ideas[0])
    criterion = round.criteria.get()
    late = round.criteria.create(position=2, name="Retired", weight=100, retired_at=NOW)
    ReviewTask.objects.filter(idea=ideas[0]).first().review.scores.create(criterion=late, value=1)
    data = gather(round)
    assert data["criteria"] == [[criterion.pk, 100]]
    assert data["ideas"] == [*[idea.pk for idea in ideas], draft.idea_id]
    assert data["reviews"] == [
        [idea.pk, desk.pk, None, [value]]
        for idea, row in zip(ideas, PANEL[:3], strict=True)
        for desk, value in zip(desks, row, strict=True)
    ]


def test_facts_cost_the_same_for_more(programme):
    few, *_rest = judged(programme, PANEL[:1])
    many, *_rest = judged(programme, PANEL)
    asked = []
    for round in (few, many):
        with CaptureQueriesContext(connection) as queries:
            gather(round)
        asked.append(len(queries))
    assert asked == [4, 4]


def test_what_was_seen_changes_with_every_review_and_revision(programme):
    round, ideas, desks = judged(programme, PANEL)
    seen = [seen_now(round)]
    review = make_review(make_task(desks[0], make_idea(programme, state="in_review")), values=(2,))
    seen.append(seen_now(round))
    review.saved_at += timedelta(minutes=1)
    review.save()
    seen.append(seen_now(round))
    round.criteria.update(weight=90)
    seen.append(seen_now(round))
    make_task(desks[1], make_idea(programme))
    seen.append(seen_now(round))
    assert len(set(seen)) == 5
    assert [one.split("-")[0] for one in seen] == ["18", "19", "19", "19", "19"]


def test_a_ranking_is_computed_once_for_the_same_facts(programme):
    round, *_rest = judged(programme, PANEL)
    first = ranked(round, "mean")
    with CaptureQueriesContext(connection) as queries:
        assert ranked(round, "mean").found == first.found
    assert len(queries) == 4  # the decision, and three of what was seen
    assert first.found == rank(gather(round), "mean", seed=round.pk)


# --- deciding


def test_deciding_freezes_and_moves_the_ideas(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    selection = decide(by, round)
    assert (selection.method, selection.shortlisted, selection.waiting, selection.by) == ("mean", 2, 2, by)
    rows = selection.decisions.order_by("place", "pk").values_list(
        "idea", "verdict", "place", "score", "reason"
    )
    assert [(pk, verdict, place, str(score), why) for pk, verdict, place, score, why in rows] == [
        (ideas[0].pk, "shortlisted", 1, "4.667", ""),
        (ideas[1].pk, "shortlisted", 2, "4.000", ""),
        (ideas[2].pk, "waiting", 3, "3.333", ""),
        (ideas[3].pk, "waiting", 4, "2.333", ""),
        (ideas[4].pk, "declined", 5, "1.333", DECLINED),
        (ideas[5].pk, "declined", 5, "1.333", DECLINED),
    ]
    states = Idea.objects.order_by("number").values_list("state", "reason", "state_by")
    assert list(states) == [
        ("shortlisted", "", by.pk), ("shortlisted", "", by.pk), ("waiting", "", by.pk),
        ("waiting", "", by.pk), ("declined", DECLINED, by.pk), ("declined", DECLINED, by.pk),
    ]  # fmt: skip
    assert IdeaChange.objects.filter(state="declined", reason=DECLINED, by=by, at=NOW).count() == 2
    entry = AuditEntry.objects.get(verb="decide")
    assert (entry.object_id, entry.fields) == (selection.pk, ["decisions", "method", "ranking"])
    assert tuple(check(selection, sealed(selection, selection.decisions.all()))) == (True,) * 4


def test_nobody_is_declined_where_all_the_rest_waits(programme, by):
    round, *_rest = judged(programme, PANEL)
    selection = decide(by, round, 1, None, declined_reason="")
    assert set(selection.decisions.values_list("verdict", flat=True)) == {"shortlisted", "waiting"}
    assert (selection.shortlisted, selection.waiting) == (1, 5)


def test_what_nobody_judged_is_left_as_it_is_or_decided_by_hand(programme, by):
    round, ideas, desks = judged(programme, [*PANEL, (None, None, None), (None, None, None)])
    by_hand = {ideas[7].pk: ("shortlisted", "the only one from the south")}
    selection = decide(by, round, exceptions=by_hand)
    assert not Decision.objects.filter(idea=ideas[6]).exists()
    assert Idea.objects.get(pk=ideas[6].pk).state == "in_review"
    found = Decision.objects.get(idea=ideas[7])
    assert (found.verdict, found.place, found.score, found.by_hand) == ("shortlisted", None, None, True)
    assert selection.shortlisted == 3
    assert check(selection, sealed(selection, selection.decisions.all())).holds


def test_an_idea_that_goes_on_already_keeps_its_state(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    Idea.objects.filter(pk=ideas[5].pk).update(state="in_mentoring")
    decide(by, round)
    assert Idea.objects.get(pk=ideas[5].pk).state == "in_mentoring"
    assert Decision.objects.get(idea=ideas[5]).verdict == "declined"


def test_by_hand_with_a_reason(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    decide(by, round, exceptions={ideas[2].pk: ("shortlisted", "  she has a buyer  ")})
    found = Decision.objects.get(idea=ideas[2])
    assert (found.verdict, found.by_hand, found.reason, found.place) == (
        "shortlisted",
        True,
        "she has a buyer",
        3,
    )
    assert Idea.objects.get(pk=ideas[2].pk).reason == "she has a buyer"


def test_what_the_order_says_anyway_is_not_by_hand(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    decide(by, round, exceptions={ideas[0].pk: ("shortlisted", "of course")})
    assert not Decision.objects.get(idea=ideas[0]).by_hand


@pytest.mark.parametrize(
    "said",
    [("shortlisted", " "), ("perhaps", "why not"), ("shortlisted", "x" * 301)],
)
def test_by_hand_refused(programme, by, said):
    round, ideas, _desks = judged(programme, PANEL)
    with pytest.raises(ValidationError) as caught:
        decide(by, round, exceptions={ideas[2].pk: said})
    assert list(caught.value.error_dict) == ["exceptions"]
    assert not Selection.objects.exists()


def test_an_idea_of_another_round_is_refused(programme, by):
    round, *_rest = judged(programme, PANEL)
    other = make_idea(programme)
    with pytest.raises(ValidationError, match="not part of the round"):
        decide(by, round, exceptions={other.pk: ("shortlisted", "why not")})


def test_a_line_between_equal_scores_is_refused_until_settled_by_hand(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    numbers = ", ".join(str(idea.number) for idea in ideas[4:])
    assert f"Ideas {numbers} have the same score" in refused("tied", by, round, 2, 3)
    by_hand = {ideas[4].pk: ("waiting", "it was first"), ideas[5].pk: ("declined", "too early")}
    decide(by, round, 2, 3, exceptions=by_hand)
    assert list(Decision.objects.filter(by_hand=True).values_list("verdict", flat=True).order_by("idea")) == [
        "waiting",
        "declined",
    ]


def test_declining_needs_a_word_why(programme, by):
    round, *_rest = judged(programme, PANEL)
    with pytest.raises(ValidationError) as caught:
        decide(by, round, declined_reason=" ")
    assert list(caught.value.error_dict) == ["declined_reason"]


def test_nothing_to_decide(programme, by):
    round, *_rest = judged(programme, [(None, None, None)])
    refused("empty", by, round)


def test_what_is_new_since_she_looked_is_said_and_must_be_seen(programme, by):
    round, ideas, desks = judged(programme, PANEL)
    seen = seen_now(round)
    make_review(make_task(make_seat(round), ideas[0]), values=(1,))
    words = refused("stale", by, round, seen=seen)
    assert words.startswith("1 review came in since you opened this page")
    assert not Selection.objects.exists()
    decide(by, round)
    assert Selection.objects.get().ranking["found"]["ideas"][1]["reviews"] == 4


def test_a_conflict_with_a_nominator_needs_a_reason(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    hers = make_enrolment(programme, person=by.person)
    ideas[0].nominations.create(enrolment=hers, operation="5f3c1d0e-0000-4000-8000-000000000001", at=NOW)
    refused("conflict", by, round)
    decide(by, round, conflict_reason="the board asked me to")
    assert Idea.objects.get(pk=ideas[0].pk).reason == "the board asked me to"
    assert Idea.objects.get(pk=ideas[1].pk).reason == ""
    assert Decision.objects.get(idea=ideas[0]).reason == ""  # nominators do not read it


# --- once


def test_decided_twice_is_refused_with_who_was_first(programme, by):
    round, *_rest = judged(programme, PANEL)
    decide(by, round)
    words = refused("decided", make_coordinator(programme), round)
    assert words.startswith(f"{by} decided on this round on ")
    assert Selection.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once():
    programme = make_programme()
    round, *_rest = judged(programme, PANEL)
    seen = seen_now(round)

    def one(user, shortlisted):
        def act():
            try:
                return decide(user, round, shortlisted, 4 - shortlisted, seen=seen)
            except ValidationError as error:
                return error.code

        return act

    told = at_once(*[one(make_coordinator(programme), n) for n in (1, 2, 3, 1, 2, 3)])
    won = [said for said in told if isinstance(said, Selection)]
    assert (len(won), [said for said in told if said not in won]) == (1, ["decided"] * 5)
    assert Selection.objects.get().pk == won[0].pk
    assert Decision.objects.count() == len(PANEL)
    assert IdeaChange.objects.count() == len(PANEL)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_review_handed_in_while_it_is_decided_counts_or_is_refused():
    programme = make_programme()
    round, ideas, desks = judged(programme, [*PANEL, (None, 3, 3)])
    task = ReviewTask.objects.waiting().get()
    criterion, seen = round.criteria.get(), seen_now(round)

    def hand_in():
        try:
            scores = {criterion.pk: 5}
            services.hand_in_review(by=task.seat.reviewer.user, task=task, scores=scores, now=NOW)
        except ValidationError:
            return "refused"
        return "in"

    def deciding():
        try:
            return decide(make_coordinator(programme), round, seen=seen)
        except ValidationError:
            return "stale"

    first, second = at_once(hand_in, deciding)
    assert (first, isinstance(second, Selection)) in (("in", False), ("refused", True))
    if first == "refused":
        assert all(len(row) == 4 for row in Selection.objects.get().ranking["data"]["reviews"])
        assert ReviewTask.objects.get(pk=task.pk).state == "withdrawn"


def test_reviews_that_are_not_in_leave_the_desks_and_cannot_come_back(programme, by):
    round, ideas, desks = judged(programme, [*PANEL, (None, 3, 3)])
    task = ReviewTask.objects.waiting().select_related("seat__reviewer__user", "seat__round").get()
    decide(by, round, 2, 3)
    assert waiting(round) == 0
    criterion = round.criteria.get()
    with pytest.raises(ValidationError):
        services.hand_in_review(by=task.seat.reviewer.user, task=task, scores={criterion.pk: 5}, now=NOW)
    done = ReviewTask.objects.filter(idea=ideas[0], seat=desks[0]).select_related("seat__round__programme")
    with pytest.raises(ValidationError):
        services.revise_review(by=desks[0].reviewer.user, task=done.get(), scores={criterion.pk: 1}, now=NOW)
    assert check(round.selection, round.selection.fingerprint).is_current


# --- whether it holds


def test_a_changed_decision_does_not_hold(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    selection = decide(by, round)

    def checked():
        again = Selection.objects.get(pk=selection.pk)
        return check(again, sealed(again, again.decisions.all()))

    Decision.objects.filter(idea=ideas[5]).update(verdict="shortlisted")
    assert tuple(checked()) == (False, True, False, True)
    Decision.objects.filter(idea=ideas[5]).update(verdict="declined")
    kept = selection.ranking
    kept["found"]["ideas"][0]["score"] = 4.9
    Selection.objects.filter(pk=selection.pk).update(ranking=kept)
    assert tuple(checked()) == (False, False, True, True)
    kept["found"]["ideas"][0]["score"] = 4.666667
    kept["data"]["reviews"][0][3] = [1]
    Selection.objects.filter(pk=selection.pk).update(ranking=kept)
    assert tuple(checked()) == (False, False, True, False)


def test_records_that_change_later_change_no_decision(programme, by):
    round, *_rest = judged(programme, PANEL)
    selection = decide(by, round)
    round.criteria.update(weight=10)
    found = check(selection, sealed(selection, selection.decisions.all()))
    assert (found.holds, found.is_current) == (True, False)
    assert ranked(round, "mean").found == selection.ranking["found"]


def test_a_decision_by_the_adjusted_order_holds(programme, by):
    round, *_rest = judged(programme, PANEL, seats=3)
    selection = decide(by, round, 1, None, method="adjusted", declined_reason="")
    assert selection.method == "adjusted"
    assert check(selection, sealed(selection, selection.decisions.all())).holds


# --- who may see any of it


def test_who_owes_a_review_of_the_round_ranks_nothing(programme, by):
    round, ideas, _desks = judged(programme, PANEL)
    assert rules.may_rank(by, round)
    task = make_task(make_seat(round, by.person), ideas[0])
    assert (rules.may_rank(by, round), rules.owed(by, round)) == (False, 1)
    make_review(task, values=(3,))
    assert rules.may_rank(by, round)
    assert not rules.may_rank(make_coordinator(make_programme()), round)
