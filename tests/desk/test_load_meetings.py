"""Meetings brought in from a sheet: the same file twice is the same meetings."""

import contextlib
import json

import pytest
from django.core.management import call_command

from mentoring.models import Meeting
from tests.factories import make_assignment, make_enrolment, make_mentor, make_person, make_programme

pytestmark = pytest.mark.django_db
HEAD = "Mentorka,Polaznica,Datum,Od,Trajanje,Mesto,Tema,Sledeći korak\n"


@pytest.fixture
def programme():
    return make_programme(code="p-2025")


@pytest.fixture
def pair(programme):
    mentor = make_mentor(programme, person=make_person(programme.tenant, name="Vesna Vesić"))
    person = make_person(programme.tenant, name="Đurđa Đorđević")
    return make_assignment(mentor, make_enrolment(programme, person=person), start=None)


@pytest.fixture
def load(programme, tmp_path, capsys):
    def load(rows: str) -> dict:
        path = tmp_path / "sastanci.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        with contextlib.suppress(SystemExit):
            call_command("load", "meetings", str(path), "--programme", programme.code, "--json")
        return json.loads(capsys.readouterr().out)

    return load


def test_a_sheet_with_serbian_headings_is_read_as_it_is(load, pair):
    row = "Vesna Vesic,Djurdja Djordjevic,03.02.2025,17:30,90,online,Cena tegle,Pita Milu\n"
    said = load(row + "Vesna Vesić,Ђурђа Ђорђевић,10.02.2025,,45,,Etikete,\n")
    assert (said["created"], said["refused"]) == (2, [])
    assert list(Meeting.objects.order_by("day").values_list("minutes", "place", "topic", "next_step")) == [
        (90, "online", "Cena tegle", "Pita Milu"),
        (45, "premises", "Etikete", ""),
    ]
    again = load(row)
    assert (again["created"], again["unchanged"], Meeting.objects.count()) == (0, 1, 2)


def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(load, pair):
    said = load(
        "Vesna Vesić,Đurđa Đorđević,03.02.2025,,1800,,Cene,\n"
        "Vesna Vesić,Đurđa Đorđević,03.02.2025,09:00,60,,Etikete,\n"
        "Vesna Vesić,Đurđa Đorđević,03.02.2025,09:30,60,,Banka,\n"
        "Vesna Vesić,Nepoznata,03.02.2025,,60,,Banka,\n"
    )
    refused = {(one["row"], one["column"]): one["rule"] for one in said["refused"]}
    assert list(refused) == [(2, "Trajanje"), (4, "Od"), (5, "Polaznica")]
    assert refused[2, "Trajanje"] == "A meeting lasts 12 hours at most: 1800 minutes cannot be."
    assert refused[4, "Od"].startswith("The two met on 3 February 2025 from 09:00")
    assert Meeting.objects.count() == 0


def test_a_sheet_does_not_overwrite_what_is_logged(load, pair):
    load("Vesna Vesić,Đurđa Đorđević,03.02.2025,,60,,Cene,\n")
    [refused] = load("Vesna Vesić,Đurđa Đorđević,03.02.2025,,90,,Cene,\n")["refused"]
    words = "This meeting is logged already and says something else: cancel it there first."
    assert (refused["column"], refused["rule"]) == ("Trajanje", words)


def test_one_mentor_need_not_be_named_and_two_must(load, programme, pair):
    assert load(",Đurđa Đorđević,03.02.2025,,60,,Cene,\n")["created"] == 1
    make_assignment(make_mentor(programme), pair.enrolment, start=None)
    [refused] = load(",Đurđa Đorđević,04.02.2025,,60,,Cene,\n")["refused"]
    assert refused["rule"] == "She has several mentors: say which."
