"""Are the pairs still meeting? Unknown is never a no."""

from datetime import date

import pytest

from desk.real import meeting
from mentoring.meetings import staying
from tests.factories import make_assignment, make_enrolment, make_meeting, make_mentor, make_programme

pytestmark = pytest.mark.django_db


def test_the_share_of_the_published_study_is_ours(shared_data):
    meeting.load_all(shared_data)
    found = list(meeting.compare())
    assert [figure for figure in found if not figure.is_equal] == []
    assert [figure.ours for figure in found] == [
        *(854, 82, 667, 63, 600, 100),
        *(612, 103, 490, 100, 457, 105),
    ]


def test_a_blank_is_no_no():
    grid = [{1: True, 2: None}, {1: False}, {1: None, 2: None}]
    assert staying.shares(grid, (1, 2)) == [(1, 1, 2, 1), (2, 0, 0, 2)]
    assert [one.share for one in staying.shares(grid, (1, 2))] == [0.5, None]


def test_months_are_read_from_the_log():
    """From 31 January: one met in the first and third month, one logged nothing, one ended, one erred."""
    programme = make_programme()

    def pair(*days: date, **fields):
        row = make_assignment(
            make_mentor(programme), make_enrolment(programme), start=date(2025, 1, 31), **fields
        )
        for day in days:
            make_meeting(row, day=day)
        return row

    pair(date(2025, 2, 27), date(2025, 4, 2))
    pair()
    pair(date(2025, 2, 3), state="ended", end=date(2025, 2, 20))
    slip = pair(date(2025, 3, 5))
    slip.meetings.update(cancelled_at="2025-03-06T08:00:00Z")
    pair(date(2025, 2, 3), state="completed", end=date(2025, 2, 28))  # has one month only
    found = staying.of_meetings(programme.assignments.all(), date(2025, 5, 1))
    assert found == [(1, 3, 3, 2), (2, 0, 2, 2), (3, 1, 2, 2)]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 3, 12), 12, date(2026, 3, 12)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day, months, later):
    assert staying._after(day, months) == later
