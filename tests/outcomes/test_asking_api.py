"""Questions, wordings, questionnaires, editions, items and waves over the API."""

import pytest

from outcomes.models import Edition, Item, Question, Wave
from tests import factories as f
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def programme():
    return f.make_programme()


@pytest.fixture
def coordinator(client, programme):
    client.force_login(f.make_coordinator(programme))
    return client


def send(client, path: str, said: dict | None = None, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said or {}, content_type=JSON)
    return answer.status_code, answer.json() if answer.content else None


def test_a_questionnaire_is_written_published_and_asked(coordinator, programme):
    status, made = send(
        coordinator, "questionnaires/", {"programme": programme.code, "code": "fair", "name": "Fair"}
    )
    assert status == 201, made
    edition = coordinator.get(f"{API}editions/?questionnaire={made['id']}").json()["results"][0]
    choices = [{"code": "all", "en": "All", "sr": "Sve"}, {"code": "some", "en": "Some"}]
    said = {"edition": edition["id"], "code": "sold", "kind": "one", "text": "Sold?", "choices": choices}
    status, question = send(coordinator, "questions/", said)
    assert (status, question["code"], question["kind"]) == (201, "sold", "one")
    wording = coordinator.get(f"{API}wordings/?question={question['id']}").json()["results"][0]
    assert [one["code"] for one in wording["choices"]] == ["all", "some"]
    status, item = send(coordinator, "items/", {"edition": edition["id"], "wording": wording["id"]})
    assert (status, item["position"], item["shown_when"]) == (201, 1, {})
    said = {"edition": edition["id"], "code": "why", "kind": "text", "text": "Why?"}
    send(coordinator, "questions/", said)
    second = coordinator.get(f"{API}wordings/").json()["results"][0]  # the newest first
    when = {"question": "sold", "is": ["some"]}
    said = {"edition": edition["id"], "wording": second["id"], "shown_when": when}
    status, item = send(coordinator, "items/", said)
    assert status == 201, item
    assert item["shown_when"] == when
    wrong = {"shown_when": {"question": "sold", "is": ["never"]}}
    assert list(send(coordinator, f"items/{item['id']}/", wrong, "patch")[1]) == ["shown_when"]
    status, published = send(coordinator, f"editions/{edition['id']}/publication/")
    assert (status, published["published_at"] is None) == (200, False)
    assert send(coordinator, f"editions/{edition['id']}/publication/")[0] == 400
    assert send(coordinator, f"items/{item['id']}/", {"is_required": True}, "patch")[0] == 400
    assert coordinator.delete(f"{API}items/{item['id']}/").status_code == 400
    status, following = send(coordinator, "editions/", {"questionnaire": made["id"]})
    assert (status, following["number"]) == (201, 2)
    copied = Item.objects.filter(edition=following["id"]).order_by("position").last()
    assert coordinator.delete(f"{API}items/{copied.pk}/").status_code == 204
    f.make_enrolment(programme)
    said = {"programme": programme.code, "edition": edition["id"], "kind": "exit"}
    status, wave = send(coordinator, "waves/", said)
    assert (status, wave["code"], wave["response"]["asked"]) == (201, "exit", 0)
    for _again in range(2):
        status, wave = send(coordinator, f"waves/{wave['id']}/inviting/")
        assert (status, wave["response"]["asked"], wave["response"]["waiting"]) == (200, 1, 1)
    status, wave = send(coordinator, f"waves/{wave['id']}/", {"closes": "2025-05-01"}, "patch")
    assert (status, wave["closes"]) == (200, "2025-05-01")
    assert send(coordinator, "waves/", said)[0] == 400  # there is one


def test_the_words_of_a_question_are_the_next_wording(client):
    world = sheet_of_all()
    client.force_login(f.make_coordinator(world.programme))
    said = {"question": world.questions["operating"].pk, "text": "Does it run?"}
    status, made = send(client, "wordings/", said)
    assert (status, made["number"]) == (201, 2)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "one", "choices": [{"code": "a", "en": "A"}]}, "choices"),
        ({"kind": "scale"}, "lowest"),
        ({"code": "Two words", "kind": "text"}, "code"),
    ],
)
def test_what_makes_no_question_is_refused_in_words(client, said, field):
    world = sheet_of_all()
    client.force_login(f.make_coordinator(world.programme))
    before = Question.objects.count()
    base = {"edition": world.wave.edition_id, "code": "sold", "text": "Sold?"}
    status, answer = send(client, "questions/", base | said)
    assert (status, list(answer)) == (400, [field])
    assert Question.objects.count() == before


def test_strangers_and_trainers(client):
    world = sheet_of_all()
    item = world.wave.edition.items.first()
    paths = [
        f"questions/{item.wording.question_id}/", f"wordings/{item.wording_id}/", f"items/{item.pk}/",
        f"questionnaires/{world.wave.edition.questionnaire_id}/", f"editions/{world.wave.edition_id}/",
    ]  # fmt: skip
    wave = f"waves/{world.wave.pk}/"
    client.force_login(f.make_coordinator(f.make_programme()))
    assert {client.get(API + path).status_code for path in [*paths, wave]} == {404}
    assert send(client, f"editions/{world.wave.edition_id}/publication/")[0] == 404
    assert send(client, f"{wave}inviting/")[0] == 404
    said = {"programme": world.programme.code, "edition": world.wave.edition_id, "kind": "exit"}
    assert send(client, "waves/", said)[0] == 400
    client.force_login(f.make_trainer(world.programme))
    assert {client.get(API + path).status_code for path in paths} == {403}
    assert client.get(API + wave).json()["response"]["asked"] == 1
    assert send(client, f"{wave}inviting/")[0] == 403
    assert (Wave.objects.count(), Edition.objects.count()) == (1, 1)
