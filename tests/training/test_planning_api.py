"""Plans through the API: shown first, then done, all or nothing."""

from datetime import time

import pytest

from tests.factories import TODAY, make_coordinator, make_programme
from training.models import Session

JSON = "application/json"
WEEKLY = {"template": "weekly", "starts": ["2027-04-20"], "count": 3}


@pytest.fixture
def api(client, world):
    client.force_login(world.coordinator)

    def post(noun, said, programme=world.programme):
        return client.post(f"/api/v1/plans/{programme.pk}/{noun}/", said, JSON)

    return post


def test_what_is_planned_is_listed(client, world, plan):
    plan(module=world.programme.modules.create(number=1, name="M"))
    client.force_login(world.trainer)
    [row] = client.get("/api/v1/plans/").json()["results"]
    assert row == {"id": world.programme.pk, "code": "start-up", "modules": 1, "sessions": 1}


def test_a_dry_run_writes_nothing(api, world, plan, enrol):
    enrol("Ana")
    plan("Prices", day=TODAY.replace(2027, 4, 20), start=time(18), end=time(19), venue=world.venue)
    said = WEEKLY | {"venues": [world.venue.pk], "trainers": [world.trainer.person.pk]}
    answer = api("sessions", said | {"dry_run": True})
    assert answer.status_code == 200, answer.content
    first, *_others = answer.json()["sessions"]
    assert (first["session"], first["module"], first["title"], first["day"]) == (
        None, "Evening course", "Evening 1", "2027-04-20",
    )  # fmt: skip
    assert first["clashes"] == [
        f"{world.venue.name} is taken: “Prices”, 20 April 2027 18:00–19:00.",
        "1 person is expected at “Prices” too, 20 April 2027 18:00–19:00.",
    ]
    assert answer.json()["skipped"] == [{"day": "2027-05-04", "why": "Labor Day (observed)"}]
    assert Session.objects.count() == 1
    assert api("sessions", said).status_code == 400
    assert api("sessions", said | {"confirmed": True}).status_code == 400
    assert Session.objects.count() == 1


def test_planning_moving_copying(api, world):
    answer = api("sessions", WEEKLY | {"breaks": [["18:30", "18:45"]], "holidays": False})
    keys = [row["session"] for row in answer.json()["sessions"]]
    assert [s.minutes for s in Session.objects.filter(pk__in=keys)] == [105] * 3
    moved = api("moves", {"sessions": keys, "days": 7, "start": "19:00"}).json()["sessions"]
    assert [(row["session"], row["day"], row["start"], row["end"]) for row in moved] == [
        (keys[0], "2027-04-27", "19:00:00", "21:00:00"),
        (keys[1], "2027-05-04", "19:00:00", "21:00:00"),
        (keys[2], "2027-05-11", "19:00:00", "21:00:00"),
    ]
    copied = api("copies", {"sessions": keys[:1], "first_day": "2027-09-01", "as_modules": True}).json()
    assert [(row["module"], row["day"]) for row in copied["sessions"]] == [("Evening course", "2027-09-01")]
    assert list(world.programme.modules.values_list("number", flat=True)) == [1, 2]
    shown = api("copies", {"sessions": keys[:1], "first_day": "2027-09-01", "dry_run": True}).json()
    assert (shown["sessions"][0]["session"], Session.objects.count()) == (None, 4)


@pytest.mark.parametrize(
    ("noun", "said", "where"),
    [
        ("sessions", {"template": "none"}, "template"),
        ("sessions", {"template": "weekly"}, "starts"),
        ("sessions", {"template": "school", "starts": ["2027-01-01"]}, "terms"),
        ("sessions", WEEKLY | {"breaks": [["18:00"]]}, "breaks"),
        ("sessions", WEEKLY | {"closed": [{"first": "2027-05-02", "last": "2027-05-01"}]}, "closed"),
        ("moves", {"sessions": []}, "sessions"),
        ("copies", {"sessions": [9_000_000], "first_day": "2027-01-01"}, "sessions"),
    ],
)
def test_what_cannot_be(api, noun, said, where):
    answer = api(noun, said)
    assert answer.status_code == 400
    assert where in answer.content.decode()


def test_strangers(client, api, world, plan):
    other = make_programme()
    theirs = Session.objects.create(programme=other, title="x", day=TODAY, start=time(9), end=time(10))
    assert api("sessions", WEEKLY, other).status_code == 404
    assert api("moves", {"sessions": [theirs.pk], "days": 1}).status_code == 400
    mine = make_programme(world.programme.tenant)
    assert (
        api("copies", {"sessions": [plan().pk], "first_day": "2027-01-01", "into": mine.code}).status_code
        == 400
    )
    client.force_login(world.trainer)
    assert api("sessions", WEEKLY).status_code == 403
    client.force_login(make_coordinator(other))
    assert api("sessions", WEEKLY).status_code == 404
    theirs.refresh_from_db()
    assert theirs.day == TODAY
