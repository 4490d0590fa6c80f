"""`manage.py load attendance`: a row a mark, or a column a session; blank is unknown."""

import io
import json
from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib.sheets import Row, Sheet
from tests.factories import make_enrolment, make_person, make_programme, make_session
from training import services
from training.models import Attendance, Mark, RosterEntry, Status

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def sessions(programme):
    days = [("Opening", date(2025, 3, 12)), ("Finance", date(2025, 3, 13)), ("Marketing", date(2025, 3, 14))]
    return [
        make_session(
            programme, title=title, day=day, start=time(9), end=time(13), source="load", source_id=f"s{n}"
        )
        for n, (title, day) in enumerate(days, 1)
    ]


@pytest.fixture
def people(programme, sessions):
    said = [("Ђорђевић Ана", 1980, "ana@example.org"), ("Mila Žarić", 1990, ""), ("Mila Žarić", 1985, "")]
    made = [
        make_enrolment(programme, person=make_person(programme.tenant, name=name, born=born, email=mail))
        for name, born, mail in said
    ]
    for session in sessions:
        services.fill_roster(by=None, session=session, enrolments=made)
    return made


def table(text, sign=";"):
    lines = [line.split(sign) for line in text.strip().splitlines()]
    rows = [Row(n, [cell or None for cell in cells]) for n, cells in enumerate(lines[1:], 2)]
    return Sheet("file.csv", lines[0], rows)


def load(programme, sheet, trail=None, **options):
    return take(KINDS["attendance"], sheet, Target(programme, NOW), trail=trail, **options)


def stands(programme):
    rows = Attendance.objects.filter(entry__session__programme=programme)
    names = ("entry__session__title", "entry__enrolment__person__name", "status")
    return sorted(rows.values_list(*names))


LONG = """
who;session;status
ana@example.org;Opening;da
Đorđević Ana;13.3.2025.;kasnila
Ana Djordjević;s3;A
"""


def test_long_rows_find_people_and_sessions_in_any_words(programme, people):
    report = load(programme, table(LONG.replace("who", "person")))
    assert (report.refused, report.created) == ([], 3)
    ana = people[0].person.name
    assert stands(programme) == [
        ("Finance", ana, "late"),
        ("Marketing", ana, "absent"),
        ("Opening", ana, "present"),
    ]
    assert set(Mark.objects.values_list("source", flat=True)) == {Mark.Source.LOAD}


WIDE = """
Ime i prezime;Godište;12.3.;13/3;Marketing
Ana Đorđević;;✓;pola;120
Mila Žarić;1990;✓;;-
Mila Žarić;1985;;E;
"""


def test_a_column_a_session_with_its_guess_in_words(programme, people, sessions):
    report = load(programme, table(WIDE))
    assert (report.refused, report.created, report.unchanged) == ([], 3, 0)
    assert report.guessed["marks"] == "12.3. + 13/3 + Marketing"
    assert report.meant == [
        "Column 12.3. is the session “Opening” (12 March 2025), guessed.",
        "Column 13/3 is the session “Finance” (13 March 2025), guessed.",
        "Column Marketing is the session “Marketing” (14 March 2025), guessed.",
        "“✓” (2 times) means: present, guessed.",
        "“pola” (1 times) means: half a day, guessed.",
        "“-” (1 times) means: absent, guessed.",
        "“E” (1 times) means: excused, guessed.",
    ]
    found = Attendance.objects.order_by("entry__session__day", "entry__enrolment_id")
    assert list(found.values_list("entry__enrolment", "status", "minutes")) == [
        (people[0].pk, "present", 240),
        (people[1].pk, "present", 240),
        (people[0].pk, "half_day", 120),
        (people[2].pk, "excused", 0),
        (people[0].pk, "present", 120),
        (people[1].pk, "absent", 0),
    ]
    assert Mark.objects.get(enrolment=people[0], session=sessions[2]).minutes == 120


def test_the_same_file_twice_changes_nothing_also_after_a_correction(programme, people, sessions):
    load(programme, table(WIDE))
    before = list(Mark.objects.order_by("pk").values_list("pk", flat=True))
    report = load(programme, table(WIDE))
    assert (report.created, report.updated, report.unchanged, report.written) == (0, 0, 3, False)
    mark = {"operation": "0b3b6a55-0000-4000-8000-000000000001", "enrolment": people[0], "status": "absent"}
    services.record_marks(by=None, session=sessions[0], marks=[mark], now=NOW)
    assert load(programme, table(WIDE)).unchanged == 3
    assert Mark.objects.count() == len(before) + 1


def test_what_is_not_known_or_not_clear_is_refused_by_cell(programme, people):
    report = load(
        programme,
        table("Ime i prezime;12.3.;13.3.\nMila Žarić;da;da\nNobody Here;da;\nAna Đorđević;da;maybe"),
        skip_refused=True,
    )
    told = [
        (one.sheet, one.row, one.column, one.value) for one in sorted(report.refused, key=lambda one: one.row)
    ]
    assert told == [
        ("file.csv", 2, "Ime i prezime", "Mila Žarić"),
        ("file.csv", 3, "Ime i prezime", "Nobody Here"),
        ("file.csv", 4, "13.3.", "maybe"),
    ]
    assert "Several people" in report.refused[-2].rule or any(
        "Several people" in one.rule for one in report.refused
    )
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("heading", "rule"),
    [
        ("15.3.", "No session of this programme is on this day."),
        ("Lunch", "No session of this programme has this id, title or day."),
    ],
)
def test_a_column_that_is_no_session_refuses_the_sheet(programme, people, heading, rule):
    report = load(programme, table(f"Ime i prezime;{heading}\nAna Đorđević;da"), skip_refused=True)
    [refusal] = report.refused
    assert (refusal.column, refusal.rule, report.can_skip) == (heading, rule, False)


def test_a_cross_beside_a_tick_is_asked_for(programme, people):
    text = "Ime i prezime;12.3.\nAna Đorđević;✓\nMila Žarić;x"
    report = load(programme, table(text))
    assert {one.rule for one in report.refused if one.column == "12.3."} == {
        "This sign may mean several things here: say in the map which."
    }
    mapping = {"person": "Ime i prezime", "marks": {"from": ["12.3."], "values": {"x": "absent"}}}
    report = load(programme, table(text.replace("Mila Žarić", people[1].row_code)), mapping=mapping)
    assert (report.refused, [one[2] for one in stands(programme)]) == ([], ["absent", "present"])


def test_two_sessions_of_one_day_are_told_apart_by_title_or_time(programme, people, sessions):
    make_session(programme, title="Evening", day=date(2025, 3, 12), start=time(18), end=time(20))
    [refusal] = load(programme, table("Ime i prezime;12.3.\nAna Đorđević;da")).refused
    assert refusal.rule == (
        "Several sessions may be meant: Opening, 12 March 2025, Evening, 12 March 2025. "
        "Add the title, or the id."
    )
    assert load(programme, table("Ime i prezime;12.3. 18:00\nAna Đorđević;da")).refused == []
    assert load(programme, table("Ime i prezime;Opening 12.3.\nAna Đorđević;da")).refused == []
    assert [one[0] for one in stands(programme)] == ["Evening", "Opening"]


def test_undo_takes_marks_back_by_marks_and_the_file_may_come_again(programme, people, sessions):
    early = {"operation": "0b3b6a55-0000-4000-8000-000000000002", "enrolment": people[0], "status": "excused"}
    services.record_marks(by=None, session=sessions[0], marks=[early], now=NOW)
    late = make_enrolment(programme, person=make_person(programme.tenant, name="Iva Ilić"))
    RosterEntry.objects.filter(enrolment=late).delete()
    trail = Trail()
    report = load(programme, table(WIDE + "Iva Ilić;;da;;\n"), trail=trail)
    assert report.warnings == [
        "1 place on a roster is new: the sheet marks somebody who was not expected there."
    ]
    made = Mark.objects.count() - 1
    undo(trail.parts(), by=None, now=NOW)
    assert stands(programme) == [("Opening", people[0].person.name, "excused")]
    assert Mark.objects.count() == 1 + 2 * made
    assert Mark.objects.filter(status=Status.CLEARED).count() == made - 1
    reasons = set(Mark.objects.order_by("-pk")[:made].values_list("reason", flat=True))
    assert reasons == {"The import that brought it was taken back."}
    assert not RosterEntry.objects.filter(enrolment=late).exists()
    assert load(programme, table(WIDE)).written
    assert len(stands(programme)) == 6


def test_what_was_marked_over_since_is_not_taken_back(programme, people, sessions):
    trail = Trail()
    load(programme, table(WIDE), trail=trail)
    mark = {"operation": "0b3b6a55-0000-4000-8000-000000000003", "enrolment": people[0], "status": "absent"}
    services.record_marks(by=None, session=sessions[0], marks=[mark], now=NOW)
    with pytest.raises(ValidationError) as error:
        undo(trail.parts(), by=None, now=NOW)
    assert error.value.messages == [
        "“Ђорђевић Ана” in “Opening” was marked after this import, by tapped: it cannot be taken back."
    ]


def test_a_refused_mark_refuses_its_row_and_leaves_the_others(programme, people, sessions):
    services.cancel_session(by=None, session=sessions[2], now=NOW)
    report = load(programme, table(WIDE), skip_refused=True)
    assert [(one.row, one.column, one.rule) for one in report.refused] == [
        (2, "Marketing", "This session was cancelled: nobody can be marked."),
        (3, "Marketing", "This session was cancelled: nobody can be marked."),
    ]
    assert [one[:3:2] for one in stands(programme)] == [("Finance", "excused")]


def test_the_command_prints_what_it_guessed(programme, people, tmp_path):
    (tmp_path / "a.csv").write_text("Ime i prezime;12.3.\nAna Đorđević;x\n")
    said = io.StringIO()
    call_command("load", "attendance", str(tmp_path / "a.csv"), "--programme", "p1", "--dry-run", stdout=said)
    assert said.getvalue().splitlines() == [
        "person <- Ime i prezime (guessed)",
        "marks <- 12.3. (guessed)",
        "Column 12.3. is the session “Opening” (12 March 2025), guessed.",
        "“x” (1 times) means: present, guessed.",
        "1 read, 1 created, 0 updated, 0 unchanged, 0 refused",
        "Nothing was written.",
    ]
    assert json.loads(json.dumps(report_keys(programme, tmp_path)))["created"] == 1


def report_keys(programme, tmp_path):
    said = io.StringIO()
    call_command("load", "attendance", str(tmp_path / "a.csv"), "--programme", "p1", "--json", stdout=said)
    return json.loads(said.getvalue())


def test_queries_grow_with_sessions_not_with_people(programme, people, sessions):
    def queries(n):
        for one in range(n):
            make_enrolment(programme, person=make_person(programme.tenant, name=f"Person {n} {one}"))
        lines = "\n".join(f"Person {n} {one};da;ne;da" for one in range(n))
        with CaptureQueriesContext(connection) as caught:
            report = load(programme, table(f"Ime i prezime;12.3.;13.3.;14.3.\n{lines}"))
        assert report.created == n
        return len(caught)

    assert queries(3) == queries(30)
