"""Questions, wordings, questionnaires, editions, items and waves over the API."""

import pytest

from accounts.models import AuditEntry
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


def test_a_question_is_put_at_its_place(client):
    world = sheet_of_all()
    client.force_login(f.make_coordinator(world.programme))
    _status, draft = send(client, "editions/", {"questionnaire": world.wave.edition.questionnaire_id})
    items = {one.wording.question.code: one for one in Item.objects.filter(edition=draft["id"])}

    def put(code: str, position) -> tuple:
        status, answer = send(client, f"items/{items[code].pk}/place/", {"position": position})
        return status, answer.get("position") if status == 200 else list(answer)

    def order() -> list[str]:
        rows = Item.objects.filter(edition=draft["id"]).order_by("position")
        return [*rows.values_list("wording__question__code", flat=True)]

    assert order()[:4] == ["operating", "registered", "registered_on", "turnover"]
    for _again in range(2):
        assert put("turnover", 1) == (200, 1)
    assert order()[:4] == ["turnover", "operating", "registered", "registered_on"]
    assert AuditEntry.objects.filter(verb="move").count() == 1
    assert put("remark", 8) == (200, 8)  # it stood there: 0 to 7 became 1 to 8
    before = order()
    for position in (0, 9, "first", None):
        assert put("turnover", position) == (400, ["position"])
    assert put("registered_on", 2) == (400, ["non_field_errors"])  # it is asked because of `registered`
    assert put("registered", 8)[0] == 400
    assert order() == before
    published = world.wave.edition.items.first()
    assert send(client, f"items/{published.pk}/place/", {"position": 2})[0] == 400
    client.force_login(f.make_coordinator(f.make_programme()))
    assert send(client, f"items/{items['remark'].pk}/place/", {"position": 1})[0] == 404
    client.force_login(f.make_trainer(world.programme))
    assert send(client, f"items/{items['remark'].pk}/place/", {"position": 1})[0] == 403


def test_a_questionnaire_of_the_library_is_brought_once(coordinator, programme):
    path = f"programmes/{programme.code}/library-questionnaires/"
    status, made = send(coordinator, path, {"library": "f6"})
    assert (status, made["programme"], made["code"]) == (201, programme.code, "f6")
    edition = Edition.objects.get(questionnaire=made["id"])
    assert (edition.is_published, edition.items.count() > 5) == (False, True)
    assert send(coordinator, path, {"library": "f6"})[0] == 400
    assert list(send(coordinator, path, {"library": "none"})[1]) == ["library"]
    assert Edition.objects.count() == 1
    coordinator.force_login(f.make_coordinator(f.make_programme()))
    assert send(coordinator, path, {"library": "exit"})[0] == 404
    coordinator.force_login(f.make_trainer(programme))
    assert send(coordinator, path, {"library": "exit"})[0] == 403


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
