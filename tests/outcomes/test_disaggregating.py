"""Any figure taken apart: every row in one category, and the categories together make the figure."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from math import isclose

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from outcomes import live
from outcomes.categories import HIDDEN, SEVERAL, UNKNOWN
from outcomes.counting import behind, measured
from outcomes.definitions import DISAGGREGATIONS, Definition
from outcomes.disaggregating import Table, apart, tables
from outcomes.library.indicators import LIBRARY
from outcomes.models import Cost, IndicatorVersion, Invitation, Result
from outcomes.scope import Scope
from outcomes.values import Amount, State, Value
from people.models import Ownership, Person
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.outcomes.counted import asking as make_asking
from tests.outcomes.counted import at, say, scope_of
from training.models import Group

pytestmark = pytest.mark.django_db
RESULTS = Definition(
    "X-01", "Jobs", "jobs", "x", spec={"count": "results", "kinds": ["job"], "sum": "number"}
)
WHOLE = ("count", "share")


@pytest.fixture
def asked():
    """Ten who answered everything, of two groups and two currencies; of some little is known."""
    world = make_asking()
    groups = [Group.objects.create(programme=world.programme, code=code, name=code) for code in ("a", "b")]
    world.everybody = [
        f.make_enrolment(
            world.programme,
            person=f.make_person(
                world.programme.tenant,
                sex=["female", "male", "female", None, "another"][n % 5],
                born=[1999, 1980, 1960, None, 2010][n % 5],
                region=["South", "North", ""][n % 3],
            ),
            enterprise=f.make_enterprise(
                world.programme.tenant, sector="AB"[n % 2], established=date(2021 + n % 7, 1, 1)
            )
            if n % 3
            else None,
            group=groups[n % 2] if n < 8 else None,
            applied_on=date(2025, 1, 1),
        )
        for n in range(10)
    ]
    for n, who in enumerate(world.everybody):
        _says(world, who, n)
    say(world, None, "f6", operating="yes", new_links=["export"])
    paid = {"funding": world.funding, "kind": "spent", "is_eligible": True, "name": "x"}
    for amount, currency in ((700, "EUR"), (9000, "RSD")):
        Cost.objects.create(programme=world.programme, amount=amount, currency=currency, **paid)
    for number, who in ((2, world.everybody[1]), (None, world.everybody[2]), (1, None)):
        Result.objects.create(
            programme=world.programme,
            kind="job",
            title="x",
            day=date(2025, 5, 1),
            number=number,
            enrolment=who,
        )
    return world


@pytest.fixture
def recorded(world):
    """The programme of the report, with owners, goals and a cost beside."""
    for n, woman in enumerate(world.women[:8]):
        Ownership.objects.create(person=woman.person, enterprise=woman.enterprise, share=80 if n % 3 else 20)
    Person.objects.filter(tenant=world.tenant).update(sex="female")
    assignment = world.programme.assignments.first()
    for state in ("reached", "open"):
        f.make_goal(assignment, state=state, due=date(2025, 3, 20))
    paid = {"funding": world.funding, "kind": "spent", "is_eligible": True, "name": "x", "currency": "EUR"}
    Cost.objects.create(programme=world.programme, amount=700, **paid)
    return world


def _says(world, who, n: int) -> None:
    money = "EUR" if n % 2 else "RSD"
    before = {"knowledge": 4, "confidence": 5, "income_say": "others", "turnover_month": (100, money)}
    before |= {"operating": "yes" if n % 2 else "no", "practices": ["none"], "profit_month": (10, money)}
    say(world, who, "baseline", registered="not_registered", fte_women=1, fte_men=0, **before)
    after = {"knowledge": 3 + n, "confidence": 7, "confidence_then": n, "satisfaction": 1 + n % 5}
    say(world, who, "exit", operating="yes", recommend=n, **after)
    if n == 9:
        return
    later = {"operating": "no" if n == 3 else "yes", "registered": "registered" if n % 2 else "in_process"}
    later |= {"turnover_month": (100 + 7 * n, money), "finance_applied": "yes", "anyway": "later"}
    later |= {"finance_obtained": "yes" if n % 2 else "no", "finance_amount": (n * 10, money)}
    later |= {"practices": ["plan", "books", "prices"], "new_links": ["buyer"], "profit_month": (n, money)}
    later |= {"income_say": "alone", "fte_women": n / 4, "fte_men": 1}
    row = say(world, who, "f6", **later)
    say(world, who, "f12", **later)
    Invitation.objects.filter(pk=row.pk).update(is_late=n % 4 == 0, answered_at=at(11, 3 + n))


def agrees(definition: Definition, scope: Scope, table: Table) -> bool:
    """What stands in the categories makes the figure."""
    value, total, lines = measured(definition, scope), table.total, table.lines
    if not value.is_measured or not table.can_tell:
        return lines == () and total is None
    if table.shape == "share":
        told = (total.numerator, total.denominator) == (value.numerator, value.denominator)
        parts = [(line.numerator, line.denominator) for line in lines]
        sums = [
            isclose(sum(part), whole)
            for part, whole in zip(zip(*parts, strict=True), told_of(value), strict=True)
        ]
        return told and all(sums) and (value.counts_only or total.share == value.value)
    if table.shape == "count":
        return total.numerator == value.value == sum(line.numerator for line in lines)
    if table.shape == "money":
        paid = {one.currency: 0 for one in value.amounts}
        for one in (one for line in lines for one in line.amounts):
            paid[one.currency] += one.n or 0
        return total.amounts == value.amounts and paid == {one.currency: one.n or 0 for one in value.amounts}
    told = value.counts_only or total.value == value.value
    return told and total.n == sum(line.n for line in lines) and (value.n is None or total.n == value.n)


def told_of(value: Value) -> tuple:
    return value.numerator, value.denominator


EVERY = [*LIBRARY.values(), RESULTS]


def test_every_definition_agrees_with_its_figure_by_every_property(asked, recorded):
    """Over answers and over records, with somebody joined and somebody in two programmes; nothing is compared
    with nothing: most are measured."""
    seen, her = 0, asked.everybody[0]
    twin = f.make_enrolment(
        asked.programme, person=f.make_person(asked.programme.tenant, joined_to=her.person), group=her.group
    )
    say(asked, twin, "exit", at(5, 1), satisfaction=5)
    second = f.make_programme(asked.programme.tenant, project=asked.programme.project)
    asked.funding.programmes.add(second)
    f.make_enrolment(second, person=asked.everybody[1].person, applied_on=date(2025, 1, 1))
    for scope in (scope_of(asked), Scope.whole(recorded.programme, timezone.now())):
        for definition in EVERY:
            for table in tables(definition, scope, DISAGGREGATIONS):
                assert agrees(definition, scope, table), (definition.code, table)
                seen += bool(table.lines)
    assert seen > 250


def test_each_definition_of_the_library_is_measured_in_one_of_the_worlds(asked, recorded):
    scopes = (scope_of(asked), Scope.whole(recorded.programme, timezone.now()))
    missing = {one.code for one in EVERY if not any(measured(one, scope).is_measured for scope in scopes)}
    assert missing == set()


def lines(table: Table) -> dict:
    if table.shape == "share":
        return {line.key: (line.numerator, line.denominator, line.share) for line in table.lines}
    return {line.key: line.numerator for line in table.lines}


def test_a_share_is_that_of_its_category_and_what_is_not_known_is_one(asked):
    table = apart(LIBRARY["OC-07"], scope_of(asked), "sex")
    found = measured(LIBRARY["OC-07"], scope_of(asked))
    assert list(lines(table)) == ["female", "male", "another", UNKNOWN]  # in a fixed order, unknown last
    assert lines(table)["female"] == (4, 4, 100.0)
    assert lines(table)[UNKNOWN] == (2, 3, 66.7)  # one of them an answer that names nobody
    assert (table.total.numerator, table.total.denominator) == (found.numerator, found.denominator)


def test_ages_are_those_of_the_first_day(asked):
    """2025: born 1999 is 26, 1980 is 45, 1960 is 65, 2010 is 15."""
    table = apart(LIBRARY["F-01"], scope_of(asked), "age")
    assert lines(table) == {"0-17": 2, "18-29": 2, "30-54": 2, "55+": 2, UNKNOWN: 2}
    table = apart(LIBRARY["F-01"], scope_of(asked), "business_age")
    assert set(lines(table)) == {"after", "0", "1-2", "3+", UNKNOWN}


def test_in_two_enrolments_she_is_one_person_in_more_than_one(asked):
    second = f.make_programme(asked.programme.tenant, project=asked.programme.project, start=date(2025, 2, 1))
    asked.funding.programmes.add(second)
    her = asked.everybody[0].person
    f.make_enrolment(second, person=her, applied_on=date(2025, 1, 1))
    table = apart(LIBRARY["F-01"], scope_of(asked), "programme")
    assert lines(table) == {str(asked.programme.pk): 9, SEVERAL: 1}
    asked.everybody[0].state = "declined"  # where she takes part is where she is
    asked.everybody[0].save()
    table = apart(LIBRARY["F-01"], scope_of(asked), "programme")
    assert lines(table) == {str(asked.programme.pk): 9, str(second.pk): 1}


def test_who_was_joined_is_told_by_the_row_that_she_is(asked):
    before = lines(apart(LIBRARY["F-01"], scope_of(asked), "region"))
    twin = f.make_person(asked.programme.tenant, region="Elsewhere", joined_to=asked.everybody[0].person)
    f.make_enrolment(asked.programme, person=twin, applied_on=date(2025, 1, 1))
    assert lines(apart(LIBRARY["F-01"], scope_of(asked), "region")) == before


def test_an_answer_that_names_nobody_is_not_known_by_anything(asked):
    for by in ("sex", "age", "group", "sector"):
        assert lines(apart(LIBRARY["OC-09.2"], scope_of(asked), by))[UNKNOWN][0] == 1


def test_money_stays_in_its_currency(asked):
    table = apart(LIBRARY["OC-10.3"], scope_of(asked), "currency")
    assert {line.key: line.amounts for line in table.lines} == {
        "EUR": (Amount("EUR", 160.0, 4),), "RSD": (Amount("RSD", 200.0, 5),),
    }  # fmt: skip
    table = apart(LIBRARY["OC-10.3"], scope_of(asked), "sector")
    assert all(len({one.currency for one in line.amounts}) == len(line.amounts) for line in table.lines)


def test_below_60_per_cent_no_share_is_told_in_any_category(asked):
    for _n in range(20):
        Invitation.objects.create(wave=asked.waves["f6"], enrolment=f.make_enrolment(asked.programme))
    table = apart(LIBRARY["OC-07"], scope_of(asked), "sex")
    assert table.counts_only and table.total.denominator
    assert {line.share for line in table.lines} == {None}
    assert apart(LIBRARY["OC-11.2"], scope_of(asked), "sex").total.value is None


def test_what_its_rows_do_not_have_is_left_out_and_said(world):
    scope = Scope.whole(world.programme, timezone.now())
    assert [apart(LIBRARY[code], scope, by).can_tell for code, by in (
        ("OP-09", "sector"), ("OP-09", "sex"), ("OC-01", "module"), ("OP-02", "module"), ("EF-01", "sex"),
    )] == [True, False, False, True, False]  # fmt: skip
    assert [table.by for table in tables(LIBRARY["OP-09.2"], scope)] == ["sector"]  # of the usual ones
    named = replace(LIBRARY["OC-01"], disaggregations=("module",))
    assert [table.by for table in tables(named, scope)] == ["module"]  # named: and said


@pytest.mark.parametrize("code", ["OP-01", "OP-06", "OP-09", "OC-07", "OC-10.3", "DQ-01"])
def test_more_rows_cost_no_more_questions(asked, world, code):
    def queries(scope) -> int:
        with CaptureQueriesContext(connection) as caught:
            tables(LIBRARY[code], scope, DISAGGREGATIONS, value=value, rows=rows)
        return len(caught)

    scope = scope_of(asked) if code[:2] in ("OC", "DQ") else Scope.whole(world.programme, timezone.now())
    value, rows = measured(LIBRARY[code], scope), behind(LIBRARY[code], scope)
    assert value.is_measured and len(rows.numerator) > 3
    few = queries(scope)
    for n in range(3):
        who = f.make_enrolment(scope.programmes[0], applied_on=date(2025, 1, 1))
        if code[:2] == "OC":
            _says(asked, who, n)
        elif code in ("OP-01", "OP-06"):
            f.make_attendance(f.make_entry(world.sessions[0], who))
    value, rows = measured(LIBRARY[code], scope), behind(LIBRARY[code], scope)
    assert queries(scope) == few <= 6


# --- where it is read


def page_of(world, code: str, route="figure_live") -> str:
    return reverse(f"outcomes:{route}", args=[world.programme.code, code])


def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_and_the_workbook_hold_the_tables(world, client):
    signed_in(client, world.coordinator)
    answer = client.get(page_of(world, "OP-07"))
    assert [table.name for table in answer.context["apart"]] == [
        "sex", "age", "region", "line of business", "age of the business",
    ]  # fmt: skip
    assert "Small groups stand in these tables too" in answer.content.decode()
    book = load_workbook(BytesIO(client.get(page_of(world, "OP-07", "figure_live_export")).content))
    assert book.sheetnames == ["OP-07", "Sex", "Age", "Region", "Line of business", "Age of the business"]
    rows = list(book["Region"].iter_rows(values_only=True))
    value = measured(LIBRARY["OP-07"], Scope.whole(world.programme, timezone.now()))
    assert rows[0] == ("Region", "Counted", "Of", "Share")
    assert rows[-1] == ("Together", value.numerator, value.denominator, value.value)
    assert sum(row[1] for row in rows[1:-1]) == value.numerator


def test_a_property_that_cannot_be_told_is_named(world, asked, client):
    coordinator = f.make_coordinator(asked.programme)
    IndicatorVersion.objects.create(
        tenant=asked.programme.tenant, code="OC-01", number=2, name="Satisfied", unit="percent",
        numerator="x", spec=LIBRARY["OC-01"].spec, disaggregations=["module"], reason="by module",
    )  # fmt: skip
    answer = signed_in(client, coordinator).get(page_of(asked, "OC-01"))
    assert "cannot be told apart by: module" in answer.content.decode()


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_every_figure_from_answers_has_its_page_and_its_workbook(asked, client, code):
    signed_in(client, f.make_coordinator(asked.programme))
    for route in ("figure_live", "figure_live_export"):
        assert client.get(page_of(asked, code, route)).status_code == 200


def test_rows_that_she_may_not_see_are_one_category_and_the_total_stays(world):
    her = f.make_coordinator(f.make_programme(world.tenant, project=world.programme.project))
    found, scope = live.figure(world.programme, None, "OP-01", timezone.now())
    rows = behind(found.definition, scope)
    shown = live.sides(found, scope, her, rows)
    for table in live.apart(found, scope, shown, rows):
        assert lines(table) == {HIDDEN: 12}
        assert table.total.numerator == 12


def test_no_funder_sees_any_of_it(world, client):
    for route in ("figure_live", "figure_live_export"):
        assert signed_in(client, world.funder).get(page_of(world, "OP-01", route)).status_code == 403


def test_a_figure_without_a_number_has_no_tables():
    world = make_asking()
    assert measured(LIBRARY["OC-07"], scope_of(world)).state is State.MISSING
    assert all(table.lines == () for table in tables(LIBRARY["OC-07"], scope_of(world)))


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_the_tables_are_for_everybody(transactional_db, world, open_page, size, language):
    world.coordinator.language = language
    world.coordinator.save()
    page = open_page(size=size, language=language, user=world.coordinator)
    page.goto(page_of(world, "OP-07"))
    page.locator("details.definition summary").nth(1).click()
    page.get_by_role("table").first.wait_for()
    assert axe(page) == []
    assert overflow(page) == 0
