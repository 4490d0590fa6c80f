"""The questions and questionnaires that ship with the product."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from outcomes.library.asked import Kind
from outcomes.library.indicators import LIBRARY
from outcomes.library.questionnaires import QUESTIONNAIRES
from outcomes.library.questions import QUESTIONS, bring, bring_all, words
from outcomes.models import Question, Wording
from tests.factories import make_tenant

pytestmark = pytest.mark.django_db


def test_bringing_twice_is_once_and_a_new_wording_comes_only_with_other_words():
    tenant = make_tenant()
    first = bring(tenant, "registered")
    assert (first.question.kind, first.question.library, first.number) == ("one", "registered", 1)
    assert first.codes == ["not_registered", "in_process", "registered"]
    assert bring(tenant, "registered") == first
    Wording.objects.filter(pk=first.pk).update(text="Is it registered?")
    second = bring(tenant, "registered")
    assert (second.number, second.question, second.text) == (2, first.question, first.text)
    assert bring(tenant, "registered") == second
    assert Question.objects.filter(tenant=tenant).count() == 1


def test_each_organisation_has_its_own_rows():
    one, other = bring(make_tenant(), "operating"), bring(make_tenant(), "operating")
    assert one.question != other.question
    assert one.question.is_guarded


def test_a_question_of_another_kind_by_the_same_code_is_not_mixed_with_it():
    tenant = make_tenant()
    Question.objects.create(tenant=tenant, code="education", kind=Kind.TEXT)
    with pytest.raises(ValidationError, match="education"):
        bring(tenant, "education")


def test_all_of_them_at_once_ask_the_same_few_times(django_assert_num_queries):
    tenant = make_tenant()
    bring_all(tenant, QUESTIONS)
    with django_assert_num_queries(5):  # a savepoint, codes, questions, wordings
        found = bring_all(tenant, QUESTIONS)
    assert found.keys() == QUESTIONS.keys()
    with django_assert_num_queries(5):
        bring_all(tenant, ["operating"])


def test_what_has_no_translation_has_no_serbian_words(monkeypatch):
    with translation.override("sr"):
        said = words(QUESTIONS["finance_source"])
    assert said["text"] == "Where does the money come from?"
    assert said["text_sr"] != said["text"]
    assert [choice["code"] for choice in said["choices"]][-1] == "other"
    assert all(choice["sr"] != choice["en"] for choice in said["choices"])


def test_kinds_that_are_chosen_have_choices_and_scales_have_both_ends():
    for one in QUESTIONS.values():
        assert bool(one.choices) == (one.kind in (Kind.ONE, Kind.MANY)), one.code
        if one.kind == Kind.SCALE:
            assert None not in (one.lowest, one.highest) and one.low_label and one.high_label
    codes = [code for code, _words in QUESTIONS["practices"].choices]
    assert (len(codes), codes[-1]) == (13, "none")
    guarded = {one.code for one in QUESTIONS.values() if one.is_guarded}
    assert guarded == {
        "operating", "turnover_month", "profit_month", "income_say",
        "finance_applied", "finance_obtained", "finance_source", "finance_amount",
    }  # fmt: skip


def test_a_questionnaire_asks_each_question_once_and_conditions_stand_below_what_they_hang_on():
    assert list(QUESTIONNAIRES) == ["application", "baseline", "reaction", "exit", "f3", "f6", "f12"]
    for sheet in QUESTIONNAIRES.values():
        codes = [line.code for line in sheet.lines()]
        assert len(codes) == len(set(codes))
        assert set(codes) <= QUESTIONS.keys()
        for place, line in enumerate(sheet.lines()):
            if when := line.shown_when:
                assert when["question"] in codes[:place], (sheet.key, line.code)


def test_every_indicator_that_counts_answers_has_them_asked():
    """Each question of a spec is asked in a wave of a questionnaire where the spec looks for it."""
    asked = {key: {line.code for line in sheet.lines()} for key, sheet in QUESTIONNAIRES.items()}
    missing = []
    for one in LIBRARY.values():
        for value in (one.spec or {}).get("values", {}).values():
            questions = value["question"] if isinstance(value["question"], list) else [value["question"]]
            for question in questions:
                if not any(question in asked.get(wave, ()) for wave in value["at"]):
                    missing.append((one.code, question, value["at"]))
    assert missing == []
