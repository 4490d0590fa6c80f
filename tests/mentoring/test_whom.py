"""The page of a pair: what is asked for, what a mentor knows, and how the two of them reach each other."""

import pytest
from django.urls import reverse

from mentoring.models import Assignment, Need
from tests.factories import (
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db

HER_PHONE, HIS_PHONE = "+381 60 111 1111", "+381 60 222 2222"


@pytest.fixture
def pair():
    programme = make_programme()
    tenant = programme.tenant
    her = make_person(tenant, user=make_user(tenant), phone=HER_PHONE)
    his = make_person(tenant, user=make_user(tenant), phone=HIS_PHONE)
    mentor = make_mentor(programme, person=his, bio="Ran two shops.", functions=["pricing"])
    row = make_assignment(mentor, make_enrolment(programme, person=her), state="active")
    Need.objects.create(enrolment=row.enrolment, text="A price for jam", functions=["pricing"])
    return row


def read(client, row: Assignment, user) -> str:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(reverse("mentoring:assignment_detail", args=[row.pk])).content.decode()


def found(page: str) -> list[str]:
    said = ("A price for jam", "Ran two shops.", HER_PHONE, HIS_PHONE)
    return [words for words in said if words in page]


def test_each_reads_who_the_other_is_and_how_to_reach_her(client, pair):
    assert found(read(client, pair, pair.mentor.person.user)) == ["A price for jam", HER_PHONE]
    assert found(read(client, pair, pair.enrolment.person.user)) == ["Ran two shops.", HIS_PHONE]
    assert found(read(client, pair, make_coordinator(pair.programme))) == ["A price for jam"]


@pytest.mark.parametrize("state", ["offered", "ended", "completed"])
def test_nobody_is_reached_before_or_after_they_work_together(client, pair, state):
    Assignment.objects.filter(pk=pair.pk).update(state=state)
    assert found(read(client, pair, pair.mentor.person.user)) == ["A price for jam"]


def test_an_offer_says_what_she_needs(client, pair):
    Assignment.objects.filter(pk=pair.pk).update(state="offered")
    client.force_login(pair.mentor.person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("mentoring:assignment_answer", args=[pair.pk])).content.decode()
    assert found(page) == ["A price for jam"]


def test_whoever_has_no_mentor_finds_the_office_hours(client, pair):
    alone = make_enrolment(
        pair.programme, person=make_person(pair.programme.tenant, user=make_user(pair.programme.tenant))
    )
    client.force_login(alone.person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    way = reverse("mentoring:slot_book", args=[alone.pk])
    for name in ("mentoring:need_state", "training:enrolment_detail"):
        assert way in client.get(reverse(name, args=[alone.pk])).content.decode()
