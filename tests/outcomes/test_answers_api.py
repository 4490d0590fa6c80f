"""Who is asked, what they answered and attempts to reach them, over the API."""

import pytest

from outcomes import links
from outcomes.models import Answer, Invitation
from tests.factories import make_coordinator, make_programme, make_trainer
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def asked():
    return sheet_of_all()


@pytest.fixture
def coordinator(client, asked):
    client.force_login(make_coordinator(asked.programme))
    return client


def send(client, path: str, said: dict | None = None):
    answer = client.post(f"{API}{path}", said or {}, JSON)
    return answer.status_code, answer.json()


def say(client, asked, question, said, **more):
    return send(
        client, "answers/", {"invitation": asked.invitation.pk, "question": question, "said": said} | more
    )


def test_an_answer_is_said_and_said_anew(coordinator, asked):
    status, row = say(coordinator, asked, "turnover", "1.200,50 EUR", mode="phone", evidence="document")
    assert (status, row["number"], row["currency"], row["evidence"]) == (201, "1200.5000", "EUR", "document")
    status, row = say(coordinator, asked, "turnover", "90")
    assert (status, row["number"], row["currency"]) == (201, "90.0000", "RSD")
    assert Answer.objects.count() == 1
    shown = coordinator.get(f"{API}invitations/{asked.invitation.pk}/").json()
    assert (shown["wave"], shown["state"], shown["mode"]) == ("f6", "partial", "phone")


def test_several_choices_are_several_rows(coordinator, asked):
    assert say(coordinator, asked, "practices", "books; prices")[0] == 201
    rows = coordinator.get(f"{API}answers/?question=practices").json()["results"]
    assert sorted(row["choice"] for row in rows) == ["books", "prices"]


@pytest.mark.parametrize(
    ("question", "said", "words"),
    [
        ("jobs", "a few", "Write a number, with digits only: 12 or 3,5."),
        ("turnover", "1 EUR + 2 RSD", "Two currencies stand here: write one amount in one of them."),
        ("practices", "books; sing", "This is none of the answers."),
    ],
)
def test_what_cannot_be_read_is_refused(coordinator, asked, question, said, words):
    status, answer = say(coordinator, asked, question, said)
    assert (status, answer["said"]) == (400, [words])


def test_what_came_of_it_is_said_by_nouns(coordinator, asked):
    path = f"invitations/{asked.invitation.pk}/"
    say(coordinator, asked, "jobs", "2")
    for noun, state in [
        ("hand-in", "answered"),
        ("withdrawal", "withdrawn"),
        ("restoration", "answered"),
    ]:
        status, row = send(coordinator, f"{path}{noun}/")
        assert (status, row["state"]) == (200, state)
    assert send(coordinator, f"{path}refusal/", {"reason": "No time"})[0] == 400  # it is handed in
    other = Invitation.objects.create(wave=asked.wave, source="x", source_id="1")
    status, row = send(coordinator, f"invitations/{other.pk}/unreachability/", {"reason": "Moved"})
    assert (status, row["state"], row["reason"]) == (200, "unreachable", "Moved")
    status, row = send(coordinator, f"invitations/{other.pk}/refusal/")
    assert (status, row["state"]) == (200, "refused")


def test_a_new_link_is_handed_out_and_the_old_one_is_dead(coordinator, asked, client):
    old = links.answer_link(asked.invitation)
    status, said = send(coordinator, f"invitations/{asked.invitation.pk}/link/")
    assert status == 200
    assert said["link"].endswith(links.answer_link(Invitation.objects.get()))
    assert client.get(old).status_code == 410


def test_an_attempt_is_noted(coordinator, asked):
    said = {"invitation": asked.invitation.pk, "way": "phone", "outcome": "no_answer"}
    status, row = send(coordinator, "contacts/", said)
    assert (status, row["outcome"], row["note"]) == (201, "no_answer", "")


def test_strangers_and_trainers(client, asked):
    client.force_login(make_coordinator(make_programme()))
    assert client.get(f"{API}invitations/{asked.invitation.pk}/").status_code == 404
    assert say(client, asked, "jobs", "2")[0] == 400  # there is no such invitation
    assert client.get(f"{API}answers/").json()["results"] == []
    client.force_login(make_trainer(asked.programme))
    for path in ("invitations/", "answers/", "contacts/"):
        assert client.get(API + path).status_code == 403
    assert Answer.objects.count() == 0
