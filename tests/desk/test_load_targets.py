"""`manage.py load indicators` and `load targets`: a funder's logframe and what it plans."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.guess import guess_kind
from desk.loading.kinds import Target as Aim
from desk.loading.trail import Trail, undo
from lib import sheets
from outcomes.models import LogframeLine, Target
from tests.factories import make_funding, make_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOLDS = connection.vendor == "postgresql"  # one query more: imports of a tenant wait for each other
LINES = """
Šifra indikatora,Indikator,Nivo,Pripada,Jedinica,Naša šifra,Početna vrednost
O1,Žene su osnažene,outcome,,,,
O1.1,Broj žena koje su završile obuku,,O1,žene,OP-01,0
O1.2,Broj novih firmi,uticaj,O1,firme,,"2,5"
"""
TARGETS = """
Šifra indikatora,Cilj,Početna vrednost,Prvi dan,Poslednji dan
O1.1,30,0,,
O1.2,"1.234,5",,1.1.2025.,31.12.2025.
O1.2,0,,2026-01-01,2026-12-31
OP-01,12,12,,
"""


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def funding(programme):
    return make_funding(programme, code="usaid")


def load(programme, kind, text, trail=None, **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    return take(KINDS[kind], table, Aim(programme, NOW), trail=trail, **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refused)


def lines():
    rows = LogframeLine.objects.order_by("position")
    return list(rows.values_list("code", "level", "parent__code", "unit", "indicator", "position"))


def plans():
    rows = Target.objects.order_by("line__position", "start", "indicator").values_list(
        "line__code", "indicator", "start", "end", "value", "baseline"
    )
    return [tuple(row) for row in rows]


def test_lines_in_the_funders_words_and_order(programme, funding):
    report = load(programme, "indicators", LINES)
    assert counts(report) == (3, 0, 0, 0)
    assert lines() == [
        ("O1", "outcome", None, "", "", 1),
        ("O1.1", "outcome", "O1", "žene", "OP-01", 2),
        ("O1.2", "impact", "O1", "firme", "", 3),
    ]
    begun = Target.objects.order_by("line__position").values_list("line__code", "value", "baseline")
    assert list(begun) == [("O1.1", None, Decimal(0)), ("O1.2", None, Decimal("2.5"))]
    assert counts(load(programme, "indicators", LINES)) == (0, 0, 3, 0)


def test_a_line_that_says_something_else_changes_and_goes_back(programme, funding):
    load(programme, "indicators", LINES)
    trail = Trail()
    said = LINES.replace("Broj novih firmi", "Novih firmi")
    report = load(programme, "indicators", said, trail=trail)
    assert counts(report) == (0, 1, 2, 0)
    assert LogframeLine.objects.get(code="O1.2").wording == "Novih firmi"
    undo(trail.parts(), by=None, now=NOW)
    assert LogframeLine.objects.get(code="O1.2").wording == "Broj novih firmi"


def test_undone_whole_while_nothing_stands_on_it(programme, funding):
    trail, later = Trail(), Trail()
    load(programme, "indicators", LINES, trail=trail)
    load(programme, "targets", TARGETS, trail=later)
    with pytest.raises(ValidationError, match="is in use by now: a target"):
        undo(trail.parts(), by=None, now=NOW)
    undo(later.parts(), by=None, now=NOW)
    undo(trail.parts(), by=None, now=NOW)
    assert (LogframeLine.objects.count(), Target.objects.count()) == (0, 0)


def test_a_dry_run_writes_nothing(programme, funding):
    assert counts(load(programme, "indicators", LINES, dry_run=True)) == (3, 0, 0, 0)
    assert not LogframeLine.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("X,Nobody above,output,Y,,,", "parent", "The logframe has no such line to stand under."),
        ("X,Itself above,output,X,,,", "parent", "The logframe has no such line to stand under."),
        ("X,By no definition,output,,,ZZ-99,", "definition", "There is no such indicator."),
        ("X,A level,bottom,,,,", "level", "Say one of: activity, output, outcome, impact."),
        ("X,A word,output,,,,much", "baseline", "This is no number."),
        ("X,,output,,,,", "wording", "This must not be blank."),
        (f"{'X' * 81},Long,output,,,,", "code", "Ensure this value has at most 80 characters (it has 81)."),
    ],
)
def test_a_line_is_refused_by_cell(programme, funding, row, column, rule):
    head = "code,wording,level,parent,unit,definition,baseline"
    report = load(programme, "indicators", f"{head}\n{row}\n")
    assert [(one.row, one.column, one.rule) for one in report.refused] == [(2, column, rule)]
    assert not LogframeLine.objects.exists()


def test_targets_of_lines_and_of_our_indicators(programme, funding):
    load(programme, "indicators", LINES)
    report = load(programme, "targets", TARGETS)
    assert counts(report) == (3, 1, 0, 0)  # that of O1.1 stands beside its baseline
    assert sorted(plans(), key=str) == sorted(
        [
            ("O1.1", "", None, None, Decimal(30), Decimal(0)),
            ("O1.2", "", None, None, None, Decimal("2.5")),
            ("O1.2", "", date(2025, 1, 1), date(2026, 1, 1), Decimal("1234.5"), None),
            ("O1.2", "", date(2026, 1, 1), date(2027, 1, 1), Decimal(0), None),
            (None, "OP-01", None, None, Decimal(12), Decimal(12)),
        ],
        key=str,
    )
    assert counts(load(programme, "targets", TARGETS)) == (0, 0, 4, 0)


def test_a_target_is_undone_to_what_it_was(programme, funding):
    load(programme, "indicators", LINES)
    load(programme, "targets", "code,target\nO1.1,30\n")
    trail = Trail()
    report = load(programme, "targets", "code,target\nO1.1,40\nOP-01,5\n", trail=trail)
    assert counts(report) == (1, 1, 0, 0)
    undo(trail.parts(), by=None, now=NOW)
    found = Target.objects.exclude(value=None).values_list("line__code", "indicator", "value")
    assert list(found) == [("O1.1", "", Decimal(30))]


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        ("OP-01,about 30,,", "target", "about 30", "This is no number."),
        ("OP-01,80 %,,", "target", "80 %", "This is no number."),
        (
            'OP-01,"1.234",,', "target", "1.234",
            "This may be 1234 or 1.234: write it without the sign, or with other decimals.",
        ),
        ("OP-01,,,", "target", "", "Give a target or a baseline."),
        (
            "Nope,3,,", "code", "Nope",
            "The logframe has no line of this code, and there is no such indicator.",
        ),
        ("OP-01,3,2025-01-01,", "end", "", "A period has a first and a last day."),
        ("OP-01,3,2025-02-01,2025-01-01", "end", "2025-01-01", "The last day is before the first."),
        ("OP-01,3,2025-02-30,2025-03-01", "start", "2025-02-30", "This day does not exist in the calendar."),
        ("OP-01,1e15,,", "target", "1e15", "This number is too large."),
    ],
)  # fmt: skip
def test_a_target_is_refused_by_cell(programme, funding, row, column, value, rule):
    report = load(programme, "targets", f"code,target,start,end\n{row}\n")
    told = [(one.row, one.column, one.value, one.rule) for one in report.refused]
    assert told == [(2, column, value, rule)]
    assert not Target.objects.exists()


def test_a_period_of_one_day_is_that_day(programme, funding):
    load(programme, "targets", "code,target,start,end\nOP-01,3,2025-02-01,2025-02-01\n")
    assert list(Target.objects.values_list("start", "end")) == [(date(2025, 2, 1), date(2025, 2, 2))]


def test_which_funding_is_said_where_there_are_several(programme, funding):
    make_funding(programme, code="otp")
    report = load(programme, "targets", "code,target\nOP-01,3\n")
    assert [one.rule for one in report.refused] == [
        "Several fundings pay for this programme: say which, one of otp, usaid."
    ]
    report = load(programme, "targets", "code,target,funding\nOP-01,3,otp\nOP-01,4,usaid\nOP-01,5,who\n")
    assert [(one.row, one.column, one.rule) for one in report.refused] == [
        (4, "funding", "No funding of this programme has this code.")
    ]
    report = load(programme, "targets", "code,target,funding\nOP-01,3,otp\nOP-01,4,usaid\n")
    assert counts(report) == (2, 0, 0, 0)
    found = Target.objects.order_by("value").values_list("funding__code", "value")
    assert list(found) == [("otp", Decimal(3)), ("usaid", Decimal(4))]


def test_without_a_funding_there_is_no_logframe(programme):
    report = load(programme, "indicators", LINES)
    assert {one.rule for one in report.refused} == {"No funding pays for this programme: set one up first."}


def test_another_organisations_funding_is_not_found(programme, funding):
    make_funding(make_programme(), code="theirs")
    report = load(programme, "targets", "code,target,funding\nOP-01,3,theirs\n")
    assert [one.rule for one in report.refused] == ["No funding of this programme has this code."]


def test_what_the_files_are_is_guessed():
    def best(text):
        return guess_kind(sheets.read(text.strip().encode(), filename="file.csv"))[0][0]

    assert best(LINES) == "indicators"
    assert best(TARGETS) == "targets"
    assert best(
        "funding,indicator code,target value,period start,period end\na,b,3,2025-01-01,2025-02-01\n"
    ) == ("targets")


def test_as_many_queries_for_many_targets_as_for_one(programme, funding, django_assert_num_queries):
    def sheet(n):
        periods = [f"OP-01,{k},20{10 + k}-01-01,20{10 + k}-12-31" for k in range(n)]
        return "\n".join(["code,target,start,end", *periods])

    with django_assert_num_queries(11 + HOLDS):
        load(programme, "targets", sheet(1))
    with django_assert_num_queries(11 + HOLDS):
        load(programme, "targets", sheet(20))
