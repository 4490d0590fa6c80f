"""Ideas and reviews taken along: as on the page, and never more than this reader may see."""

import tracemalloc

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ideas import services
from ideas.models import Idea, IdeaText, Nomination
from tests.factories import (
    make_aim,
    make_coordinator,
    make_idea,
    make_organisation,
    make_programme,
    make_review,
    make_seat,
    make_task,
)
from tests.taken import KINDS, content, everywhere, rows, table, take

IDEAS, REVIEWS = "ideas:idea_export", "ideas:review_export"
NAME = "Zlatiborac"  # of the nominator
SECRET = "Slaba zamisao"  # a comment


@pytest.fixture
def judged(world, now, scores):
    """The second mentor has judged the first idea; the first one owes both."""
    task = world.tasks[1][0]
    services.hand_in_review(by=world.mentors[1], task=task, scores=scores, comment=SECRET, now=now)
    return task


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": "susara"},
        {"q": "#2"},
        {"state": "declined"},
        {"reviewed": "some"},
        {"reviewed": "none", "sort": "-number"},
        {"sort": "-score"},
        {"sort": "score", "page": "2"},
        {"sort": "-reviews"},
        {"sort": "no such"},
        {"q": "nothing of the kind"},
    ],
)
def test_ideas_are_those_of_the_page_in_its_order(coordinator, world, judged, asked):
    make_idea(world.programme, title="Med", state="declined", sector="A")
    page = coordinator.get(reverse("ideas:idea_list", args=[world.programme.code]), asked)
    shown = [idea.title for idea in page.context["page"].object_list]
    assert everywhere(coordinator, IDEAS, world.programme.code, column="title", **asked) == shown


def test_what_is_said_of_an_idea(coordinator, world, judged):
    idea = world.ideas[0]
    idea.aims.set(
        [
            make_aim(world.programme, code="zeta", name="Zeta"),
            make_aim(world.programme, code="alfa", name="Work"),
        ]
    )
    Idea.objects.filter(pk=idea.pk).update(
        sector="C",
        stage="prototype",
        cluster=make_organisation(world.programme.tenant, kind="cluster", name="Food"),
    )
    found = rows(coordinator, IDEAS, world.programme.code)[0]
    assert {key: found[key] for key in found if not key.endswith("_at")} == {
        "number": idea.number,
        "title": "Sušara za šljive",
        "summary": "Zajednička sušara za pet sela.",
        "problem": "",
        "customer": "",
        "language": "",
        "sector": "C",
        "stage": "prototype",
        "cluster": "Food",
        "aims": ["alfa", "zeta"],
        "state": "in_review",
        "reason": "",
        "nominators": 1,
        "asked": 2,
        "judged": 1,
        "score": 4.3,
        "sees_scores": True,
    }
    head, line, _other = table(coordinator, IDEAS, world.programme.code)
    said = dict(zip(head, line, strict=True))
    assert (said["Sector"], said["State"], said["Aims"]) == ("Making things", "in review", "Work; Zeta")
    assert (said["Mean score"], said["Score open to you"]) == ("4.3", "yes")


def test_a_mean_with_a_long_tail_is_cut_where_it_is_kept(coordinator, world):
    for number, values in enumerate([(4, 4, 4), (4, 4, 5), (5, 4, 4)]):
        task = make_task(make_seat(world.round), world.ideas[0]) if number else world.tasks[0][0]
        make_review(task, values=values)
    assert rows(coordinator, IDEAS, world.programme.code)[0]["score"] == 4.233


# --- blindness


def everything(client, world) -> bytes:
    lists = [(IDEAS, world.programme.code), (REVIEWS, world.round.pk)]
    return b"".join(content(take(client, route, of, kind=kind)) for route, of in lists for kind in KINDS)


def test_a_blind_round_stays_blind(client, world, judged):
    client.force_login(world.mentors[0])
    found = rows(client, IDEAS, world.programme.code)
    assert [(row["score"], row["sees_scores"], row["nominators"]) for row in found] == [(None, False, 1)] * 2
    assert [row["score"] for row in rows(client, REVIEWS, world.round.pk)] == [None, None]
    text = everything(client, world).decode("utf-8", "replace")
    assert [word for word in (NAME, SECRET, world.people[1].name) if word in text] == []


def test_a_reviewer_takes_her_own_reviews_along_and_no_other(client, world, judged):
    client.force_login(world.mentors[1])
    found = rows(client, REVIEWS, world.round.pk)
    assert [row["reviewer"] for row in found] == [world.people[1].name] * 2
    assert [(row["state"], row["score"], row["comment"]) for row in found] == [
        ("done", 4.3, SECRET),
        ("waiting", None, ""),
    ]


def test_who_runs_the_programme_sees_every_review_that_is_in(coordinator, world, judged):
    found = rows(coordinator, REVIEWS, world.round.pk)
    first = next(row for row in found if row["state"] == "done")
    assert len(found) == 4
    assert [first[f"criterion_{n}"] for n in (1, 2, 3)] == [5, 4, 3]
    assert (first["score"], first["comment"], first["reviewer"]) == (4.3, SECRET, world.people[1].name)
    head, *_lines = table(coordinator, REVIEWS, world.round.pk)
    assert head[6:10] == [
        "Score (1 is worst, 5 is best)", "Criterion 1 (50 %)", "Criterion 2 (30 %)", "Criterion 3 (20 %)",
    ]  # fmt: skip
    assert sorted(everywhere(coordinator, REVIEWS, world.round.pk, column="title")) == [
        "Pivo od hleba", "Pivo od hleba", "Sušara za šljive", "Sušara za šljive",
    ]  # fmt: skip


def test_a_draft_is_open_to_nobody_else(coordinator, world, now, scores):
    services.save_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, comment=SECRET, now=now)
    assert {row["score"] for row in rows(coordinator, REVIEWS, world.round.pk)} == {None}
    assert SECRET not in everything(coordinator, world).decode("utf-8", "replace")


def test_a_coordinator_who_judges_sees_nothing_before_hers_is_in(coordinator, world, judged, now, scores):
    hers = make_task(make_seat(world.round, world.coordinator.person), world.ideas[0])
    assert {row["score"] for row in rows(coordinator, REVIEWS, world.round.pk)} == {None}
    assert rows(coordinator, IDEAS, world.programme.code)[0]["score"] is None
    assert SECRET not in everything(coordinator, world).decode("utf-8", "replace")
    services.hand_in_review(by=world.coordinator, task=hers, scores=scores, now=now)
    assert sorted(r["score"] for r in rows(coordinator, REVIEWS, world.round.pk) if r["score"]) == [4.3, 4.3]


# --- walls


def test_a_stranger_gets_nothing(client, world):
    client.force_login(make_coordinator(make_programme()))
    assert take(client, IDEAS, world.programme.code).status_code == 404
    assert take(client, REVIEWS, world.round.pk).status_code == 404


def test_a_trainer_has_the_ideas_without_scores_and_no_reviews(client, world, judged):
    client.force_login(world.trainer)
    assert [row["score"] for row in rows(client, IDEAS, world.programme.code)] == [None, None]
    assert take(client, REVIEWS, world.round.pk).status_code == 403


# --- cost


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_for_one_and_for_three(
    coordinator, world, judged, n, kind, django_assert_num_queries
):
    for _ in range(n):
        make_review(make_task(world.seats[0], make_idea(world.programme, enrolments=[world.enrolment])))
    with django_assert_num_queries(7):
        content(take(coordinator, IDEAS, world.programme.code, kind=kind))
    with django_assert_num_queries(7):
        content(take(coordinator, REVIEWS, world.round.pk, kind=kind))


def many(programme, n: int) -> None:
    """`n` more ideas, each with a page of text."""
    first = (programme.ideas.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Idea.objects.bulk_create(Idea(programme=programme, number=first + i) for i in range(n))
    words = [IdeaText(idea=idea, title=f"Zamisao {idea.number}", summary="Sušara " * 100) for idea in made]
    for idea, text in zip(made, IdeaText.objects.bulk_create(words), strict=True):
        idea.text = text
    Idea.objects.bulk_update(made, ["text"], batch_size=500)
    assert Nomination.objects.count() == 2


def cost(client, programme, kind: str) -> tuple[int, int, int]:
    """(queries, bytes sent, the most bytes held at once while they were sent)"""
    with CaptureQueriesContext(connection) as queries:
        answered = take(client, IDEAS, programme.code, kind=kind)
        tracemalloc.start()
        sent = sum(len(piece) for piece in answered.streaming_content)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return len(queries), sent, held


@pytest.mark.postgres  # once is enough
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_ten_times_the_ideas_cost_the_same_queries_and_no_more_memory(coordinator, world, kind, monkeypatch):
    """In pieces of 25 rows here; the long form, with 20,000 ideas, is `make bench ONLY=export`."""
    monkeypatch.setattr("lib.exports.CHUNK", 25)
    many(world.programme, 300)
    cost(coordinator, world.programme, kind)
    few = cost(coordinator, world.programme, kind)
    many(world.programme, 2700)
    lots = cost(coordinator, world.programme, kind)
    assert lots[0] == few[0]
    assert lots[1] > 9 * few[1] > 1_500_000
    assert lots[2] < few[2] + 300_000
