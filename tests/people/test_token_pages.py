"""Tokens on their pages: who may make one, what is shown once, who ends it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Token
from tests.accounts.test_tokens import made
from tests.factories import (
    PASSWORD,
    make_administrator,
    make_coordinator,
    make_programme,
    make_tenant,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST, NEW = "/account/tokens/", "/account/tokens/new/"


def enter(user, *, recently=True) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if recently:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def guarded(user) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


@pytest.fixture
def coordinator():
    return make_coordinator(make_programme())


@pytest.fixture
def of_demo():
    return make_coordinator(make_programme(make_tenant(is_demo=True)))


def said(user, **fields):
    programme = user.person.memberships.get().programme
    return {
        "name": "Sheet",
        "days": "30",
        "reach": "some",
        "programmes": [programme.pk],
        "may": "*:read",
    } | fields


def test_without_a_second_step_none_is_made(coordinator):
    client = enter(coordinator)
    for answer in (client.get(NEW), client.post(NEW, said(coordinator))):
        text = answer.content.decode()
        assert "First your sign-in needs a second step" in text
        assert "/accounts/2fa/totp/activate/" in text
    assert Token.objects.count() == 0


def test_it_is_asked_again_who_she_is(coordinator):
    guarded(coordinator)
    for ask in (lambda c: c.get(NEW), lambda c: c.post(NEW, said(coordinator))):
        answer = ask(enter(coordinator, recently=False))
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]
    assert Token.objects.count() == 0
    assert enter(coordinator).get(NEW).status_code == 200


def test_the_secret_is_shown_once(coordinator):
    guarded(coordinator)
    client = enter(coordinator)
    answer = client.post(NEW, said(coordinator))
    secret = re.search(r">(rsd_[^<]+)<", answer.content.decode()).group(1)
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get(LIST).content.decode()
    token = Token.objects.get()
    assert (token.verbs, token.all_programmes, token.programmes.count()) == (["*:read"], False, 1)
    script = Client(headers={"Authorization": f"Bearer {secret}"})
    assert script.get("/api/v1/programmes/").status_code == 200


def test_the_demo_says_that_it_is_exempt(of_demo):
    client = enter(of_demo, recently=False)
    assert "This is the demonstration" in client.get(NEW).content.decode()
    assert client.post(NEW, said(of_demo)).status_code == 200
    assert Token.objects.count() == 1


def test_only_what_her_roles_allow_is_offered(of_demo):
    text = enter(of_demo).get(NEW).content.decode()
    offered = set(re.findall(r'name="verbs" value="([^"]+)"', text))
    assert {"sessions:read", "sessions:add", "sessions:change", "marks:add"} <= offered
    assert "audit:read" not in offered
    nobody = make_user(of_demo.tenant)
    text = enter(nobody).get(NEW).content.decode()
    assert "sessions:read" not in text and "enrolments:read" in text
    assert 'name="programmes"' not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"programmes": []}, "Choose programmes in which you have a role."),
        ({"may": "chosen"}, "Choose at least one thing that it may do."),
        ({"may": "chosen", "verbs": ["audit:read"]}, "audit:read is not one of the available choices"),
        ({"days": "9999"}, "9999 is not one of the available choices"),
    ],
)
def test_what_is_missing_is_said(of_demo, fields, words):
    answer = enter(of_demo).post(NEW, said(of_demo, **fields))
    assert words in answer.content.decode()
    assert Token.objects.count() == 0


def test_ticked_verbs_are_kept(of_demo):
    answer = enter(of_demo).post(
        NEW, said(of_demo, may="chosen", verbs=["ideas:read", "marks:add"], reach="all")
    )
    assert answer.status_code == 200
    token = Token.objects.get()
    assert (token.verbs, token.all_programmes) == (["ideas:read", "marks:add"], True)


def test_whose_are_seen_and_ended(coordinator):
    mine, others = (
        made(coordinator, name="Moja skripta")[0],
        made(make_user(coordinator.tenant), name="Tuđa")[0],
    )
    boss, stranger = make_administrator(coordinator.tenant), make_administrator()
    assert "Moja skripta" in enter(coordinator).get(LIST).content.decode()
    assert "Tuđa" not in enter(coordinator).get(LIST).content.decode()
    assert "Tuđa" in enter(boss).get(LIST).content.decode()
    assert "Tuđa" not in enter(stranger).get(LIST).content.decode()
    path = f"{LIST}{others.pk}/revocation/"
    for user, status in ((coordinator, 404), (stranger, 404), (boss, 302)):
        assert enter(user).post(path).status_code == status
    assert enter(boss).get(path).status_code == 405
    assert enter(coordinator).post(f"{LIST}{mine.pk}/revocation/").status_code == 302
    assert Token.objects.filter(revoked_at=None).count() == 0


def test_the_list_costs_the_same_for_many(coordinator, django_assert_num_queries):
    client = enter(coordinator)
    programme = coordinator.person.memberships.get().programme
    for count in (1, 3):
        while Token.objects.count() < count:
            made(coordinator, programmes=[programme])
        client.get(LIST)
        with django_assert_num_queries(7):
            client.get(LIST)
