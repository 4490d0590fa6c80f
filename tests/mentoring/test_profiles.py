"""Mentors of a programme: the list, one mentor's page, her states, and what stays when she goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mentoring import services
from mentoring.models import Mentor, Offer, Preference
from mentoring.profiles import windows
from people.models import Affiliation, Membership, Person
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
)

pytestmark = pytest.mark.django_db
State = Mentor.State


@pytest.fixture
def programme():
    return make_programme(name="Start-up")


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def coordinator(client, programme):
    return sign_in(client, make_coordinator(programme))


def page(name, *args) -> str:
    return reverse(f"mentoring:{name}", args=args)


def move(mentor, state, **more):
    said = {"by": None, "mentor": mentor, "state": state, "now": NOW} | more
    return services.change_mentor_state(**said)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mon 17-20; Wed 9-12", "Mon 17–20; Wed 9–12"),
        ("ponedeljak 17:30–20, 8-9\nČet 9-12", "Mon 8–9, 17:30–20; Thu 9–12"),
        ("среда 9-12", "Wed 9–12"),
        ("Fri 9-12; Fri 11-14", "Fri 9–14"),
        ("Sun 22-24", "Sun 22–23:59"),
        ("", ""),
    ],
)
def test_hours_of_a_week_are_read_in_both_languages_and_scripts(text, told):
    assert windows.told(windows.read(text)) == told


@pytest.mark.parametrize(
    "text", ["Mon", "17-20", "Mon 20-17", "Mon 9-9", "Mon 25-26", "Mon 9:75-10", "Mon at 5"]
)
def test_what_are_no_hours_is_refused_in_words(text):
    with pytest.raises(ValidationError):
        windows.read(text)


@pytest.mark.parametrize("said", [1, {"weekday": 7, "start": "09:00", "end": "10:00"}, {"weekday": True}])
def test_what_is_no_window_is_refused(said):
    with pytest.raises(ValidationError):
        windows.checked([said])


def test_who_is_not_there_takes_part_in_no_matching(programme):
    there, paused, left, invited, away, back = (make_mentor(programme) for _n in range(6))
    Mentor.objects.filter(pk=invited.pk).update(state=State.INVITED)
    move(paused, State.PAUSED, reason="leave")
    move(left, State.LEFT, reason="moved")
    Mentor.objects.filter(pk=away.pk).update(away_until=TODAY + timedelta(days=1))
    Mentor.objects.filter(pk=back.pk).update(away_until=TODAY)
    assert set(Mentor.objects.active_in(programme, on=TODAY)) == {there, back}
    assert set(Mentor.objects.active_in(programme, on=TODAY + timedelta(days=1))) == {there, back, away}


def test_a_state_has_a_day_a_person_and_a_reason(programme):
    by, mentor = make_coordinator(programme), make_mentor(programme)
    for state in (State.PAUSED, State.LEFT):
        with pytest.raises(ValidationError, match="Say why"):
            move(mentor, state, by=by)
    day = TODAY + timedelta(days=30)
    row = move(mentor, State.PAUSED, by=by, reason=" On leave ", away_until=day)
    assert (row.state, row.state_at, row.state_by, row.state_reason, row.away_until) == (
        "paused", NOW, by, "On leave", day,
    )  # fmt: skip
    row = move(row, State.ACTIVE, by=by)
    assert (row.state, row.state_reason, row.away_until) == ("active", "", None)
    with pytest.raises(ValidationError, match="no way"):
        move(row, State.INVITED, by=by)


def test_leaving_deletes_nothing(programme):
    pair = make_assignment(make_mentor(programme), make_enrolment(programme))
    move(pair.mentor, State.LEFT, reason="moved")
    pair.refresh_from_db()
    assert (pair.state, Offer.objects.count(), Membership.objects.filter(role="mentor").count()) == (
        "active",
        1,
        1,
    )


def test_one_that_something_is_built_on_is_not_taken_away(coordinator, programme):
    pair = make_assignment(make_mentor(programme), make_enrolment(programme))
    answer = coordinator.post(page("mentor_remove", pair.mentor_id), follow=True)
    assert "Let her leave instead" in answer.text
    assert Mentor.objects.filter(pk=pair.mentor_id).exists()
    lone = make_mentor(programme)
    answer = coordinator.post(page("mentor_remove", lone.pk))
    assert answer.url == page("mentor_list", programme.code)
    assert not Mentor.objects.filter(pk=lone.pk).exists()
    assert (Person.objects.filter(pk=lone.person_id).count(), lone.person.memberships.count()) == (1, 0)


def test_a_mentor_is_added_by_name_and_hers_is_kept(coordinator, programme):
    said = {
        "name": "Vesna Vesić", "email": "vesna@example.org", "state": "active", "functions": ["export",
        "pricing"],
        "sectors": ["C"], "languages": ["sr-latn", "en"], "municipality": "Niš", "reach": "region",
        "online": "yes",
        "on_premises": "", "bio": "Export.", "capacity": "3", "hours": "8", "per": "month", "day_0": "17-20",
        "wishes": "Food",
    }  # fmt: skip
    answer = coordinator.post(page("mentor_create", programme.code), said)
    mentor = Mentor.objects.get()
    assert answer.url == page("mentor_detail", mentor.pk)
    place = mentor.person.municipality
    assert (mentor.functions, mentor.online, mentor.on_premises, mentor.reach, place) == (
        ["export", "pricing"], True, None, "region", "Niš",
    )  # fmt: skip
    offer = mentor.offers.get()
    assert (offer.capacity, offer.hours, offer.per, offer.wishes) == (3, 8, "month", "Food")
    assert offer.windows == [{"weekday": 0, "start": "17:00", "end": "20:00"}]
    text = coordinator.get(answer.url).text
    assert [one in text for one in ("8 hours in a month", "Mon 17–20", "Export.")] == [True] * 3


def test_what_is_wrong_is_said_at_its_field_and_kept(coordinator, programme):
    said = {"name": "", "state": "active", "day_2": "nine to five", "wishes": "Hrana"}
    answer = coordinator.post(page("mentor_create", programme.code), said)
    assert (answer.status_code, Mentor.objects.count()) == (422, 0)
    assert dict.fromkeys(answer.context["form"].errors, True) == {"name": True, "day_2": True}
    assert [one in answer.text for one in ("are no hours", 'value="Hrana"', 'value="nine to five"')] == [
        True
    ] * 3


def test_the_list_is_narrowed_and_taken_along(coordinator, programme):
    one, other = make_mentor(programme, functions=["export"], sectors=["C"]), make_mentor(programme)
    make_assignment(one, make_enrolment(programme))
    move(other, State.PAUSED, reason="leave")
    address = page("mentor_list", programme.code)
    everybody = coordinator.get(address)
    assert "1 mentor can be given somebody" in everybody.text
    guided = {row.mentor: row.guides for row in everybody.context["page"]}
    assert guided == {one: 1, other: 0}
    for ask, found in (
        ({"function": "export"}, [one]), ({"sector": "A"}, []), ({"state": "paused"}, [other]),
        ({"q": one.person.name}, [one]), ({"sector": "C", "function": "export", "state": "active"}, [one]),
    ):  # fmt: skip
        assert [row.mentor for row in coordinator.get(address, ask).context["page"]] == found
    taken = coordinator.get(page("mentor_export", programme.code, "json"), {"state": "paused"})
    rows = b"".join(taken.streaming_content).decode()
    assert (other.person.name in rows, one.person.name in rows) == (True, False)


def test_the_list_costs_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    address = page("mentor_list", programme.code)
    make_assignment(make_mentor(programme), make_enrolment(programme))
    coordinator.get(address)
    with django_assert_num_queries(9):
        coordinator.get(address)
    for _n in range(2):
        make_assignment(make_mentor(programme), make_enrolment(programme))
    with django_assert_num_queries(9):
        coordinator.get(address)


def test_she_keeps_her_own_profile_and_offer(client, programme):
    mentor = make_mentor(programme)
    sign_in(client, mentor.person.user)
    assert client.get(page("mentor_own")).url == page("mentor_detail", mentor.pk)
    assert client.get(page("mentor_detail", mentor.pk)).status_code == 200
    said = {"functions": ["legal"], "bio_sr": "Pravnica.", "municipality": "Vranje", "on_premises": "no"}
    assert client.post(page("mentor_edit", mentor.pk), said).status_code == 302
    mentor = Mentor.objects.get(pk=mentor.pk)
    assert (mentor.functions, mentor.bio_sr, mentor.on_premises, mentor.person.municipality) == (
        ["legal"], "Pravnica.", False, "Vranje",
    )  # fmt: skip
    offer = mentor.offers.get()
    said = {"capacity": "2", "hours": "", "per": "week", "day_4": "9-12, 13-14"}
    assert client.post(page("offer_edit", offer.pk), said).status_code == 302
    offer.refresh_from_db()
    assert (offer.capacity, offer.hours, windows.told(offer.windows)) == (2, None, "Fri 9–12, 13–14")
    assert "9–12, 13–14" in client.get(page("offer_edit", offer.pk)).text
    assert (
        client.post(page("mentor_state", mentor.pk), {"state": "paused", "reason": "leave"}).status_code
        == 302
    )
    assert Mentor.objects.get(pk=mentor.pk).state_by == mentor.person.user
    assert client.post(page("mentor_remove", mentor.pk)).status_code == 403
    assert client.get(page("mentor_list", programme.code)).status_code == 403


def test_whom_she_works_for_is_kept_with_its_days(coordinator, programme):
    mentor = make_mentor(programme)
    address = page("affiliation_keep", mentor.pk)
    said = {"organisation": "Кућа кластера", "role": "director", "start": "2020-01-01"}
    coordinator.post(address, said)
    coordinator.post(address, said | {"organisation": "Kuća klastera"})  # the same one in the other script
    row = Affiliation.objects.get()
    assert (row.organisation.name, row.role, row.start.year, row.end) == (
        "Кућа кластера",
        "director",
        2020,
        None,
    )
    coordinator.post(address, {"ends": row.pk})
    row.refresh_from_db()
    assert row.end is not None
    wrong = coordinator.post(address, said | {"role": "head", "start": "2020-01-02", "end": "2020-01-01"})
    assert (wrong.status_code, Affiliation.objects.count()) == (422, 1)
    other = make_person(programme.tenant).affiliations.create(organisation=row.organisation, role="x")
    assert coordinator.post(address, {"ends": other.pk}).status_code == 404


def test_a_mentor_says_a_name_and_only_coordinators_and_she_read_it(client, programme):
    mentor, person = make_mentor(programme), make_enrolment(programme)
    make_enrolment()  # of another programme
    offer = mentor.offers.get()
    sign_in(client, mentor.person.user)
    assert person.person.name not in client.get(page("offer_edit", offer.pk)).text
    address = page("offer_prefer", offer.pk)
    wrong = client.post(address, {"whom": "Nobody Ever", "says": "no"})
    assert (wrong.status_code, Preference.objects.count()) == (422, 0)
    assert (
        client.post(address, {"whom": person.person.name, "says": "no", "reason": "cousin"}).status_code
        == 302
    )
    row = Preference.objects.get()
    assert (row.enrolment, row.side, row.says, row.by) == (person, "mentor", "no", mentor.person.user)
    client.post(address, {"whom": person.person.name, "says": ""})
    assert Preference.objects.count() == 0


def test_strangers_find_nothing(client, programme):
    mentor, row = make_mentor(programme), make_enrolment(programme)
    offer = mentor.offers.get()
    for user in (make_coordinator(make_programme()), make_coordinator(make_programme(programme.tenant))):
        sign_in(client, user)
        for name, args in (
            ("mentor_list", [programme.code]), ("mentor_create", [programme.code]),
            ("need_list", [programme.code]),
            ("mentor_detail", [mentor.pk]), ("mentor_edit", [mentor.pk]), ("offer_edit", [offer.pk]),
            ("candidate_list", [programme.code]), ("need_state", [row.pk]),
        ):  # fmt: skip
            assert client.get(page(name, *args)).status_code == 404, name
        for name, key in (
            ("mentor_state", mentor.pk), ("mentor_remove", mentor.pk), ("affiliation_keep", mentor.pk),
            ("offer_prefer", offer.pk), ("need_prefer", row.pk),
        ):  # fmt: skip
            assert client.post(page(name, key)).status_code == 404, name
    sign_in(client, make_mentor(programme).person.user)
    assert client.get(page("mentor_detail", mentor.pk)).status_code == 404
    assert client.get(page("offer_edit", offer.pk)).status_code == 404


def test_she_may_be_a_mentor_here_and_an_entrepreneur_there(programme):
    there = make_programme(programme.tenant)
    row = make_enrolment(there)
    by = make_administrator(programme.tenant)
    mentor = services.add_mentor(by=by, programme=programme, person=row.person)
    assert list(Mentor.objects.active_in(programme)) == [mentor]
    assert list(Mentor.objects.active_in(there)) == []
