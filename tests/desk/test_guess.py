"""Guessing kinds and columns: by headings in three scripts, by what stands below, never between two."""

import pytest

from desk.loading.door import KINDS
from desk.loading.guess import Guess, guess_columns, guess_kind
from desk.real import headings
from lib.sheets import Row, Sheet


def table(header, *rows, name="s"):
    return Sheet(name, list(header), [Row(n, list(cells)) for n, cells in enumerate(rows, 2)])


def guessed(kind, header, *rows, **options):
    found = guess_columns(KINDS[kind], table(header, *rows), **options)
    return {name: guess.header for name, guess in found.items()}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *[
            (one, "name")
            for one in ("Ime i prezime", "Prezime i ime", "ИМЕ И ПРЕЗИМЕ", "Ime i prezime učesnice")
        ],
        *[
            (one, "name")
            for one in ("Име и презиме полазнице", "Full name", "full_name", "Name of participant")
        ],
        *[(one, "name") for one in ("Ime", "Име", "Name", "<b>Vaše ime</b> i prezime (čitko)", "Polaznica")],
        *[
            (one, "email")
            for one in ("E-mail adresa", "e-mail", "Email", "EMAIL ADDRESS", "Имејл", "Мејл адреса")
        ],
        *[
            (one, "email")
            for one in ("Elektronska pošta", "Е-пошта", "Vaša e-mail adresa", "Submitter Email")
        ],
        *[(one, "email") for one in ("emailAddress", "E-mail polaznice", "Kontakt e-mail", "mail")],
        *[
            (one, "phone")
            for one in ("Telefon", "Broj telefona", "Контакт телефон", "Mob.", "Tel.", "Mobilni telefon")
        ],
        *[(one, "phone") for one in ("Phone number", "Mobile phone", "Мобилни", "Broj mobilnog telefona")],
        *[
            (one, "born")
            for one in ("Датум рођења", "Godina rođenja", "Year of birth", "date_of_birth", "Godište")
        ],
        *[
            (one, "municipality")
            for one in ("Opština", "Општина", "Mesto", "Grad / opština", "City", "Место становања")
        ],
        *[(one, "sex") for one in ("Pol", "Пол", "Gender", "Rod")],
        *[(one, "country") for one in ("Država", "Zemlja", "Country", "Држава")],
        *[(one, "id") for one in ("ID", "Šifra", "Шифра", "person_id", "Person ID")],
    ],
)
def test_headings_of_persons(header, field):
    assert guessed("persons", [header]) == {field: header}


@pytest.mark.parametrize(
    "header",
    [
        *(
            "R",
            "C",
            "Git",
            "Other",
            "Other (2)",
            "Napomena",
            "Group Name",
            "E-mail mentora",
            "Telefon firme",
            "Day1",
        ),
        *(
            "Ime firme",
            "What is your mother's name?",
            "Created",
            "Start Date (UTC)",
            "Broj",
            "Adresa",
            "",
            "Opis",
        ),
        "Please specify your main academic discipline, country and region of study",
    ],
)
def test_headings_that_are_no_field_of_persons(header):
    assert guessed("persons", [header]) == {}


@pytest.mark.parametrize(
    ("kind", "header", "field"),
    [
        ("enrolments", "Datum prijave", "applied_on"),
        ("enrolments", "Submission Date", "applied_on"),
        ("enrolments", "Назив фирме", "enterprise"),
        ("sessions", "Datum održavanja", "day"),
        ("sessions", "Почетак", "start"),
        ("sessions", "Trajanje", "minutes"),
        ("sessions", "Tema", "title"),
        ("sessions", "Predavači", "trainers"),
        ("ideas", "Naziv ideje", "title"),
        ("ideas", "Делатност", "sector"),
        ("ideas", "Ciljna grupa", "customer"),
        ("mentors", "Менторка", "person"),
        ("mentors", "Jezici", "languages"),
        ("assignments", "Mentorka", "mentor"),
        ("assignments", "Učesnica", "person"),
    ],
)
def test_headings_of_the_other_kinds(kind, header, field):
    assert guessed(kind, [header]) == {field: header}


def test_first_and_last_name_are_one_name():
    found = guess_columns(KINDS["persons"], table(["Ime", "Prezime"], ["Ana", "Anić"], ["Đurđa", "Ilić"]))
    assert found == {"name": Guess(["Ime", "Prezime"], "name", 1.0)}
    assert found["name"].entry == {"from": ["Ime", "Prezime"], "join": " "}
    assert guessed("persons", ["Surname", "First name"]) == {"name": ["First name", "Surname"]}
    assert guessed("enrolments", ["Име", "Презиме"]) == {"person": ["Име", "Презиме"]}


def test_a_column_of_whole_names_is_better_than_two_halves():
    assert guessed("persons", ["Ime", "Prezime", "Ime i prezime"]) == {"name": "Ime i prezime"}


def test_who_takes_part_is_found_by_address_rather_than_by_name():
    assert guessed("enrolments", ["Ime i prezime", "E-mail adresa"]) == {"person": "E-mail adresa"}


def test_two_that_are_equally_likely_are_not_guessed():
    assert guessed("persons", ["E-mail", "E-mail adresa"]) == {}
    rows = [["a@example.org", "b@example.org"]]
    assert guessed("persons", ["X1", "X2"], *rows) == {}


def test_of_two_the_one_that_says_something():
    assert guessed("persons", ["E-mail", "E-mail adresa"], [None, "a@example.org"]) == {
        "email": "E-mail adresa"
    }


def test_the_cells_decide_what_a_heading_means():
    assert guessed("sessions", ["start"], ["2024-02-28"], ["2024-03-01"]) == {"day": "start"}
    assert guessed("sessions", ["day", "start"], ["2024-02-28", "09:00"]) == {"day": "day", "start": "start"}


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Kako da vam pišemo?", ["ana@example.org", "vera@example.org"], "email"),
        ("Kako da vas pozovemo?", ["+381 64 1234567", "064/765-4321"], "phone"),
        ("Column 3", ["Ana Anić", "Ђурђа Илић"], "name"),
        ("Unnamed: 2", ["ž", "m", "Ž"], "sex"),
        ("q", [1986, 1990], "born"),
    ],
)
def test_what_no_heading_tells_the_cells_do(header, cells, field):
    found = guess_columns(KINDS["persons"], table([header], *[[cell] for cell in cells]))
    assert found == {field: Guess(header, "content", 1.0)}


def test_an_address_of_somebody_else_is_not_hers():
    assert guessed("persons", ["Kontakt firme"], ["info@example.org"]) == {}


def test_what_was_chosen_before_wins():
    found = guess_columns(
        KINDS["persons"],
        table(["Kontakt", "E-mail"], ["a@example.org", "b@example.org"]),
        {"email": "Kontakt"},
    )
    assert found == {"email": Guess("Kontakt", "remembered", 1.0)}
    assert guessed("persons", ["E-mail"], remembered={"email": "no such column"}) == {"email": "E-mail"}


@pytest.mark.parametrize(
    ("header", "name", "kind"),
    [
        (["Ime i prezime", "E-mail", "Telefon", "Opština"], "s", "persons"),
        (["Назив", "Датум", "Почетак", "Крај", "Место"], "s", "sessions"),
        (["Naziv ideje", "Opis", "Predlagač", "Delatnost"], "s", "ideas"),
        (["Mentorka", "Polaznica", "Sati"], "s", "assignments"),
        (["Mentor", "Jezici", "Biografija", "Kapacitet"], "s", "mentors"),
        (["E-mail", "Status", "Datum prijave"], "upis.csv", "enrolments"),
    ],
)
def test_the_kind_of_a_sheet(header, name, kind):
    found = guess_kind(table(header, name=name))
    assert found[0][0] == kind
    assert {name for name, _share in found} == KINDS.keys()
    assert [share for _name, share in found] == sorted((share for _name, share in found), reverse=True)
    assert all(0 <= share <= 1 for _name, share in found)


def test_headings_of_real_files(shared_data):
    found = list(headings.compare(shared_data))
    assert [(one.data, one.files, one.right, one.wrong, one.missed) for one in found] == [
        ("registrations_coderefinery", 29, 74, 0, 0),
        ("training_carpentries", 7, 22, 0, 0),
        ("training_events_rladies", 1, 5, 0, 0),
        ("programme_openseeds", 2, 9, 0, 0),
    ]
    assert all(one.is_enough for one in found)


def test_a_heading_that_is_guessed_wrong_is_never_enough():
    assert not headings.Told("x", 1, right=99, wrong=1, missed=0, alone=0).is_enough
    assert not headings.Told("x", 1, right=95, wrong=0, missed=5, alone=0).is_enough
