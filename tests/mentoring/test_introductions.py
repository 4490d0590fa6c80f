"""Introductions: who was brought together with whom, when, and what came of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mentoring import services
from mentoring.models import Introduction
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_introduction,
    make_member,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    make_user,
)
from tests.taken import everywhere

pytestmark = pytest.mark.django_db
CREATE, EDIT, LIST = (f"mentoring:introduction_{name}" for name in ("create", "edit", "list"))


@pytest.fixture
def pair():
    programme = make_programme()
    person = make_person(programme.tenant, user=make_user(programme.tenant), name="Mila Nova")
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person))


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def introduce(pair, **said) -> Introduction:
    plain = {"kind": "buyer", "name": "A grocer", "day": TODAY, "operation": uuid4()}
    plain |= {"enrolment": pair.enrolment, "assignment": pair}
    return services.introduce(by=pair.mentor.person.user, now=NOW, **plain | said)


def fields(act) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        act()
    return sorted(getattr(caught.value, "error_dict", {"": None}))


def form(**said) -> dict:
    plain = {"operation": str(uuid4()), "kind": "buyer", "name": "A grocer", "day": "2025-03-12"}
    return plain | {"came": "unknown"} | said


# --- the service -----------------------------------------------------------------------------------


def test_the_same_operation_is_the_same_introduction(pair):
    operation = uuid4()
    assert introduce(pair, operation=operation) == introduce(pair, operation=operation, name="Another")
    assert Introduction.objects.get().name == "A grocer"
    other = make_assignment(pair.mentor, make_enrolment(pair.programme))
    assert fields(lambda: introduce(other, operation=operation)) == [""]


def test_a_known_organisation_names_itself(pair):
    known = make_organisation(pair.programme.tenant, name="Zadruga")
    assert introduce(pair, name="", organisation=known).name == "Zadruga"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "  "}, "name"),
        ({"kind": "friend"}, "kind"),
        ({"day": TODAY + timedelta(days=1)}, "day"),
        ({"came_on": TODAY}, "came_on"),  # since when, of nothing known
        ({"came": "talks", "came_on": TODAY - timedelta(days=1)}, "came_on"),
        ({"came": "talks", "came_on": TODAY + timedelta(days=1)}, "came_on"),
        ({"remark": "x" * 301}, "remark"),
    ],
)
def test_what_is_refused(pair, said, field):
    assert fields(lambda: introduce(pair, **said)) == [field]
    assert Introduction.objects.count() == 0


def test_nothing_of_others(pair):
    assert fields(lambda: introduce(pair, organisation=make_organisation())) == ["organisation"]
    assert fields(lambda: introduce(pair, assignment=make_assignment())) == ["assignment"]


def test_what_came_of_it(pair):
    row = introduce(pair)
    by = pair.enrolment.person.user
    said = {"came": "agreed", "came_on": TODAY, "remark": "Forty jars"}
    services.change_introduction(by=by, introduction=row, now=NOW, **said)
    services.change_introduction(by=by, introduction=row, now=NOW, came="nothing")
    row.refresh_from_db()
    assert (row.came, row.came_on, row.remark) == ("nothing", None, "Forty jars")


# --- the pages -------------------------------------------------------------------------------------


def test_a_mentor_notes_one_on_the_page_of_the_pair(client, pair):
    sign_in(client, pair.mentor.person.user)
    shown = client.get(reverse("mentoring:assignment_detail", args=[pair.pk])).content.decode()
    assert reverse(CREATE, args=[pair.pk]) in shown
    answer = client.post(reverse(CREATE, args=[pair.pk]), form(), follow=True)
    assert answer.redirect_chain == [(reverse("mentoring:assignment_detail", args=[pair.pk]), 302)]
    assert "A grocer" in answer.content.decode()


def test_what_is_wrong_is_said_at_its_field(client, pair):
    sign_in(client, pair.mentor.person.user)
    answer = client.post(reverse(CREATE, args=[pair.pk]), form(day="2099-01-01", kind=""))
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (400, ["kind"])
    answer = client.post(reverse(CREATE, args=[pair.pk]), form(day="2099-01-01"))
    assert sorted(answer.context["form"].errors) == ["day"]


def test_she_says_what_came_of_it_and_notes_none_herself(client, pair):
    row = make_introduction(pair)
    sign_in(client, pair.enrolment.person.user)
    assert client.get(reverse(CREATE, args=[pair.pk])).status_code == 403
    answer = client.post(reverse(EDIT, args=[row.pk]), {"came": "talks", "remark": "On Friday"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == reverse("mentoring:assignment_detail", args=[pair.pk])
    row.refresh_from_db()
    assert (row.came, row.remark, row.name) == ("talks", "On Friday", "A grocer")


def test_the_programmes_list_and_what_is_taken_along(client, pair):
    make_introduction(pair, came="agreed", came_on=TODAY, name="Zadruga")
    make_introduction(pair, day=TODAY - timedelta(days=9))
    make_introduction(make_assignment(programme=make_programme(pair.programme.tenant)))
    sign_in(client, make_coordinator(pair.programme))
    page = client.get(reverse(LIST, args=[pair.programme.code]))
    assert "2 introductions, and 1 led to an agreement" in page.content.decode()
    names = ["Zadruga", "A grocer"]
    assert [row.name for row in page.context["page"]] == names
    route = "mentoring:introduction_export"
    assert everywhere(client, route, pair.programme.code, column="name") == names
    assert everywhere(client, route, pair.programme.code, column="name", came="agreed") == ["Zadruga"]
    assert everywhere(client, route, pair.programme.code, column="name", q="mila") == names


def test_a_mentor_reads_her_own(client, pair):
    make_introduction(pair)
    make_introduction(make_assignment(make_mentor(pair.programme), make_enrolment(pair.programme)))
    sign_in(client, pair.mentor.person.user)
    assert len(client.get(reverse(LIST, args=[pair.programme.code])).context["page"]) == 1


@pytest.mark.parametrize("who", ["coordinator", "trainer", "entrepreneur"])
def test_strangers(client, pair, who):
    row = make_introduction(pair)
    user = {
        "coordinator": lambda: make_coordinator(make_programme()),
        "trainer": lambda: make_member(pair.programme, "trainer"),
        "entrepreneur": lambda: make_user(pair.programme.tenant),
    }[who]()
    sign_in(client, user)
    shut = {404} if who == "coordinator" else {403, 404}
    code = pair.programme.code
    for address in (
        reverse(LIST, args=[code]), reverse(CREATE, args=[pair.pk]), reverse(EDIT, args=[row.pk]),
        reverse("mentoring:introduction_export", args=[code, "csv"]),
    ):  # fmt: skip
        assert client.get(address).status_code in shut, address
    for address in (reverse(CREATE, args=[pair.pk]), reverse(EDIT, args=[row.pk])):
        assert client.post(address, form(came="agreed")).status_code in shut, address
    row.refresh_from_db()
    assert (row.came, Introduction.objects.count()) == ("unknown", 1)


@pytest.mark.parametrize("n", [1, 3])
def test_queries_of_the_list(client, pair, n, django_assert_num_queries):
    for _ in range(n):
        make_introduction(pair, organisation=make_organisation(pair.programme.tenant))
    sign_in(client, make_coordinator(pair.programme))
    client.get(reverse(LIST, args=[pair.programme.code]))
    with django_assert_num_queries(9):
        client.get(reverse(LIST, args=[pair.programme.code]))
