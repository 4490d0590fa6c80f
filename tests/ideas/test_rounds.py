"""A round changed before and while it is judged: dates, seats, rubric; what is refused and in which words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from ideas import services
from ideas.board import board
from ideas.models import Criterion, Idea, Review, ReviewTask, Round, Score, Seat, Selection
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_review,
)

STEPS = "From the lowest to the highest number it must be a whole number of steps."
SHAPE = "Say what numbers mean as {number: {en: words, sr: words}}."
OFF = "6 is not on the scale: 1 is worst, 5 is best."


def means(described) -> dict:
    return {"criteria": [{"name": "A", "weight": 1, "described": described}]}


RUBRIC = [{"name": "Need", "weight": 60}, {"name": "Means", "weight": 40}]


def said(error) -> dict:
    return error.value.message_dict if hasattr(error.value, "error_dict") else {"": error.value.messages}


def opened(world, now, **over):
    plain = {"by": world.coordinator, "programme": world.programme, "coverage": 2, "criteria": RUBRIC}
    plain |= {"opens_at": now, "closes_at": now + timedelta(days=7), "reviewers": world.people, "now": now}
    return services.open_round(**plain | over)


def change(world, now, **more):
    return services.change_round(by=world.coordinator, round=world.round, now=now, **more)


def handed_in(world, now, values=(5, 4, 3), task=(0, 0)) -> Review:
    scores = {one.pk: value for one, value in zip(world.criteria, values, strict=True)}
    task = world.tasks[task[0]][task[1]]
    task.refresh_from_db()
    return services.hand_in_review(by=task.seat.reviewer.user, task=task, scores=scores, now=now)


# --- opening


def test_a_second_round_leaves_what_lies_in_an_open_one(world, now):
    with pytest.raises(ValidationError) as error:
        opened(world, now)
    [words] = error.value.messages
    assert words.startswith(f"All ideas that wait lie in round {world.round.number}, which runs until ")
    fresh = make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
    second = opened(world, now)
    assert set(Idea.objects.filter(tasks__seat__round=second)) == {fresh}
    assert world.round.seats.count() == 2


def test_what_was_judged_in_a_round_that_is_over_may_be_judged_again(world, now):
    Round.objects.filter(pk=world.round.pk).update(closes_at=now)
    assert set(Idea.objects.filter(tasks__seat__round=opened(world, now))) == set(world.ideas)


def test_an_own_scale_with_described_numbers_is_kept(world, now):
    Round.objects.filter(pk=world.round.pk).update(closes_at=now)
    described = {"0": {"en": " nothing ", "sr": "ništa"}, "10": {"en": "all"}, "5": {"en": ""}}
    round = opened(
        world, now, lowest=0, highest=10, better="low", guidance="Read it twice.", asks_confidence=True,
        criteria=[{"name": "Need", "weight": 7, "described": described}], caps={world.people[0].pk: 1},
    )  # fmt: skip
    one = round.criteria.get()
    assert one.described == {"0": {"en": "nothing", "sr": "ništa"}, "10": {"en": "all"}}
    assert [one.meaning(n) for n in (0, 5, 10)] == ["nothing", "", "all"]
    assert (list(round.scale), round.spoken_scale) == (list(range(11)), "0 is best, 10 is worst")
    assert {s.reviewer: s.cap for s in round.seats.all()} == {world.people[0]: 1, world.people[1]: None}


@pytest.mark.parametrize(
    ("over", "field", "words"),
    [
        ({"closes_at": -1}, "closes_at", "A round closes after it opens."),
        ({"highest": 1}, "highest", "A scale goes up, and lies between 0 and 100."),
        ({"highest": 101}, "highest", "A scale goes up, and lies between 0 and 100."),
        ({"step": Decimal("0.3")}, "step", STEPS),
        ({"step": Decimal(0)}, "step", STEPS),
        ({"guidance": "m" * 2_001}, "guidance", "At most 2000 characters."),
        ({"criteria": []}, "criteria", "A rubric has at least one criterion."),
        ({"criteria": [{"name": "A", "weight": 1}] * 13}, "criteria", "At most 12 criteria."),
        ({"reviewers": []}, "reviewers", "Choose who judges."),
        (means({"6": {"en": "x"}}), "described", OFF),
        (means({"5": "x"}), "described", SHAPE),
        (means({"5": {"en": "x" * 201}}), "described", "At most 200 characters."),
    ],
)  # fmt: skip
def test_a_round_that_makes_no_sense_is_refused_by_field(world, now, over, field, words):
    if "closes_at" in over:
        over = {"closes_at": now - timedelta(seconds=1)}
    make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
    with pytest.raises(ValidationError) as error:
        opened(world, now, **over)
    assert said(error) == {field: [words]}
    assert world.programme.rounds.count() == 1


def test_weights_sum_to_anything(world, now):
    for weights in ((1, 1, 1), (100, 100, 100), (3, 40, 9)):
        Review.objects.all().delete()
        ReviewTask.objects.update(state="waiting")
        for one, weight in zip(world.criteria, weights, strict=True):
            Criterion.objects.filter(pk=one.pk).update(weight=weight)
        total = sum(w * v for w, v in zip(weights, (5, 4, 3), strict=True)) / sum(weights)
        assert handed_in(world, now).score == Decimal(total).quantize(Decimal("0.001"))


# --- changing


def test_dates_guidance_caps_and_reviewers_change_while_it_is_judged(world, now):
    handed_in(world, now)
    third, until = make_mentor(world.programme).person, now + timedelta(days=30)
    made = change(
        world, now, closes_at=until, guidance="Slowly.", coverage=3, reviewers=[third],
        caps={world.people[0].pk: 4, third.pk: 2}, revision=world.round.revision,
    )  # fmt: skip
    assert (made.closes_at, made.guidance, made.coverage, made.revision) == (until, "Slowly.", 3, 2)
    caps = {seat.reviewer: seat.cap for seat in made.seats.all()}
    assert caps == {world.people[0]: 4, world.people[1]: None, third: 2}
    entry = AuditEntry.objects.get(verb="changed round")
    assert entry.fields == ["closes_at", "coverage", "guidance", "seats"]
    assert change(world, now, closes_at=until, caps={third.pk: 2}).revision == 2  # the same again is nothing


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"better": "low"}, "better", "Scores are given on this scale already: it stays."),
        ({"highest": 7}, "better", "Scores are given on this scale already: it stays."),
        ({"is_blind": False}, "is_blind", "The round has begun: who is hidden in it stays as it is."),
        ({"coverage": 0}, "coverage", "An idea gets at least one review."),
        ({"revision": 7}, "", "Somebody else has changed this round meanwhile. Look at it and try again."),
    ],
)  # fmt: skip
def test_what_reviewers_judged_by_stays(world, now, more, field, words):
    handed_in(world, now)
    with pytest.raises(ValidationError) as error:
        change(world, now, **more)
    assert said(error) == {field: [words]}
    assert Round.objects.get(pk=world.round.pk).revision == 1


def test_a_stranger_gets_no_seat(world, now):
    with pytest.raises(ValidationError, match="Not a mentor of this programme"):
        change(world, now, reviewers=[make_mentor(make_programme()).person])


def test_a_decided_round_stays_as_it_is(world, now):
    Selection.objects.create(round=world.round, method="mean", shortlisted=1, fingerprint="a" * 64)
    for act in (
        lambda: change(world, now, guidance="Later."),
        lambda: services.retire_criterion(by=world.coordinator, criterion=world.criteria[0], now=now),
        lambda: services.leave_seat(by=world.coordinator, seat=world.seats[0], reason="Ill", now=now),
        lambda: handed_in(world, now),
    ):
        with pytest.raises(ValidationError, match="decided on this round"):
            act()


# --- a reviewer leaves


def test_who_leaves_keeps_her_reviews_and_her_other_ideas_go_on(world, now):
    third = services.change_round(
        by=world.coordinator, round=world.round, now=now, reviewers=[make_mentor(world.programme).person]
    ).seats.latest("pk")
    handed_in(world, now)
    services.save_review(
        by=world.mentors[0], task=world.tasks[0][1], scores={world.criteria[0].pk: 2}, comment="Jos", now=now
    )
    for _twice in (1, 2):
        services.leave_seat(by=world.coordinator, seat=world.seats[0], reason=" She is  ill ", now=now)
    seat = Seat.objects.get(pk=world.seats[0].pk)
    assert (seat.left_at, seat.left_reason) == (now, "She is ill")
    states = [ReviewTask.objects.get(pk=task.pk) for task in world.tasks[0]]
    assert [(task.state, task.reason) for task in states] == [("done", ""), ("withdrawn", "She is ill")]
    assert Review.objects.get(task=world.tasks[0][1]).comment == "Jos"  # her draft stays
    assert [task.idea for task in third.tasks.all()] == [world.ideas[1]]
    assert AuditEntry.objects.filter(verb="left seat").count() == 1
    with pytest.raises(ValidationError, match="not on your desk any more"):
        task = ReviewTask.objects.get(pk=world.tasks[0][1].pk)
        services.save_review(by=world.mentors[0], task=task, scores={}, now=now)


def test_leaving_needs_a_reason_and_she_may_come_back(world, now):
    with pytest.raises(ValidationError, match="Say in a few words why"):
        services.leave_seat(by=world.coordinator, seat=world.seats[0], reason="  ", now=now)
    services.leave_seat(by=world.coordinator, seat=world.seats[0], reason="Ill", now=now)
    change(world, now, reviewers=[world.people[0]])
    assert Seat.objects.get(pk=world.seats[0].pk).left_at is None


# --- the rubric


def test_a_retired_criterion_counts_no_more_and_stays_on_record(world, now):
    review = handed_in(world, now)
    assert str(review.score) == "4.300"
    for _twice in (1, 2):
        services.retire_criterion(by=world.coordinator, criterion=world.criteria[0], now=now)
    review.refresh_from_db()
    assert str(review.score) == "3.600"  # (30·4 + 20·3) / 50
    assert Score.objects.filter(review=review).count() == 3
    assert AuditEntry.objects.filter(verb="retired criterion").count() == 1
    task = world.tasks[1][0]
    with pytest.raises(ValidationError, match="not part of the round's rubric"):
        services.hand_in_review(
            by=world.mentors[1], task=task, scores={one.pk: 3 for one in world.criteria}, now=now
        )
    rest = {one.pk: 3 for one in world.criteria[1:]}
    fresh = ReviewTask.objects.select_related("seat__round").get(pk=task.pk)
    assert (
        str(services.hand_in_review(by=world.mentors[1], task=fresh, scores=rest, now=now).score) == "3.000"
    )


def test_a_criterion_with_scores_is_not_removed_and_the_last_one_stays(world, now):
    services.save_review(
        by=world.mentors[0], task=world.tasks[0][0], scores={world.criteria[0].pk: 2}, now=now
    )
    with pytest.raises(ValidationError, match="“Criterion 1” has scores: it cannot be removed. Retire it"):
        services.remove_criterion(by=world.coordinator, criterion=world.criteria[0])
    services.remove_criterion(by=world.coordinator, criterion=world.criteria[1])
    services.retire_criterion(by=world.coordinator, criterion=world.criteria[2], now=now)
    for act in (services.remove_criterion, services.retire_criterion):
        more = {"now": now} if act is services.retire_criterion else {}
        with pytest.raises(ValidationError):
            act(by=world.coordinator, criterion=world.criteria[0], **more)
    assert [one.name for one in world.round.criteria.filter(retired_at=None)] == ["Criterion 1"]


def test_words_change_at_any_time_weights_only_before_scores(world, now):
    one, give = world.criteria[0], {"by": world.coordinator, "now": now}
    services.change_criterion(criterion=one, weight=10, **give)
    services.add_criterion(round=world.round, name="Fourth", weight=5, **give)
    Criterion.objects.get(name="Fourth").delete()
    handed_in(world, now)
    services.change_criterion(criterion=one, name="Demand", described={"1": {"en": "none"}}, **give)
    assert (one.name, one.described) == ("Demand", {"1": {"en": "none"}})
    with pytest.raises(ValidationError, match="its weights stay"):
        services.change_criterion(criterion=one, weight=11, **give)
    with pytest.raises(ValidationError, match="would be missing from them"):
        services.add_criterion(round=world.round, name="Fourth", weight=5, **give)


# --- revising, recommendation, confidence


def test_a_review_is_revised_while_the_round_is_open(world, now):
    review = handed_in(world, now)
    review.cleared_at = now
    review.save()
    task = ReviewTask.objects.get(pk=world.tasks[0][0].pk)
    scores = {one.pk: 1 for one in world.criteria}
    later = now + timedelta(hours=2)
    services.revise_review(by=world.mentors[0], task=task, scores=scores, comment="Ipak ne", now=later)
    review.refresh_from_db()
    assert (str(review.score), review.comment, review.handed_in_at, review.saved_at, review.cleared_at) == (
        "1.000", "Ipak ne", now, later, None,
    )  # fmt: skip
    assert AuditEntry.objects.filter(verb="revised", object_id=review.pk).count() == 1
    with pytest.raises(ValidationError, match="Give “Criterion 3” a score."):
        services.revise_review(
            by=world.mentors[0],
            task=task,
            scores={**scores, world.criteria[2].pk: 2}
            and {k: v for k, v in scores.items() if k != world.criteria[2].pk},
            now=later,
        )
    with pytest.raises(ValidationError, match="This round closed on"):
        services.revise_review(by=world.mentors[0], task=task, scores=scores, now=now + timedelta(days=2))
    with pytest.raises(ValidationError, match="not handed in yet"):
        services.revise_review(by=world.mentors[0], task=world.tasks[0][1], scores=scores, now=now)


def test_what_the_round_asks_for_is_needed_and_nothing_else_is_taken(world, now):
    scores = {one.pk: 4 for one in world.criteria}
    give = {"by": world.mentors[0], "task": world.tasks[0][0], "scores": scores, "now": now}
    with pytest.raises(ValidationError) as error:
        services.hand_in_review(recommendation="yes", confidence=2, **give)
    assert said(error) == {
        "recommendation": ["This round does not know this recommendation."],
        "confidence": ["This round does not know this answer."],
    }
    world.round.asks_recommendation = world.round.asks_confidence = True
    world.round.save()
    give["task"] = ReviewTask.objects.select_related("seat__round").get(pk=world.tasks[0][0].pk)
    with pytest.raises(ValidationError) as error:
        services.hand_in_review(**give)
    assert said(error) == {
        "recommendation": ["Say what you would do with the idea."],
        "confidence": ["Say how sure you are."],
    }
    review = services.hand_in_review(recommendation="maybe", confidence=1, **give)
    assert (review.recommendation, review.confidence) == ("maybe", 1)


@pytest.mark.parametrize(
    "value", [0, 6, Decimal("3.5"), Decimal("NaN"), Decimal("Infinity"), True, "5", 3.0, None]
)
def test_a_score_outside_the_scale_is_refused(world, now, value):
    with pytest.raises(ValidationError) as error:
        services.save_review(
            by=world.mentors[0], task=world.tasks[0][0], scores={world.criteria[0].pk: value}, now=now
        )
    words = f"Criterion 1: {value} is outside 1 to 5."
    assert said(error) == {f"criterion-{world.criteria[0].pk}": [words]}


def test_a_fine_scale_takes_its_steps(world, now):
    Round.objects.filter(pk=world.round.pk).update(step=Decimal("0.5"))
    task = ReviewTask.objects.select_related("seat__round").get(pk=world.tasks[0][0].pk)
    pk = world.criteria[0].pk
    services.save_review(by=world.mentors[0], task=task, scores={pk: Decimal("3.5")}, now=now)
    with pytest.raises(ValidationError, match="3.2 is outside 1 to 5 in steps of 0.5"):
        services.save_review(by=world.mentors[0], task=task, scores={pk: Decimal("3.2")}, now=now)


def test_a_comment_of_one_letter_too_many_is_refused(world, now):
    give = {"by": world.mentors[0], "task": world.tasks[0][0], "scores": {}, "now": now}
    services.save_review(comment="m" * 10_000, **give)
    with pytest.raises(ValidationError, match="At most 10000 characters; these are 10001"):
        services.save_review(comment="m" * 10_001, **give)


# --- pages


@pytest.fixture
def at(client, world):
    client.force_login(world.coordinator)
    return client


def form_data(client, world) -> dict:
    form = client.get(reverse("ideas:round_edit", args=[world.round.pk])).context["form"]
    data = {name: form[name].value() for name in form.fields if name != "reviewers"}
    return {name: value for name, value in data.items() if value not in (None, False)}


def test_the_page_changes_a_round_and_a_second_coordinator_is_told(at, world):
    address = reverse("ideas:round_edit", args=[world.round.pk])
    data = form_data(at, world) | {"guidance": "First.", f"cap-{world.people[0].pk}": "3"}
    before = world.round.closes_at
    assert at.post(address, data).status_code == 302
    world.round.refresh_from_db()
    assert (world.round.guidance, world.round.closes_at, world.round.revision) == ("First.", before, 2)
    answer = at.post(address, data | {"guidance": "Second."})  # she read it before the other one changed it
    assert answer.status_code == 200
    assert "Somebody else has changed this round meanwhile." in answer.content.decode()
    assert "Second." in answer.content.decode()  # nothing she typed is lost
    assert Round.objects.get(pk=world.round.pk).guidance == "First."


def test_a_coverage_that_no_idea_can_reach_is_taken_with_a_word(at, world):
    address = reverse("ideas:round_edit", args=[world.round.pk])
    seats = world.round.seats.count()
    said = f"{seats + 1} reviews are asked for each idea, and only {seats} reviewers judge."
    assert (
        said in at.post(address, form_data(at, world) | {"coverage": seats + 1}, follow=True).content.decode()
    )
    at_most = form_data(at, world) | {"coverage": seats}
    assert "reviews are asked for each idea" not in at.post(address, at_most, follow=True).content.decode()


def test_an_idea_that_was_joined_does_not_wait_on_the_board(world, now):
    def waits() -> tuple:
        shown = board(world.round, now, world.coordinator)
        return shown.ideas, sum(seat.waiting for seat in shown.seats)

    ideas, waiting = waits()
    gone = world.tasks[0][0].idea
    tasks = ReviewTask.objects.filter(idea=gone).count()
    into = world.tasks[0][1].idea
    (join,) = services.join_ideas(by=world.coordinator, into=into, ideas=[gone], now=now)
    assert waits() == (ideas - 1, waiting - tasks)
    services.part_ideas(by=world.coordinator, join=join, now=now)
    assert waits() == (ideas, waiting)


def test_the_page_rewords_retires_and_removes(at, world, now):
    one, two, three = world.criteria
    name = f"criterion-{one.pk}-"
    data = {f"{name}name": "Demand", f"{name}weight": "60", f"{name}means_en": "1 nobody\n5 paid"}
    assert at.post(reverse("ideas:criterion_edit", args=[one.pk]), data).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.weight, one.described) == (
        "Demand",
        60,
        {"1": {"en": "nobody"}, "5": {"en": "paid"}},
    )
    wrong = at.post(
        reverse("ideas:criterion_edit", args=[one.pk]), data | {f"{name}means_en": "seven is best"}
    )
    assert "begin the line with a number of the scale" in wrong.content.decode()
    wrong = at.post(reverse("ideas:criterion_edit", args=[one.pk]), data | {f"{name}means_en": "9 best"})
    assert "9 is not on the scale: 1 is worst, 5 is best." in wrong.content.decode()
    at.post(reverse("ideas:criterion_remove", args=[two.pk]))
    handed = {one.pk: 4, three.pk: 2}
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=handed, now=now)
    answer = at.post(reverse("ideas:criterion_remove", args=[three.pk]), follow=True)
    assert "has scores: it cannot be removed. Retire it" in answer.content.decode()
    shown = " ".join(at.get(reverse("ideas:round_edit", args=[world.round.pk])).content.decode().split())
    assert (
        shown.count("1 review that is in has a number for it. It stays on record;") == 2
    )  # before the press
    at.post(reverse("ideas:criterion_retire", args=[three.pk]))
    rows = [(row.name, row.retired_at is None) for row in world.round.criteria.all()]
    assert rows == [("Demand", True), ("Criterion 3", False)]
    assert str(Review.objects.get().score) == "4.000"


def test_the_page_lets_a_reviewer_leave(at, world):
    address = reverse("ideas:seat_leave", args=[world.seats[0].pk])
    assert "Say in a few words why." in at.post(address, {"reason": " "}).content.decode()
    assert at.post(address, {"reason": "Ill"}).status_code == 302
    assert Seat.objects.get(pk=world.seats[0].pk).left_reason == "Ill"


def test_who_only_judges_changes_nothing_and_strangers_find_nothing(client, world):
    gets = [reverse("ideas:round_edit", args=[world.round.pk])]
    posts = [
        *gets,
        reverse("ideas:criterion_create", args=[world.round.pk]),
        *(
            reverse(f"ideas:criterion_{act}", args=[world.criteria[0].pk])
            for act in ("edit", "retire", "remove")
        ),
        reverse("ideas:seat_leave", args=[world.seats[0].pk]),
    ]
    stranger = make_coordinator(make_programme())
    for user, status in ((world.mentors[0], 403), (stranger, 404)):
        client.force_login(user)
        assert [client.get(url).status_code for url in gets] == [status] * len(gets)
        assert [client.post(url).status_code for url in posts] == [status] * len(posts)


# --- the board


def test_the_board_says_where_judges_disagree_and_who_is_behind(at, world, now):
    make_review(world.tasks[0][0], values=(5, 5, 5))
    make_review(world.tasks[1][0], values=(1, 2, 1))
    make_review(world.tasks[0][1], values=(4, 4, 4))
    board = at.get(reverse("ideas:round_detail", args=[world.round.pk])).context["board"]
    assert [(row.idea, float(row.lowest), float(row.highest), row.reviews) for row in board.spread] == [
        (world.ideas[0], 1.3, 5.0, 2)
    ]
    behind = {seat.reviewer: seat.is_behind for seat in board.seats}
    assert behind == {world.people[0]: False, world.people[1]: False}  # half of it is over, half is done
    Round.objects.filter(pk=world.round.pk).update(closes_at=now)
    board = at.get(reverse("ideas:round_detail", args=[world.round.pk])).context["board"]
    assert {seat.reviewer: seat.is_behind for seat in board.seats} == {
        world.people[0]: False, world.people[1]: True,
    }  # fmt: skip


def test_a_long_list_of_the_board_is_shown_by_pages(at, world):
    ideas = [make_idea(world.programme, title=f"Idea {n:03}", state="in_review") for n in range(60)]
    page = at.get(reverse("ideas:round_detail", args=[world.round.pk]))
    assert len(page.context["board"].short.object_list) == 10
    assert "All 60" in page.content.decode()
    page = at.get(reverse("ideas:round_detail", args=[world.round.pk]), {"list": "short", "page": "2"})
    assert [row.idea for row in page.context["board"].short.object_list] == ideas[50:]
