"""Who nominated is thanked once for all that she put forward in one go, and told what was decided."""

import random
import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest

from ideas import services as ideas
from ideas.models import Decision, Idea
from reminders import services
from reminders.kinds import KINDS
from reminders.kinds.ideas import IdeaReceived
from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_join,
    make_nomination,
    make_person,
    make_programme,
    make_rule,
    make_selection,
    make_session,
)
from tests.ideas.judged import PANEL, judged
from training.models import Enrolment

pytestmark = pytest.mark.django_db
HER = "mila@primer.example"
RECEIVED, DECIDED = Rule.Kind.IDEA_RECEIVED, Rule.Kind.DECISION
LONG_AGO = NOW - timedelta(days=20)
LAG = IdeaReceived.LAG
MORNING = datetime(2025, 3, 13, 8, 0, tzinfo=UTC)  # 9:00 in Belgrade, the day after TODAY


@pytest.fixture
def programme():
    return make_programme(name="Novi koren")


def nominator(programme, name="Mila Nova", email=HER, **fields) -> Enrolment:
    person = make_person(programme.tenant, name=name, email=email, language="en")
    return make_enrolment(programme, person=person, **fields)


def nominate(enrolment, title="", minutes=0, **fields):
    """One idea, so many minutes after NOW."""
    idea = make_idea(enrolment.programme, title=title)
    return make_nomination(idea, enrolment, at=NOW + timedelta(minutes=minutes), **fields)


def due(kind, programme, now=NOW, **fields) -> list[tuple]:
    rule = Rule.objects.filter(programme=programme, kind=kind).first()
    rule = rule or make_rule(programme, kind=kind, at_hour=9, after_days=KINDS[kind].days, **fields)
    return [(one.person_id, one.subject_id, one.due_at) for one in KINDS[kind].due(rule, now)]


def sweep(now) -> dict:
    services.plan(now)
    return services.send_due(now)


# --- received


def test_an_idea_is_thanked_for_an_hour_later(programme, smtp_sink):
    row = nominate(nominator(programme), "Sušara za voće")
    at = NOW + timedelta(hours=1) + LAG
    assert due(RECEIVED, programme) == [(row.enrolment.person_id, row.pk, at)]
    sweep(at)
    [letter] = smtp_sink.to(HER)
    assert letter.subject == "Thank you for your idea “Sušara za voće”"
    number = row.idea.number
    assert f"Your idea “Sušara za voće” is received. It has number {number} in Novi koren." in letter.text
    assert f"/ideas/{row.idea_id}/" in letter.text


def test_six_ideas_of_one_session_are_one_letter_at_its_end(programme, smtp_sink):
    session = make_session(programme, day=TODAY, start=time(10), end=time(14))  # begins at NOW
    hers = nominator(programme)
    rows = [nominate(hers, f"Ideja {n}", minutes, session=session) for n, minutes in enumerate((1, 2, 9, 80))]
    rows += [nominate(hers, f"Ideja {n}", minutes, session=session) for n, minutes in ((4, 170), (5, 230))]
    at = NOW + timedelta(minutes=290) + LAG  # an hour after the last, which is later than the end
    assert due(RECEIVED, programme) == [(hers.person_id, rows[-1].pk, at)]
    sweep(at)
    [letter] = smtp_sink.to(HER)
    assert letter.subject == "Thank you for your ideas (6)"
    assert [f"Ideja {n}" in letter.text for n in range(6)] == [True] * 6


def test_within_a_session_the_letter_waits_for_its_end(programme):
    session = make_session(programme, day=TODAY, start=time(10), end=time(14))
    row = nominate(nominator(programme), minutes=10, session=session)
    assert due(RECEIVED, programme) == [(row.enrolment.person_id, row.pk, NOW + timedelta(hours=4) + LAG)]


def test_what_comes_after_the_letter_gets_its_own(programme, smtp_sink):
    hers = nominator(programme)
    nominate(hers, "Prva")
    sweep(NOW + timedelta(minutes=62))
    nominate(hers, "Druga", 63)
    sweep(NOW + timedelta(minutes=125))
    subjects = [letter.subject for letter in smtp_sink.to(HER)]
    assert subjects == ["Thank you for your idea “Prva”", "Thank you for your idea “Druga”"]


@pytest.mark.parametrize("seed", range(3))
def test_any_number_of_planners_at_any_times_write_once_for_each_go(programme, smtp_sink, seed):
    """Ideas at random minutes; planners and senders awake at random ones, some of them not for hours."""
    dice = random.Random(seed)
    hers, minutes = nominator(programme), sorted(dice.sample(range(600), 7))
    awake = sorted(dice.sample(range(600), 6))
    for minute in range(600):
        if minute in minutes:
            nominate(hers, f"Ideja {minute}", minute)
        for _planner in range(awake.count(minute) * 2):
            sweep(NOW + timedelta(minutes=minute))
    sweep(NOW + timedelta(days=1))  # in the morning, where the last one fell into the quiet hours
    gaps = [after - before for before, after in zip(minutes, minutes[1:], strict=False)]
    goes = 1 + sum(gap >= 60 for gap in gaps)
    letters = smtp_sink.to(HER)
    assert len(letters) == goes
    said = sorted(int(n) for letter in letters for n in re.findall(r"Ideja (\d+)", letter.text))
    assert sorted(set(said)) == minutes


@pytest.mark.parametrize("what", ["pasted", "old", "no address", "left"])
def test_nobody_is_thanked_for(programme, what):
    hers = nominator(programme, email="" if what == "no address" else HER)
    if what == "left":
        Enrolment.objects.filter(pk=hers.pk).update(state="withdrawn")
    said = {"operation": uuid.uuid5(uuid.NAMESPACE_URL, "a line of a list")} if what == "pasted" else {}
    nominate(hers, minutes=-5 * 24 * 60 if what == "old" else 0, **said)
    assert due(RECEIVED, programme) == []


def test_without_an_address_she_may_have_a_telephone(programme):
    hers = nominator(programme, email="")
    hers.person.phone = "+381 60 000 000"
    hers.person.save()
    row = nominate(hers)
    found = due(RECEIVED, programme, channel="message")
    assert [(person, pk) for person, pk, _at in found] == [(hers.person_id, row.pk)]


def test_of_two_planned_the_first_is_dropped_with_words(programme):
    hers = nominator(programme)
    nominate(hers)
    services.plan(NOW)
    nominate(hers, minutes=30)
    services.plan(NOW + timedelta(minutes=31))
    rows = Reminder.objects.filter(rule__kind=RECEIVED).order_by("pk").values_list("state", "reason")
    words = "She has nominated another idea: one letter tells of all of them."
    assert list(rows) == [("dropped", words), ("planned", "")]


def test_thanks_cost_the_same_for_one_and_three(programme, django_assert_num_queries):
    kind, rule = KINDS[RECEIVED], make_rule(programme, kind=RECEIVED)
    for n in (1, 3):
        while programme.enrolments.count() < n:
            nominate(nominator(programme))
        with django_assert_num_queries(1):
            found = list(kind.due(rule, NOW))
        assert len(found) == n
        with django_assert_num_queries(2):
            kind.subjects([one.subject_id for one in found])


# --- decided


@pytest.fixture
def decided(programme):
    """Six ideas judged and decided today; the first, second and last have one nominator each."""
    round_, rows, desks = judged(programme, PANEL, comment="Reči")
    for number, desk in enumerate(desks):
        desk.reviewer.name = f"KANARINAC {number}"
        desk.reviewer.save()
    for number in (0, 1, 5):
        her = nominator(programme, f"Mila {number}", f"mila{number}@primer.example")
        make_nomination(rows[number], her, at=LONG_AGO)
    selection = make_selection(round_, shortlisted=1)
    verdicts = dict(selection.decisions.values_list("idea", "verdict"))
    for pk, verdict in verdicts.items():
        Idea.objects.filter(pk=pk).update(state=verdict)
    return [selection.decisions.get(idea=idea) for idea in rows]


def hers(decision) -> int:
    return decision.idea.nominations.get().enrolment.person_id


def test_nominators_hear_on_the_next_morning(programme, decided):
    expected = {(hers(decided[n]), decided[n].pk, MORNING) for n in (0, 1, 5)}
    assert set(due(DECIDED, programme)) == expected
    assert due(DECIDED, programme, NOW + timedelta(days=8)) == []  # news to nobody any more


def test_the_letter_says_it_kindly_and_its_link_opens_the_sheet(programme, decided, smtp_sink, client):
    Decision.objects.filter(pk=decided[5].pk).update(reason="Two others do the same.")
    services.plan(NOW)
    sweep(MORNING)
    [good], [bad] = smtp_sink.to("mila0@primer.example"), smtp_sink.to("mila5@primer.example")
    assert good.subject == f"“{decided[0].idea.title}” is on the short list"
    assert bad.subject == f"“{decided[5].idea.title}” was not chosen"
    assert "was not chosen this time. Thank you for putting it forward." in bad.text
    assert "The reason: “Two others do the same.”" in bad.text
    assert "KANARINAC" not in good.text + good.html + bad.text + bad.html
    address = re.search(r"https?://[^/\s]+(/\S*feedback/\S+/)", bad.text)[1]
    page = client.get(address)
    assert (page.status_code, "Two others do the same." in page.content.decode()) == (200, True)


def test_what_waits_is_said_so(programme, decided):
    Decision.objects.filter(pk=decided[1].pk).update(verdict="waiting")
    row = KINDS[DECIDED].subjects([decided[1].pk])[decided[1].pk]
    words = KINDS[DECIDED].words(row)
    assert words.subject == f"“{row.idea.title}” waits"
    assert words.lines[0].endswith("waits. It may go on when there is room in Novi koren.")


def test_who_stands_under_it_hears_too_by_the_name_she_gave_it(programme, decided, smtp_sink):
    under = make_idea(programme, title="Moja sušara")
    make_nomination(under, nominator(programme), at=LONG_AGO)
    make_join(under, decided[0].idea)
    services.plan(NOW)
    sweep(MORNING)
    [letter] = smtp_sink.to(HER)
    assert "Yours is called “Moja sušara”; it says the same and was judged with it." in letter.text
    [other] = smtp_sink.to("mila0@primer.example")
    assert "Moja sušara" not in other.text


def test_another_link_is_in_the_letter_and_is_no_second_letter(programme, decided, smtp_sink, client):
    services.plan(NOW)
    by = make_coordinator(programme)
    ideas.renew_feedback(by=by, decision=decided[0], now=NOW)
    sweep(MORNING)
    [letter] = smtp_sink.to("mila0@primer.example")
    address = re.search(r"https?://[^/\s]+(/\S*feedback/\S+/)", letter.text)[1]
    assert client.get(address).status_code == 200
    decided[0].refresh_from_db()
    ideas.renew_feedback(by=by, decision=decided[0], now=MORNING)
    sweep(MORNING + timedelta(hours=1))
    assert len(smtp_sink.to("mila0@primer.example")) == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("moved", "The idea has moved on since it was decided on."),
        ("again", "The idea was decided on again since."),
        ("left", "She does not stand with the idea any more, or takes part no more."),
    ],
)
def test_what_is_not_so_any_more_is_not_said(programme, decided, smtp_sink, what, words):
    services.plan(NOW)
    row = decided[5]
    if what == "moved":
        ideas.set_idea_state(
            by=make_coordinator(programme), idea=row.idea, state="shortlisted", reason="After all", now=NOW
        )
    elif what == "left":
        Enrolment.objects.filter(person=hers(row)).update(state="withdrawn")
    else:
        round_, _ideas, _desks = judged(programme, [(5, 5, 5)])
        later = make_selection(round_, at=NOW + timedelta(hours=1))
        Decision.objects.filter(selection=later).update(idea=row.idea, verdict="shortlisted")
    services.send_due(MORNING)
    reminder = Reminder.objects.get(person=hers(row), subject_id=row.pk, rule__kind=DECIDED)
    assert (reminder.state, reminder.reason) == ("dropped", words)
    assert smtp_sink.to("mila5@primer.example") == []


def test_in_mentoring_already_it_is_still_good_news(programme, decided):
    services.plan(NOW)
    Idea.objects.filter(pk=decided[0].idea_id).update(state="in_mentoring")
    reminder = Reminder.objects.get(person=hers(decided[0]), rule__kind=DECIDED)
    assert KINDS[DECIDED].untrue(reminder, MORNING) == ""


def test_a_person_decides_where_a_verdict_may_have_arrived():
    assert (KINDS[DECIDED].holds_unsure, KINDS[DECIDED].is_essential) == (True, True)


def test_decisions_cost_the_same_for_one_and_three(programme, django_assert_num_queries):
    kind, rule = KINDS[DECIDED], make_rule(programme, kind=DECIDED, at_hour=9, after_days=1)
    for n in (1, 3):
        round_, rows, _desks = judged(programme, PANEL)
        for idea in rows[:n]:
            make_nomination(idea, nominator(programme))
        make_selection(round_)
        Idea.objects.filter(pk__in=[idea.pk for idea in rows]).update(state="shortlisted")
        with django_assert_num_queries(3):
            found = list(kind.due(rule, NOW))
        with django_assert_num_queries(1):
            kind.subjects([one.subject_id for one in found])
    assert len(found) == 4
