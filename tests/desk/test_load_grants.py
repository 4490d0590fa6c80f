"""`manage.py load grants`: money given on, in whatever currencies a cell says."""

from datetime import date
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
from outcomes import money
from outcomes.models import Grant, GrantAmount, PeriodLock
from tests.factories import make_enrolment, make_funding, make_person, make_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOLDS = 2 * (connection.vendor == "postgresql")  # imports wait in turn, and so does who locks a period
GRANTS = """
Broj granta,Korisnica,Iznos,Valuta,Status,Datum dodele,Namena
1,mila@primer.example,122 gbp + 83.41 EUR,,odobreno,1.3.2025.,Oprema
2,,67.40 + 349.94 GBP,,isplaceno,2.3.2025.,Internet
3,,1.000,RSD,,,
4,,oko 500,,,,Ne zna se
5,,,,,,Samo pitanje
"""


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def mila(programme):
    person = make_person(programme.tenant, email="mila@primer.example")
    return make_enrolment(programme, person=person)


def load(programme, text, trail=None, **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    return take(KINDS["grants"], table, Target(programme, NOW), trail=trail, **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refused)


def amounts():
    rows = GrantAmount.objects.order_by("grant__source_id", "currency")
    return [tuple(row) for row in rows.values_list("grant__source_id", "amount", "currency")]


READ = [
    ("1", Decimal("83.41"), "EUR"),
    ("1", Decimal(122), "GBP"),
    ("2", Decimal("417.34"), "GBP"),
    ("3", Decimal(1000), "RSD"),
]


def test_amounts_by_currency_and_what_is_unread_is_kept(programme, mila):
    report = load(programme, GRANTS)
    assert counts(report) == (5, 0, 0, 0)
    assert report.warnings == ["“oko 500” is kept as it is written: it counts for nothing."]
    assert amounts() == READ
    rows = Grant.objects.order_by("source_id").values_list("state", "enrolment", "day", "as_written")
    assert list(rows) == [
        ("granted", mila.pk, date(2025, 3, 1), "122 gbp + 83.41 EUR"),
        ("paid", None, date(2025, 3, 2), "67.40 + 349.94 GBP"),
        ("granted", None, None, "1.000"),
        ("asked", None, None, "oko 500"),
        ("asked", None, None, ""),
    ]
    assert [row.source_id for row in money.unread_grants(Grant.objects.all())] == ["4"]
    assert [row.source_id for row in money.unsaid_grants(Grant.objects.all())] == ["5"]
    assert counts(load(programme, GRANTS)) == (0, 0, 5, 0)


def test_an_amount_that_is_corrected_takes_the_place_of_the_first(programme, mila):
    load(programme, GRANTS)
    trail = Trail()
    said = GRANTS.replace("122 gbp + 83.41 EUR", "100 EUR").replace("oko 500", "500 EUR")
    assert counts(load(programme, said, trail=trail)) == (0, 2, 3, 0)
    assert amounts() == [("1", Decimal(100), "EUR"), *READ[2:], ("4", Decimal(500), "EUR")]
    undo(trail.parts(), by=None, now=NOW)
    assert amounts() == READ


def test_undone_with_all_amounts(programme, mila):
    trail = Trail()
    load(programme, GRANTS, trail=trail)
    undo(trail.parts(), by=None, now=NOW)
    assert (Grant.objects.count(), GrantAmount.objects.count()) == (0, 0)


def test_a_dry_run_writes_nothing(programme, mila):
    assert counts(load(programme, GRANTS, dry_run=True)) == (5, 0, 0, 0)
    assert not Grant.objects.exists()


def test_rows_without_an_id_are_known_by_what_they_say(programme):
    text = "amount,purpose\n5 EUR,Headset\n5 EUR,Headset\n6 EUR,Webcam\n"
    assert counts(load(programme, text)) == (3, 0, 0, 0)
    assert counts(load(programme, text)) == (0, 0, 3, 0)
    assert counts(load(programme, text + "7 EUR,Mouse\n")) == (1, 0, 3, 0)
    assert sum(row[1] for row in amounts()) == Decimal(23)


def test_the_heading_says_the_currency(programme):
    report = load(programme, "id,Iznos (RSD)\n1,1.000\n2,5 EUR\n")
    assert report.meant == ["Amounts without a currency are in RSD, as the heading says, guessed."]
    assert amounts() == [("1", Decimal(1000), "RSD"), ("2", Decimal(5), "EUR")]


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("1,-5 EUR,,,", "amount", "An amount is not below zero."),
        ("1,5 EUR,nobody,,", "person", "Nobody is known by this id, e-mail or name: load the persons first."),
        ("1,5 EUR,ana@primer.example,,", "person", "This person does not take part in the programme."),
        ("1,5 EUR,,maybe,", "state", "Say one of: asked, granted, paid, refused."),
        ("1,5,,,XYZ", "currency", "“XYZ” is no currency: write the three letters of ISO 4217, as EUR."),
        (f"1,{'5 EUR + ' * 300}5 EUR,,,", "amount", "At most 2000 signs may stand here."),
    ],
)
def test_refused_by_cell(programme, row, column, rule):
    make_person(programme.tenant, email="ana@primer.example")
    report = load(programme, f"id,amount,person,state,currency\n{row}\n")
    assert [(one.row, one.column, one.rule) for one in report.refused] == [(2, column, rule)]
    assert not Grant.objects.exists()


def test_of_which_funding_where_it_is_said(programme):
    funding = make_funding(programme, code="usaid")
    make_funding(make_programme(), code="theirs")
    assert counts(load(programme, "id,amount,funding\n1,5 EUR,usaid\n2,6 EUR,\n")) == (2, 0, 0, 0)
    assert list(Grant.objects.order_by("source_id").values_list("funding", flat=True)) == [funding.pk, None]
    report = load(programme, "id,amount,funding\n3,5 EUR,theirs\n")
    assert [one.rule for one in report.refused] == ["No funding of this programme has this code."]


def test_a_locked_period_stays_as_it_is(programme):
    text = "id,amount,date\n1,5 EUR,2025-03-01\n2,6 EUR,2025-05-01\n"
    trail = Trail()
    load(programme, text, trail=trail)
    PeriodLock.objects.create(programme=programme, start=date(2025, 1, 1), end=date(2025, 4, 1))
    assert counts(load(programme, text)) == (0, 0, 2, 0)  # it says nothing new
    said = text.replace("5 EUR", "50 EUR").replace("6 EUR", "60 EUR")
    report = load(programme, said, skip_refused=True)
    assert [one.row for one in report.refused] == [2]
    assert "is locked: its facts stay as they are" in report.refused[0].rule
    assert amounts() == [("1", Decimal(5), "EUR"), ("2", Decimal(60), "EUR")]
    moved = load(programme, "id,amount,date\n1,5 EUR,2025-06-01\n")
    assert [one.row for one in moved.refused] == [2]


def test_an_import_into_what_was_locked_since_is_not_taken_back(programme):
    trail = Trail()
    load(programme, "id,amount,date\n1,5 EUR,2025-03-01\n", trail=trail)
    PeriodLock.objects.create(programme=programme, start=date(2025, 1, 1), end=date(2025, 4, 1))
    with pytest.raises(ValidationError, match="is locked: its facts stay as they are"):
        undo(trail.parts(), by=None, now=NOW)
    assert Grant.objects.count() == 1


def test_what_the_file_is_is_guessed():
    table = sheets.read(GRANTS.strip().encode(), filename="file.csv")
    assert guess_kind(table)[0][0] == "grants"


def test_as_many_queries_for_many_as_for_one(programme, django_assert_num_queries):
    def sheet(n):
        return "\n".join(["id,amount,date", *(f"{k},{k} EUR + 5 GBP,2025-03-01" for k in range(1, n + 1))])

    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(1))
    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(20).replace("\n1,", "\n100,"))
