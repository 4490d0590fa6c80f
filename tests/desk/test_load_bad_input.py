"""Bad files: a clear refusal each, in the reader's language, and nothing half-written."""

import io
import json

import pytest
from django.core.management import call_command

from people.models import Person
from tests.factories import make_enrolment, make_person, make_programme
from training.models import Enrolment, Session


@pytest.fixture
def programme(db):
    return make_programme(code="p1")


@pytest.fixture
def refused(programme, tmp_path):
    """The only refusal of a file, after it was checked that the door said 1 and nothing was written."""

    def refusal(kind, content, name="file.csv", rows=(Person, Session, Enrolment)):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        before = [list(model.objects.values()) for model in rows]
        said = io.StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("load", kind, str(tmp_path / name), "--programme", "p1", "--json", stdout=said)
        assert end.value.code == 1
        assert [list(model.objects.values()) for model in rows] == before
        [found] = json.loads(said.getvalue())["refused"]
        return found

    return refusal


def test_a_file_that_is_not_what_its_name_says(refused):
    found = refused("persons", b"id,name\n1,Ana\n", name="people.xlsx")
    assert found["sheet"] == "people.xlsx"
    assert "not what its name says" in found["rule"]
    assert "not what its name says" in refused("persons", b"PK\x03\x04rest", name="people.csv")["rule"]
    assert "not what its name says" in refused("persons", b"%PDF-1.7 x", name="people.csv")["rule"]


def test_a_file_whose_letters_cannot_be_read(refused):
    assert "letters of this file cannot be read" in refused("persons", b"\xff\xfei\x00d\x00\n")["rule"]


@pytest.mark.parametrize("content", ["", "   \n \n", ",,\n,,\n"])
def test_an_empty_sheet(refused, content):
    assert "empty" in refused("persons", content)["rule"]


@pytest.mark.parametrize("said", ["29.2.2023.", "2023-02-29", "February 29, 2023"])
def test_29_february_in_a_common_year(refused, said):
    found = refused("sessions", f'title,day\nFirst,"{said}"\n')
    assert found == {
        "sheet": "file.csv",
        "row": 2,
        "column": "day",
        "value": said,
        "rule": "This day does not exist in the calendar.",
    }


def test_a_day_that_can_be_read_in_two_ways(refused):
    assert "cannot be told apart" in refused("sessions", "title,day\nFirst,3/4/2023\n")["rule"]


def test_a_person_twice_saying_different_things(refused):
    found = refused("persons", "id,name,born\n1,Ana,1980\n2,Mila,1990\n1,Ana,1981\n")
    assert (found["row"], found["column"], found["value"]) == (4, "born", "1981")
    assert found["rule"] == "Row 2 says something else of the same one."


def test_a_person_twice_without_an_id(refused):
    found = refused("persons", "name,email\nAna Anić,ana@example.org\nАна Анић,ana@example.org\n")
    assert found["row"] == 3
    assert found["rule"] == "Row 2 says something else of the same one."
    found = refused("persons", "name,email\nAna Anić,ana@example.org\nAna Anić,ana@example.org\n")
    assert found["rule"] == "Row 2 is the same, and nothing tells the two apart."


@pytest.mark.parametrize("said", ["ana", "ana@", "a b@example.org", "ana@example..org", "@example.org"])
def test_an_e_mail_that_is_none(refused, said):
    found = refused("persons", f'id,email\n1,"{said}"\n')
    assert (found["column"], found["value"], found["rule"]) == ("email", said, "This is no e-mail address.")


def test_a_session_in_the_hour_that_the_clocks_skip(refused):
    found = refused("sessions", "title,day,start,end,zone\nNight,2025-03-30,02:30,04:00,Europe/Belgrade\n")
    assert found["row"] == 2
    assert found["rule"] == "02:30 does not exist on 30 March 2025 in Europe/Belgrade: the clocks change."


def test_a_session_in_the_hour_that_comes_twice(refused):
    found = refused("sessions", "title,day,start,end,zone\nNight,2025-10-26,02:30,04:00,Europe/Belgrade\n")
    assert "happens twice" in found["rule"]


def test_a_session_that_ends_before_it_starts(refused):
    found = refused("sessions", "title,day,start,end\nFirst,2025-03-12,12:00,09:00\n")
    assert (found["column"], found["rule"]) == ("end", "A session ends after it starts.")


def test_an_id_of_another_programme(refused, programme):
    stranger = make_person(programme.tenant, source="load", source_id="X1")
    make_enrolment(make_programme(programme.tenant), person=stranger)
    found = refused("ideas", "title,person\nBread,X1\n")
    assert (found["column"], found["value"]) == ("person", "X1")
    assert found["rule"] == "This person does not take part in this programme."


def test_an_id_of_another_organisation_is_not_known_at_all(refused):
    make_person(source="load", source_id="X1")
    assert refused("enrolments", "person\nX1\n")["rule"].startswith("Nobody is known by this id")


def test_a_name_that_two_persons_bear(refused, programme):
    for number in (1, 2):
        make_person(programme.tenant, name="Ana Anić", email=f"a{number}@example.org")
    assert refused("enrolments", "person\nАна Анић\n")["rule"].startswith("Several persons are known by this")


@pytest.mark.parametrize(
    ("kind", "content", "column", "rule"),
    [
        ("persons", "id,born\n1,19xx\n", "born", "This is no whole number."),
        ("persons", "id,born\n1,1860\n", "born", "Ensure this value is greater than or equal to 1900."),
        ("persons", "id,sex\n1,f?\n", "sex", "Say one of: female, male, another, not_said."),
        (
            "persons",
            "id,zone\n1,Mars/Base\n",
            "zone",
            "This time zone is not known; one is written like Europe/Belgrade.",
        ),
        ("sessions", "title,day\n ,2025-03-12\n", "title", "This must not be blank."),
        (
            "sessions",
            "title,day,start,duration\nN,2025-03-12,23:30,90 min\n",
            "duration",
            "It would end on the next day: a session ends on its day.",
        ),
        ("sessions", "title,module\nFirst,9\n", "module", "The programme has no module of this number."),
    ],
)
def test_a_cell_that_breaks_a_rule(refused, kind, content, column, rule):
    found = refused(kind, content)
    assert (found["row"], found["column"], found["rule"]) == (2, column, rule)


def test_a_required_column_that_is_missing(refused):
    found = refused("ideas", "what,person\nBread,A1\n")
    assert found["rule"].startswith(
        "No column for title (title), which is required. The file has: what, person."
    )


def test_headers_that_say_nothing_to_us(refused):
    found = refused("persons", "what,who\nx,y\n")
    assert found["rule"] == "None of the columns is known here: what, who. Say with a map which is which."


def test_every_wrong_cell_is_named_at_once(programme, tmp_path):
    (tmp_path / "f.csv").write_text("id,email,born\n1,x,y\n2,,z\n")
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("load", "persons", str(tmp_path / "f.csv"), "--programme", "p1", "--json", stdout=said)
    found = [(one["row"], one["column"]) for one in json.loads(said.getvalue())["refused"]]
    assert found == [(2, "email"), (2, "born"), (3, "born")]


def test_a_file_that_came_apart_is_refused_whole_even_without_the_refused_rows(programme, tmp_path):
    """Every row is longer than the header: what stands under which heading nobody knows any more."""
    rows = [f"{n},A,title,in,words" for n in range(10)]
    (tmp_path / "people.csv").write_text("\n".join(["id,name,note", *rows]))
    said = io.StringIO()
    words = ["load", "persons", str(tmp_path / "people.csv"), "--programme", "p1", "--skip-refused", "--json"]
    with pytest.raises(SystemExit):
        call_command(*words, stdout=said)
    [found] = json.loads(said.getvalue())["refused"]
    assert (found["sheet"], found["row"], found["value"]) == ("people.csv", None, "in")
    assert found["rule"].startswith(
        "The file is broken: 10 of 10 rows have more cells than there are headings, first row 2 in column D."
    )
    assert not Person.objects.exists()


def test_rows_that_are_too_long_beside_good_ones_are_refused_by_row(programme, tmp_path):
    rows = [f"{n},A{n},a,note" for n in range(10)] + [f"{n},B{n},a" for n in range(10, 20)]
    (tmp_path / "people.csv").write_text("\n".join(["id,name,note", *rows]))
    said = io.StringIO()
    words = ["load", "persons", str(tmp_path / "people.csv"), "--programme", "p1", "--skip-refused", "--json"]
    call_command(*words, stdout=said)
    found = json.loads(said.getvalue())
    assert (found["created"], [one["row"] for one in found["refused"]]) == (10, list(range(2, 12)))
