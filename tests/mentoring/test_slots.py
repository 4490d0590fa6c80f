"""Office hours: opened in wall time, booked once, moved, given back, cancelled; what the database refuses."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from mentoring import services
from mentoring.models import Meeting, Slot
from mentoring.slots import apart, series
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
HOUR = {"day": TOMORROW, "start": time(17), "end": time(18)}


@pytest.fixture
def pair():
    return make_assignment()


def opened(pair, **said) -> list[Slot]:
    mentor = said.pop("mentor", pair.mentor)
    said = HOUR | said
    return services.open_slots(
        by=mentor.person.user, mentor=mentor, programme=pair.programme, now=NOW, **said
    )


def book(slot, enrolment, **said) -> Slot:
    return services.book_slot(by=enrolment.person.user, slot=slot, enrolment=enrolment, now=NOW, **said)


def code_of(act) -> str:
    """The code, or the field, by which it is refused."""
    with pytest.raises(ValidationError) as caught:
        act()
    error = caught.value
    return next(iter(error.error_dict)) if hasattr(error, "error_dict") else error.code


# --- opening ---------------------------------------------------------------------------------------


def test_one_slot(pair):
    [slot] = opened(pair, where=" Room 3 ")
    assert (slot.zone, slot.where, slot.fold) == ("Europe/Belgrade", "Room 3", 0)
    assert (slot.starts_at.hour, slot.ends_at.hour) == (16, 17)
    entry = AuditEntry.objects.get(verb="open")
    assert (entry.object_id, entry.by) == (slot.pk, pair.mentor.person.user)


def test_an_hour_in_slots_of_twenty_minutes_leaves_no_part(pair):
    slots = opened(pair, end=time(18, 10), each=20)
    shown = [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in slots]
    assert shown == [("17:00", "17:20"), ("17:20", "17:40"), ("17:40", "18:00")]


def test_each_week_the_clock_on_the_wall_stays(pair):
    """From the 13th of March 2025 over the 30th, when the clocks go forward."""
    slots = opened(pair, until=date(2025, 4, 10))
    assert [one.day for one in slots] == [TOMORROW + timedelta(weeks=n) for n in range(5)]
    here = {one.starts_at.astimezone(ZoneInfo("Europe/Belgrade")).time() for one in slots}
    assert here == {time(17)}
    assert [one.starts_at.hour for one in slots] == [16, 16, 16, 15, 15]


def test_a_time_that_clocks_leave_out_refuses_the_whole_series(pair):
    sundays = {"day": date(2025, 3, 16), "start": time(2, 30), "end": time(4), "until": date(2025, 4, 6)}
    with pytest.raises(ValidationError) as caught:
        opened(pair, **sundays)
    assert caught.value.error_dict["start"][0].code == "gap"
    assert Slot.objects.count() == 0


def test_a_time_that_comes_twice_is_asked_for(pair):
    sunday = {"day": date(2025, 10, 26), "start": time(2, 15), "end": time(2, 45)}
    with pytest.raises(ValidationError) as caught:
        opened(pair, **sunday)
    assert caught.value.error_dict["fold"][0].code == "twice"
    [first] = opened(pair, fold=0, **sunday)
    [second] = opened(pair, fold=1, **sunday)  # an hour later: they do not overlap
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert (first.fold, second.fold) == (0, 1)


def test_which_of_the_two_is_kept_only_where_it_matters(pair):
    slots = opened(pair, day=date(2025, 10, 19), start=time(2), end=time(3), until=date(2025, 10, 26), fold=1)
    assert [one.fold for one in slots] == [0, 1]
    assert not series.asks_fold(TOMORROW, time(2), time(3), "Europe/Belgrade", None)
    assert series.asks_fold(date(2025, 10, 19), time(2), time(3), "Europe/Belgrade", date(2025, 10, 26))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"end": time(17)}, "end"),
        ({"end": time(16)}, "end"),
        ({"day": date(1980, 1, 1)}, "day"),
        ({"day": TODAY - timedelta(days=1)}, "day"),
        ({"day": TODAY, "start": time(9), "end": time(11)}, "day"),  # begun at 9, now is 10 there
        ({"until": TODAY}, "until"),
        ({"until": TODAY + timedelta(days=500)}, "until"),
        ({"each": 4}, "each"),
        ({"each": 61}, "each"),
        ({"each": 5, "until": TODAY + timedelta(days=300)}, "until"),  # 516 of them
        ({"zone": "Europe/Beograd"}, "zone"),
        ({"where": "x" * 301}, "where"),
    ],
)
def test_what_is_refused(pair, said, field):
    assert code_of(lambda: opened(pair, **said)) == field
    assert Slot.objects.count() == 0


def test_who_is_no_mentor_here_holds_no_hours(pair):
    assert code_of(lambda: opened(pair, mentor=make_mentor())) == "mentor"
    pair.mentor.state = "paused"
    pair.mentor.save()
    assert code_of(lambda: opened(pair)) == "mentor"


def test_two_slots_of_a_mentor_do_not_overlap_also_of_two_programmes(pair):
    opened(pair)
    assert code_of(lambda: opened(pair, start=time(17, 59), end=time(19))) == "clash"
    other = make_programme(pair.programme.tenant)
    services.add_offer(by=None, mentor=pair.mentor, programme=other)
    there = {"by": None, "mentor": pair.mentor, "programme": other, "now": NOW}
    assert code_of(lambda: services.open_slots(**there, **HOUR)) == "clash"
    assert len(services.open_slots(**there, **HOUR | {"start": time(18), "end": time(19)})) == 1  # half open


# --- booking ---------------------------------------------------------------------------------------


def test_a_booking_and_what_stands_in_the_trail(pair):
    [slot] = opened(pair)
    row = book(slot, pair.enrolment, about=" Prices ")
    assert (row.booked_by, row.about, row.booked_at, row.revision) == (pair.enrolment, "Prices", NOW, 2)
    assert AuditEntry.objects.get(verb="book").object_id == slot.pk
    assert book(slot, pair.enrolment).revision == 2  # the same tap again


def test_a_taken_slot_is_taken(pair):
    [slot] = opened(pair)
    book(slot, pair.enrolment)
    other = make_assignment(pair.mentor, make_enrolment(pair.programme))
    assert code_of(lambda: book(slot, other.enrolment)) == "taken"
    slot.refresh_from_db()
    assert slot.booked_by == pair.enrolment


def test_what_cannot_be_booked(pair):
    [slot] = opened(pair)
    late = {"by": None, "slot": slot, "enrolment": pair.enrolment, "now": slot.starts_at}
    assert code_of(lambda: services.book_slot(**late)) == "past"
    services.cancel_slot(by=None, slot=slot, now=NOW)
    assert code_of(lambda: book(slot, pair.enrolment)) == "cancelled"


def test_a_slot_is_for_those_whom_she_guides_unless_it_is_open(pair):
    [slot] = opened(pair)
    stranger, elsewhere = make_enrolment(pair.programme), make_enrolment()
    assert code_of(lambda: book(slot, stranger)) == "enrolment"
    Slot.objects.update(is_open=True)
    slot.refresh_from_db()
    assert code_of(lambda: book(slot, elsewhere)) == "enrolment"  # of another programme
    stranger.state = "withdrawn"
    assert code_of(lambda: book(slot, stranger)) == "enrolment"
    stranger.state = "enrolled"
    assert book(slot, stranger).booked_by == stranger


def test_who_was_guided_and_is_no_more_books_nothing(pair):
    [slot] = opened(pair)
    pair.state = "ended"
    pair.save()
    assert code_of(lambda: book(slot, pair.enrolment)) == "enrolment"


def test_nobody_sits_in_two_slots_at_a_time(pair):
    second = make_assignment(make_mentor(pair.programme), pair.enrolment)
    one, two = make_slot(pair.mentor), make_slot(second.mentor, start=time(17, 15), end=time(18))
    book(one, pair.enrolment)
    assert code_of(lambda: book(two, pair.enrolment)) == "clash"


def test_nor_in_two_of_two_programmes(pair):
    other = make_programme(pair.programme.tenant)
    elsewhere = make_enrolment(other, person=pair.enrolment.person)
    second = make_assignment(make_mentor(other), elsewhere)
    book(make_slot(pair.mentor), pair.enrolment)
    assert code_of(lambda: book(make_slot(second.mentor), elsewhere)) == "clash"


def test_moving_gives_the_old_one_back_in_the_same_step(pair):
    one, two = opened(pair, end=time(18), each=30)
    book(one, pair.enrolment)
    row = book(two, pair.enrolment, instead=one, about="Prices")
    one.refresh_from_db()
    assert (one.booked_by, one.revision, row.booked_by, row.revision) == (None, 3, pair.enrolment, 2)


def test_moving_to_a_taken_slot_keeps_the_old_one(pair):
    one, two = opened(pair, each=30)
    other = make_assignment(pair.mentor, make_enrolment(pair.programme))
    book(one, pair.enrolment, about="Prices")
    book(two, other.enrolment)
    assert code_of(lambda: book(two, pair.enrolment, instead=one)) == "taken"
    one.refresh_from_db()
    assert (one.booked_by, one.about, one.revision) == (pair.enrolment, "Prices", 2)


def test_moving_from_somebody_elses_slot_is_refused(pair):
    one, two = opened(pair, each=30)
    other = make_assignment(pair.mentor, make_enrolment(pair.programme))
    book(one, other.enrolment)
    assert code_of(lambda: book(two, pair.enrolment, instead=one)) == "moved"


def test_moving_to_an_overlapping_slot_of_another_mentor(pair):
    second = make_assignment(make_mentor(pair.programme), pair.enrolment)
    one, two = make_slot(pair.mentor), make_slot(second.mentor, start=time(17, 15), end=time(18))
    book(one, pair.enrolment)
    assert book(two, pair.enrolment, instead=one).booked_by == pair.enrolment


# --- giving back, cancelling -----------------------------------------------------------------------


def test_given_back_it_is_free(pair):
    [slot] = opened(pair)
    row = book(slot, pair.enrolment, about="Prices")
    back = services.release_slot(by=None, slot=row, now=NOW)
    assert (back.booked_by, back.booked_at, back.about, back.revision) == (None, None, "", 3)
    assert services.release_slot(by=None, slot=back, now=NOW).revision == 3
    assert book(slot, pair.enrolment).revision == 4


def test_a_past_slot_is_not_given_back(pair):
    [slot] = opened(pair)
    row = book(slot, pair.enrolment)
    late = {"by": None, "slot": row, "now": row.starts_at}
    assert code_of(lambda: services.release_slot(**late)) == "past"


def test_somebody_elses_booking_is_not_given_back(pair):
    """Two tabs: in one she gave it back, and another person took it meanwhile."""
    [slot] = opened(pair)
    mine = book(slot, pair.enrolment)
    stale = Slot.objects.get(pk=slot.pk)
    services.release_slot(by=None, slot=mine, now=NOW)
    other = make_assignment(pair.mentor, make_enrolment(pair.programme))
    book(slot, other.enrolment)
    assert code_of(lambda: services.release_slot(by=None, slot=stale, now=NOW)) == "taken"


def test_cancelling_a_booked_slot_needs_a_reason_and_keeps_who_booked(pair):
    [slot] = opened(pair)
    row = book(slot, pair.enrolment)
    assert code_of(lambda: services.cancel_slot(by=None, slot=row, now=NOW)) == "reason"
    off = services.cancel_slot(by=None, slot=row, reason=" I am ill ", now=NOW)
    assert (off.cancelled_at, off.cancelled_reason, off.booked_by) == (NOW, "I am ill", pair.enrolment)
    assert services.cancel_slot(by=None, slot=off, now=NOW).revision == off.revision == 3
    assert len(opened(pair)) == 1  # the time is hers again


def test_a_slot_booked_in_this_moment_is_not_cancelled_without_a_reason(pair):
    [slot] = opened(pair)
    seen = Slot.objects.get(pk=slot.pk)  # the mentor's page, still free
    book(slot, pair.enrolment)
    assert code_of(lambda: services.cancel_slot(by=None, slot=seen, now=NOW)) == "taken"
    assert Slot.objects.get().cancelled_at is None


def test_what_was_is_not_cancelled(pair):
    [slot] = opened(pair)
    assert code_of(lambda: services.cancel_slot(by=None, slot=slot, now=slot.ends_at)) == "past"


# --- the meeting -----------------------------------------------------------------------------------


def test_a_past_booked_slot_becomes_a_meeting_once(pair):
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices")
    said = {"by": pair.mentor.person.user, "slot": slot, "topic": "Labels"}
    assert code_of(lambda: services.log_slot(**said, now=NOW)) is None  # not over yet
    assert list(Slot.objects.to_log(slot.ends_at)) == [slot]
    one = services.log_slot(**said, now=slot.ends_at)
    two = services.log_slot(**said, now=slot.ends_at)
    assert one.pk == two.pk
    assert (one.day, one.start, one.minutes, one.place, one.topic, one.slot) == (
        TOMORROW, time(17), 30, "online", "Labels", slot,
    )  # fmt: skip
    assert list(Slot.objects.to_log(slot.ends_at)) == []


def test_what_she_wrote_when_she_booked_never_becomes_the_topic_by_itself(pair):
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices")
    by = pair.mentor.person.user
    assert code_of(lambda: services.log_slot(by=by, slot=slot, topic=" ", now=slot.ends_at)) == "topic"
    assert not Meeting.objects.exists()


def test_the_meeting_stands_on_the_clock_of_the_programme(pair):
    slot = make_slot(
        pair.mentor, booked_by=pair.enrolment, zone="Europe/London", start=time(23), end=time(23, 30)
    )
    meeting = services.log_slot(by=pair.mentor.person.user, slot=slot, topic="Labels", now=slot.ends_at)
    assert (meeting.day, meeting.start) == (TOMORROW + timedelta(days=1), time(0))


def test_a_slot_of_somebody_whom_she_does_not_guide_is_no_meeting(pair):
    slot = make_slot(pair.mentor, booked_by=make_enrolment(pair.programme), is_open=True)
    with pytest.raises(ValidationError, match="hangs on an assignment"):
        services.log_slot(by=pair.mentor.person.user, slot=slot, topic="Labels", now=slot.ends_at)


# --- the database ----------------------------------------------------------------------------------


def refused(act) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return apart.refused(caught.value)


def test_the_database_itself_keeps_a_mentors_slots_apart(pair):
    slot = make_slot(pair.mentor)
    later = {"start": time(17, 29), "end": time(18)}
    assert refused(lambda: make_slot(pair.mentor, **later)) == "mentor"
    beside = make_slot(pair.mentor, start=time(17, 30), end=time(18))  # half open
    moved = {"starts_at": slot.starts_at + timedelta(minutes=10)}
    assert refused(lambda: Slot.objects.filter(pk=beside.pk).update(**moved)) == "mentor"
    Slot.objects.filter(pk=slot.pk).update(cancelled_at=NOW)
    make_slot(pair.mentor)
    assert refused(lambda: Slot.objects.filter(pk=slot.pk).update(cancelled_at=None)) == "mentor"


def test_the_database_itself_keeps_a_persons_bookings_apart(pair):
    make_slot(pair.mentor, booked_by=pair.enrolment)
    other = make_slot(make_mentor(pair.programme))
    row = Slot.objects.filter(pk=other.pk)
    assert refused(lambda: row.update(booked_by=pair.enrolment)) == "person"
    row.update(booked_by=make_enrolment(pair.programme))


@pytest.mark.django_db(transaction=True)
def test_the_guards_can_be_put_in_place_again(pair):
    with connection.schema_editor() as editor:
        apart.remove(editor)
    make_slot(pair.mentor)
    extra = make_slot(pair.mentor)
    extra.delete()
    with connection.schema_editor() as editor:
        apart.install(editor)
        apart.install(editor)
    assert refused(lambda: make_slot(pair.mentor)) == "mentor"


# --- who sees --------------------------------------------------------------------------------------


def test_who_sees_which_slots(pair):
    her = make_person(pair.programme.tenant, user=make_user(pair.programme.tenant))
    pair.enrolment.person = her
    pair.enrolment.save()
    free, hers = (
        make_slot(pair.mentor),
        make_slot(pair.mentor, start=time(18), end=time(19), booked_by=pair.enrolment),
    )
    other = make_enrolment(pair.programme)
    make_slot(pair.mentor, start=time(19), end=time(20), booked_by=other)
    make_slot(make_mentor(pair.programme))  # not her mentor's
    everybodys = make_slot(make_mentor(pair.programme), is_open=True)
    assert set(Slot.objects.visible_to(her.user)) == {free, hers, everybodys}
    assert set(Slot.objects.free_for(pair.enrolment, NOW)) == {free, everybodys}
    assert Slot.objects.visible_to(pair.mentor.person.user).count() == 3
    assert Slot.objects.visible_to(make_coordinator(pair.programme)).count() == 5
    assert Slot.objects.visible_to(make_coordinator(make_programme())).count() == 0
