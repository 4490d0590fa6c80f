"""Reviewers hear of what waits, of the end, and on the last day; never whose idea it is."""

from datetime import UTC, datetime, timedelta

import pytest

from ideas import services as ideas
from ideas.models import Review, ReviewTask
from lib import clock
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_join,
    make_mentor,
    make_person,
    make_programme,
    make_review,
    make_round,
    make_rule,
    make_seat,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db
WAITING, SOON, LAST = Rule.Kind.REVIEW_WAITING, Rule.Kind.REVIEW_DUE, Rule.Kind.REVIEW_OVERDUE
ZONE = "Europe/Belgrade"
ENDS = datetime(2025, 3, 19, 23, 0, tzinfo=UTC)  # midnight in Belgrade: the 19th is the last day
JUDGE = "vesna@primer.example"


def nine(day: int) -> datetime:
    return datetime(2025, 3, day, 8, 0, tzinfo=UTC)  # 9:00 in Belgrade in March


@pytest.fixture
def seat():
    """A reviewer with two ideas on her desk, of a blind round that goes on until the end of the 19th."""
    round_ = make_round(make_programme(zone=ZONE), closes_at=ENDS)
    tenant = round_.programme.tenant
    person = make_person(tenant, name="Vesna Vesić", email=JUDGE, language="en", user=make_user(tenant))
    seat = make_seat(round_, make_mentor(round_.programme, person=person).person)
    for _n in range(2):
        her = make_enrolment(round_.programme, person=make_person(tenant, name="KANARINAC"))
        make_task(seat, make_idea(round_.programme, state="in_review", enrolments=[her]))
    return seat


def rule(kind, seat, **fields) -> Rule:
    plain = {"at_hour": 9, "after_days": KINDS[kind].days}
    return make_rule(seat.round.programme, kind=kind, **plain | fields)


def due(kind, seat, now=NOW, **fields) -> list[tuple]:
    rows = KINDS[kind].due(rule(kind, seat, **fields), now)
    return [(one.person_id, one.subject_id, one.due_at, one.send_before) for one in rows]


def test_where_it_closes_before_the_hour_of_the_letter_she_hears_two_hours_before(seat):
    early = datetime(2025, 3, 19, 7, 0, tzinfo=UTC)  # 8:00 there, an hour before the letter's hour
    type(seat.round).objects.update(closes_at=early)
    seat.round.refresh_from_db()
    assert [row[2] for row in due(LAST, seat)] == [early - timedelta(hours=2)]


def hers(seat, at) -> list[tuple]:
    return [(seat.reviewer_id, seat.pk, at, ENDS)]


def test_each_has_its_morning(seat):
    assert due(WAITING, seat) == hers(seat, nine(8))  # three days after it opened, on the 5th
    assert due(SOON, seat) == hers(seat, nine(17))
    assert due(LAST, seat) == hers(seat, nine(19))


def test_the_words_of_the_three(seat):
    said = {}
    for kind in (WAITING, SOON, LAST):
        words = KINDS[kind].words(KINDS[kind].subjects([seat.pk])[seat.pk])
        said[kind] = [words.subject, *words.lines]
        assert words.url.endswith(f"/rounds/{seat.round_id}/next/")
        assert "KANARINAC" not in " ".join([*said[kind], words.why])
    assert said == {
        WAITING: [
            "2 ideas wait for your review",
            "2 ideas wait for your review.",
            "The round closes on 19 March 2025 at 23:59.",
        ],
        SOON: [
            "The round closes on 19 March 2025: please finish your reviews",
            "2 ideas wait for your review.",
            "The round closes on 19 March 2025 at 23:59. Later nothing can be handed in.",
        ],
        LAST: [
            "Today is the last day for your reviews",
            "2 ideas wait for your review.",
            "The round closes today at 23:59. Later nothing can be handed in.",
            "If you cannot judge them, say so on the page: somebody else may have time.",
        ],
    }


def test_on_the_last_morning_the_letter_arrives(seat, smtp_sink):
    rule(WAITING, seat, is_on=False), rule(SOON, seat, is_on=False)
    services.plan(NOW)
    services.send_due(nine(19))
    assert [letter.subject for letter in smtp_sink.to(JUDGE)] == ["Today is the last day for your reviews"]


def test_a_letter_is_not_for_who_is_ready_or_for_what_is_closed(seat):
    assert due(SOON, seat, ENDS) == []
    seat.tasks.update(state=ReviewTask.State.DONE)
    assert due(LAST, seat) == []


def test_only_who_has_handed_in_none(seat):
    task = seat.tasks.first()
    make_review(task)
    assert len(due(SOON, seat)) == 1
    Rule.objects.all().delete()
    assert due(SOON, seat, condition="none_in") == []


def test_who_hands_in_the_first_after_it_was_planned_is_left_in_peace(seat):
    rule(SOON, seat, condition="none_in")
    services.plan(NOW)
    make_review(seat.tasks.first())
    reminder = Reminder.objects.get(rule__kind=SOON)
    assert KINDS[SOON].untrue(reminder, nine(17)) == "Some of her reviews are in."


def test_what_stands_under_another_idea_waits_for_nobody(seat):
    one, other = (task.idea for task in seat.tasks.order_by("pk"))
    make_join(one, other)
    subject = KINDS[WAITING].subjects([seat.pk])[seat.pk]
    assert KINDS[WAITING].words(subject).subject == "1 idea waits for your review"


def test_a_moved_end_moves_the_letter_and_doubles_none(seat, smtp_sink):
    rule(WAITING, seat, is_on=False), rule(LAST, seat, is_on=False), rule(SOON, seat)
    services.plan(NOW)
    by = make_coordinator(seat.round.programme)
    later = ENDS + timedelta(days=5)
    ideas.change_round(by=by, round=seat.round, closes_at=later, now=NOW)
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=SOON).order_by("pk").values_list("state", "due_at")
    assert list(rows) == [("dropped", nine(17)), ("planned", nine(22))]
    services.send_due(nine(22))
    make_seat(seat.round)  # somebody else comes: the round changes, its end does not
    ideas.change_round(by=by, round=seat.round, coverage=3, now=nine(22))
    services.plan(nine(22))
    services.send_due(nine(22))
    assert len(smtp_sink.to(JUDGE)) == 1


def test_near_the_end_one_letter_is_enough(seat):
    short = {"opens_at": nine(12) - timedelta(hours=1), "closes_at": nine(16)}
    type(seat.round).objects.filter(pk=seat.round_id).update(**short)
    now = nine(12) + timedelta(hours=1)
    rule(SOON, seat)  # on the 14th
    assert due(WAITING, seat, now) == []  # would be on the 15th
    Rule.objects.all().delete()
    assert [row[2] for row in due(WAITING, seat, now)] == [nine(15)]


@pytest.mark.parametrize("what", ["closed", "left", "done", "decided"])
def test_why_it_is_not_so_any_more(seat, what):
    rule(SOON, seat)
    services.plan(NOW)
    now = ENDS if what == "closed" else nine(17)
    if what == "left":
        ideas.leave_seat(by=seat.reviewer.user, seat=seat, reason="Ill", now=NOW)
    elif what in ("done", "decided"):
        seat.tasks.update(state="done" if what == "done" else "withdrawn")
    words = {
        "closed": "The review round is closed.",
        "left": "She judges no more in this round.",
        "done": "All reviews are in.",
        "decided": "All reviews are in.",
    }
    assert KINDS[SOON].untrue(Reminder.objects.get(rule__kind=SOON), now) == words[what]


def test_after_the_end_nothing_can_be_handed_in(seat):
    """That is why the last letter goes on the last morning."""
    task = seat.tasks.select_related("seat__round__programme").first()
    scores = {one.pk: 4 for one in seat.round.criteria.all()}
    with pytest.raises(Exception, match="nothing can be changed any more"):
        ideas.hand_in_review(by=seat.reviewer.user, task=task, scores=scores, now=ENDS)
    assert not Review.objects.exists()
    assert clock.local(ENDS, ZONE).hour == 0


@pytest.mark.parametrize(("kind", "queries"), [(WAITING, 3), (SOON, 2), (LAST, 2)])
def test_it_costs_the_same_for_one_and_three(seat, django_assert_num_queries, kind, queries):
    row = rule(kind, seat)
    for n in (1, 3):
        while seat.round.seats.count() < n:
            make_task(make_seat(seat.round))
        with django_assert_num_queries(queries):
            found = list(KINDS[kind].due(row, NOW))
        assert len(found) == n
        with django_assert_num_queries(2):
            KINDS[kind].subjects([one.subject_id for one in found])
