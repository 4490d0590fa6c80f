"""Files of mentors and needs: how far, when, state, whom they work for; and all of it taken back."""

import contextlib
import json

import pytest
from django.core.management import call_command

from mentoring.models import Mentor, Need
from mentoring.profiles import windows
from people.models import Affiliation, Organisation
from tests.factories import make_enrolment, make_organisation, make_person, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def load(programme, tmp_path, capsys):
    def run(kind: str, text: str) -> dict:
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        with contextlib.suppress(SystemExit):  # a file with a refused row
            call_command("load", kind, str(file), "--programme", programme.code, "--json")
        return json.loads(capsys.readouterr().out)

    return run


HEAD = "mentor,functions,reach,per,hours,availability,state,organisations,wishes\n"
WHO = "vesna@example.org,export;pricing,region,month,8"
ROW = f'{WHO},"pon 17-20; sre 9-12, 13-14",paused,Кућа кластера (director);Fabrika,Food\n'


def test_a_mentor_with_all_that_a_file_may_say(load, programme):
    person = make_person(programme.tenant, name="Vesna", email="vesna@example.org")
    known = make_organisation(programme.tenant, name="Kuća klastera")
    report = load("mentors", HEAD + ROW)
    assert (report["created"], report["refused"]) == (1, [])
    mentor = Mentor.objects.get(person=person)
    offer = mentor.offers.get()
    assert (mentor.state, mentor.reach, offer.per, offer.hours, offer.wishes) == (
        "paused",
        "region",
        "month",
        8,
        "Food",
    )
    assert windows.told(offer.windows) == "Mon 17–20; Wed 9–12, 13–14"
    works = set(Affiliation.objects.values_list("organisation__name", "role"))
    assert works == {("Kuća klastera", "director"), ("Fabrika", "associate")}
    assert Organisation.objects.filter(pk=known.pk).exists()
    assert load("mentors", HEAD + ROW)["unchanged"] == 1
    assert (Affiliation.objects.count(), Organisation.objects.count()) == (2, 2)
    before = mentor.state_at
    assert load("mentors", HEAD + ROW.replace("paused", "active"))["updated"] == 1
    mentor.refresh_from_db()
    assert (mentor.state, mentor.state_at > before) == ("active", True)


@pytest.mark.parametrize(
    ("old", "new", "column"), [("sre 9-12", "sre 12-9", "availability"), ("region", "moon", "reach")]
)
def test_what_is_wrong_is_refused_by_its_cell(load, programme, old, new, column):
    make_person(programme.tenant, name="Vesna", email="vesna@example.org")
    report = load("mentors", HEAD + ROW.replace(old, new))
    assert [(one["row"], one["column"]) for one in report["refused"]] == [(2, column)]
    assert Mentor.objects.count() == 0


def test_needs_of_who_takes_part(load, programme):
    row = make_enrolment(programme)
    row.person.email = "ana@example.org"
    row.person.save()
    make_person(programme.tenant, email="other@example.org")
    head = "person,functions,nace,place,language,availability,text\n"
    said = head + "ana@example.org,pricing,C,online,sr-latn,uto 8-10,Cena tegle\n"
    assert load("needs", said)["created"] == 1
    need = Need.objects.get()
    assert (need.enrolment, need.functions, need.sector, need.place) == (row, ["pricing"], "C", "online")
    assert (need.text, windows.told(need.windows)) == ("Cena tegle", "Tue 8–10")
    assert load("needs", said)["unchanged"] == 1
    assert load("needs", said.replace("Cena", "Popust"))["updated"] == 1
    report = load("needs", head + "other@example.org,pricing,,,,,\n")
    assert [one["rule"] for one in report["refused"]] == ["This person does not take part in this programme."]
    assert Need.objects.count() == 1
