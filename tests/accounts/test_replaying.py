"""The same request with the same Idempotency-Key is done once, and answered alike."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import KeptAnswer
from accounts.replaying import sweep
from tests.accounts.test_tokens import client, made
from tests.factories import make_coordinator, make_programme
from training.models import Session

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/sessions/"
JSON = "application/json"


@pytest.fixture
def coordinator():
    return make_coordinator(make_programme())


def said(user, **fields) -> dict:
    programme = user.person.memberships.get().programme
    plain = {"programme": programme.code, "title": "A", "day": "2025-03-12", "start": "10:00"}
    return plain | {"end": "12:00"} | fields


def post(script, data, key, **headers):
    return script.post(SESSIONS, data, JSON, headers={"Idempotency-Key": key, **headers})


def test_the_same_request_again_gets_the_same_answer(coordinator):
    script, data = client(made(coordinator)[1]), said(coordinator)
    first, second = post(script, data, "k1"), post(script, data, "k1")
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (
        False,
        "true",
    )
    same = ("ETag", "Content-Type")
    assert [first.headers[name] for name in same] == [second.headers[name] for name in same]
    assert Session.objects.count() == 1
    assert post(script, data, "k2").status_code == 201
    assert Session.objects.count() == 2


def test_the_same_key_for_another_request_is_refused(coordinator):
    script, data = client(made(coordinator)[1]), said(coordinator)
    post(script, data, "k1")
    words = {"detail": "This Idempotency-Key was used for another request."}
    others = [
        post(script, data | {"title": "B"}, "k1"),
        script.post(f"{SESSIONS}bulk/", data, JSON, headers={"Idempotency-Key": "k1"}),
        post(script, data, "k1", **{"If-Match": '"x"'}),
        post(client(made(coordinator)[1]), data, "k1"),  # another token of hers may reach less
    ]
    assert [(a.status_code, a.json()) for a in others] == [(422, words)] * 4
    assert Session.objects.count() == 1
    other = make_coordinator(make_programme())
    assert post(client(made(other)[1]), said(other), "k1").status_code == 201  # a key is one person's


def test_changes_and_removals_as_well(coordinator):
    script = client(made(coordinator)[1])
    pk = post(script, said(coordinator), "k1").json()["id"]
    change = {"headers": {"Idempotency-Key": "k2"}}
    answers = [script.patch(f"{SESSIONS}{pk}/", {"start": "11:00"}, JSON, **change) for _n in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert Session.objects.get().revision == 2


def test_an_error_keeps_nothing(coordinator, monkeypatch):
    script = client(made(coordinator)[1], raise_request_exception=False)
    assert post(script, said(coordinator, end="09:00"), "k1").status_code == 400
    assert KeptAnswer.objects.count() == 0
    with monkeypatch.context() as broken:
        broken.setattr("lib.api.resource.Resource.answer", lambda *args: 1 / 0)
        assert post(script, said(coordinator), "k1").status_code == 500
    assert (KeptAnswer.objects.count(), Session.objects.count()) == (0, 0)
    assert post(script, said(coordinator), "k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\0b", "a\tb"])
def test_a_key_that_is_none(coordinator, key):
    answer = post(client(made(coordinator)[1]), said(coordinator), key)
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])
    assert Session.objects.count() == 0


def test_the_gate_stands_before_the_kept_answer(coordinator):
    script = client(made(coordinator)[1])
    data = said(coordinator)
    assert post(script, data, "k1").status_code == 201
    assert post(client(made(coordinator, ["*:read"])[1]), data, "k1").status_code == 403
    assert post(Client(), data, "k1").status_code == 401
    type(coordinator).objects.update(is_active=False)
    assert post(script, data, "k1").status_code == 401


def test_an_answer_is_kept_for_a_day(coordinator):
    script, now = client(made(coordinator)[1]), timezone.now()
    post(script, said(coordinator), "k1")
    assert (sweep(now), sweep(now + timedelta(hours=25)), KeptAnswer.objects.count()) == (0, 1, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_it_is_done_once():
    coordinator = make_coordinator(make_programme())
    secret, data = made(coordinator)[1], said(coordinator)
    for turn in range(5):
        start, found = threading.Barrier(4), []

        def send(start=start, found=found, key=f"k{turn}"):
            script = client(secret)
            start.wait(5)
            answer = post(script, data, key)
            found.append((answer.status_code, answer.content, "Idempotency-Replayed" in answer.headers))
            connections.close_all()

        threads = [threading.Thread(target=send) for _n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Session.objects.count() == turn + 1
        assert {(status, body) for status, body, _again in found} == {(201, found[0][1])}
        assert sorted(again for *_rest, again in found) == [False, True, True, True]
