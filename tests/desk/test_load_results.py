"""`manage.py load results`: what happened and can be shown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.guess import guess_kind
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib import sheets
from outcomes.models import Evidence, Party, PeriodLock, Result
from tests.factories import make_organisation, make_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOLDS = 2 * (connection.vendor == "postgresql")  # imports wait in turn, and so does who locks a period
RESULTS = """
Vrsta,Naziv,Datum,Mesto,Zemlje,Strane,Koliko,Doprinos programa
sporazum,Sporazum o saradnji,1.3.2025.,Niš,RS; Francuska,Klaster Alfa; Pôle Beta,,uzrok
job,Nova radna mesta,2025-03-05,,,,"2,5",
deklaracija,Niška deklaracija,,Niš,rs;BG,,,posle
"""


@pytest.fixture
def programme():
    return make_programme(code="p1")


def load(programme, text, trail=None, **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    return take(KINDS["results"], table, Target(programme, NOW), trail=trail, **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refused)


def parties():
    rows = Party.objects.order_by("pk").values_list("result__title", "organisation__name", "name")
    return [tuple(row) for row in rows]


def test_results_with_their_parties(programme):
    make_organisation(programme.tenant, name="Klaster Alfa")
    make_organisation(make_programme().tenant, name="Pôle Beta")  # of another tenant: a name only
    assert counts(load(programme, RESULTS)) == (3, 0, 0, 0)
    rows = Result.objects.order_by("pk").values_list(
        "kind", "title", "day", "place", "countries", "number", "attribution"
    )
    assert list(rows) == [
        ("agreement", "Sporazum o saradnji", date(2025, 3, 1), "Niš", ["RS", "FR"], None, "caused"),
        ("job", "Nova radna mesta", date(2025, 3, 5), "", [], Decimal("2.5"), ""),
        ("declaration", "Niška deklaracija", None, "Niš", ["RS", "BG"], None, "after"),
    ]
    assert parties() == [
        ("Sporazum o saradnji", "Klaster Alfa", ""),
        ("Sporazum o saradnji", None, "Pôle Beta"),
    ]
    assert counts(load(programme, RESULTS)) == (0, 0, 3, 0)


def test_found_by_id_and_corrected_and_undone(programme):
    load(programme, "id,type,title,parties\n7,agreement,Old,Alfa;Beta\n")
    trail = Trail()
    report = load(programme, "id,type,title,parties\n7,contract,New,Alfa;Gama\n", trail=trail)
    assert counts(report) == (0, 1, 0, 0)
    assert parties() == [("New", None, "Alfa"), ("New", None, "Gama")]
    undo(trail.parts(), by=None, now=NOW)
    assert [(row.kind, row.title) for row in Result.objects.all()] == [("agreement", "Old")]
    assert sorted(parties()) == [("Old", None, "Alfa"), ("Old", None, "Beta")]


def test_undone_whole_unless_evidence_was_added(programme):
    trail = Trail()
    load(programme, RESULTS, trail=trail)
    shown = Evidence.objects.create(result=Result.objects.first(), address="https://primer.example/a")
    with pytest.raises(ValidationError, match="what shows a result"):
        undo(trail.parts(), by=None, now=NOW)
    shown.delete()
    undo(trail.parts(), by=None, now=NOW)
    assert (Result.objects.count(), Party.objects.count()) == (0, 0)


def test_one_that_was_taken_back_stays_taken_back(programme):
    load(programme, RESULTS)
    Result.objects.filter(kind="job").update(withdrawn_at=NOW, reason="Twice")
    assert counts(load(programme, RESULTS)) == (0, 0, 3, 0)
    assert Result.objects.counting().count() == 2


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        (
            "thing,What,,,", "type",
            "Say one of: agreement, contract, registration, job, declaration, proposal, introduction, visit, "
            "network, other.",
        ),
        ("job,,,,", "title", "This must not be blank."),
        ("job,What,many,,", "how many", "This is no number."),
        ("job,What,-1,,", "how many", "Ensure this value is greater than or equal to 0."),
        (
            "job,What,,Narnia,", "country",
            "“Narnia” is no country: write the two letters of ISO 3166-1, as RS.",
        ),
        (f"job,What,,,{timezone.now().date() + timedelta(days=3)}", "date", "This day has not come yet."),
    ],
)  # fmt: skip
def test_refused_by_cell(programme, row, column, rule):
    report = load(programme, f"type,title,how many,country,date\n{row}\n")
    assert [(one.row, one.column, one.rule) for one in report.refused] == [(2, column, rule)]
    assert not Result.objects.exists()


def test_a_locked_period_stays_as_it_is(programme):
    text = "id,type,title,date\n7,job,One,2025-03-01\n"
    load(programme, text)
    PeriodLock.objects.create(programme=programme, start=date(2025, 1, 1), end=date(2025, 4, 1))
    assert counts(load(programme, text)) == (0, 0, 1, 0)
    report = load(programme, text.replace("One", "Two") + "8,job,Three,2025-03-02\n")
    assert [(one.row, "is locked" in one.rule) for one in report.refused] == [(2, True), (3, True)]


def test_what_the_file_is_is_guessed():
    table = sheets.read(RESULTS.strip().encode(), filename="file.csv")
    assert guess_kind(table)[0][0] == "results"


def test_as_many_queries_for_many_as_for_one(programme, django_assert_num_queries):
    def sheet(first, n):
        each = (f"{k},job,Job {k},2025-03-01,Alfa;Beta" for k in range(first, first + n))
        return "\n".join(["id,type,title,date,parties", *each])

    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(1, 1))
    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(100, 20))
