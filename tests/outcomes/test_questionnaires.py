"""What is asked, in which words; published, it stays; a question keeps its identity."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from outcomes import services
from outcomes.library.questionnaires import QUESTIONNAIRES
from outcomes.models import Answer, Invitation, Item, Question
from tests import factories as f

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def by():
    return f.make_coordinator(f.make_programme())


@pytest.fixture
def questionnaire(by):
    programme = by.person.memberships.get().programme
    return services.save_questionnaire(by=by, programme=programme, code="after", name="After")


@pytest.fixture
def draft(questionnaire):
    return services.questionnaires.draft_of(questionnaire)


def ask(by, draft, code: str, kind: str = "yes_no", **said):
    wording = services.save_question(by=by, edition=draft, code=code, kind=kind, text=f"{code}?", **said)
    return services.add_item(by=by, edition=draft, wording=wording)


def codes(edition) -> list[str]:
    return [item.wording.question.code for item in edition.items.order_by("position")]


@pytest.mark.parametrize("key", QUESTIONNAIRES)
def test_each_of_the_library_comes_whole_and_can_be_published(by, key):
    programme = by.person.memberships.get().programme
    row = services.bring_questionnaire(by=by, programme=programme, key=key)
    edition = row.editions.get()
    assert codes(edition) == [line.code for line in QUESTIONNAIRES[key].lines()]
    for item in edition.items.all():
        services.questionnaires.check_condition(item, item.shown_when)
    assert services.publish_edition(by=by, edition=edition, now=NOW).is_published


def test_two_questionnaires_share_their_questions(by):
    programme = by.person.memberships.get().programme
    for key in ("baseline", "f6"):
        services.bring_questionnaire(by=by, programme=programme, key=key)
    assert Question.objects.filter(tenant=programme.tenant, code="operating").count() == 1


def test_a_condition_is_about_a_question_above_and_its_answers(by, draft):
    first, second = ask(by, draft, "operating"), ask(by, draft, "jobs", "number")
    services.save_item(by=by, item=second, shown_when={"question": "operating", "is": ["yes"]})
    for item, when in (
        (first, {"question": "jobs", "is": ["1"]}),
        (second, {"question": "operating", "is": ["perhaps"]}),
        (second, {"question": "operating", "is": []}),
    ):
        with pytest.raises(ValidationError):
            services.save_item(by=by, item=item, shown_when=when)


def test_neither_moving_nor_removing_leaves_a_condition_without_its_question(by, draft):
    first, second = ask(by, draft, "operating"), ask(by, draft, "jobs", "number")
    services.save_item(by=by, item=second, shown_when={"question": "operating", "is": ["yes"]})
    with pytest.raises(ValidationError):
        services.move_item(by=by, item=second, up=True)
    with pytest.raises(ValidationError):
        services.remove_item(by=by, item=first)
    services.remove_item(by=by, item=second)
    assert codes(draft) == ["operating"]


def test_questions_change_places(by, draft):
    for code in ("a", "b", "c"):
        last = ask(by, draft, code)
    services.move_item(by=by, item=last, up=True)
    services.move_item(by=by, item=Item.objects.get(wording__question__code="a"), up=True)  # is the first
    assert codes(draft) == ["a", "c", "b"]


def test_an_empty_edition_is_not_published_and_a_published_one_stays(by, draft):
    with pytest.raises(ValidationError):
        services.publish_edition(by=by, edition=draft, now=NOW)
    item = ask(by, draft, "operating")
    edition = services.publish_edition(by=by, edition=draft, now=NOW)
    item.refresh_from_db()
    for act in (
        lambda: services.publish_edition(by=by, edition=edition, now=NOW),
        lambda: services.add_item(by=by, edition=edition, wording=item.wording),
        lambda: services.remove_item(by=by, item=item),
        lambda: services.save_item(by=by, item=item, is_required=True),
    ):
        with pytest.raises(ValidationError):
            act()


def test_a_question_taken_out_of_the_next_edition_keeps_what_was_answered(by, questionnaire, draft):
    item = ask(by, draft, "operating")
    ask(by, draft, "jobs", "number")
    services.publish_edition(by=by, edition=draft, now=NOW)
    draft.refresh_from_db()
    wave = services.save_wave(by=by, programme=questionnaire.programme, edition=draft, kind="exit")
    invitation = Invitation.objects.create(wave=wave, enrolment=f.make_enrolment(questionnaire.programme))
    services.save_answer(by=None, invitation=invitation, question=item.wording.question, said="yes", now=NOW)
    second = services.begin_edition(by=by, questionnaire=questionnaire)
    services.remove_item(by=by, item=second.items.get(wording=item.wording))
    assert (codes(draft), codes(second)) == (["operating", "jobs"], ["jobs"])
    assert Answer.objects.get().choice == "yes"
    with pytest.raises(ValidationError):  # there is a draft
        services.begin_edition(by=by, questionnaire=questionnaire)


def test_a_wording_that_was_read_stays_and_the_new_one_is_the_next(by, draft):
    item = ask(by, draft, "operating")
    same = services.save_wording(
        by=by, question=item.wording.question, wording=item.wording, text="Do you run it?"
    )
    assert (same.pk, same.number) == (item.wording_id, 1)  # nobody has read it yet
    services.publish_edition(by=by, edition=draft, now=NOW)
    other = services.save_wording(by=by, question=same.question, wording=same, text="Does it run?")
    assert (other.number, other.text) == (2, "Does it run?")
    same.refresh_from_db()
    assert same.text == "Do you run it?"


@pytest.mark.parametrize(
    "choices",
    [
        [],
        [{"code": "a", "en": "A"}],
        [{"code": "a", "en": "A"}, {"code": "a", "en": "B"}],
        [{"code": "A b", "en": "A"}, {"code": "b", "en": "B"}],
        [{"code": "a"}, {"code": "b", "en": "B"}],
    ],
    ids=["none", "one", "the same code twice", "no code", "no words"],
)
def test_choices_are_codes_and_words(by, draft, choices):
    with pytest.raises(ValidationError):
        ask(by, draft, "trade", "one", choices=choices)
    assert not Question.objects.filter(code="trade").exists()


def test_a_code_is_one_question_in_the_organisation(by, draft):
    ask(by, draft, "operating")
    for code in ("operating", "Two words", ""):
        with pytest.raises(ValidationError):
            ask(by, draft, code)
