"""Six tables of a programme, counted by hand; the same on both databases, one query each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ideas.models import Review
from outcomes import tables_columns
from outcomes.models import Answer, Edition, Invitation, Question, Questionnaire, Wave
from outcomes.tables import BY_COLUMNS, KINDS, laid_out
from tests import factories as f
from training.models import Attendance


def cells(code: str, programme) -> dict:
    """Value and n by row and column; what is not there is left out."""
    grid = laid_out(code, [programme])
    return {
        (row, column): (value, many)
        for row, values, n in grid.rows
        for column, value, many in zip(grid.columns, values, n, strict=True)
        if value is not None
    }


def test_marks_by_region_are_every_mark_once(world):
    found = cells("attendance", world.programme)
    assert sum(value for value, _n in found.values()) == Attendance.objects.count()
    south = [value for (region, _status), (value, _n) in found.items() if region == "South"]
    assert sum(south) == 18  # six women in three sessions
    assert found["", "absent"] == (3, 3)  # who lives nobody knows where, and came to none of three


def test_minutes_are_by_module_and_only_of_who_was_there(world):
    found = cells("hours", world.programme)
    there = Attendance.objects.filter(status__in=Attendance.THERE, entry__session__module=world.modules[1])
    assert found[world.modules[1].pk, ""][0] == sum(there.values_list("minutes", flat=True))


def test_ideas_by_state_and_region_are_ideas_and_not_nominations(world):
    found = cells("ideas", world.programme)
    assert found["in_mentoring", "South"] == (3, 3)  # the first of them has two nominators of one region
    assert {state for state, _region in found} == {"nominated", "in_mentoring"}


def test_scores_and_reviewers_say_of_how_many(world):
    Review.objects.update(score=3)
    Review.objects.filter(pk=Review.objects.order_by("pk").first().pk).update(score=5)
    assert cells("scores", world.programme)["A", ""] == (3.5, 4)
    assert cells("reviewers", world.programme)[world.mentor.person_id, ""] == (3.5, 4)


@pytest.fixture
def answers(world):
    asked = Questionnaire.objects.create(programme=world.programme, code="after", name="After")
    edition = Edition.objects.create(questionnaire=asked, number=1)
    question = Question.objects.create(tenant=world.tenant, code="fte", kind="number")
    wave = Wave.objects.create(programme=world.programme, edition=edition, kind="follow_up", months=6)
    for number, woman in zip((0, 3, None), world.women, strict=False):
        invitation = Invitation.objects.create(wave=wave, enrolment=woman)
        Answer.objects.create(invitation=invitation, question=question, number=number)
    return question


def test_a_mean_is_of_those_who_gave_a_number_and_zero_is_one(world, answers):
    assert cells("answers", world.programme) == {("fte", "f6"): (1.5, 2)}


def test_amounts_of_money_are_in_no_mean(world, answers):
    Answer.objects.update(currency="RSD")
    assert cells("answers", world.programme) == {}


def test_a_programme_with_nothing_has_empty_tables(db):
    assert [laid_out(code, [f.make_programme()]).rows for code in KINDS] == [[]] * len(KINDS)


@pytest.mark.parametrize("code", KINDS)
def test_a_table_is_one_query_whatever_is_in_it(world, answers, code):
    """On SQLite how many marks there are is asked before two of them."""
    with CaptureQueriesContext(connection) as found:
        laid_out(code, [world.programme])
    assert len(found) == (2 if connection.vendor == "sqlite" and code in BY_COLUMNS else 1)


@pytest.mark.parametrize("code", BY_COLUMNS)
def test_read_by_columns_a_table_is_the_same(world, code, monkeypatch):
    """Marks without minutes, sessions without a module, programmes beside it; PostgreSQL always groups."""
    second = f.make_programme(world.tenant)
    entry = f.make_entry(f.make_session(second), f.make_enrolment(second))
    f.make_attendance(entry, minutes=None)
    asked = [[world.programme], [world.programme, second], [second]]
    grouped = [laid_out(code, programmes) for programmes in asked]
    monkeypatch.setattr(tables_columns, "LEAST", 0)
    monkeypatch.setattr(tables_columns, "MOST", 100)
    with CaptureQueriesContext(connection) as found:
        assert [laid_out(code, programmes) for programmes in asked] == grouped
    assert any("group_concat" in query["sql"] for query in found) == (connection.vendor == "sqlite")


# --- the page, the workbook, the API


def address(world, end: str = "/") -> str:
    return f"/programmes/{world.programme.code}/outcomes/tables{end}"


def test_who_runs_the_programme_reads_all_six_by_name(world, answers, client):
    client.force_login(world.coordinator)
    page = client.get(address(world)).content.decode()
    assert page.count("<table") == len(KINDS)
    assert [word in page for word in ("South", "not known", "present", "in mentoring")] == [True] * 4


def test_the_workbook_has_a_sheet_for_each(world, client):
    import io

    from openpyxl import load_workbook

    client.force_login(world.coordinator)
    book = load_workbook(io.BytesIO(client.get(address(world, ".xlsx")).content))
    assert len(book.sheetnames) == len(KINDS)
    assert book.worksheets[0]["A1"].value == "Region"


@pytest.mark.parametrize("end", ["/", ".xlsx"])
def test_no_funder_no_trainer_and_no_stranger_reads_them(world, client, end):
    trainer = f.make_trainer(world.programme)
    for user, status in ((world.funder, 403), (trainer, 403), (f.make_coordinator(f.make_programme()), 404)):
        client.force_login(user)
        assert client.get(address(world, end)).status_code == status


def test_the_api_gives_one_table_and_knows_no_other(world, client):
    client.force_login(world.coordinator)
    base = f"/api/v1/programmes/{world.programme.code}/tables"
    said = client.get(f"{base}/attendance/").json()
    assert said["columns"] == ["absent", "excused", "late", "present"]
    assert [line["name"] for line in said["lines"]] == ["East", "North", "South", "not known"]
    assert client.get(f"{base}/salaries/").status_code == 404
