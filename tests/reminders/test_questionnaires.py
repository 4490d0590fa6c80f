"""Who is asked hears of it when the questions open, and once more before they close if nothing came."""

from datetime import UTC, date, datetime, timedelta

import pytest

from outcomes import links
from outcomes import services as outcomes
from outcomes.models import Invitation, Wave
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule
from tests.factories import make_rule
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db
OPEN, CLOSING = Rule.Kind.QUESTIONS_OPEN, Rule.Kind.QUESTIONS_CLOSING
NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
FIRST = datetime(2025, 3, 12, 8, tzinfo=UTC)  # 9:00 in Belgrade on the day on which it opens
LAST = datetime(2025, 3, 19, 8, tzinfo=UTC)  # three days before it closes
OVER = datetime(2025, 3, 21, 23, tzinfo=UTC)
HER = "mila@primer.example"


@pytest.fixture
def asked():
    return sheet_of_all(opens=date(2025, 3, 12), closes=date(2025, 3, 22))


def due(asked, kind, now=NOW, **fields) -> list[tuple]:
    rule = Rule.objects.filter(programme=asked.programme, kind=kind).first()
    rule = rule or make_rule(asked.programme, kind=kind, **{"at_hour": 9, "after_days": 3} | fields)
    return [tuple(one)[:5] for one in KINDS[kind].due(rule, now)]


def letters() -> list[tuple]:
    rows = Reminder.objects.filter(rule__kind__in=(OPEN, CLOSING)).order_by("due_at")
    return list(rows.values_list("rule__kind", "state", "reason"))


def test_she_hears_when_it_opens_and_before_it_closes(asked):
    row = asked.invitation
    assert due(asked, OPEN) == [(asked.her.pk, row.pk, 1, FIRST, OVER)]
    assert due(asked, CLOSING) == [(asked.her.pk, row.pk, 1, LAST, OVER)]


@pytest.mark.parametrize(
    ("state", "opening", "closing"),
    [("waiting", 1, 1), ("partial", 0, 1), ("answered", 0, 0), ("refused", 0, 0), ("unreachable", 0, 0),
     ("withdrawn", 0, 0)],
)  # fmt: skip
def test_only_who_has_still_to_answer_hears(asked, state, opening, closing):
    Invitation.objects.update(state=state)
    assert (len(due(asked, OPEN)), len(due(asked, CLOSING))) == (opening, closing)


def test_nobody_hears_of_a_wave_that_is_closed_or_was_asked_years_ago(asked):
    assert due(asked, OPEN, now=OVER) == due(asked, CLOSING, now=OVER) == []
    Wave.objects.update(closes=None)
    assert len(due(asked, OPEN)) == 1 and due(asked, CLOSING) == []
    assert due(asked, OPEN, now=NOW + timedelta(days=60)) == []


def test_who_has_no_address_is_left_out(asked):
    asked.her.email = ""
    asked.her.save()
    assert due(asked, OPEN) == []


def test_a_wave_that_is_shorter_than_the_notice_has_one_letter(asked):
    Wave.objects.update(closes=date(2025, 3, 15))
    assert (len(due(asked, OPEN)), len(due(asked, CLOSING))) == (1, 0)


def test_the_letters_lead_to_her_own_link(asked, smtp_sink):
    services.plan(NOW)
    services.send_due(FIRST)
    (first,) = smtp_sink.to(HER)
    assert first.subject == f"Some questions about {asked.programme.title}"
    assert links.answer_link(asked.invitation) in first.text
    assert "We ask for your answers by 21 March 2025." in first.text
    services.plan(LAST)
    services.send_due(LAST)
    assert len(smtp_sink.to(HER)) == 2
    assert [row[:2] for row in letters()] == [(OPEN, "sent"), (CLOSING, "sent")]


def test_nothing_goes_once_she_has_answered(asked, smtp_sink):
    services.plan(NOW)
    question = asked.questions["operating"]
    outcomes.save_answer(by=None, invitation=asked.invitation, question=question, said="yes", now=FIRST)
    outcomes.hand_in(by=None, invitation=asked.invitation, now=FIRST)
    services.send_due(LAST)
    assert smtp_sink.to(HER) == []
    row = Reminder.objects.filter(rule__kind=CLOSING).get()
    assert KINDS[CLOSING].untrue(row, LAST) == "She has answered, or does not want to be asked."


def test_a_programme_that_is_over_has_the_rules_while_it_asks(asked):
    asked.programme.start, asked.programme.end = date(2024, 3, 1), date(2024, 9, 1)
    asked.programme.save()
    services.plan(NOW)
    kinds = asked.programme.rules.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == [CLOSING, OPEN]


def test_she_may_do_without_them(asked):
    assert not KINDS[OPEN].is_essential and not KINDS[CLOSING].is_essential
    services.stop(person=asked.her, kinds=[OPEN], now=NOW)
    services.plan(NOW)
    services.send_due(FIRST)
    assert not Reminder.objects.filter(rule__kind=OPEN, state="sent").exists()
