"""Goals and the whole way of assignments from sheets: what is taken, refused, and taken back again."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib.sheets import read
from mentoring.models import Assignment, Goal
from tests.factories import make_assignment, make_enrolment, make_mentor, make_person, make_programme
from tests.records import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = make_programme(code="p1")
    for n in (1, 2):
        make_enrolment(programme, person=make_person(programme.tenant, source="load", source_id=f"A{n}"))
    make_mentor(programme, person=make_person(programme.tenant, source="load", source_id="M1"))
    return programme


@pytest.fixture
def bring(programme):
    def brought(kind, content, trail=None):
        table = read(content.encode(), filename="f.csv")
        return load(KINDS[kind], table, Target(programme, timezone.now()), trail=trail or Trail())

    return brought


@pytest.fixture
def pair(programme):
    return make_assignment(programme.offers.get().mentor, programme.enrolments.order_by("pk").first())


def counted(report) -> tuple:
    return report.created, report.updated, report.unchanged, [(r.column, r.rule) for r in report.refused]


def content():
    return {table: rows for table, rows in records().items() if table != "accounts_auditentry"}


GOALS = "mentor,polaznica,cilj,rok,oblast,stanje,napomena\nM1,A1,Ten shops,2025-05-01,marketing,,\n"


def test_goals_by_pair_and_words(bring, pair):
    assert counted(bring("goals", GOALS)) == (1, 0, 0, [])
    assert counted(bring("goals", GOALS)) == (0, 0, 1, [])
    changed = GOALS.replace("marketing,,", "marketing,reached,All of them").replace("Ten shops", "TEN  shops")
    assert counted(bring("goals", changed)) == (0, 1, 0, [])
    goal = Goal.objects.get()
    assert (goal.due, goal.function, goal.state, goal.remark) == (
        date(2025, 5, 1), "marketing", "reached", "All of them",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (
            "M1,A2,Ten shops,,,,",
            ("mentor", "She does not guide this person here: load the assignments first."),
        ),
        ("A1,A1,Ten shops,,,,", ("mentor", "This person is no mentor: load the mentors first.")),
        ("M1,M1,Ten shops,,,,", ("polaznica", "This person does not take part in this programme.")),
        ("M1,A1,Ten shops,soon,,,", ("rok", None)),
        ("M1,A1,Ten shops,,magic,,", ("oblast", None)),
        ("M1,A1,Ten shops,,,done,", ("stanje", None)),
        ("M1,A1,,,,,", ("cilj", None)),
        (f"M1,A1,{'x' * 301},,,,", ("cilj", None)),
        (f"M1,A1,Ten shops,,,reached,{'x' * 301}", ("napomena", None)),
    ],
)
def test_goals_that_cannot_be(bring, pair, row, refused):
    report = bring("goals", GOALS.splitlines()[0] + f"\n{row}\n")
    [(field, rule)] = counted(report)[3]
    assert (field, rule if refused[1] else None) == refused
    assert Goal.objects.count() == 0


def test_nothing_is_agreed_where_nobody_accepted(bring, pair):
    Assignment.objects.update(state="declined")
    assert counted(bring("goals", GOALS))[3][0][0] == "mentor"


@pytest.mark.parametrize("second", ["", GOALS.replace("marketing,,", "marketing,dropped,No time")])
def test_goals_are_taken_back(bring, pair, second):
    if second:
        bring("goals", GOALS)
    before, trail = content(), Trail()
    bring("goals", second or GOALS, trail)
    assert content() != before
    undo(json.loads(json.dumps(trail.parts())), by=None, now=timezone.now())
    Goal.objects.update(revision=1)
    assert content() == before


WAY = "mentor,person,agreed_hours,share_on_premises,start,end,state,reason,offered_until\n"


def test_the_whole_way_of_an_assignment(bring):
    first = WAY + "M1,A1,25,75,2025-01-10,,offered,,2025-02-01\nM1,A2,25,,,,declined,No time,\n"
    assert counted(bring("assignments", first)) == (2, 0, 0, [])
    assert counted(bring("assignments", first)) == (0, 0, 2, [])
    row = Assignment.objects.get(state="offered")
    assert (row.share_on_premises, row.offered_until.isoformat()) == (75, "2025-02-01T23:00:00+00:00")
    ended = WAY + "M1,A1,25,75,2025-01-10,2025-06-01,ended,She moved,2025-02-01\n"
    assert counted(bring("assignments", ended)) == (0, 1, 0, [])
    row.refresh_from_db()
    assert (row.state, row.reason, row.end) == ("ended", "She moved", date(2025, 6, 1))
    assert [one.state for one in row.changes.all()] == ["offered", "ended"]


def test_who_said_no_may_say_yes_in_a_later_file(bring):
    bring("assignments", WAY + "M1,A1,,,,,declined,No time,\n")
    assert counted(bring("assignments", WAY + "M1,A1,,,,,active,,\n")) == (1, 0, 0, [])
    assert sorted(Assignment.objects.values_list("state", flat=True)) == ["active", "declined"]
    assert counted(bring("assignments", WAY + "M1,A1,,,,,active,,\n")) == (0, 0, 1, [])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("M1,A1,,,,,offered,,", "offered_until"),
        ("M1,A1,,101,,,,,", "share_on_premises"),
        ("M1,A1,,-1,,,,,", "share_on_premises"),
        ("M1,A1,0,,,,,,", "agreed_hours"),
        ("M1,A1,501,,,,,,", "agreed_hours"),
        ("M1,A1,,,2025-03-01,2025-02-01,ended,,", ""),
        ("M1,A1,,,,,asked,,", "state"),
        (f"M1,A1,,,,,ended,{'x' * 301},", "reason"),
    ],
)
def test_assignments_that_cannot_be(bring, row, field):
    refused = counted(bring("assignments", f"{WAY}{row}\n"))[3]
    assert [one for one, _rule in refused] == [field]
    assert Assignment.objects.count() == 0


def test_an_import_with_a_goal_on_it_stays(bring):
    trail = Trail()
    bring("assignments", WAY + "M1,A1,,,,,,,\n", trail)
    bring("goals", GOALS)
    with pytest.raises(ValidationError) as refused:
        undo(json.loads(json.dumps(trail.parts())), by=None, now=timezone.now() + timedelta(1))
    assert "a goal (Ten shops)" in refused.value.messages[0]
