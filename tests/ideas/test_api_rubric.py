"""Rounds, criteria and seats over the API: the services' words, who may, strangers, another's change."""

import pytest

from ideas import services
from ideas.models import Criterion, Seat
from tests.factories import make_coordinator, make_mentor, make_programme, make_review

JSON = "application/json"


@pytest.fixture
def send(client, world):
    client.force_login(world.coordinator)

    def sent(method, path, data=None, **headers):
        call = getattr(client, method)
        if method == "delete":
            answer = call(f"/api/v1/{path}")
            return answer.status_code, answer.json() if answer.content else None
        answer = call(f"/api/v1/{path}", data, content_type=JSON, headers=headers or None)
        return answer.status_code, answer.json() if answer.content else None

    return sent


def test_a_round_is_changed_and_if_match_tells_of_another_change(client, send, world):
    path = f"rounds/{world.round.pk}/"
    tag = client.get(f"/api/v1/{path}").headers["ETag"]
    status, body = send(
        "patch", path, {"guidance": "Slowly.", "coverage": 3, "caps": {str(world.people[0].pk): 4}}
    )
    assert (status, body["guidance"], body["coverage"]) == (200, "Slowly.", 3)
    assert world.seats[0].__class__.objects.get(pk=world.seats[0].pk).cap == 4
    assert send("patch", path, {"guidance": "Faster."}, **{"If-Match": tag})[0] == 412
    make_review(world.tasks[0][0])
    assert send("patch", path, {"better": "low"}) == (
        400, {"better": ["Scores are given on this scale already: it stays."]},
    )  # fmt: skip
    assert send("patch", path, {"caps": {"x": 4}}) == (400, {"caps": ["“x” is no person."]})


def test_a_round_on_an_own_scale_over_the_api(send, world, now):
    world.round.closes_at = now
    world.round.save()
    said = {
        "programme": world.programme.code, "opens_at": "2025-04-01T00:00:00+02:00",
        "closes_at": "2035-04-15T00:00:00+02:00", "coverage": 2, "reviewers": [p.pk for p in world.people],
        "lowest": 0, "highest": 10, "step": "0.5", "better": "low", "asks_recommendation": True,
        "criteria": [{"name": "Need", "weight": 3, "described": {}}], "caps": {str(world.people[0].pk): 1},
    }  # fmt: skip
    status, body = send("post", "rounds/", said | {"step": "0.7"})
    assert (status, list(body)) == (400, ["step"])
    status, body = send("post", "rounds/", said)
    assert (status, body["step"], body["better"], body["asks_recommendation"]) == (201, "0.50", "low", True)
    seats = send("get", f"seats/?round={body['id']}")[1]["results"]
    assert {row["reviewer"]: row["cap"] for row in seats} == {world.people[0].pk: 1, world.people[1].pk: None}


def test_a_criterion_is_reworded_retired_and_not_removed_with_scores(send, world):
    one, two, three = (row.pk for row in world.criteria)
    means = {"1": {"en": "none"}, "5": {"sr": "svi"}}
    status, body = send("patch", f"criteria/{one}/", {"described": means})
    assert (status, body["described"]) == (200, means)
    status, body = send("patch", f"criteria/{one}/", {"described": {"9": {"en": "x"}}})
    assert (status, body) == (400, {"described": ["9 is not on the scale: 1 is worst, 5 is best."]})
    assert send("post", "criteria/", {"round": world.round.pk, "name": "Fourth", "weight": 5})[0] == 201
    assert send("delete", f"criteria/{Criterion.objects.get(name='Fourth').pk}/")[0] == 204
    make_review(world.tasks[0][0], values=(5, 4, 3))
    assert send("post", "criteria/", {"round": world.round.pk, "name": "Fourth", "weight": 5})[0] == 400
    assert send("patch", f"criteria/{two}/", {"weight": 1})[0] == 400
    status, body = send("delete", f"criteria/{three}/")
    assert status == 400
    assert "has scores: it cannot be removed. Retire it" in str(body)
    status, body = send("post", f"criteria/{one}/retirement/")
    assert (status, body["retired_at"] is None) == (200, False)
    review = send("get", f"reviews/{world.tasks[0][0].pk}/")[1]
    assert (review["score"], review["scores"]) == ("3.600", {str(one): 5, str(two): 4, str(three): 3})


def test_seats_are_taken_and_left(send, world):
    third = make_mentor(world.programme).person
    status, body = send("post", "seats/", {"round": world.round.pk, "reviewer": third.pk, "cap": 2})
    assert (status, body["cap"], body["left_at"]) == (201, 2, None)
    assert send("patch", f"seats/{body['id']}/", {"cap": None})[1]["cap"] is None
    assert send("post", f"seats/{world.seats[0].pk}/leaving/", {"reason": ""})[0] == 400
    status, body = send("post", f"seats/{world.seats[0].pk}/leaving/", {"reason": "Ill"})
    assert (status, body["left_reason"]) == (200, "Ill")
    stranger = make_mentor(make_programme()).person
    assert send("post", "seats/", {"round": world.round.pk, "reviewer": stranger.pk})[0] == 400


def test_a_review_is_revised_with_plain_numbers(client, send, world, now, scores):
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    client.force_login(world.mentors[0])
    path = f"reviews/{world.tasks[0][0].pk}/revision/"
    status, body = send("post", path, {"scores": {str(pk): 2 for pk in scores}, "comment": "Ipak"})
    assert (status, body["score"], body["comment"]) == (200, "2.000", "Ipak")
    assert body["scores"] == {str(pk): 2 for pk in scores}
    status, body = send("post", path, {"scores": {str(pk): 2.5 for pk in scores}})
    assert (status, list(body)) == (400, [f"criterion-{pk}" for pk in scores])
    client.force_login(world.coordinator)
    assert send("post", path, {"scores": {}})[0] == 403


def test_a_mentor_reads_and_changes_nothing_and_a_stranger_finds_nothing(client, send, world):
    paths = [f"rounds/{world.round.pk}/", f"criteria/{world.criteria[0].pk}/", f"seats/{world.seats[0].pk}/"]
    client.force_login(world.mentors[0])
    assert [send("get", path)[0] for path in paths] == [200] * 3
    assert [send("patch", path, {})[0] for path in paths] == [403] * 3
    assert send("get", f"seats/{world.seats[1].pk}/")[0] == 404
    assert [row["id"] for row in send("get", "seats/")[1]["results"]] == [world.seats[0].pk]
    client.force_login(make_coordinator(make_programme()))
    assert [send("get", path)[0] for path in paths] == [404] * 3
    assert [send("patch", path, {})[0] for path in paths] == [404] * 3
    assert Seat.objects.filter(left_at=None).count() == 2
