"""Words, nominators, rounds and reviews over the API; a blind round stays blind there as well."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ideas import rules, services
from ideas.models import Nomination, Review, Round
from tests.factories import (
    make_aim,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_seat,
    make_task,
    make_trainer,
)

API, JSON = "/api/v1/", "application/json"


def send(client, path: str, said: dict, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said, JSON)
    return answer.status_code, answer.json()


def rows(client, path: str) -> list[dict]:
    return client.get(f"{API}{path}").json()["results"]


# --- words


def test_a_change_of_words_is_a_version(client, world):
    client.force_login(world.trainer)
    idea, aim = world.ideas[0], make_aim(world.programme)
    path = f"ideas/{idea.pk}/"
    status, shown = send(client, path, {"title": "Sušara i džem", "aims": [aim.pk]}, "patch")
    assert (status, shown["title"], shown["summary"]) == (
        200,
        "Sušara i džem",
        "Zajednička sušara za pet sela.",
    )
    assert [one["title"] for one in rows(client, f"{path}texts/")] == ["Sušara i džem", "Sušara za šljive"]
    assert send(client, path, {"enrolment": world.enrolment.pk}, "patch") == (
        400, {"enrolment": ["Said when an idea is nominated."]},
    )  # fmt: skip
    assert list(idea.aims.all()) == [aim]


def test_similar_is_for_who_records_or_judges(client, world):
    alike = make_idea(world.programme, title="Sušara za šljive i jabuke", enrolments=[world.enrolment])
    path = f"ideas/{world.ideas[0].pk}/similar/"
    for user in (world.coordinator, world.trainer, world.mentors[0]):
        client.force_login(user)
        assert [one["idea"] for one in rows(client, path)] == [alike.pk]
    guide = make_mentor(world.programme)
    world.ideas[0].mentored.create(assignment=make_assignment(guide, world.enrolment))
    client.force_login(guide.person.user)
    assert client.get(f"{API}{path}").status_code == 403


def test_carried_on_in_an_assignment_of_a_nominator(client, world):
    pair = make_assignment(make_mentor(world.programme), world.enrolment)
    others = make_assignment(make_mentor(world.programme), make_enrolment(world.programme))
    client.force_login(world.coordinator)
    path = f"ideas/{world.ideas[0].pk}/carrying-on/"
    words = ["This assignment is not of somebody who nominated the idea."]
    assert send(client, path, {"assignment": others.pk}) == (400, {"non_field_errors": words})
    status, made = send(client, path, {"assignment": pair.pk})
    assert (status, made, rows(client, "mentored/")) == (201, made, [made])
    client.force_login(world.trainer)
    assert send(client, path, {"assignment": pair.pk})[0] == 403


# --- who nominated


def test_nominations_are_hidden_from_who_judges_blind(client, world, now, scores):
    client.force_login(world.mentors[0])
    assert rows(client, "nominations/") == []
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    assert rows(client, "nominations/") == []
    Round.objects.update(is_blind=False)
    assert len(rows(client, "nominations/")) == 2


def test_the_rows_are_those_that_the_rule_allows(world, now, scores):
    """Everybody × every idea: the list and the sentence about one idea never differ."""
    programme = world.programme
    guide = make_mentor(programme)
    world.ideas[1].mentored.create(assignment=make_assignment(guide, make_enrolment(programme)))
    both = make_trainer(programme)  # a trainer who judges one of them
    make_task(make_seat(world.round, both.person), world.ideas[0])
    services.hand_in_review(by=world.mentors[1], task=world.tasks[1][0], scores=scores, now=now)
    people = [
        world.coordinator, world.trainer, both, *world.mentors, guide.person.user,
        make_coordinator(make_programme(programme.tenant)), make_coordinator(make_programme()),
    ]  # fmt: skip
    for blind in (True, False):
        Round.objects.update(is_blind=blind)
        for user in people:
            visible = set(type(world.ideas[0]).objects.visible_to(user))
            wanted = {
                idea.pk for idea in world.ideas if idea in visible and rules.may_see_nominators(user, idea)
            }
            found = set(Nomination.objects.visible_to(user).values_list("idea", flat=True))
            assert (blind, user.email, found) == (blind, user.email, wanted)


def test_one_more_nominator(client, world):
    client.force_login(world.trainer)
    her = make_enrolment(world.programme)
    said = {"operation": str(uuid4()), "idea": world.ideas[0].pk, "enrolment": her.pk}
    first = send(client, "nominations/", said)
    assert (first[0], send(client, "nominations/", said), world.ideas[0].nominations.count()) == (
        201,
        first,
        2,
    )
    client.force_login(world.mentors[0])
    assert send(client, "nominations/", said)[0] == 403


# --- rounds and reviews


def test_a_round_is_opened_over_what_waits(client, world, now):
    make_idea(world.programme, title="Nova", enrolments=[world.enrolment])
    said = {
        "programme": world.programme.code,
        "opens_at": now.isoformat(),
        "closes_at": (now + timedelta(days=3)).isoformat(),
        "coverage": 1,
        "criteria": [{"name": "Need", "weight": 60}, {"name": "Feasible", "weight": 40}],
        "reviewers": [person.pk for person in world.people],
    }
    client.force_login(world.coordinator)
    wrong = send(client, "rounds/", said | {"closes_at": said["opens_at"]})
    assert wrong == (400, {"closes_at": ["A round closes after it opens."]})
    status, words = send(client, "rounds/", said | {"reviewers": [world.trainer.person.pk]})
    assert (status, list(words)) == (400, ["reviewers"])
    status, made = send(client, "rounds/", said)
    assert (status, made["number"], [one["weight"] for one in made["criteria"]]) == (
        201,
        world.round.number + 1,
        [60, 40],
    )
    client.force_login(world.mentors[0])
    assert send(client, "rounds/", said)[0] == 403


def test_a_review_from_draft_to_handed_in(client, world, scores):
    client.force_login(world.mentors[0])
    path = f"reviews/{world.tasks[0][0].pk}/"
    given = {str(pk): value for pk, value in scores.items()}
    first, *_rest = given
    status, shown = send(client, f"{path}draft/", {"scores": {first: 5}, "comment": "Good"})
    assert (status, shown["scores"], shown["comment"], shown["score"]) == (200, {first: 5}, "Good", None)
    status, words = send(client, f"{path}hand-in/", {"scores": {first: 5}})
    assert (status, len(words)) == (400, 2)
    status, shown = send(client, f"{path}hand-in/", {"scores": given})
    assert (status, shown["state"], shown["score"]) == (200, "done", "4.300")
    words = {"non_field_errors": ["This review is handed in already."]}
    assert send(client, f"{path}refusal/", {"reason": "late"}) == (400, words)


@pytest.mark.parametrize(("noun", "state"), [("conflict", "conflict"), ("refusal", "cannot")])
def test_stepping_back(client, world, noun, state):
    path = f"reviews/{world.tasks[0][0].pk}/{noun}/"
    client.force_login(world.coordinator)
    assert send(client, path, {"reason": "cousin"})[0] == 403
    client.force_login(world.mentors[0])
    assert send(client, path, {"reason": " "})[0] == 400
    status, shown = send(client, path, {"reason": "cousin"})
    assert (status, shown["state"], shown["reason"]) == (200, state, "cousin")


def test_a_coordinator_reads_what_is_in_and_no_draft(client, world, now, scores):
    services.save_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, comment="Nacrt", now=now)
    services.hand_in_review(by=world.mentors[1], task=world.tasks[1][0], scores=scores, comment="U", now=now)
    client.force_login(world.coordinator)
    found = {row["id"]: (row["score"], row["comment"]) for row in rows(client, "reviews/")}
    assert found == {
        world.tasks[0][0].pk: (None, None), world.tasks[1][0].pk: ("4.300", "U"),
        world.tasks[0][1].pk: (None, None), world.tasks[1][1].pk: (None, None),
    }  # fmt: skip


def test_a_coordinator_who_judges_sees_no_score_before_hers(client, world, now, scores):
    services.hand_in_review(by=world.mentors[1], task=world.tasks[1][0], scores=scores, now=now)
    hers = make_task(make_seat(world.round, world.coordinator.person), world.ideas[0])
    client.force_login(world.coordinator)
    path = f"reviews/?idea={world.ideas[0].pk}&state=done"
    assert [row["score"] for row in rows(client, path)] == [None]
    services.hand_in_review(by=world.coordinator, task=hers, scores=scores, now=now)
    assert sorted(row["score"] for row in rows(client, path)) == ["4.300", "4.300"]
    assert Review.objects.count() == 2


def test_a_mentor_has_her_own_desk_only(client, world):
    client.force_login(world.mentors[0])
    assert {row["id"] for row in rows(client, "reviews/")} == {task.pk for task in world.tasks[0]}


def test_an_aim_is_worded_otherwise_and_keeps_its_code(client, world):
    client.force_login(world.coordinator)
    status, made = send(client, "aims/", {"programme": world.programme.code, "code": "jobs", "name": "Jobs"})
    assert (status, made["code"]) == (201, "jobs")
    assert send(client, f"aims/{made['id']}/", {"code": "work"}, "patch") == (
        400, {"code": ["This stays as it was made."]},
    )  # fmt: skip
    assert send(client, f"aims/{made['id']}/", {"name": "Work"}, "patch")[1]["name"] == "Work"
