"""The pages of mentoring, as those see them who may, and those who may not."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mentoring.models import Assignment, Meeting
from tests.factories import (
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_meeting,
    make_member,
    make_mentor,
    make_programme,
    today_there,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def coordinator(client, programme):
    return sign_in(client, make_coordinator(programme))


def meeting(**fields) -> dict:
    plain = {
        "operation": str(uuid4()),
        "day": str(TODAY),
        "minutes": "60",
        "place": "online",
        "topic": "Prices",
    }
    return plain | fields


def test_the_list_says_who_has_no_mentor(coordinator, programme):
    make_assignment(make_mentor(programme), make_enrolment(programme), start=today_there())
    alone = make_enrolment(programme)
    page = coordinator.get(reverse("mentoring:assignment_list", args=[programme.code]))
    [section] = page.context["sections"]
    assert (section.key, [line.what for line in section.lines]) == ("without", [str(alone.person)])
    assert "1 person has no mentor yet" in page.content.decode()


def test_a_mentor_sees_her_own_pairs_only(client, programme):
    mentor = make_mentor(programme)
    hers = make_assignment(mentor, make_enrolment(programme), start=today_there())
    make_assignment(make_mentor(programme), make_enrolment(programme))
    sign_in(client, mentor.person.user)
    page = client.get(reverse("mentoring:assignment_list", args=[programme.code]))
    assert list(page.context["assignments"]) == [hers]
    assert page.context["sections"] == []


def test_a_mentor_is_assigned_in_two_taps(coordinator, programme):
    mentor, enrolment = make_mentor(programme), make_enrolment(programme)
    address = reverse("mentoring:assignment_create", args=[programme.code])
    page = coordinator.get(address, {"enrolment": enrolment.pk})
    assert [one.mentor for one in page.context["candidates"]] == [mentor]
    answer = coordinator.post(address, {"enrolment": enrolment.pk, "mentor": mentor.pk, "agreed_hours": "25"})
    row = Assignment.objects.get()
    assert answer.url == reverse("mentoring:assignment_detail", args=[row.pk])


def test_somebody_of_another_programme_cannot_be_chosen(coordinator, programme):
    address = reverse("mentoring:assignment_create", args=[programme.code])
    data = {"enrolment": make_enrolment().pk, "mentor": make_mentor(programme).pk}
    assert coordinator.post(address, data).status_code == 400
    assert Assignment.objects.count() == 0


def test_a_double_tap_logs_one_meeting(client, programme):
    mentor = make_mentor(programme)
    row = make_assignment(mentor, make_enrolment(programme))
    sign_in(client, mentor.person.user)
    address, data = reverse("mentoring:meeting_create", args=[row.pk]), meeting()
    assert [client.post(address, data).status_code for _tap in range(2)] == [302, 302]
    assert Meeting.objects.count() == 1


def test_a_meeting_of_thirty_hours_is_refused_and_keeps_what_was_typed(coordinator, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    page = coordinator.post(
        reverse("mentoring:meeting_create", args=[row.pk]), meeting(minutes="1800", topic="Cene")
    )
    assert (page.status_code, Meeting.objects.count()) == (400, 0)
    assert 'value="Cene"' in page.content.decode()


def test_a_mentor_may_not_log_for_another(client, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    sign_in(client, make_mentor(programme).person.user)
    assert client.post(reverse("mentoring:meeting_create", args=[row.pk]), meeting()).status_code == 404


def test_a_trainer_has_no_business_here(client, programme):
    sign_in(client, make_member(programme, "trainer"))
    assert client.get(reverse("mentoring:assignment_list", args=[programme.code])).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    address = reverse("mentoring:assignment_list", args=[programme.code])
    make_meeting(make_assignment(make_mentor(programme), make_enrolment(programme)))
    make_enrolment(programme)
    coordinator.get(address)
    with django_assert_num_queries(14):
        coordinator.get(address)
    for _n in range(2):
        make_meeting(make_assignment(make_mentor(programme), make_enrolment(programme)))
        make_enrolment(programme)
    with django_assert_num_queries(14):
        coordinator.get(address)


def test_the_api_refuses_in_the_same_words(coordinator, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    data = {"programme": programme.code, "mentor": row.mentor_id, "enrolment": row.enrolment_id}
    answer = coordinator.post("/api/v1/assignments/", data, content_type="application/json")
    assert (answer.status_code, answer.json()) == (
        400,
        {"non_field_errors": ["This mentor guides this entrepreneur already."]},
    )


def test_the_api_logs_a_meeting_once_per_operation(coordinator, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    data = meeting(assignment=row.pk, minutes=60)
    ids = [
        coordinator.post("/api/v1/meetings/", data, content_type="application/json").json()["id"]
        for _n in "ab"
    ]
    assert ids == [Meeting.objects.get().pk] * 2
