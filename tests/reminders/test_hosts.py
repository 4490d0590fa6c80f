"""A server that refuses is left in peace: growing gaps, one that tries, at most 12 connections an hour."""

from datetime import timedelta

import pytest

from reminders.models import Host
from reminders.services import hosts
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NAME = "smtp:mail.example:25"
SECOND = timedelta(seconds=1)


def test_nobody_complained_so_it_is_open(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert hosts.is_open(NAME, NOW)
    assert not hosts.is_on_trial(NAME)


def test_after_a_failure_it_is_left_in_peace_then_one_sender_tries():
    hosts.failed(NAME, "421 busy", NOW)
    assert not hosts.is_open(NAME, NOW + timedelta(seconds=119))
    later = NOW + timedelta(seconds=133)  # 2 minutes and a tenth of it
    assert [hosts.is_open(NAME, later) for _sender in range(5)] == [True, False, False, False, False]
    assert hosts.is_on_trial(NAME)


def test_who_dies_of_the_trial_leaves_the_next_one_to_another():
    hosts.failed(NAME, "421 busy", NOW)
    later = NOW + timedelta(minutes=3)
    assert hosts.is_open(NAME, later)
    assert not hosts.is_open(NAME, later + hosts.TRIAL - SECOND)
    assert hosts.is_open(NAME, later + hosts.TRIAL)


def test_it_worked_and_is_forgotten():
    hosts.failed(NAME, "421 busy", NOW)
    hosts.worked(NAME)
    assert hosts.is_open(NAME, NOW) and not hosts.is_on_trial(NAME)
    assert Host.objects.count() == 0


def test_one_server_is_not_another():
    hosts.failed(NAME, "421 busy", NOW)
    assert hosts.is_open("gateway:3", NOW)


def test_hours_of_refusal_are_at_most_12_trials_in_any_of_them():
    """Asked every 30 seconds by each of two senders, for four hours."""
    hosts.failed(NAME, "535 no", NOW)
    tried = []
    for sweep in range(4 * 120):
        now = NOW + timedelta(seconds=30 * sweep + 1)
        for _sender in range(2):
            if hosts.is_open(NAME, now):
                tried.append(now)
                hosts.failed(NAME, "535 still no", now)
    hours = [sum(first <= at < first + timedelta(hours=1) for at in tried) for first in tried]
    assert 10 <= max(hours) <= 12
    assert Host.objects.get().failures == len(tried) + 1
    assert Host.objects.get().words == "535 still no"


def test_the_gaps_grow_and_are_scattered():
    ends = set()
    for number in range(20):
        hosts.failed(f"host {number}", "no", NOW)
        ends.add(Host.objects.get(name=f"host {number}").closed_until - NOW)
    assert len(ends) > 15 and min(ends) >= timedelta(minutes=2) and max(ends) <= timedelta(seconds=132)
    hosts.failed("host 1", "no", NOW)
    assert Host.objects.get(name="host 1").closed_until - NOW >= timedelta(minutes=4)


def test_the_first_failure_is_remembered():
    hosts.failed(NAME, "a", NOW)
    hosts.failed(NAME, "b" * 900, NOW + timedelta(hours=3))
    row = Host.objects.get()
    assert (row.failed_at, row.failures, len(row.words)) == (NOW, 2, 500)
