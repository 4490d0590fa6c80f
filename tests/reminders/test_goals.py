"""Both of a pair hear of a goal some days before it is due, as long as nobody said what came of it."""

from datetime import UTC, datetime, timedelta

import pytest

from mentoring import services as mentoring
from mentoring.models import Assignment
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_goal,
    make_mentor,
    make_person,
    make_programme,
    make_rule,
)

pytestmark = pytest.mark.django_db
KIND = Rule.Kind.GOAL_DUE
HER, MENTOR = "mila@primer.example", "vesna@primer.example"
DAY = TODAY + timedelta(days=5)
MORNING = datetime(2025, 3, 14, 8, 0, tzinfo=UTC)  # 9:00 in Belgrade, three days before DAY
OVER = datetime(2025, 3, 17, 23, 0, tzinfo=UTC)  # midnight there after it


@pytest.fixture
def goal():
    programme = make_programme()
    mentor = make_person(programme.tenant, name="Vesna Vesić", email=MENTOR, language="en")
    her = make_person(programme.tenant, name="Mila Nova", email=HER, language="en")
    enrolment = make_enrolment(programme, person=her)
    pair = make_assignment(
        make_mentor(programme, person=mentor), enrolment, state_at=NOW - timedelta(days=60)
    )
    return make_goal(pair, text="A price list", due=DAY)


def rule(goal, **fields) -> Rule:
    return make_rule(goal.assignment.programme, kind=KIND, **{"at_hour": 9, "after_days": 3} | fields)


def due(goal, now=NOW, **fields) -> list[tuple]:
    return [tuple(one)[:5] for one in KINDS[KIND].due(rule(goal, **fields), now)]


def both(goal) -> tuple[int, int]:
    return goal.assignment.mentor.person_id, goal.assignment.enrolment.person_id


def test_both_hear_three_days_before(goal):
    assert due(goal) == [(person, goal.pk, 1, MORNING, OVER) for person in both(goal)]


@pytest.mark.parametrize(("audience", "who"), [("mentor", 0), ("entrepreneur", 1)])
def test_a_rule_may_name_one_of_them(goal, audience, who):
    assert [row[0] for row in due(goal, audience=audience)] == [both(goal)[who]]


def test_the_letters(goal, smtp_sink):
    services.plan(NOW)
    services.send_due(MORNING)
    [hers], [mentors] = smtp_sink.to(HER), smtp_sink.to(MENTOR)
    assert hers.subject == mentors.subject == "A goal is due on 17 March 2025"
    assert "You and Vesna Vesić agreed on this goal: “A price list”" in hers.text
    assert "You and Mila Nova agreed on this goal: “A price list”" in mentors.text
    assert f"/assignments/{goal.assignment_id}/" in hers.text


def test_another_day_is_another_letter_and_the_old_one_goes(goal):
    services.plan(NOW)
    mentoring.change_goal(by=None, goal=goal, due=DAY + timedelta(days=2))
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=KIND).order_by("pk").values_list("state", "reason", "due_at")
    gone = ("dropped", "The goal was changed since.", MORNING)
    assert list(rows) == [gone] * 2 + [("planned", "", MORNING + timedelta(days=2))] * 2


@pytest.mark.parametrize("state", ["reached", "partly", "dropped"])
def test_what_is_settled_is_not_asked_about(goal, smtp_sink, state):
    services.plan(NOW)
    mentoring.set_goal_state(by=None, goal=goal, state=state, remark="Done with", now=NOW)
    services.send_due(MORNING)
    rows = Reminder.objects.filter(rule__kind=KIND).values_list("state", "reason")
    assert list(rows) == [("dropped", "It is said already what came of the goal.")] * 2
    assert not list(KINDS[KIND].due(Rule.objects.get(kind=KIND), NOW))


@pytest.mark.parametrize("state", ["paused", "ended"])
def test_a_pair_that_does_not_work_is_left_in_peace(goal, smtp_sink, state):
    services.plan(NOW)
    Assignment.objects.update(state=state)
    services.send_due(MORNING)
    rows = Reminder.objects.filter(rule__kind=KIND).values_list("state", "reason")
    assert list(rows) == [("dropped", "The assignment has ended, or pauses.")] * 2


@pytest.mark.parametrize("day", [None, TODAY - timedelta(days=1), TODAY + timedelta(days=90)])
def test_without_a_day_or_past_or_far_away_nobody_hears(goal, day):
    type(goal).objects.update(due=day)
    assert due(goal) == []


def test_it_costs_the_same_for_one_and_three(goal, django_assert_num_queries):
    row = rule(goal)
    for n in (1, 3):
        while goal.assignment.goals.count() < n:
            make_goal(goal.assignment, due=DAY)
        with django_assert_num_queries(1):
            found = list(KINDS[KIND].due(row, NOW))
        assert len(found) == 2 * n
        with django_assert_num_queries(1):
            KINDS[KIND].subjects([one.subject_id for one in found])
