"""Pages of questionnaires: bringing one, writing one, its questions in order, publishing, the next one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes import services
from outcomes.models import Edition, Item, Question, Questionnaire
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.sweep import SMALL
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db
LIST, NEW, BRING, EDIT = (f"outcomes:questionnaire_{name}" for name in ("list", "create", "bring", "edit"))
EDITION, SEE, PUBLISH, BEGIN = (
    f"outcomes:edition_{name}" for name in ("detail", "preview", "publish", "begin")
)
ADD, ASK = "outcomes:item_create", "outcomes:question_create"
ITEM, WORDS, MOVE, REMOVE = (f"outcomes:item_{name}" for name in ("edit", "wording", "move", "remove"))


@pytest.fixture
def programme():
    return f.make_programme()


@pytest.fixture
def by(programme):
    return f.make_coordinator(programme)


@pytest.fixture
def signed(client, by):
    client.force_login(by)
    return client


@pytest.fixture
def draft(by, programme) -> Edition:
    row = services.save_questionnaire(by=by, programme=programme, code="after", name="After the fair")
    return row.editions.get()


def ask(by, draft, code: str, kind: str = "yes_no", **said) -> Item:
    wording = services.save_question(by=by, edition=draft, code=code, kind=kind, text=f"{code}?", **said)
    return services.add_item(by=by, edition=draft, wording=wording)


def text(answer) -> str:
    return answer.content.decode()


def go(route: str, row) -> str:
    return reverse(route, args=[row.pk])


def codes(edition) -> list[str]:
    return [item.wording.question.code for item in edition.items.order_by("position")]


def test_one_of_the_library_is_brought_once(signed, programme):
    listed, bring = (reverse(route, args=[programme.code]) for route in (LIST, BRING))
    assert "No questionnaire is written yet" in text(signed.get(listed))
    page = text(signed.post(bring, {"key": "f6"}, follow=True))
    assert "Edition 1 is a draft" in page
    assert Questionnaire.objects.get().code == "f6"
    assert 'value="f6"' not in text(signed.get(listed))
    assert signed.post(bring, {"key": "f6"}).status_code == 422
    assert signed.get(bring).status_code == 302


def test_one_is_written_published_and_its_next_edition_begun(signed, programme):
    made = signed.post(reverse(NEW, args=[programme.code]), {"code": "fair", "name": "After the fair"})
    edition = Edition.objects.get()
    assert made["Location"] == go(EDITION, edition)
    assert "nothing is asked yet" in text(signed.get(go(EDITION, edition)))
    assert "Nothing is asked in it yet." in text(signed.post(go(PUBLISH, edition), follow=True))
    said = {
        "code": "sold", "kind": "one", "text": "Did you sell?", "text_sr": "Da li ste prodali?",
        "choices": "all = All of it = Sve\r\n\r\nsome = Some",
    }  # fmt: skip
    assert signed.post(go(ASK, edition), said).status_code == 302
    wording = edition.items.get().wording
    assert wording.choices == [
        {"code": "all", "en": "All of it", "sr": "Sve"}, {"code": "some", "en": "Some", "sr": ""}
    ]  # fmt: skip
    page = text(signed.post(go(PUBLISH, edition), follow=True))
    assert "it stays as it is" in page
    assert "Add a question" not in page
    page = text(signed.post(go(BEGIN, edition.questionnaire), follow=True))
    assert "Edition 2 is a draft" in page
    assert "There is a draft already." in text(signed.post(go(BEGIN, edition.questionnaire), follow=True))
    renamed = {"name": "The fair", "code": "other"}
    assert signed.post(go(EDIT, edition.questionnaire), renamed).status_code == 302
    row = Questionnaire.objects.get()
    assert (row.code, row.name) == ("fair", "The fair")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "one", "choices": "all"}, "choices"),
        ({"kind": "one", "choices": "all = All"}, "choices"),
        ({"kind": "many", "choices": "a = A\na = B"}, "choices"),
        ({"kind": "number", "choices": "a = A\nb = B"}, "choices"),
        ({"kind": "scale"}, "lowest"),
        ({"kind": "number", "lowest": "5", "highest": "1"}, "__all__"),
        ({"kind": "yes_no", "code": "Two words"}, "code"),
        ({"kind": "yes_no", "text": ""}, "text"),
    ],
)
def test_what_makes_no_question_is_said_and_nothing_typed_is_lost(signed, draft, said, field):
    said = {"code": "sold", "text": "Did you sell?"} | said
    answer = signed.post(go(ASK, draft), said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert said["code"] in text(answer)
    assert not Question.objects.exists()


def test_a_question_asked_before_is_added_in_its_newest_words(signed, by, programme, draft):
    other = services.save_questionnaire(by=by, programme=programme, code="b", name="B").editions.get()
    item = ask(by, other, "sold")
    services.publish_edition(by=by, edition=other, now=timezone.now())
    newest = services.save_wording(
        by=by, question=item.wording.question, wording=item.wording, text="Sold much?"
    )
    assert "Sold much? (sold)" in text(signed.get(go(EDITION, draft)))
    assert signed.post(go(ADD, draft), {"question": item.wording.question_id}).status_code == 302
    assert draft.items.get().wording == newest
    assert signed.post(go(ADD, draft), {"question": item.wording.question_id}).status_code == 422
    stranger = sheet_of_all().questions["jobs"]
    assert signed.post(go(ADD, draft), {"question": stranger.pk}).status_code == 422


def test_questions_change_places_conditions_and_go(signed, by, draft):
    first, second = ask(by, draft, "sold"), ask(by, draft, "jobs", "number")
    said = {"section": "Sales", "section_sr": "Prodaja", "is_required": "on", "when": ["sold=yes"]}
    assert signed.post(go(ITEM, second), said).status_code == 302
    row = Item.objects.get(pk=second.pk)
    assert (row.shown_when, row.is_required) == ({"question": "sold", "is": ["yes"]}, True)
    page = text(signed.get(go(EDITION, draft)))
    assert ("Only of who answered “sold?” with: Yes" in page, "Sales" in page) == (True, True)
    assert 'value="sold=yes"' in text(signed.get(go(ITEM, second)))
    assert "checked" in text(signed.get(go(ITEM, second)))
    words = "A condition is about a question that stands above."
    assert words in text(signed.post(go(MOVE, second), {"up": "1"}, follow=True))
    assert "is asked only because of this one" in text(signed.post(go(REMOVE, first), follow=True))
    assert signed.post(go(ITEM, second), {"section": ""}).status_code == 302
    signed.post(go(MOVE, first), {"down": "1"})
    assert codes(draft) == ["jobs", "sold"]
    signed.post(go(REMOVE, first))
    assert codes(draft) == ["jobs"]
    assert signed.get(go(MOVE, second)).status_code == 302


def test_a_condition_names_answers_of_one_question(signed, by, draft):
    for code in ("a", "b"):
        ask(by, draft, code)
    last = ask(by, draft, "c")
    answer = signed.post(go(ITEM, last), {"when": ["a=yes", "b=no"]})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["when"])


def test_other_words_of_what_was_read_are_the_next_wording(signed, by, draft):
    ask(by, draft, "sold")
    services.publish_edition(by=by, edition=draft, now=timezone.now())
    second = services.begin_edition(by=by, questionnaire=draft.questionnaire)
    item = second.items.get()
    assert 'value="sold?"' in text(signed.get(go(WORDS, item)))
    assert signed.post(go(WORDS, item), {"text": "Did you sell?"}).status_code == 302
    told = [row.items.get().wording for row in (draft, second)]
    assert [(row.number, row.text) for row in told] == [(1, "sold?"), (2, "Did you sell?")]
    refused = signed.post(go(WORDS, draft.items.get()), {"text": "Never"})
    assert (refused.status_code, "stays as it is" in text(refused)) == (422, True)


def test_she_is_shown_what_the_person_will_see(signed):
    world = sheet_of_all()
    signed.force_login(f.make_coordinator(world.programme))
    page = text(signed.get(go(SEE, world.wave.edition)))
    assert page.count('name="asked"') == 8
    assert "I keep books" in page


def test_who_may_read_and_write(client, by, programme, draft):
    item = ask(by, draft, "sold")
    read = [reverse(LIST, args=[programme.code]), go(EDITION, draft), go(SEE, draft), go(ITEM, item)]
    read += [go(WORDS, item), go(ASK, draft), go(EDIT, draft.questionnaire)]
    write = [reverse(NEW, args=[programme.code]), reverse(BRING, args=[programme.code])]
    write += [go(route, draft) for route in (PUBLISH, ADD, ASK)]
    write += [go(route, item) for route in (ITEM, WORDS, MOVE, REMOVE)]
    write += [go(route, draft.questionnaire) for route in (BEGIN, EDIT)]
    who = {
        "trainer": (f.make_trainer(programme), 403),
        "mentor": (f.make_member(programme, "mentor"), 403),
        "stranger": (f.make_coordinator(f.make_programme()), 404),
        "another": (f.make_coordinator(f.make_programme(programme.tenant)), 404),
    }
    for name, (user, status) in who.items():
        client.force_login(user)
        found = {url: client.get(url).status_code for url in read}
        found |= {url: client.post(url, {"key": "f6"}).status_code for url in write}
        allowed = {404, status} if name == "mentor" else {status}
        assert set(found.values()) <= allowed, (name, found)
    assert (codes(draft), Edition.objects.get().is_published) == (["sold"], False)


QUERIES = {LIST: 7, EDITION: 10}


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(
    signed, by, programme, draft, n, django_assert_num_queries
):
    for number in range(n):
        ask(by, draft, f"q{number}")
        services.save_questionnaire(by=by, programme=programme, code=f"c{number}", name="C")
    signed.get(reverse(LIST, args=[programme.code]))
    for route, queries in QUERIES.items():
        with django_assert_num_queries(queries):
            signed.get(reverse(LIST, args=[programme.code]) if route == LIST else go(EDITION, draft))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_they_can_be_read_by_everybody(open_page, by, programme, draft, size, language):
    services.bring_questionnaire(by=by, programme=programme, key="f6")
    edition = Edition.objects.get(questionnaire__code="f6")
    item = edition.items.exclude(shown_when={}).first()
    by.language = language
    by.save()
    page = open_page(size=size, language=language, user=by)
    for route, of in (
        (LIST, programme.code), (NEW, programme.code), (EDITION, edition.pk), (SEE, edition.pk),
        (ITEM, item.pk), (WORDS, item.pk), (ASK, edition.pk),
    ):  # fmt: skip
        page.goto(reverse(route, args=[of]))
        assert (axe(page), overflow(page), page.evaluate(SMALL)) == ([], 0, []), route
