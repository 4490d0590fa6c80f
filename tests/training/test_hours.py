"""The one rule of completing: a share of planned minutes. Its edges, and that unknown is neither."""

import pytest

from tests.factories import NOW, make_programme
from training import services
from training.hours import NONE, hours, progress


@pytest.mark.parametrize(
    ("attended", "completes", "can_reach", "share"),
    [(800, True, True, 80), (799, False, False, 79), (801, True, True, 80), (0, False, False, 0)],
)
def test_at_the_edge_of_eighty_per_cent(attended, completes, can_reach, share):
    found = hours([(1000, True, attended)], 80)
    assert (found.completes, found.can_reach, found.share) == (completes, can_reach, share)


def test_open_sessions_can_still_be_attended():
    found = hours([(100, True, 50), (400, False, None)], 80)
    assert (found.attended, found.planned, found.past, found.missed) == (50, 500, 100, 50)
    assert (found.can_reach, found.completes, found.so_far, found.is_under) == (True, False, 50, True)
    assert hours([(101, True, 0), (399, False, None)], 80).can_reach is False  # 399 of 500 is too little
    assert hours([(100, True, 0), (400, False, None)], 80).can_reach is True  # exactly 80 %


def test_unknown_minutes_are_neither_missed_nor_attended():
    found = hours([(100, True, None), (None, True, None), (None, False, None)], 80)
    assert (found.attended, found.planned, found.past, found.can_reach, found.is_under) == (
        0,
        100,
        0,
        True,
        False,
    )


def test_nothing_planned_completes_nothing_and_loses_nothing():
    assert (NONE.share, NONE.completes, NONE.can_reach, NONE.is_under) == (None, False, True, False)


def test_progress_reads_the_roster_once(world, enrol, plan, mark, django_assert_num_queries):
    one, other = enrol("Ana"), enrol("Mira")
    first, cancelled = plan(), plan("Day 2")
    mark(first, one)
    mark(first, other, "absent")
    services.cancel_session(by=world.coordinator, session=cancelled, now=NOW)
    with django_assert_num_queries(1):
        found = progress(world.programme)
    assert {pk: (h.attended, h.planned) for pk, h in found.items()} == {
        one.pk: (210, 210),
        other.pk: (0, 210),
    }
    assert list(progress(world.programme, [other.pk])) == [other.pk]
    assert progress(make_programme()) == {}
