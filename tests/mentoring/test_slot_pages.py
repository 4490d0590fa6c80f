"""The pages of office hours: a mentor opens and cancels, a person books in two taps, moves, gives back."""

import re
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from mentoring.models import Meeting, Slot
from mentoring.slots import shown
from tests.factories import (
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_member,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
    today_there,
)
from tests.taken import everywhere, rows

pytestmark = pytest.mark.django_db


def tomorrow():
    return today_there() + timedelta(days=1)


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def pair():
    """She has an account of her own."""
    programme = make_programme()
    person = make_person(programme.tenant, user=make_user(programme.tenant), name="Mila Nova")
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person))


@pytest.fixture
def hers(client, pair):
    return sign_in(client, pair.enrolment.person.user)


@pytest.fixture
def mentors(client, pair):
    return sign_in(client, pair.mentor.person.user)


@pytest.fixture
def coordinator(client, pair):
    return sign_in(client, make_coordinator(pair.programme))


def address(name: str, row) -> str:
    return reverse(f"mentoring:{name}", args=[getattr(row, "code", row.pk)])


def opening(**said) -> dict:
    plain = {
        "day": tomorrow(),
        "start": "17:00",
        "end": "18:00",
        "place": "online",
        "zone": "Europe/Belgrade",
    }
    return plain | said


# --- a mentor --------------------------------------------------------------------------------------


def test_a_mentor_opens_a_series(mentors, pair):
    page = address("slot_create", pair.programme)
    assert "mentor" not in mentors.get(page).context["form"].visible_fields()  # it can only be she
    said = opening(mentor=pair.mentor.pk, until=tomorrow() + timedelta(weeks=2), each="30")
    answer = mentors.post(page, said, follow=True)
    assert answer.redirect_chain == [(address("slot_list", pair.programme), 302)]
    assert "6 slots are open." in answer.content.decode()
    assert Slot.objects.filter(mentor=pair.mentor, is_open=False).count() == 6


def test_a_mentor_opens_none_for_another_one(mentors, pair):
    other = make_mentor(pair.programme)
    answer = mentors.post(address("slot_create", pair.programme), opening(mentor=other.pk))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["mentor"])
    assert Slot.objects.count() == 0


def test_a_coordinator_opens_for_any_mentor(coordinator, pair):
    other = make_mentor(pair.programme)
    coordinator.post(address("slot_create", pair.programme), opening(mentor=other.pk, is_open="on"))
    assert Slot.objects.get().mentor == other


def test_what_is_wrong_is_said_at_its_field(mentors, pair):
    page = address("slot_create", pair.programme)
    found = mentors.post(page, opening(mentor=pair.mentor.pk, end="16:00"))
    assert list(found.context["form"].errors) == ["end"]
    assert list(mentors.post(page, opening(mentor=pair.mentor.pk, zone="x")).context["form"].errors) == [
        "zone"
    ]
    mentors.post(page, opening(mentor=pair.mentor.pk))
    again = mentors.post(page, opening(mentor=pair.mentor.pk))
    assert again.context["form"].non_field_errors() == ["The mentor has another slot at that time."]


def test_which_of_two_equal_times_is_asked(mentors, pair):
    year = today_there().year + 1
    last = date(year, 10, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    said = opening(mentor=pair.mentor.pk, day=sunday, start="02:15", end="02:45")
    page = address("slot_create", pair.programme)
    answer = mentors.post(page, said)
    assert list(answer.context["form"].errors) == ["fold"]
    assert "before the clocks go back" in answer.content.decode()
    assert mentors.post(page, said | {"fold": "1"}).status_code == 302
    assert Slot.objects.get().starts_at.hour == 1


def test_her_list_says_who_comes_and_what_is_not_logged(mentors, pair):
    make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices")  # long ago
    make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment)
    make_slot(pair.mentor, day=tomorrow(), start=time(18), end=time(19))
    make_slot(make_mentor(pair.programme), day=tomorrow())
    page = mentors.get(address("slot_list", pair.programme))
    shown, words = page.context, page.content.decode()
    assert (len(shown["slots"]), len(shown["to_log"]), shown["booked"], shown["free"]) == (2, 1, 1, 1)
    assert "1 meeting took place and is not logged" in words
    past = mentors.get(address("slot_list", pair.programme), {"past": "1"})
    assert [slot.about for slot in past.context["slots"]] == ["Prices"]


def test_the_list_is_taken_along(coordinator, pair):
    make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment, about="Prices")
    make_slot(make_mentor(pair.programme), day=tomorrow(), start=time(19), end=time(20))
    make_slot(make_mentor())
    route, code = "mentoring:slot_export", pair.programme.code
    booked = everywhere(coordinator, route, code, column="booked_by", state="booked")
    assert booked == ["Mila Nova"]
    assert [row["booked_by"] for row in rows(coordinator, route, code)] == ["Mila Nova", None]
    assert [row["about"] for row in rows(coordinator, route, code, state="booked")] == ["Prices"]


def test_what_took_place_is_logged_with_a_topic_of_the_mentors_own(mentors, pair):
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="My divorce", day=TODAY)
    page = mentors.get(address("slot_meeting", slot))
    assert re.search(r"for the two of you: <q>(<span[^>]*>)?My divorce", page.text)
    assert page.context["form"]["topic"].value() is None
    assert 'value="My divorce"' not in page.text
    assert mentors.post(address("slot_meeting", slot), {}).status_code == 400
    answer = mentors.post(address("slot_meeting", slot), {"topic": "Costs", "next_step": "A list"})
    meeting = Meeting.objects.get()
    assert answer.url == address("assignment_detail", pair)
    assert (meeting.topic, meeting.next_step, meeting.minutes) == ("Costs", "A list", 30)
    assert meeting.slot == slot
    again = mentors.post(address("slot_meeting", slot), {"topic": "Costs"}, follow=True)
    assert "it is logged already" in again.text
    assert Meeting.objects.count() == 1


def test_cancelling_a_booked_slot(mentors, pair):
    slot = make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment)
    page = address("slot_cancel", slot)
    assert "Mila Nova booked it" in mentors.get(page).content.decode()
    assert list(mentors.post(page).context["form"].errors) == ["reason"]
    assert mentors.post(page, {"reason": "I am ill"}).status_code == 302
    slot.refresh_from_db()
    assert slot.cancelled_reason == "I am ill"
    sign_in(mentors, pair.enrolment.person.user)
    assert "I am ill" in mentors.get(address("slot_book", pair.enrolment)).content.decode()


def test_a_mentor_gives_no_booking_back_without_a_word(mentors, pair):
    slot = make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment)
    answer = mentors.post(address("slot_release", slot), follow=True)
    assert "A mentor cancels her slot, and says why." in answer.content.decode()
    assert mentors.post(f"/api/v1/slots/{slot.pk}/release/", {}, "application/json").status_code == 400
    slot.refresh_from_db()
    assert slot.booked_by == pair.enrolment


# --- a person --------------------------------------------------------------------------------------


def test_she_books_with_two_taps(hers, pair):
    slot = make_slot(pair.mentor, day=tomorrow())
    page = address("slot_book", pair.enrolment)
    shown = hers.get(page).context["days"]
    assert [(day, mentor, slots) for day, mentor, slots in shown] == [(slot.day, pair.mentor, [slot])]
    answer = hers.post(page, {"slot": slot.pk, "about": "Prices"}, follow=True)
    slot.refresh_from_db()
    assert (slot.booked_by, slot.about) == (pair.enrolment, "Prices")
    assert "Booked: " in answer.content.decode()
    assert answer.context["days"] == []


def test_nothing_chosen_and_what_is_gone(hers, pair):
    page = address("slot_book", pair.enrolment)
    assert hers.post(page).context["form"].errors == {"slot": ["Choose a time."]}
    taken = make_slot(pair.mentor, day=tomorrow(), booked_by=make_enrolment(pair.programme))
    answer = hers.post(page, {"slot": taken.pk})
    assert answer.status_code == 400
    assert "This time is not free any more: choose another one." in answer.content.decode()


def test_she_moves_and_gives_back(hers, pair):
    one = make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment)
    two = make_slot(pair.mentor, day=tomorrow(), start=time(18), end=time(19))
    page = address("slot_book", pair.enrolment)
    assert hers.get(page, {"instead": one.pk}).context["moves"] == one
    hers.post(page, {"slot": two.pk, "instead": one.pk})
    assert set(Slot.objects.values_list("pk", "booked_by")) == {(one.pk, None), (two.pk, pair.enrolment_id)}
    hers.post(address("slot_release", two))
    assert Slot.objects.filter(booked_by=None).count() == 2


def test_she_does_not_move_somebody_elses(hers, pair):
    other = make_assignment(pair.mentor, make_enrolment(pair.programme)).enrolment
    theirs = make_slot(pair.mentor, day=tomorrow(), booked_by=other)
    free = make_slot(pair.mentor, day=tomorrow(), start=time(18), end=time(19))
    page = address("slot_book", pair.enrolment)
    assert hers.post(page, {"slot": free.pk, "instead": theirs.pk}).status_code == 400
    assert hers.get(page, {"instead": "1; x"}).status_code == 200
    assert hers.post(address("slot_release", theirs)).status_code == 404
    assert Slot.objects.filter(booked_by=other).count() == 1


def test_the_coordinator_books_moves_and_gives_back_for_her(coordinator, pair):
    slot = make_slot(pair.mentor, day=tomorrow())
    coordinator.post(address("slot_book", pair.enrolment), {"slot": slot.pk})
    slot.refresh_from_db()
    assert slot.booked_by == pair.enrolment
    coordinator.post(address("slot_release", slot))
    slot.refresh_from_db()
    assert slot.booked_by is None


# --- other clocks ----------------------------------------------------------------------------------


def test_a_time_of_another_clock_says_both(hers, pair):
    slot = make_slot(pair.mentor, day=tomorrow(), zone="Asia/Kathmandu")
    here = slot.starts_at.astimezone(ZoneInfo("Europe/Belgrade"))
    until = here + timedelta(minutes=30)
    said = f"17:00–17:30 (Asia/Kathmandu); for you {here:%H:%M}–{until:%H:%M} (Europe/Belgrade)"
    assert said in hers.get(address("slot_book", pair.enrolment)).content.decode()


def test_the_same_clock_under_another_name_needs_no_word(pair):
    slot = make_slot(pair.mentor, zone="Europe/Vienna")
    assert shown.span(slot, "Europe/Belgrade") == "17:00–17:30"


def test_over_midnight_the_readers_day_is_said(pair):
    slot = make_slot(pair.mentor, zone="America/New_York", start=time(20), end=time(21))
    said = "20:00–21:00 (America/New_York); for you 14 Mar 2025 01:00–02:00 (Europe/Belgrade)"
    assert shown.span(slot, "Europe/Belgrade") == said


def test_a_readers_own_zone_counts(pair):
    person = pair.enrolment.person
    assert shown.zone_of(person.user, pair.programme) == "Europe/Belgrade"
    person.zone = "Europe/London"
    person.save()
    assert shown.zone_of(person.user, pair.programme) == "Europe/London"


# --- strangers, and the price of a list ------------------------------------------------------------


@pytest.mark.parametrize("who", ["coordinator", "entrepreneur", "trainer"])
def test_strangers(client, pair, who):
    programme = make_programme()
    if who == "coordinator":
        user = make_coordinator(programme)
    elif who == "trainer":
        user = make_member(pair.programme, "trainer")
    else:
        user = make_user(pair.programme.tenant)
        make_enrolment(pair.programme, person=make_person(pair.programme.tenant, user=user))
    sign_in(client, user)
    slot = make_slot(pair.mentor, day=tomorrow(), booked_by=pair.enrolment)
    shut = {"coordinator": {404}, "entrepreneur": {403, 404}, "trainer": {403, 404}}[who]
    for name, row in (
        ("slot_list", pair.programme), ("slot_create", pair.programme), ("slot_cancel", slot),
        ("slot_calendar", slot), ("slot_book", pair.enrolment),
    ):  # fmt: skip
        assert client.get(address(name, row)).status_code in shut, name
    for name, row in (
        ("slot_create", pair.programme), ("slot_cancel", slot), ("slot_meeting", slot),
        ("slot_release", slot), ("slot_book", pair.enrolment),
    ):  # fmt: skip
        assert client.post(address(name, row), {"reason": "x", "slot": slot.pk}).status_code in shut, name
    assert client.get(reverse("mentoring:slot_export", args=[pair.programme.code, "csv"])).status_code in shut
    slot.refresh_from_db()
    assert (slot.booked_by, slot.cancelled_at) == (pair.enrolment, None)


def fill(pair, n: int) -> None:
    for hour in range(9, 9 + n):
        free = {"start": time(hour), "end": time(hour, 20)}
        booked = {"start": time(hour, 30), "end": time(hour, 50), "booked_by": pair.enrolment}
        make_slot(pair.mentor, day=tomorrow(), **free)
        make_slot(pair.mentor, day=tomorrow(), **booked)
        make_slot(pair.mentor, day=TODAY, **booked)


@pytest.mark.parametrize("n", [1, 3])
def test_queries_of_the_mentors_list(client, pair, n, django_assert_num_queries):
    fill(pair, n)
    sign_in(client, make_coordinator(pair.programme))
    client.get(address("slot_list", pair.programme))
    with django_assert_num_queries(11):
        client.get(address("slot_list", pair.programme))


@pytest.mark.parametrize("n", [1, 3])
def test_queries_of_the_free_times(hers, pair, n, django_assert_num_queries):
    fill(pair, n)
    hers.get(address("slot_book", pair.enrolment))
    with django_assert_num_queries(8):
        hers.get(address("slot_book", pair.enrolment))
