"""Locked periods: nobody of the staff adds or changes a fact of one; unlocking has a reason, and is kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry
from outcomes import services
from outcomes.locks import insist_open, is_locked
from outcomes.models import PeriodLock
from tests.factories import NOW, TODAY, make_coordinator, make_funding, make_programme, make_trainer

pytestmark = pytest.mark.django_db
HOLDS = connection.vendor == "postgresql"  # one query more: nobody locks the period meanwhile
START, END = date(2025, 1, 1), date(2025, 3, 1)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def lock(by, programme):
    return services.lock_period(by=by, programme=programme, start=START, end=END, now=NOW)


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_period_is_half_open_and_of_one_programme(programme, lock, django_assert_num_queries):
    with django_assert_num_queries(4 + 4 * HOLDS):
        days = [START - timedelta(days=1), START, END - timedelta(days=1), END]
        assert [is_locked(programme, day) for day in days] == [False, True, True, False]
    assert is_locked(make_programme(), START) is False
    with django_assert_num_queries(0):
        assert is_locked(programme, None) is False
        insist_open(programme, None)


def test_who_is_refused_is_told_which_period_it_is(programme, lock, django_assert_num_queries):
    with django_assert_num_queries(1 + HOLDS), pytest.raises(ValidationError) as caught:
        insist_open(programme, START)
    words = "The period from 1 January 2025 to 28 February 2025 is locked: its facts stay as they are."
    assert (caught.value.messages, caught.value.code) == ([words], "locked")
    insist_open(programme, END)


def test_what_is_not_over_or_locked_already_is_not_locked(by, programme, lock):
    def refused(**days):
        with pytest.raises(ValidationError) as caught:
            services.lock_period(by=by, programme=programme, now=NOW, **days)
        return caught.value.messages

    assert refused(start=START, end=TODAY + timedelta(days=1)) == [
        "This period is not over yet: lock it when it is."
    ]
    assert refused(start=START, end=END) == ["This period is locked already."]
    assert refused(start=date(2025, 2, 1), end=date(2025, 2, 8)) == ["This period is locked already."]
    assert refused(start=END, end=START) == ["A period ends after it starts."]
    services.lock_period(by=by, programme=programme, start=END, end=TODAY, now=NOW)  # up to yesterday
    assert PeriodLock.objects.count() == 2


def test_unlocking_once_with_a_reason_and_locking_again(by, programme, lock):
    for reason in ("  ", "x" * 301):
        with pytest.raises(ValidationError) as caught:
            services.unlock_period(by=by, lock=lock, reason=reason, now=NOW)
        assert list(caught.value.error_dict) == ["reason"]
    assert is_locked(programme, START) is True
    services.unlock_period(by=by, lock=lock, reason=" Two sheets came late. ", now=NOW)
    assert (is_locked(programme, START), lock.reason, lock.unlocked_by) == (
        False, "Two sheets came late.", by,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="unlocked already"):
        services.unlock_period(by=by, lock=lock, reason="Again", now=NOW)
    services.lock_period(by=by, programme=programme, start=START, end=END, now=NOW)
    assert is_locked(programme, START) is True
    trail = AuditEntry.objects.filter(object_type="outcomes.periodlock").order_by("pk")
    assert list(trail.values_list("verb", flat=True)) == ["lock", "unlock", "lock"]


def test_results_costs_and_grants_of_it_stay_as_they_are(by, programme, lock):
    funding = make_funding(programme)
    result = services.save_result(by=by, programme=programme, kind="agreement", title="A", day=END, now=NOW)
    cost = {"kind": "spent", "name": "Hall", "amount": 5, "currency": "EUR", "programme": programme}
    acts = [
        lambda: services.save_result(
            by=by, programme=programme, kind="agreement", title="B", day=START, now=NOW
        ),
        lambda: services.save_result(by=by, result=result, day=START, now=NOW),
        lambda: services.save_cost(by=by, funding=funding, day=START, **cost),
        lambda: services.save_grant(by=by, programme=programme, amounts=[(5, "EUR")], day=START),
    ]
    for act in acts:
        with pytest.raises(ValidationError) as caught:
            act()
        assert "is locked" in caught.value.messages[0]
    result.refresh_from_db()
    assert (result.day, funding.costs.count(), programme.grants.count()) == (END, 0, 0)


def test_the_page_locks_and_unlocks(client, by, programme):
    sign_in(client, by)
    page = reverse("outcomes:lock_list", args=[programme.code])
    assert "No period is locked" in client.get(page).content.decode()
    wrong = client.post(page, {"start": "2024-03-01", "end": "2024-01-01"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["end"])
    assert client.post(page, {"start": "2024-01-01", "end": "2024-03-31"}).status_code == 302
    lock = programme.locks.get()
    assert (lock.start, lock.end, lock.locked_by) == (date(2024, 1, 1), date(2024, 4, 1), by)
    shown = client.get(page).content.decode()
    assert ("1 period is locked" in shown, "1 Jan 2024 to 31 Mar 2024" in shown) == (True, True)
    again = client.post(page, {"start": "2024-01-01", "end": "2024-03-31"})
    assert (again.status_code, again.context["form"].non_field_errors()) == (
        422, ["This period is locked already."],
    )  # fmt: skip
    unlock = reverse("outcomes:lock_edit", args=[lock.pk])
    assert client.post(unlock, {"reason": ""}).status_code == 422
    assert client.post(unlock, {"reason": "A sheet came late."}).status_code == 302
    shown = client.get(page).content.decode()
    assert ("No period is locked" in shown, "A sheet came late." in shown) == (True, True)
    assert "is not locked any more" in client.get(unlock).content.decode()


def test_a_stranger_and_a_trainer(client, programme, lock):
    addresses = [
        reverse("outcomes:lock_list", args=[programme.code]),
        reverse("outcomes:lock_edit", args=[lock.pk]),
    ]
    for user, status in ((make_coordinator(make_programme()), 404), (make_trainer(programme), 403)):
        sign_in(client, user)
        assert {client.get(url).status_code for url in addresses} == {status}
        assert {client.post(url, {"reason": "x"}).status_code for url in addresses} == {status}
    assert is_locked(programme, START) is True


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, by, programme, n, django_assert_num_queries):
    for month in range(n):
        services.lock_period(
            by=by, programme=programme, start=date(2024, month + 1, 1), end=date(2024, month + 2, 1), now=NOW
        )
    sign_in(client, by)
    client.get(reverse("outcomes:lock_list", args=[programme.code]))
    with django_assert_num_queries(6):
        client.get(reverse("outcomes:lock_list", args=[programme.code]))
