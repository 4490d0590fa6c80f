"""`manage.py load costs`: planned and spent, per currency."""

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
from outcomes.models import Cost, PeriodLock
from tests.factories import make_funding, make_module, make_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOLDS = 2 * (connection.vendor == "postgresql")  # imports wait in turn, and so does who locks a period
BUDGET = """
Stavka,Planirano (EUR),Utrošeno (EUR),Datum,Prihvatljivo
Treneri,"1.200,00",800,1.3.2025.,da
Zakup sale,500,"600,50",2.3.2025.,da
Piće,0,50,3.3.2025.,ne
Štampa,nije poznato,,,
"""


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def funding(programme):
    return make_funding(programme, code="usaid")


def load(programme, text, trail=None, **options):
    table = sheets.read(text.strip().encode(), filename="file.csv")
    return take(KINDS["costs"], table, Target(programme, NOW), trail=trail, **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refused)


def rows():
    found = Cost.objects.order_by("pk").values_list("name", "kind", "amount", "currency", "as_written")
    return [tuple(row) for row in found]


def test_a_row_a_budget_line_planned_and_spent(programme, funding):
    report = load(programme, BUDGET)
    assert counts(report) == (4, 0, 0, 0)
    assert report.meant == ["Amounts without a currency are in EUR, as the heading says, guessed."]
    assert report.warnings == ["“nije poznato” is kept as it is written: it counts for nothing."]
    assert rows() == [
        ("Treneri", "planned", Decimal(1200), "EUR", "1.200,00"),
        ("Treneri", "spent", Decimal(800), "EUR", "800"),
        ("Zakup sale", "planned", Decimal(500), "EUR", "500"),
        ("Zakup sale", "spent", Decimal("600.50"), "EUR", "600,50"),
        ("Piće", "planned", Decimal(0), "EUR", "0"),
        ("Piće", "spent", Decimal(50), "EUR", "50"),
        ("Štampa", "planned", None, "", "nije poznato"),
    ]
    [total] = money.totals(Cost.objects.all())
    assert (total.planned, total.spent, total.difference, total.not_eligible) == (
        Decimal(1700), Decimal("1450.50"), Decimal("249.50"), Decimal(50),
    )  # fmt: skip
    assert [row.name for row in money.unread_costs(Cost.objects.all())] == ["Štampa"]
    assert counts(load(programme, BUDGET)) == (0, 0, 4, 0)


def test_several_currencies_are_rows_of_their_own(programme, funding):
    load(programme, "id,item,kind,amount,date\n1,Sala,spent,100 EUR + 2.000 din,2025-03-01\n")
    assert sorted(row[2:4] for row in rows()) == [(Decimal(100), "EUR"), (Decimal(2000), "RSD")]
    load(programme, "id,item,kind,amount,date\n1,Sala,spent,120 EUR,2025-03-01\n")
    assert [row[2:4] for row in rows()] == [(Decimal(120), "EUR")]


def test_undone_to_what_stood_there(programme, funding):
    text = "id,item,kind,amount,date\n1,Sala,spent,100 EUR + 2.000 din,2025-03-01\n"
    load(programme, text)
    before, trail = rows(), Trail()
    said = text.replace("100 EUR + 2.000 din", "120 EUR") + "2,Voda,spent,5 EUR,2025-03-02\n"
    assert counts(load(programme, said, trail=trail)) == (1, 1, 0, 0)
    undo(trail.parts(), by=None, now=NOW)
    assert sorted(rows()) == sorted(before)


def test_of_a_module(programme, funding):
    module = make_module(programme, number=3)
    load(programme, "item,kind,amount,module\nSala,spent,5 EUR,3\n")
    assert list(Cost.objects.values_list("module", "programme")) == [(module.pk, programme.pk)]


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("Sala,spent,-5 EUR,,", "amount", "An amount is not below zero."),
        ("Sala,,5 EUR,,", "kind", "Say whether it is planned or spent."),
        ("Sala,spent,,,", "amount", "Say how much."),
        (",spent,5 EUR,,", "item", "This must not be blank."),
        ("Sala,spent,5 EUR,7,", "module", "The programme has no module of this number."),
        ("Sala,spent,5 EUR,,yesterday", "date", "This is no day. Write it like 2023-02-28, 28.2.2023. or "
         "February 28, 2023."),
    ],
)  # fmt: skip
def test_refused_by_cell(programme, funding, row, column, rule):
    report = load(programme, f"item,kind,amount,module,date\n{row}\n")
    assert [(one.row, one.column, one.rule) for one in report.refused] == [(2, column, rule)]
    assert not Cost.objects.exists()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "item,note\nSala,x\n",
            "Say which column is the amount, or which are the planned and the spent one.",
        ),
        ("item,amount\nSala,5 EUR\n", "Say which column says whether an amount is planned or spent."),
    ],
)
def test_a_sheet_that_cannot_be_costs_is_refused_whole(programme, funding, text, rule):
    report = load(programme, text)
    assert [one.rule for one in report.refused] == [rule]


def test_a_locked_period_stays_as_it_is(programme, funding):
    text = "id,item,kind,amount,date\n1,Sala,spent,5 EUR,2025-03-01\n"
    trail = Trail()
    load(programme, text, trail=trail)
    PeriodLock.objects.create(programme=programme, start=date(2025, 1, 1), end=date(2025, 4, 1))
    assert counts(load(programme, text)) == (0, 0, 1, 0)
    for said in (text.replace("5 EUR", "6 EUR"), text.replace("5 EUR", "5 GBP")):
        assert ["is locked" in one.rule for one in load(programme, said).refused] == [True]
    with pytest.raises(ValidationError, match="is locked"):
        undo(trail.parts(), by=None, now=NOW)
    assert rows() == [("Sala", "spent", Decimal(5), "EUR", "5 EUR")]


def test_what_the_file_is_is_guessed():
    table = sheets.read(BUDGET.strip().encode(), filename="file.csv")
    assert guess_kind(table)[0][0] == "costs"


def test_as_many_queries_for_many_as_for_one(programme, funding, django_assert_num_queries):
    def sheet(first, n):
        each = (f"{k},Sala,{k} EUR,5 EUR,2025-03-01" for k in range(first, first + n))
        return "\n".join(["id,item,planned,spent,date", *each])

    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(1, 1))
    with django_assert_num_queries(10 + HOLDS):
        load(programme, sheet(100, 20))
