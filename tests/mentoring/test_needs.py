"""What an entrepreneur asks a mentor for: by herself, by staff; what she wishes and will not have."""

import pytest
from django.urls import reverse

from mentoring import services
from mentoring.models import Mentor, Need, Preference
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_need,
    make_person,
    make_preference,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme(name="Start-up")


@pytest.fixture
def hers(programme):
    user = make_user(programme.tenant)
    return make_enrolment(programme, person=make_person(user=user, name="Ana Anić"))


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(name, *args) -> str:
    return reverse(f"mentoring:{name}", args=args)


SAID = {"text": "Koliko košta tegla?", "functions": ["pricing"], "sector": "C", "language": "sr-latn"}
SAID |= {"place": "premises", "day_2": "9-12"}


def test_she_states_her_need_without_staff(client, hers):
    sign_in(client, hers.person.user)
    address = page("need_state", hers.pk)
    assert "What should your mentor help you with?" in client.get(address).text
    assert client.post(address, SAID).status_code == 302
    row = Need.objects.get()
    assert (row.text, row.functions, row.sector, row.language, row.place) == (
        "Koliko košta tegla?", ["pricing"], "C", "sr-latn", "premises",
    )  # fmt: skip
    assert row.windows == [{"weekday": 2, "start": "09:00", "end": "12:00"}]
    assert "You have said what you need" in client.get(address).text


def test_of_several_the_newest_counts_and_the_same_again_is_one(client, hers):
    sign_in(client, hers.person.user)
    address = page("need_state", hers.pk)
    for text in ("first", "first", "second"):
        client.post(address, SAID | {"text": text})
    assert [row.text for row in hers.needs.all()] == ["second", "first"]
    make_need(make_enrolment(hers.programme), text="another's")
    assert [row.text for row in Need.objects.newest().filter(enrolment=hers)] == ["second"]
    assert "first" in client.get(address).text


def test_nothing_said_is_no_need(client, hers):
    sign_in(client, hers.person.user)
    answer = client.post(page("need_state", hers.pk), {"place": "either", "language": "en"})
    assert (answer.status_code, Need.objects.count()) == (422, 0)
    assert "Say what she needs" in answer.text


def test_staff_write_it_for_her_and_see_who_said_nothing(client, programme, hers):
    silent = make_enrolment(programme)
    sign_in(client, make_coordinator(programme))
    assert client.post(page("need_state", hers.pk), SAID).status_code == 302
    address = page("need_list", programme.code)
    answer = client.get(address)
    assert "1 person has not said what she needs" in answer.text
    assert [row.asked and row.asked.text for row in answer.context["page"]].count(SAID["text"]) == 1
    assert [row.pk for row in client.get(address, {"stated": "no"}).context["page"]] == [silent.pk]
    assert [row.pk for row in client.get(address, {"q": "anić"}).context["page"]] == [hers.pk]
    taken = client.get(page("need_export", programme.code, "json"), {"stated": "yes"})
    text = b"".join(taken.streaming_content).decode()
    assert ("Wed 9–12" in text, "Ana Anić" in text, "pricing" in text) == (True, True, True)


def test_the_list_costs_the_same_for_one_and_for_three(client, programme, django_assert_num_queries):
    sign_in(client, make_coordinator(programme))
    address = page("need_list", programme.code)
    make_need(make_enrolment(programme))
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)
    for _n in range(2):
        make_need(make_enrolment(programme))
    with django_assert_num_queries(10):
        client.get(address)


def test_her_page_costs_the_same_for_one_mentor_and_for_three(client, hers, django_assert_num_queries):
    sign_in(client, hers.person.user)
    address = page("need_state", hers.pk)
    make_preference(make_mentor(hers.programme), hers)
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    for _n in range(2):
        make_preference(make_mentor(hers.programme), hers)
    with django_assert_num_queries(9):
        client.get(address)


def test_she_reads_the_active_ones_and_says_a_wish_or_a_no(client, programme, hers):
    mentor = make_mentor(programme, bio="Twenty years of jam.")
    left = make_mentor(programme, state=Mentor.State.LEFT, bio="Gone.")
    foreign = make_mentor(make_programme(programme.tenant), bio="Elsewhere.")
    sign_in(client, hers.person.user)
    text = client.get(page("need_state", hers.pk)).text
    assert [one in text for one in ("Twenty years of jam.", "Gone.", "Elsewhere.")] == [True, False, False]
    address = page("need_prefer", hers.pk)
    assert client.post(address, {"mentor": mentor.pk, "says": "wish"}).status_code == 302
    client.post(address, {"mentor": mentor.pk, "says": "no", "reason": "We know each other."})
    row = Preference.objects.get()
    assert (row.mentor, row.side, row.says, row.reason) == (
        mentor,
        "entrepreneur",
        "no",
        "We know each other.",
    )
    for other in (left, foreign):
        assert client.post(address, {"mentor": other.pk, "says": "wish"}).status_code == 404
    assert client.post(address, {"mentor": mentor.pk, "says": "perhaps"}).status_code == 422
    assert client.post(address, {"mentor": mentor.pk, "says": ""}).status_code == 302
    assert Preference.objects.count() == 0


def test_each_side_reads_only_what_it_said(programme, hers):
    mentor = make_mentor(programme)
    wish = make_preference(mentor, hers)
    no = make_preference(mentor, hers, side="mentor", says="no")
    seen = {
        who: set(Preference.objects.visible_to(user))
        for who, user in (
            ("she", hers.person.user),
            ("mentor", mentor.person.user),
            ("staff", make_coordinator(programme)),
            ("stranger", make_coordinator(make_programme())),
        )  # fmt: skip
    }
    assert seen == {"she": {wish}, "mentor": {no}, "staff": {wish, no}, "stranger": set()}


def test_another_entrepreneur_finds_nothing(client, programme, hers):
    other = make_user(programme.tenant)
    make_enrolment(programme, person=make_person(user=other))
    sign_in(client, other)
    assert client.get(page("need_state", hers.pk)).status_code == 404
    assert client.post(page("need_prefer", hers.pk), {"says": "wish"}).status_code == 404
    assert client.get(page("need_list", programme.code)).status_code == 403


def test_a_need_over_the_api_by_herself(client, hers):
    sign_in(client, hers.person.user)
    said = {
        "enrolment": hers.pk,
        "functions": ["pricing"],
        "windows": [{"weekday": 1, "start": "09:00", "end": "11:00"}],
    }
    made = client.post("/api/v1/needs/", said, "application/json")
    assert (made.status_code, made.json()["windows"]) == (201, said["windows"])
    wrong = said | {"windows": [{"weekday": 1, "start": "11:00", "end": "09:00"}]}
    assert client.post("/api/v1/needs/", wrong, "application/json").status_code == 400
    others = make_enrolment(hers.programme)
    answer = client.post("/api/v1/needs/", said | {"enrolment": others.pk}, "application/json")
    assert (answer.status_code, Need.objects.count()) == (400, 1)


def test_wishes_over_the_api(client, programme, hers):
    mentor = make_mentor(programme)
    sign_in(client, hers.person.user)
    said = {"mentor": mentor.pk, "enrolment": hers.pk, "side": "entrepreneur", "says": "wish"}
    made = client.post("/api/v1/preferences/", said, "application/json")
    assert made.status_code == 201
    again = client.post("/api/v1/preferences/", said | {"says": "no"}, "application/json")
    assert (again.json()["id"], again.json()["says"]) == (made.json()["id"], "no")
    assert (
        client.post("/api/v1/preferences/", said | {"side": "mentor"}, "application/json").status_code == 403
    )
    assert client.delete(f"/api/v1/preferences/{made.json()['id']}/").status_code == 204
    assert Preference.objects.count() == 0


def test_who_is_no_mentor_here_cannot_be_named(programme, hers):
    elsewhere = make_mentor(make_programme(programme.tenant))
    with pytest.raises(Exception, match="no mentor of this programme"):
        services.prefer(
            by=make_coordinator(programme),
            mentor=elsewhere,
            enrolment=hers,
            side="mentor",
            says="no",
            now=None,
        )
