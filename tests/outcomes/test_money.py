"""Costs and grants: kept with an audit, corrected with a reason, added up per currency."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from outcomes import money
from outcomes.models import Cost, Grant, GrantAmount, PeriodLock
from outcomes.services import save_cost, save_grant
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_funding,
    make_module,
    make_programme,
)

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 1)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def funding(programme):
    return make_funding(programme)


def cost(by, funding, amount="5", currency="EUR", kind="spent", name="Sala", **said):
    amount = None if amount is None else Decimal(amount)
    return save_cost(by=by, funding=funding, amount=amount, currency=currency, kind=kind, name=name, **said)


def refused(call, **said):
    with pytest.raises(ValidationError) as error:
        call(**said)
    return error.value.message_dict


# --- costs


def test_a_cost_is_kept_with_a_trace(by, funding, programme):
    row = cost(by, funding, "12.50", " eur ", programme=programme, day=MARCH)
    row.refresh_from_db()
    assert (row.amount, row.currency, row.by, row.programme) == (Decimal("12.50"), "EUR", by, programme)
    entry = AuditEntry.objects.get(object_type="outcomes.cost", object_id=row.pk)
    assert (entry.verb, entry.by) == ("add", by)


def test_it_is_corrected_with_a_reason(by, funding):
    row = cost(by, funding)
    assert refused(save_cost, by=by, cost=row, amount=Decimal(6)) == {"reason": ["Say why it is corrected."]}
    row.refresh_from_db()
    save_cost(by=by, cost=row, amount=Decimal(0), reason="It was paid by somebody else")
    row.refresh_from_db()
    assert (row.amount, row.note) == (Decimal(0), "It was paid by somebody else")
    entry = AuditEntry.objects.filter(object_type="outcomes.cost").latest("pk")
    assert (entry.verb, entry.fields) == ("change", ["amount", "note"])
    save_cost(by=by, cost=row, name="Sala i kafa")  # another name of it needs none


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"amount": "-1"}, "amount", "An amount is not below zero."),
        ({"amount": None}, "amount", "Say how much."),
        (
            {"currency": "XYZ"}, "currency",
            "“XYZ” is no currency: write the three letters of ISO 4217, as EUR.",
        ),
        (
            {"currency": ""}, "currency",
            "“” is no currency: write the three letters of ISO 4217, as EUR.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_cost_is_refused(by, funding, said, field, words):
    assert refused(cost, by=by, funding=funding, **said) == {field: [words]}
    assert not Cost.objects.exists()


def test_programme_and_module_are_the_fundings(by, funding, programme):
    other = make_module(make_programme(tenant=programme.tenant))
    words = ["The funding does not pay for this programme."]
    assert refused(cost, by=by, funding=funding, programme=other.programme) == {"programme": words}
    words = ["This module belongs to another programme."]
    assert refused(cost, by=by, funding=funding, programme=programme, module=other) == {"module": words}


def test_a_locked_day_is_not_left_and_not_entered(by, funding, programme):
    row = cost(by, funding, programme=programme, day=MARCH)
    free = cost(by, funding, programme=programme, day=date(2025, 5, 1))
    PeriodLock.objects.create(programme=programme, start=MARCH, end=date(2025, 4, 1))
    for call in (
        {"cost": row, "amount": Decimal(1)},
        {"cost": row, "day": date(2025, 5, 1)},
        {"cost": free, "day": MARCH},
    ):
        with pytest.raises(ValidationError, match="is locked"):
            save_cost(by=by, reason="Why", **call)
    assert list(Cost.objects.order_by("pk").values_list("amount", "day")) == [
        (Decimal(5), MARCH), (Decimal(5), date(2025, 5, 1)),
    ]  # fmt: skip


# --- sums


def test_lines_and_totals_by_currency(by, funding):
    for kind, amount in (("planned", "100"), ("planned", "0.10"), ("spent", "60.20"), ("spent", "0.10")):
        cost(by, funding, amount, kind=kind)
    cost(by, funding, "3000", "RSD")
    cost(by, funding, "7", is_eligible=False, name="Piće")
    cost(by, funding, "0", kind="planned", name="Voda")
    cost(by, funding, None, "", name="Neko", as_written="ne znam")
    found = [
        (row.name, row.currency, row.planned, row.spent, row.difference, row.share)
        for row in money.lines(Cost.objects.all())
    ]
    assert found == [
        ("Piće", "EUR", None, Decimal(7), None, None),
        ("Sala", "EUR", Decimal("100.10"), Decimal("60.30"), Decimal("39.80"), Decimal("60.2")),
        ("Sala", "RSD", None, Decimal(3000), None, None),
        ("Voda", "EUR", Decimal(0), None, None, None),
    ]
    totals = [(row.currency, row.planned, row.spent, row.not_eligible) for row in money.totals(Cost.objects)]
    assert totals == [
        ("EUR", Decimal("100.10"), Decimal("67.30"), Decimal(7)),
        ("RSD", None, Decimal(3000), None),
    ]
    assert [row.as_written for row in money.unread_costs(Cost.objects.all())] == ["ne znam"]


def test_what_was_spent_in_a_period(by, funding):
    cost(by, funding, "5", day=MARCH)
    cost(by, funding, "7", day=date(2025, 4, 1))
    cost(by, funding, "100", "RSD", day=MARCH)
    cost(by, funding, "11")  # nobody knows when
    cost(by, funding, "13", day=MARCH, is_eligible=False)
    cost(by, funding, "17", day=MARCH, kind="planned")
    assert money.spent(funding, MARCH, date(2025, 4, 1)) == {"EUR": Decimal(5), "RSD": Decimal(100)}
    assert money.spent(funding) == {"EUR": Decimal(23), "RSD": Decimal(100)}
    assert money.spent(make_funding(), MARCH, date(2025, 4, 1)) == {}
    assert money.undated(funding) == 1


def test_many_small_amounts_lose_no_cent(by, funding):
    Cost.objects.bulk_create(
        Cost(funding=funding, kind="spent", name="Kafa", amount=Decimal("0.10"), currency="EUR")
        for _n in range(1000)
    )
    [total] = money.totals(Cost.objects.all())
    assert total.spent == Decimal("100.00")


# --- grants


def test_a_grant_in_two_currencies(by, programme, funding):
    enrolment = make_enrolment(programme)
    amounts = [(Decimal(122), "gbp"), (Decimal("83.41"), "EUR")]
    row = save_grant(
        by=by, programme=programme, amounts=amounts, enrolment=enrolment, funding=funding, day=MARCH,
        state="granted",
    )  # fmt: skip
    assert list(row.amounts.values_list("currency", "amount")) == [
        ("EUR", Decimal("83.41")), ("GBP", Decimal(122)),
    ]  # fmt: skip
    save_grant(by=by, grant=row, amounts=[(Decimal(100), "EUR")], state="paid")
    assert list(row.amounts.values_list("currency", "amount")) == [("EUR", Decimal(100))]
    verbs = AuditEntry.objects.filter(object_type="outcomes.grant").order_by("pk")
    assert [(one.verb, one.fields) for one in verbs][1:] == [
        ("change", ["amounts"]), ("change", ["state"]), ("change", ["amounts"]),
    ]  # fmt: skip
    save_grant(by=by, grant=row, amounts=[(Decimal(100), "EUR")])
    assert verbs.count() == 4  # nothing changed


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ([], "Say how much."),
        ([("5", "EUR"), ("6", "eur")], "Give one amount a currency."),
        ([("-5", "EUR")], "An amount is not below zero."),
        ([("5", "XYZ")], "“XYZ” is no currency: write the three letters of ISO 4217, as EUR."),
    ],
)
def test_what_is_no_grant_is_refused(by, programme, amounts, words):
    amounts = [(Decimal(amount), code) for amount, code in amounts]
    said = {"by": by, "programme": programme, "amounts": amounts, "state": "granted"}
    assert refused(save_grant, **said) == {"amounts": [words]}
    assert not Grant.objects.exists()


def test_what_is_only_asked_for_may_say_no_amount(by, programme):
    assert save_grant(by=by, programme=programme, state="asked", purpose="Oprema").amounts.count() == 0


def test_the_frame_of_a_grant_is_its_programmes(by, programme):
    other = make_programme(tenant=programme.tenant)
    said = {"by": by, "programme": programme, "amounts": [(Decimal(5), "EUR")]}
    assert refused(save_grant, enrolment=make_enrolment(other), **said) == {
        "enrolment": ["She takes part in another programme."]
    }
    assert refused(save_grant, funding=make_funding(other), **said) == {
        "funding": ["The funding does not pay for this programme."]
    }


def test_a_grant_of_a_locked_day_stays(by, programme):
    row = save_grant(by=by, programme=programme, amounts=[(Decimal(5), "EUR")], day=MARCH)
    PeriodLock.objects.create(programme=programme, start=MARCH, end=date(2025, 4, 1))
    with pytest.raises(ValidationError, match="is locked"):
        save_grant(by=by, grant=row, amounts=[(Decimal(6), "EUR")])
    assert [one.amount for one in GrantAmount.objects.all()] == [Decimal(5)]


def test_grants_by_state_and_currency(by, programme):
    for state, amounts in (
        ("granted", [("5", "EUR")]),
        ("granted", [("6.10", "EUR"), ("7", "GBP")]),
        ("paid", [("8", "EUR")]),
    ):
        given = [(Decimal(amount), code) for amount, code in amounts]
        save_grant(by=by, programme=programme, state=state, amounts=given)
    save_grant(by=by, programme=programme, state="asked")
    save_grant(by=by, programme=programme, state="asked", as_written="oko 500")
    found = money.given(Grant.objects.all())
    assert [(one.state, one.currency, one.grants, one.amount) for one in found] == [
        ("granted", "EUR", 2, Decimal("11.10")),
        ("granted", "GBP", 1, Decimal(7)),
        ("paid", "EUR", 1, Decimal(8)),
    ]  # fmt: skip
    assert money.by_currency(found) == {"EUR": Decimal("19.10"), "GBP": Decimal(7)}
    assert money.unread_grants(Grant.objects.all()).count() == 1
    assert money.unsaid_grants(Grant.objects.all()).count() == 1


def test_as_many_queries_for_many_as_for_one(by, programme, funding, django_assert_num_queries):
    for n in (1, 3):
        while Cost.objects.count() < n:
            cost(by, funding)
            save_grant(by=by, programme=programme, amounts=[(Decimal(5), "EUR")])
        with django_assert_num_queries(4):
            money.lines(Cost.objects.all())
            money.totals(Cost.objects.all())
            money.spent(funding)
            money.given(Grant.objects.all())
