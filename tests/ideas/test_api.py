import uuid

import pytest

from ideas import services
from ideas.models import Idea, Review
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_funder,
    make_idea,
    make_programme,
    make_review,
    make_seat,
    make_session,
    make_task,
)

JSON = "application/json"


def post(client, url, data):
    return client.post(url, data, content_type=JSON)


def test_nobody_without_a_sign_in(client, db):
    for kind in ("ideas", "reviews", "rounds"):
        assert client.get(f"/api/v1/{kind}/").status_code == 401


def test_a_funder_reads_no_reviews_and_no_rounds(client, world):
    client.force_login(make_funder(world.programme))
    assert [client.get(f"/api/v1/{kind}/").status_code for kind in ("reviews", "rounds")] == [403, 403]
    assert client.get("/api/v1/ideas/").json()["results"] == []


def test_another_tenant_finds_nothing(client, world):
    client.force_login(make_coordinator(make_programme()))
    assert client.get("/api/v1/ideas/").json()["results"] == []
    assert client.get("/api/v1/rounds/").json()["results"] == []
    for url in (f"/api/v1/ideas/{world.ideas[0].pk}/", f"/api/v1/rounds/{world.round.pk}/"):
        assert client.get(url).status_code == 404
    assert (
        post(client, f"/api/v1/ideas/{world.ideas[0].pk}/state/", {"state": "shortlisted"}).status_code == 404
    )


def test_an_idea_as_a_script_sees_it(client, world):
    make_review(world.tasks[0][0], values=(5, 4, 3))
    client.force_login(world.coordinator)
    found = client.get(f"/api/v1/ideas/{world.ideas[0].pk}/").json()
    names = ("programme", "title", "nominators", "asked", "judged", "score", "sees_scores")
    values = [found[name] for name in names]
    assert values == [world.programme.code, "Sušara za šljive", 1, 2, 1, "4.300", True]


def test_the_same_filter_as_the_page(client, world):
    client.force_login(world.coordinator)
    found = client.get("/api/v1/ideas/", {"q": "пиво"}).json()["results"]
    assert [row["id"] for row in found] == [world.ideas[1].pk]
    assert client.get("/api/v1/ideas/", {"state": "won"}).status_code == 400


@pytest.mark.parametrize("more", [0, 2])
def test_ideas_take_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    Idea.objects.filter(pk=world.ideas[1].pk).update(programme=make_programme())
    for _ in range(more):
        make_review(make_task(make_seat(world.round), make_idea(world.programme)))
    client.force_login(world.coordinator)
    with django_assert_num_queries(4):
        found = client.get("/api/v1/ideas/").json()["results"]
    assert len(found) == 1 + more


@pytest.mark.parametrize("more", [0, 2])
def test_reviews_take_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    make_review(world.tasks[0][0])
    for _ in range(more):
        make_review(make_task(world.seats[0]))
    client.force_login(world.mentors[0])
    with django_assert_num_queries(5):
        assert len(client.get("/api/v1/reviews/").json()["results"]) == 2 + more


def test_an_idea_is_nominated_once_an_operation(client, world):
    client.force_login(world.trainer)
    session = make_session(world.programme)
    data = {
        "operation": str(uuid.uuid4()), "enrolment": world.enrolment.pk, "session": session.pk,
        "title": "Med u saću", "sector": "A",
    }  # fmt: skip
    answers = [post(client, "/api/v1/ideas/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Idea.objects.filter(text__title="Med u saću").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"sector": "Z"}, "sector"),
        ({"enrolment": 0}, "enrolment"),
        ({"operation": "x"}, "operation"),
    ],
)
def test_a_bad_idea_is_refused_by_field(client, world, wrong, field):
    client.force_login(world.trainer)
    answer = post(client, "/api/v1/ideas/", {"enrolment": world.enrolment.pk, "title": "Med"} | wrong)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert Idea.objects.count() == 2


def test_ids_of_another_programme_are_unknown_here(client, world):
    client.force_login(world.trainer)
    for wrong in ({"enrolment": make_enrolment().pk}, {"session": make_session().pk}):
        data = {"enrolment": world.enrolment.pk, "title": "Med"} | wrong
        answer = post(client, "/api/v1/ideas/", data)
        assert (answer.status_code, list(answer.json())) == (400, list(wrong))


def test_a_mentor_nominates_for_nobody(client, world):
    client.force_login(world.mentors[0])
    assert (
        post(client, "/api/v1/ideas/", {"enrolment": world.enrolment.pk, "title": "Med"}).status_code == 403
    )


def test_a_state_is_set_by_who_runs_the_programme(client, world):
    url = f"/api/v1/ideas/{world.ideas[0].pk}/state/"
    client.force_login(world.trainer)
    assert post(client, url, {"state": "shortlisted"}).status_code == 403
    client.force_login(world.coordinator)
    answer = post(client, url, {"state": "declined"})
    assert (answer.status_code, answer.json()) == (400, {"reason": ["Say why: the entrepreneur may ask."]})
    answer = post(client, url, {"state": "shortlisted"})
    assert (answer.status_code, answer.json()["state"]) == (200, "shortlisted")


def test_a_review_is_handed_in_like_on_the_page(client, world, scores):
    client.force_login(world.mentors[0])
    url = f"/api/v1/reviews/{world.tasks[0][0].pk}/hand-in/"
    answer = post(client, url, {"scores": scores, "comment": "Da"})
    assert (answer.status_code, answer.json()["state"], answer.json()["score"]) == (200, "done", "4.300")
    assert answer.json()["scores"] == {str(pk): value for pk, value in scores.items()}
    again = post(client, url, {"scores": dict.fromkeys(scores, 1)})
    assert (again.status_code, again.json()["score"]) == (200, "4.300")


@pytest.mark.parametrize("wrong", [6, 0, -3])
def test_a_review_outside_the_scale_is_refused_in_the_same_words(client, world, scores, wrong):
    client.force_login(world.mentors[0])
    pk = world.criteria[0].pk
    answer = post(
        client, f"/api/v1/reviews/{world.tasks[0][0].pk}/hand-in/", {"scores": scores | {pk: wrong}}
    )
    assert answer.status_code == 400
    assert answer.json() == {f"criterion-{pk}": [f"Criterion 1: {wrong} is outside 1 to 5."]}
    assert Review.objects.count() == 0


def test_reviews_are_her_own(client, world, now, scores):
    services.hand_in_review(by=world.mentors[1], task=world.tasks[1][0], scores=scores, now=now)
    client.force_login(world.mentors[0])
    found = client.get("/api/v1/reviews/").json()["results"]
    assert sorted(row["id"] for row in found) == [task.pk for task in world.tasks[0]]
    foreign = world.tasks[1][1].pk
    assert client.get(f"/api/v1/reviews/{foreign}/").status_code == 404
    assert post(client, f"/api/v1/reviews/{foreign}/hand-in/", {"scores": scores}).status_code == 404


def test_a_round_tells_its_rubric(client, world):
    client.force_login(world.mentors[0])
    found = client.get(f"/api/v1/rounds/{world.round.pk}/").json()
    assert [(row["name"], row["weight"]) for row in found["criteria"]] == [
        ("Criterion 1", 50), ("Criterion 2", 30), ("Criterion 3", 20),
    ]  # fmt: skip
    assert (found["programme"], found["is_blind"], found["lowest"], found["highest"]) == (
        world.programme.code,
        True,
        1,
        5,
    )
