"""The letters about a session: the evening before, that morning, and at once when it is changed."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from reminders.models import Rule
from tests.factories import (
    NOW,
    TODAY,
    make_enrolment,
    make_entry,
    make_module,
    make_person,
    make_programme,
    make_session,
    make_venue,
)
from tests.reminders.letters import Letters
from training import services
from training.models import Session

pytestmark = pytest.mark.django_db
TOMORROW, NEXT_WEEK = TODAY + timedelta(days=1), TODAY + timedelta(days=7)
Kind = Rule.Kind


@pytest.fixture
def session():
    """Tomorrow at 10, with one woman on its roster and one trainer."""
    programme = make_programme(name="Start-up")
    trainer = make_person(programme.tenant, name="Vesna Vesić")
    row = make_session(programme, title="Pricing", day=TOMORROW, trainers=[trainer])
    her = make_person(programme.tenant, name="Mila Nova", language="en")
    row.her = make_entry(row, make_enrolment(programme, person=her)).enrolment.person
    row.trainer = trainer
    return row


def move(session, now=NOW, **to):
    row = services.change_session(by=None, session=session, now=now, **to)
    session.refresh_from_db()
    return row


def cancel(session, now=NOW):
    services.cancel_session(by=None, session=session, now=now)


def restore(session, now=NOW):
    services.restore_session(by=None, session=session, now=now)


# --- whom, and when


@pytest.mark.parametrize("kind", [Kind.SESSION_TOMORROW, Kind.SESSION_TODAY])
def test_to_everybody_or_to_whom_the_rule_names(session, kind):
    letters = Letters(session.programme, kind)
    for audience, people in [
        ("", {session.her.pk, session.trainer.pk}),
        ("participants", {session.her.pk}),
        ("trainers", {session.trainer.pk}),
    ]:
        letters.rule.audience = audience
        assert set(letters.people()) == people


def test_only_of_the_module_that_the_rule_names(session):
    module = make_module(session.programme)
    letters = Letters(session.programme, Kind.SESSION_TOMORROW, module=module)
    assert letters.due() == []
    Session.objects.update(module=module)
    assert set(letters.people()) == {session.her.pk, session.trainer.pk}


def test_a_changed_audience_is_asked_at_hand_over_too(session):
    letters = Letters(session.programme, Kind.SESSION_TOMORROW, audience="participants")
    reminder = letters.planned()
    assert letters.untrue(reminder) == ""
    letters.rule.audience = "trainers"
    letters.rule.save()
    reminder.rule.refresh_from_db()
    assert letters.untrue(reminder) == "This person is no longer expected there."


@pytest.mark.parametrize(
    ("kind", "day", "start", "at"),
    [
        (Kind.SESSION_TOMORROW, TOMORROW, time(10), datetime(2025, 3, 12, 17, tzinfo=UTC)),
        (Kind.SESSION_TODAY, TOMORROW, time(10), datetime(2025, 3, 13, 6, tzinfo=UTC)),
        (
            Kind.SESSION_TODAY,
            TOMORROW,
            time(7, 15),
            datetime(2025, 3, 13, 5, 15, tzinfo=UTC),
        ),
        (Kind.SESSION_TOMORROW, date(2025, 3, 20), time(0, 30), datetime(2025, 3, 19, 17, tzinfo=UTC)),
    ],
)
def test_at_the_wall_time_where_the_session_is(session, kind, day, start, at):
    move(session, day=day, start=start, end=time(23))
    letters = Letters(session.programme, kind, audience="participants")
    [one] = letters.due()
    assert (one.due_at, one.send_before) == (at, session.starts_at - timedelta(minutes=30))


def test_an_hour_that_the_clocks_leave_out_is_the_next_one(session):
    move(session, day=date(2025, 3, 31), now=NOW)
    letters = Letters(session.programme, Kind.SESSION_TOMORROW, audience="participants", at_hour=2)
    [one] = letters.due(datetime(2025, 3, 28, tzinfo=UTC))
    assert one.due_at == datetime(2025, 3, 30, 1, tzinfo=UTC)  # 03:00, at the moment when 02:00 should come


def test_of_one_that_has_begun_nobody_is_reminded(session):
    letters = Letters(session.programme, Kind.SESSION_TODAY, audience="participants")
    reminder = letters.planned()
    assert letters.due(session.starts_at - timedelta(minutes=30)) == []
    assert letters.untrue(reminder, session.starts_at) == "The session has begun."


@pytest.mark.parametrize("kind", [Kind.SESSION_TOMORROW, Kind.SESSION_TODAY, Kind.SESSION_CHANGED])
def test_as_many_questions_for_three_as_for_one(session, kind, django_assert_num_queries):
    letters = Letters(session.programme, kind)
    move(session, start=time(11))
    for _time in range(2):
        with django_assert_num_queries(3):
            letters.due()
        for _more in range(2):
            other = make_session(session.programme, day=TOMORROW, start=time(16), end=time(17))
            make_entry(other), make_entry(session, make_enrolment(session.programme))
            move(other, end=time(18))


@pytest.mark.parametrize("kind", [Kind.SESSION_TOMORROW, Kind.SESSION_CHANGED])
def test_many_are_looked_at_together(session, kind, django_assert_num_queries):
    letters = Letters(session.programme, kind)
    move(session, start=time(11))
    for _more in range(2):
        make_entry(session, make_enrolment(session.programme))
    rows = [letters.written(one) for one in letters.due()]
    for some in (rows[:1], rows):
        with django_assert_num_queries(3):
            assert letters.kind.untrue_of(some, NOW) == {}
    gone = next(row for row in rows if row.person == session.her)
    session.programme.enrolments.filter(person=session.her).update(state="withdrawn")
    assert len(rows) == 4
    assert list(letters.kind.untrue_of(rows, NOW)) == [gone.pk]
    services.cancel_session(by=None, session=session, now=NOW)
    assert len(letters.kind.untrue_of(rows, NOW)) == 4


# --- changed


def test_a_move_is_told_to_everybody_who_is_expected(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED)
    assert letters.due() == []
    make_entry(session, make_enrolment(session.programme, state="withdrawn"))
    move(session, day=NEXT_WEEK)
    found = letters.due()
    assert {one.person_id for one in found} == {session.her.pk, session.trainer.pk}
    assert {one[1:] for one in found} == {(session.pk, 2, NOW, session.starts_at, True)}
    words = letters.says(letters.written(found[0]))
    assert words.subject == "Moved: Pricing, now 19 March 2025, 10:00–14:00"
    assert words.lines == [
        "Pricing has a new time: 19 March 2025, 10:00–14:00.",
        "Not any more: 13 March 2025, 10:00–14:00.",
        "It belongs to the programme Start-up.",
    ]


def test_what_was_superseded_is_untrue_and_the_newest_says_all_of_it(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    move(session, day=NEXT_WEEK)
    first = letters.planned()
    assert letters.untrue(first) == ""
    cancel(session)  # who missed the first letter comes on the old day
    assert letters.untrue(first) == "The session was changed again since."
    words = letters.says(letters.planned())
    assert words.subject == "Cancelled: Pricing, 19 March 2025, 10:00–14:00"
    assert words.lines[:2] == [
        "Pricing does not take place on 19 March 2025, 10:00–14:00.",
        "Pricing does not take place on 13 March 2025, 10:00–14:00.",
    ]


def test_it_takes_place_after_all(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    cancel(session)
    cancelled = letters.planned()
    restore(session)
    assert letters.untrue(cancelled) == "The session was changed again since."
    words = letters.says(letters.planned())
    assert words.subject == "It takes place after all: Pricing, 13 March 2025, 10:00–14:00"
    assert words.lines[0] == "Pricing was cancelled, and takes place after all: 13 March 2025, 10:00–14:00."


def test_another_place_and_a_first_time_are_said_as_that(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    old, new = (make_venue(session.programme.tenant, name=name, address="", municipality="") for name in "AB")
    Session.objects.update(venue=old)
    move(session, venue=new)
    words = letters.says(letters.planned())
    assert words.subject == "Another place: Pricing, 13 March 2025, 10:00–14:00"
    assert words.lines[1:3] == ["Place: B.", "Not any more at: A."]
    bare = make_session(session.programme, title="Later", day=None, start=None, end=None)
    make_entry(bare, session.programme.enrolments.get())
    move(bare, day=NEXT_WEEK, start=time(9), end=time(10))
    second = letters.written(letters.due()[1])
    assert letters.says(second).subject == "Later: 19 March 2025, 09:00–10:00"


def test_one_that_lost_its_time_says_so(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    was = session.starts_at
    move(session, day=None, start=None, end=None)
    reminder = letters.planned()
    assert reminder.send_before == was
    assert letters.says(reminder).subject == "Moved: Pricing, now not known yet"
    move(session, title="Prices")
    move(session, venue=make_venue(session.programme.tenant))  # nobody was told a place without a time
    assert letters.untrue(reminder) == ""


def test_old_changes_and_what_is_over_are_news_to_nobody(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED)
    move(session, day=NEXT_WEEK)
    assert letters.due(NOW + timedelta(days=3)) == []
    gone = make_session(session.programme, day=TODAY - timedelta(days=9))
    make_entry(gone, session.programme.enrolments.get())
    move(gone, start=time(11))  # corrected afterwards
    assert {one.subject_id for one in letters.due()} == {session.pk}


def test_what_is_near_passes_the_quiet_hours_and_what_is_far_does_not(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    move(session, day=NEXT_WEEK)
    night = datetime(2025, 3, 12, 22, tzinfo=UTC)
    assert [one.passes for one in letters.due(night)] == [True]  # they would come tomorrow morning
    assert letters.kind.passes(session.pk, night) is True
    far = make_session(session.programme, day=TODAY + timedelta(days=30))
    make_entry(far, session.programme.enrolments.get())
    move(far, day=TODAY + timedelta(days=31))
    assert [one.passes for one in letters.due(night) if one.subject_id == far.pk] == [False]
    assert letters.kind.passes(far.pk, night) is False


def test_cancelled_today_passes_and_is_of_no_use_after_its_hour(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    dawn = session.starts_at - timedelta(hours=4)
    cancel(session, now=dawn)
    [one] = letters.due(dawn)
    assert (one.due_at, one.send_before, one.passes) == (dawn, session.starts_at, True)
    assert letters.due(session.starts_at) == []
    assert letters.untrue(letters.written(one), session.starts_at) == "Its time is over."


def test_who_is_no_longer_expected_need_not_be_told(session):
    letters = Letters(session.programme, Kind.SESSION_CHANGED, audience="participants")
    move(session, day=NEXT_WEEK)
    reminder = letters.planned()
    session.programme.enrolments.update(state="withdrawn")
    assert letters.due() == []
    assert letters.untrue(reminder) == "This person is no longer expected there."


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_only_what_stands_is_true(session, seed):
    """Moves, cancellations and restorations in a random order: of all letters that were ever planned, true
    are those that say where the session is now, and none after its hour."""
    dice = random.Random(seed)
    both = [
        Letters(session.programme, kind, audience="participants")
        for kind in (Kind.SESSION_CHANGED, Kind.SESSION_TOMORROW)
    ]
    now, planned = NOW, {}
    for _turn in range(40):
        now += timedelta(minutes=dice.randrange(1, 240))
        if session.starts_at <= now:
            session = make_session(session.programme, day=now.date() + timedelta(days=2))
            make_entry(session, session.programme.enrolments.get())
        change(dice, session, now)
        session.refresh_from_db()
        for letters in both:
            for due in letters.due(now):
                key = (letters.kind, due.subject_id, due.revision)
                if key not in planned:
                    planned[key] = (letters, letters.written(due))
        last = session.changes.last()
        is_news = last is not None and session.starts_at > now and last.at > now - timedelta(days=3)
        assert len(both[0].due(now)) == is_news
        for letters in both:
            mine = [row for of, row in planned.values() if of is letters]
            untrue = letters.kind.untrue_of(mine, now)
            for row in (row for row in mine if row.pk not in untrue):
                assert (row.subject_id, row.subject_revision) == (session.pk, session.revision)
                assert session.starts_at > now
                assert letters is both[0] or session.cancelled_at is None
    assert len(planned) > 5


def change(dice, session, now):
    """One turn; what the services refuse is no turn."""
    try:
        match dice.choice(["move", "place", "cancel", "restore", "restore", "rest"]):
            case "move":
                start = dice.randrange(7, 20)
                day = now.date() + timedelta(days=dice.randrange(1, 4))
                move(session, now=now, day=day, start=time(start), end=time(start + 1))
            case "place":
                move(session, now=now, venue=make_venue(session.programme.tenant))
            case "cancel":
                cancel(session, now=now)
            case "restore":
                restore(session, now=now)
    except ValidationError:
        return
