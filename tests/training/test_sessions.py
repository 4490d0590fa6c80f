from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from tests.factories import NOW, TODAY, make_enrolment, make_module, make_person, make_venue
from training import services
from training.models import Session


def test_planning_puts_everybody_who_takes_part_on_the_roster(world, enrol, plan):
    one = enrol("Ana")
    make_enrolment(world.programme, state="applied")
    session = plan()
    assert [(e.enrolment, e.planned_minutes) for e in session.roster.all()] == [(one, 210)]
    assert (session.minutes, session.starts_at, session.revision) == (210, NOW, 1)


@pytest.mark.parametrize(
    ("fields", "where", "words"),
    [
        ({"title": "  "}, "title", "needs a title"),
        ({"start": time(14), "end": time(10)}, "end", "ends after it starts"),
        ({"start": time(10), "end": time(10)}, "end", "ends after it starts"),
        ({"end": None}, "end", "both the start and the end"),
        ({"day": None}, "day", "needs a day"),
        ({"break_minutes": 240}, "break_minutes", "breaks are as long"),
        ({"zone": "Mars/Belgrade"}, "zone", "no time zone"),
        ({"day": date(1, 1, 1)}, "day", "between 1990 and 2100"),
        ({"day": date(2101, 1, 1)}, "day", "between 1990 and 2100"),
    ],
)
def test_sessions_that_cannot_be(plan, world, fields, where, words):
    with pytest.raises(ValidationError) as caught:
        plan(**fields)
    assert list(caught.value.message_dict) == [where]
    assert words in caught.value.messages[0]
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "words"), [(date(2025, 3, 30), "does not exist"), (date(2025, 10, 26), "happens twice")]
)
def test_half_past_two_on_a_night_when_clocks_change(plan, day, words):
    with pytest.raises(ValidationError, match=words):
        plan(day=day, start=time(2, 30), end=time(6))
    assert Session.objects.count() == 0
    assert plan(day=day, start=time(3), end=time(6)).minutes == 150


def test_across_the_gap_an_hour_is_missing(plan):
    session = plan(day=date(2025, 3, 30), start=time(1), end=time(4), break_minutes=0)
    assert session.minutes == 120
    assert session.ends_at == datetime(2025, 3, 30, 2, 0, tzinfo=UTC)


def test_module_and_venue_of_others_are_refused(plan):
    with pytest.raises(ValidationError, match="another programme"):
        plan(module=make_module())
    with pytest.raises(ValidationError, match="another organisation"):
        plan(venue=make_venue())


def test_moving_raises_the_revision_and_hours_follow(world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one, "late", arrival=time(11))
    assert session.roster.get().attendance.minutes == 150
    moved = services.move_session(
        by=world.coordinator, session=session, day=TODAY, start=time(10), end=time(12), now=NOW
    )
    assert (moved.revision, moved.minutes) == (2, 90)
    entry = session.roster.get()
    assert (entry.planned_minutes, entry.attendance.minutes, entry.attendance.planned_minutes) == (90, 30, 90)


def test_a_new_title_is_no_new_revision_and_nothing_changes_nothing(world, plan):
    session = plan()
    session = services.change_session(by=world.coordinator, session=session, now=NOW, title="Costs")
    assert (session.title, session.revision) == ("Costs", 1)
    session = services.change_session(by=world.coordinator, session=session, now=NOW, venue=world.venue)
    assert session.revision == 2
    session = services.change_session(by=world.coordinator, session=session, now=NOW, venue=world.venue)
    assert session.revision == 2


def test_trainers_are_set(world, plan):
    session = plan()
    services.change_session(by=world.coordinator, session=session, now=NOW, trainers=[world.trainer.person])
    assert list(session.trainers.all()) == [world.trainer.person]


def test_cancelling_twice_is_once(world, plan):
    session = plan()
    services.cancel_session(by=world.coordinator, session=session, now=NOW)
    again = services.cancel_session(by=world.coordinator, session=session, now=NOW + timedelta(hours=1))
    assert (again.cancelled_at, again.revision) == (NOW, 2)
    with pytest.raises(ValidationError, match="plan a new one"):
        services.change_session(by=world.coordinator, session=session, now=NOW, title="x")


def test_closing_keeps_unmarked_people_unknown(world, enrol, plan):
    enrol("Ana")
    session = plan()
    with pytest.raises(ValidationError, match="has not begun"):
        services.close_session(by=world.trainer, session=session, now=NOW - timedelta(seconds=1))
    services.close_session(by=world.trainer, session=session, now=NOW)
    again = services.close_session(by=world.trainer, session=session, now=NOW + timedelta(hours=1))
    assert again.closed_at == NOW
    assert not hasattr(session.roster.get(), "attendance")
    with pytest.raises(ValidationError, match="cannot be cancelled"):
        services.cancel_session(by=world.coordinator, session=session, now=NOW)


def test_a_note_is_kept_once(world, plan):
    session, operation = plan(), uuid4()

    def write(text):
        return services.write_log(by=world.trainer, session=session, operation=operation, text=text, now=NOW)

    assert write("Good questions") == write("Good questions ")
    assert session.log.count() == 1
    with pytest.raises(ValidationError, match="Something else was sent"):
        write("Other words")
    with pytest.raises(ValidationError, match="empty"):
        services.write_log(by=world.trainer, session=session, operation=uuid4(), text=" ", now=NOW)
    with pytest.raises(ValidationError, match="5001"):
        services.write_log(by=world.trainer, session=session, operation=uuid4(), text="a" * 5001, now=NOW)


def test_a_stranger_does_not_get_on_a_roster(world, plan):
    with pytest.raises(ValidationError, match="does not take part"):
        services.fill_roster(by=world.coordinator, session=plan(), enrolments=[make_enrolment()])


def test_filling_twice_adds_nobody(world, enrol, plan):
    enrol("Ana")
    session = plan()
    make_enrolment(world.programme, person=make_person(world.programme.tenant))
    fill = {"by": world.coordinator, "session": session}
    assert [services.fill_roster(**fill), services.fill_roster(**fill)] == [1, 0]
