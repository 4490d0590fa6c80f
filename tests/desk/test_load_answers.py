"""`manage.py load answers`: exports of forms, wide and joined, with people and without."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib import sheets
from outcomes.models import (
    Answer,
    AnswerChange,
    Edition,
    Invitation,
    PeriodLock,
    Question,
    Questionnaire,
    Wave,
    Wording,
)
from tests.factories import make_enrolment, make_module, make_person, make_programme
from tests.records import records

pytestmark = pytest.mark.django_db
NOW = timezone.now()
F6 = {"value": "f6"}
ON_POSTGRES = connection.vendor == "postgresql"  # keys before the rows; imports and locking wait in turn


@pytest.fixture
def programme():
    return make_programme(code="p1", zone="Europe/Belgrade")


@pytest.fixture
def ana(programme):
    person = make_person(programme.tenant, name="Ana Anić", email="ana@a.example")
    return make_enrolment(programme, person=person)


def load(programme, text, mapping=None, trail=None, source="load", **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    target = Target(programme, NOW, source=source)
    return take(KINDS["answers"], table, target, mapping=mapping, trail=trail, **options)


def said(programme):
    """Per answer: wave, question, and what is kept."""
    rows = Answer.objects.filter(invitation__wave__programme=programme).order_by("pk")
    return [
        (row.question.code, row.choice or row.day or row.text or row.number, row.is_unread)
        for row in rows.select_related("question")
    ]


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refused)


def mapped(questions, called, **more):
    return {"wave": F6, "answers": {"called": called, "questions": questions}} | more


def test_every_kind_of_answer_is_read(programme, ana):
    questions = {
        "operating": {"kind": "yes_no"},
        "sector": {"kind": "one", "choices": {"Retail": "retail", "Food": "food"}},
        "practices": {"kind": "many", "choices": {"Budget": "budget", "Ads, online": "ads"}},
        "staff": {"kind": "number"},
        "profit": {"kind": "money", "currency": "RSD"},
        "since": {"kind": "day"},
        "sure": {"kind": "scale", "lowest": 1, "highest": 5, "values": {"Very sure": 5}},
        "words": {"kind": "text"},
    }
    text = """
e-mail,answered,operating,sector,practices,staff,profit,since,sure,words
ana@a.example,2.5.2025.,ДА,food,"Budget, Ads, online","2,5",1.200 din,2023-02-28,Very sure,"Fine, thanks"
"""
    called = {code: code for code in questions}
    report = load(programme, text, mapped(questions, called, person="e-mail", day="answered"))
    assert (report.refused, report.warnings, counts(report)) == ([], [], (1, 0, 0, 0))
    assert said(programme) == [
        ("operating", "yes", False),
        ("sector", "food", False),
        ("practices", "budget", False),
        ("practices", "ads", False),
        ("staff", Decimal("2.5"), False),
        ("profit", Decimal(1200), False),
        ("since", date(2023, 2, 28), False),
        ("sure", Decimal(5), False),
        ("words", "Fine, thanks", False),
    ]
    assert Answer.objects.get(question__code="profit").currency == "RSD"
    [asked] = Invitation.objects.all()
    assert (asked.enrolment, asked.state, asked.mode, asked.wave.code) == (ana, "answered", "loaded", "f6")
    assert (asked.answered_at.date(), asked.is_late) == (date(2025, 5, 2), False)


def test_the_wave_the_questionnaire_and_the_questions_are_made_and_more_are_the_next_edition(programme, ana):
    load(programme, "who,staff\nana@a.example,3\n", mapped({}, {"staff": "staff"}, person="who"))
    [edition] = Edition.objects.all()
    assert (edition.questionnaire.code, edition.number, edition.is_published) == ("loaded", 1, True)
    assert [item.wording.question.code for item in edition.items.all()] == ["staff"]
    text = "who,staff,happy\nana@a.example,3,yes\n"
    report = load(programme, text, mapped({}, {"staff": "staff", "happy": "happy"}, person="who"))
    assert counts(report) == (0, 1, 0, 0)
    assert Questionnaire.objects.count() == 1
    assert [one.number for one in Edition.objects.order_by("number")] == [1, 2]
    wave = Wave.objects.get()
    assert (wave.edition.number, wave.code, wave.months) == (2, "f6", 6)
    assert [item.wording.question.code for item in wave.edition.items.all()] == ["staff", "happy"]
    assert said(programme) == [("staff", Decimal(3), False), ("happy", "yes", False)]


def test_what_is_guessed_is_said_before_anything_is_written(programme):
    text = """
What is your <b>sector</b>?,Which tools?,Git,R,Other,How many?
Retail,a; b,Git,,,1
Food,b; c,,R,,2
Retail,a,Git,R,Pascal,3
Food,a; c,,,,4
"""
    found = {"wave": F6, "answers": {"from": text.strip().splitlines()[0].split(",")}}
    report = load(programme, text, found, dry_run=True)
    assert report.meant == [
        "These columns are the answers to one question, “git_r”, guessed: Git, R.",
        "Column “What is your sector?” is the question “what_is_your_sector”, guessed.",
        "Column “Which tools?” is the question “which_tools”, guessed.",
        "Column “Other” is the question “git_r=other”, guessed.",
        "Column “How many?” is the question “how_many”, guessed.",
        "“what_is_your_sector” has these answers, guessed: Food; Retail.",
        "“what_is_your_sector” is answered so, guessed: one of several.",
        "“which_tools” has these answers, guessed: a; b; c.",
        "“which_tools” is answered so, guessed: any of several.",
        "“git_r” has these answers, guessed: Git; R.",
        "“git_r” is answered so, guessed: any of several.",
        "“how_many” is answered so, guessed: number.",
    ]
    assert (counts(report), report.written, Question.objects.exists()) == ((4, 0, 0, 0), False, False)
    load(programme, text, found)
    [wording] = Wording.objects.filter(question__code="git_r")
    assert [one["code"] for one in wording.choices] == ["git", "r", "other"]
    assert [
        (row.choice, row.text) for row in Answer.objects.filter(question__code="git_r").order_by("pk")
    ] == [("git", ""), ("r", ""), ("git", ""), ("r", ""), ("other", "Pascal")]
    assert Wording.objects.get(question__code="what_is_your_sector").text == "What is your sector?"


def test_a_number_with_words_is_kept_as_it_was_written_and_said(programme, ana):
    text = 'who,staff,paid\nana@a.example,"about 5, I think",some money\n'
    questions = {"staff": {"kind": "number"}, "paid": {"kind": "money", "currency": "EUR"}}
    mapping = mapped(questions, {"staff": "staff", "paid": "paid"}, person="who")
    report = load(programme, text, mapping)
    assert report.warnings == [
        "Row 2, column “staff”, “about 5, I think”: This is no number. It is kept as it was written and "
        "counts for nothing.",
        "Row 2, column “paid”, “some money”: This is no amount of money that can be read for sure. It is "
        "kept as it was written and counts for nothing.",
    ]
    assert said(programme) == [("staff", "about 5, I think", True), ("paid", "some money", True)]
    assert counts(load(programme, text, mapping)) == (0, 0, 1, 0)


@pytest.mark.parametrize("cell", ["=1+1", "NaN", "1e99", "10,000", "-", "٣ people", "1 2 3 4", "'); DROP"])
def test_hostile_numbers_become_no_number(programme, ana, cell):
    text = f'who,staff\nana@a.example,"{cell}"\n'
    report = load(programme, text, mapped({"staff": {"kind": "number"}}, {"staff": "staff"}, person="who"))
    assert report.refused == []
    kept = Answer.objects.get()
    assert (kept.is_unread, kept.text, kept.number) in {(True, cell, None), (False, "", Decimal(1234))}


def test_rows_that_name_nobody_are_told_apart_by_what_they_say_and_their_number(programme):
    text = "staff\n1\n1\n2\n"
    mapping = mapped({"staff": {"kind": "number"}}, {"staff": "staff"})
    assert counts(load(programme, text, mapping)) == (3, 0, 0, 0)
    before = records()
    assert counts(load(programme, text, mapping)) == (0, 0, 3, 0)
    assert records() == before
    assert counts(load(programme, text + "1\n", mapping)) == (1, 0, 3, 0)
    assert counts(load(programme, text, mapping, source="another form")) == (3, 0, 0, 0)
    assert Invitation.objects.filter(enrolment=None).count() == 7


def test_an_id_of_the_row_tells_what_changed(programme):
    mapping = mapped({"staff": {"kind": "number"}}, {"staff": "staff"}, row="Response ID")
    load(programme, "Response ID,staff\nx1,1\nx2,\n", mapping)
    report = load(programme, "Response ID,staff\nx1,7\nx2,2\n", mapping)
    assert counts(report) == (0, 2, 0, 0)
    assert said(programme) == [("staff", Decimal(7), False), ("staff", Decimal(2), False)]
    assert AnswerChange.objects.count() == 1


def test_a_changed_row_changes_what_she_said_and_blank_takes_nothing_away(programme, ana):
    questions = {
        "tools": {"kind": "many", "choices": {"A": "a", "B": "b", "C": "c"}},
        "happy": {"kind": "yes_no"},
        "staff": {"kind": "number"},
    }
    mapping = mapped(questions, {code: code for code in questions}, person="who")
    load(programme, "who,tools,happy,staff\nAna Anić,A;B,yes,4\n", mapping)
    report = load(programme, "who,tools,happy,staff\nana@a.example,B;C,no,\n", mapping)
    assert counts(report) == (0, 1, 0, 0)
    assert sorted(said(programme), key=str) == [
        ("happy", "no", False),
        ("staff", Decimal(4), False),
        ("tools", "b", False),
        ("tools", "c", False),
    ]
    changes = AnswerChange.objects.order_by("pk").values_list("question__code", "after")
    assert list(changes) == [("tools", "answered"), ("happy", "answered")]


def test_a_column_an_option_in_the_shapes_of_form_tools(programme, ana):
    text = """
who,Git,R,none of these,Field,Column2,Column3,Ticked A,Ticked B
ana@a.example,Git,,,Law,,Fishing,1,0
"""
    called = {"Git": "tools", "R": "tools", "Field": "field", "Column2": "field", "Column3": "field=other"}
    called |= {"Ticked A": "ticked", "Ticked B": "ticked"}
    questions = {code: {"kind": "many"} for code in ("tools", "field", "ticked")}
    report = load(programme, text, mapped(questions, called, person="who"))
    assert report.refused == []
    rows = Answer.objects.order_by("pk").values_list("question__code", "choice", "text")
    assert list(rows) == [
        ("tools", "git", ""),
        ("field", "law", ""),
        ("field", "other", "Fishing"),
        ("ticked", "ticked_a", ""),
    ]


def test_headings_are_found_without_tags_and_by_how_they_begin(programme):
    heads = "<p>What is the <b>system</b></p> that you use?,Pre: Long question (with all its words),Else"
    text = f"{heads}\nL,words,\n"
    called = {"What is the system that you use?": "os", "Pre: Long question…": "long", "Not here": "gone"}
    report = load(programme, text, mapped({}, called))
    assert report.refused == []
    assert said(programme) == [("os", "L", False), ("long", "words", False)]
    assert set(Question.objects.values_list("code", flat=True)) == {"os", "long"}


def test_waves_by_code_by_months_and_by_words(programme, ana):
    make_module(programme, number=2)
    people = "\n".join(f"ana@a.example,{wave},1" for wave in ("6", "12 months", "BASELINE", "reaction-2"))
    mapping = {"person": "who", "wave": "when", "answers": "staff"}
    report = load(programme, f"who,when,staff\n{people}\n", mapping)
    assert (report.refused, counts(report)) == ([], (4, 0, 0, 0))
    waves = Wave.objects.order_by("code").values_list("code", "kind", "months")
    assert list(waves) == [
        ("baseline", "baseline", None),
        ("f12", "follow_up", 12),
        ("f6", "follow_up", 6),
        ("reaction-2", "reaction", None),
    ]
    text = "who,when,staff\nana@a.example,reaction-9,1\nana@a.example,0,1\n"
    report = load(programme, text, mapping)
    assert [(one.row, one.column, one.value) for one in report.refused] == [
        (2, "when", "reaction-9"),
        (3, "when", "0"),
    ]


def test_who_is_not_known_is_refused_and_so_is_a_file_without_a_wave(programme, ana):
    report = load(
        programme, "who,staff\nnobody@a.example,1\n", {"person": "who", "wave": F6, "answers": "staff"}
    )
    [refusal] = report.refused
    assert (refusal.row, refusal.column, refusal.value) == (2, "who", "nobody@a.example")
    assert not Question.objects.exists()
    [refusal] = load(programme, "staff\n1\n", {"answers": "staff"}).refused
    assert (
        refusal.rule == 'Say in which wave this was asked: a column, or "wave": {"value": "f6"} in the map.'
    )
    [refusal] = load(programme, "a,b\n1,2\n", mapped({}, {"a": "x", "b": "x=3"})).refused or [None]
    text = "staff\n1\n"
    load(programme, text, {"wave": F6, "answers": "staff"})
    [refusal] = load(programme, text, mapped({"staff": {"kind": "text"}}, {"staff": "staff"})).refused
    assert refusal.rule == "The question “staff” is known as another kind: yes_no."


def test_what_comes_after_the_wave_closed_is_kept_and_marked(programme, ana):
    mapping = {"person": "who", "wave": F6, "day": "day", "answers": "staff"}
    load(programme, "who,day,staff\n,2025-05-01,1\n", mapping)
    Wave.objects.update(opens=date(2025, 5, 1), closes=date(2025, 5, 10))
    load(programme, "who,day,staff\nana@a.example,2025-05-10,4\n", mapping)
    assert Invitation.objects.get(enrolment=ana).is_late is True
    load(programme, "who,day,staff\nana@a.example,2025-05-10,0\n", mapping)
    assert AnswerChange.objects.get().after == "closed"


def test_a_locked_period_refuses_in_words_and_the_same_again_is_fine(programme, ana):
    mapping = {"person": "who", "wave": F6, "day": "day", "answers": "staff"}
    text = "who,day,staff\nana@a.example,2025-05-03,1\n"
    load(programme, text, mapping)
    PeriodLock.objects.create(programme=programme, start=date(2025, 5, 1), end=date(2025, 6, 1))
    assert counts(load(programme, text, mapping)) == (0, 0, 1, 0)
    report = load(programme, text.replace(",1\n", ",0\n"), mapping)
    [refusal] = report.refused
    assert (refusal.row, refusal.column) == (2, "day")
    assert refusal.rule == "The period from 1 May 2025 to 31 May 2025 is locked: its facts stay as they are."


def test_a_load_of_a_locked_period_is_not_taken_back(programme, ana):
    mapping, trail = {"person": "who", "wave": F6, "day": "day", "answers": "staff"}, Trail()
    load(programme, "who,day,staff\nana@a.example,2025-05-03,1\n", mapping, trail=trail)
    PeriodLock.objects.create(programme=programme, start=date(2025, 5, 1), end=date(2025, 6, 1))
    with pytest.raises(ValidationError, match="is locked"):
        undo(json.loads(json.dumps(trail.parts())), by=None, now=NOW)
    assert Answer.objects.count() == 1


def test_who_withdrew_her_consent_is_not_answered_for(programme, ana):
    mapping = {"person": "who", "wave": F6, "answers": "staff"}
    load(programme, "who,staff\nana@a.example,1\n", mapping)
    Invitation.objects.update(state="withdrawn")
    [refusal] = load(programme, "who,staff\nana@a.example,0\n", mapping).refused
    assert refusal.rule == "She withdrew her consent: her answers are not taken in."


def test_undo_takes_back_questions_waves_and_answers_and_restores_what_was_changed(programme, ana):
    questions = {"tools": {"kind": "many", "choices": {"A": "a", "B": "b"}}, "staff": {"kind": "number"}}
    mapping = mapped(questions, {code: code for code in questions}, person="who")
    empty = _content()
    first = Trail()
    load(programme, "who,tools,staff\nana@a.example,A,1\n,B,2\n", mapping, trail=first)
    before = _content()
    second = Trail()
    mapping["answers"]["called"]["new"] = "new"
    load(programme, "who,tools,staff,new\nana@a.example,B,3,x\n", mapping, trail=second)
    undo(json.loads(json.dumps(second.parts())), by=None, now=NOW)
    assert _content() == before
    undo(json.loads(json.dumps(first.parts())), by=None, now=NOW)
    assert _content() == empty


def _content():
    return {table: rows for table, rows in records().items() if table != "accounts_auditentry"}


def test_as_many_queries_for_many_rows_as_for_few(programme, monkeypatch):
    """Of a chunk; three chunks take three times what one takes. (SQLite takes few values a statement.)"""
    mapping = mapped({"staff": {"kind": "number"}}, {"staff": "staff"})
    load(programme, "staff\n0\n", mapping)

    def queries(value, n):
        with CaptureQueriesContext(connection) as found:
            assert load(programme, "staff\n" + f"{value}\n" * n, mapping).refused == []
        return len(found)

    one = queries(1, 1)
    assert one == 17 + 4 * ON_POSTGRES
    assert queries(2, 3) == one
    if ON_POSTGRES:
        assert queries(3, 600) == one
    monkeypatch.setattr(KINDS["answers"], "chunk", 10)
    assert queries(5, 30) - queries(4, 20) == queries(7, 20) - queries(6, 10) == 5 + 2 * ON_POSTGRES


def test_days_and_modes_of_the_source_are_kept(programme, ana):
    text = "who,when,how,staff\nana@a.example,2025-05-03 23:30:00,by telephone,1\n"
    load(programme, text, {"person": "who", "wave": F6, "day": "when", "mode": "how", "answers": "staff"})
    asked = Invitation.objects.get()
    assert asked.mode == "phone"
    assert asked.answered_at.date() == date(2025, 5, 3)
    assert asked.answered_at - asked.state_at < timedelta(0)
