"""A pasted list: what is understood of each line, what is said of the others, and that nothing is doubled."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ideas import pasting, services
from ideas.here import Here
from ideas.models import Idea, IdeaChange, Nomination
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_funder,
    make_idea,
    make_mentor,
    make_person,
    make_programme,
    make_session,
    make_trainer,
)


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def people(programme):
    names = {"A1": "Jelena Petrović", "A2": "Jelena Marić", "B1": "Fatmire Berisha", "C1": "Ђурђа Ђорђевић"}
    return {
        code: make_enrolment(programme, row_code=code, person=make_person(programme.tenant, name=name))
        for code, name in names.items()
    }


def read(programme, text, default=None):
    """(row codes, title, sentence, sector) of each line, and its errors."""
    lines = pasting.understood(text, Here.of(programme), default)
    return [
        ("+".join(row.row_code for row in line.who), line.title, line.summary, line.sector, line.errors)
        for line in lines
    ]


# --- what a line may look like


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A1, B1: Plum jam – without sugar", ("A1+B1", "Plum jam", "without sugar", "", [])),
        ("a1 b1: Plum jam - without sugar", ("A1+B1", "Plum jam", "without sugar", "", [])),
        ("Fatmire Berisha: Plum jam", ("B1", "Plum jam", "", "", [])),
        ("Fatmire and Jelena Petrovic: Plum jam", ("B1+A1", "Plum jam", "", "", [])),
        ("Đurđa Đorđević: Sušara — zajednička", ("C1", "Sušara", "zajednička", "", [])),
        ("Djurdja: Sušara", ("C1", "Sušara", "", "", [])),
        ("Plum jam – without sugar (Jelena Petrović)", ("A1", "Plum jam", "without sugar", "", [])),
        ("Plum jam (B1) – without sugar", ("B1", "Plum jam", "without sugar", "", [])),
        ("3. A1: Plum jam [c]", ("A1", "Plum jam", "", "C", [])),
        ("• B1: Plum-jam for two: cheap", ("B1", "Plum-jam for two: cheap", "", "", [])),
        ("A1\tPlum jam\twithout sugar", ("A1", "Plum jam", "without sugar", "", [])),
        ("A1: Shop at https://x.example/a", ("A1", "Shop at https://x.example/a", "", "", [])),
        ("A1: - Tea", ("A1", "Tea", "", "", [])),
        ("A1: Tea (hot)", ("A1", "Tea (hot)", "", "", [])),
        ("A1: Tea [Q9]", ("A1", "Tea [Q9]", "", "", [])),
    ],
)
def test_one_line(programme, people, text, found):
    assert read(programme, text) == [found]


def test_a_flip_chart_with_headings_and_lines_set_further_in(programme, people):
    text = """A1:
- Plum jam – without
    sugar
- Plum brandy

* B1: Bread
Fatmire Berisha:

1) Beer
2) Cheese (A1)
"""
    assert read(programme, text) == [
        ("A1", "Plum jam", "without sugar", "", []),
        ("A1", "Plum brandy", "", "", []),
        ("B1", "Bread", "", "", []),
        ("B1", "Beer", "", "", []),
        ("A1", "Cheese", "", "", []),
    ]


def test_one_nominator_for_all_that_name_nobody(programme, people):
    assert read(programme, "Jam\nB1: Bread", people["A1"]) == [
        ("A1", "Jam", "", "", []),
        ("B1", "Bread", "", "", []),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jam", ["Whose idea is it? Write a row code or a name and a colon before it."]),
        ("Z9: Jam", ["Nobody here has the row code or name “Z9”."]),
        ("A1, Zora: Jam", ["Nobody here has the row code or name “Zora”."]),
        ("Jelena: Jam", ["Several have this name; take the row code: A1, A2."]),
        ("Jam (Mara Marić)", ["Nobody here has the row code or name “Mara Marić”."]),
        ("A1: (B1) [C]", ["An idea needs a title."]),
        ("A1: " + "x" * 301, ["At most 300 characters; these are 301."]),
        ("Food:", ["This ends with a colon, and nobody here has this row code or name."]),
    ],
)
def test_what_is_not_understood_is_said_with_the_value(programme, people, text, words):
    [(_who, _title, _summary, _sector, errors)] = read(programme, text)
    assert errors == words


def test_ten_thousand_lines_are_refused_in_words(programme, people):
    with pytest.raises(ValidationError) as refused:
        read(programme, "A1: Jam\n" * 10_000)
    words = "These are 10000 lines; at most 500 are taken at once. Send a part of them, or bring in a sheet."
    assert refused.value.message_dict == {"text": [words]}


def test_an_empty_list_is_refused(programme, people):
    with pytest.raises(ValidationError) as refused:
        read(programme, " \n\n")
    assert refused.value.message_dict == {"text": ["Nothing stands here: write one idea a line."]}


# --- kept


def keep(programme, text, default=None, session=None):
    lines = pasting.understood(text, Here.of(programme), default)
    by = make_trainer(programme)
    return services.keep_list(by=by, programme=programme, session=session, lines=lines, now=timezone.now())


def test_the_same_list_twice_doubles_nothing(programme, people):
    text = "A1, B1: Plum jam – without sugar\nC1: Sušara\nC1: sušara"
    session = make_session(programme)
    assert keep(programme, text, session=session) == (2, 1)
    assert keep(programme, "\n\n" + text.upper() + "\nB1: Bread") == (1, 0)
    told = Nomination.objects.order_by("idea__number", "pk")
    assert list(told.values_list("idea__number", "enrolment__row_code", "session")) == [
        (1, "A1", session.pk),
        (1, "B1", session.pk),
        (2, "C1", session.pk),
        (3, "B1", None),
    ]
    assert list(IdeaChange.objects.values_list("idea__number", "state")) == [
        (1, "nominated"), (2, "nominated"), (3, "nominated"),
    ]  # fmt: skip


def test_she_stands_with_an_idea_that_is_there(programme, people):
    idea = make_idea(programme, enrolments=[people["A1"]], number=12)
    assert keep(programme, "B1: #12") == (0, 1)
    assert keep(programme, "B1, A1: #12") == (0, 0)
    assert list(idea.nominations.order_by("pk").values_list("enrolment__row_code", flat=True)) == ["A1", "B1"]


def test_nothing_is_kept_where_one_line_names_no_idea(programme, people):
    with pytest.raises(ValidationError) as refused:
        keep(programme, "A1: Jam\nB1: #12")
    assert refused.value.messages == ["Line 2: the programme has no idea number 12."]
    assert Idea.objects.count() == 0


# --- the page


def address(programme):
    return reverse("ideas:idea_paste", args=[programme.code])


def test_looked_at_first_then_kept_and_what_is_wrong_stays(client, programme, people):
    make_idea(programme, title="Plum jam", enrolments=[people["C1"]], number=7)
    client.force_login(make_trainer(programme))
    text = "A1: Plum jam – without sugar\nZ9: Bread\nB1: #99"
    answer = client.post(address(programme), {"text": text, "who": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 of 3 lines are understood" in page
    assert "Nobody here has the row code or name “Z9”." in page
    assert "Line 3: the programme has no idea number 99." in page
    assert "#7" in page  # what sounds like it
    assert Idea.objects.count() == 1
    answer = client.post(address(programme), {"text": text, "who": "", "sure": "yes"})
    page = answer.content.decode()
    assert Idea.objects.filter(text__title="Plum jam", number=8).count() == 1
    assert Idea.objects.count() == 2
    assert ">\nZ9: Bread\nB1: #99</textarea>" in page
    answer = client.post(address(programme), {"text": "B1: Bread\nB1: #7", "who": "", "sure": "yes"})
    assert (answer.status_code, answer.url) == (302, reverse("ideas:idea_list", args=[programme.code]))
    assert Idea.objects.count() == 3


def test_too_many_lines_keep_the_text_on_the_page(client, programme, people):
    client.force_login(make_trainer(programme))
    text = "\n".join(f"A1: Idea {n}" for n in range(10_000))
    answer = client.post(address(programme), {"text": text, "who": "", "sure": "yes"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "at most 500 are taken at once" in page
    assert "A1: Idea 9999</textarea>" in page
    assert Idea.objects.count() == 0


def test_from_a_session_they_were_nominated_in_it(client, programme, people):
    session = make_session(programme)
    client.force_login(make_coordinator(programme))
    said = {"text": "Jam\nBread", "who": "A1", "sure": "yes"}
    answer = client.post(reverse("ideas:session_paste", args=[session.pk]), said)
    assert answer.status_code == 302
    assert list(Nomination.objects.values_list("session", "enrolment__row_code")) == [(session.pk, "A1")] * 2


def test_who_may_not_record_ideas_pastes_none(client, programme):
    session = make_session(programme)
    routes = [address(programme), reverse("ideas:session_paste", args=[session.pk])]
    stranger, mentor = make_coordinator(make_programme()), make_mentor(programme).person.user
    found = {}
    for who, user in {"stranger": stranger, "mentor": mentor, "funder": make_funder(programme)}.items():
        client.force_login(user)
        found[who] = [client.get(route).status_code for route in routes]
    assert found == {"stranger": [404, 404], "mentor": [403, 403], "funder": [403, 403]}


def test_pages_cost_the_same_for_one_line_and_for_three(client, programme, people):
    make_idea(programme, title="Jam", enrolments=[people["A1"]])
    client.force_login(make_trainer(programme))
    found = []
    one, three = "A1: Jam\nB1: #1", "A1: Jam\nB1: Bread\nC1: Salt\nB1: #1"
    for text in (one, one, three):
        with CaptureQueriesContext(connection) as asked:
            client.post(address(programme), {"text": text, "who": ""})
        found.append(len(asked))
    assert found[1:] == [10, 10]
