"""Sign-in by a mailed code or a password, through the real SMTP transport."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_person, make_tenant, make_user

pytestmark = pytest.mark.django_db
REQUEST, CONFIRM, LOGIN = (
    "/accounts/login/code/",
    "/accounts/login/code/confirm/",
    "/accounts/login/",
)


def ask(client, email, **query):
    return client.post(REQUEST, {"email": email} | query)


def code_in(letter) -> str:
    (code,) = re.findall(r"^\s*(\d{6})\s*$", letter.text, re.MULTILINE)
    return code


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_by_mail_opens_the_page_she_came_for(client, smtp_sink):
    user = make_user(language="sr-latn")
    assert client.get("/programmes/").url == "/accounts/login/?next=/programmes/"
    answer = ask(client, user.email, next="/language/")
    assert answer.url == f"{CONFIRM}?next=%2Flanguage%2F"
    (letter,) = smtp_sink.to(user.email)
    code = code_in(letter)
    assert letter.subject.endswith(code)
    assert code in letter.html
    assert letter.message["Content-Language"] == "sr-latn"
    assert client.get(CONFIRM).status_code == 200
    answer = client.post(CONFIRM, {"code": code, "next": "/language/"})
    assert (answer.status_code, answer.url, is_in(client)) == (302, "/language/", True)


def test_address_in_other_case_and_with_spaces_is_the_same(client, smtp_sink):
    user = make_user(email="ana.anic@example.org")
    ask(client, " Ana.Anic@Example.org ")
    assert len(smtp_sink.to(user.email)) == 1


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_the_mail_speaks_the_persons_language_not_the_browsers(client, smtp_sink, language):
    user = make_user(language=language)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    ask(client, user.email)
    (letter,) = smtp_sink.received
    assert letter.message["Content-Language"] == language
    tag = {"en": "en", "sr-latn": "sr-Latn", "sr": "sr-Cyrl"}[language]
    assert f'<html lang="{tag}">' in letter.html


def test_a_wrong_code_three_times_and_the_right_one_is_dead(client, smtp_sink):
    user = make_user()
    ask(client, user.email)
    code = code_in(smtp_sink.received[0])
    answers = [client.post(CONFIRM, {"code": wrong(code)}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "That is not the code that we sent last." in answers[0].content.decode()
    assert client.post(CONFIRM, {"code": wrong(code)}).url == REQUEST
    page = client.get(REQUEST).content.decode()
    assert "Too many attempts. Wait a little, then ask for a new code." in page
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_a_code_works_once_and_only_in_the_browser_that_asked(client, smtp_sink):
    user = make_user()
    ask(client, user.email)
    code = code_in(smtp_sink.received[0])
    elsewhere = Client()
    elsewhere.post(CONFIRM, {"code": code})
    client.post(CONFIRM, {"code": code})
    assert (is_in(elsewhere), is_in(client)) == (False, True)
    client.post(reverse("account_logout"))
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_a_new_code_replaces_the_first(client, smtp_sink):
    user = make_user()
    ask(client, user.email)
    client.post(CONFIRM, {"action": "resend"})
    first, second = map(code_in, smtp_sink.wait_for(2))
    if first != second:
        client.post(CONFIRM, {"code": first})
        assert not is_in(client)
    client.post(CONFIRM, {"code": second})
    assert is_in(client)


def test_who_mistyped_her_address_starts_again_with_another(client, smtp_sink):
    user = make_user()
    ask(client, "mistyped@example.org")
    page = client.get(CONFIRM).content.decode()
    assert f'action="{reverse("account_logout")}"' in page
    assert client.post(reverse("account_logout"), {"next": LOGIN}).url == LOGIN
    ask(client, user.email)
    client.post(CONFIRM, {"code": code_in(smtp_sink.to(user.email)[0])})
    assert is_in(client)


def test_an_unknown_address_gives_the_same_page(smtp_sink):
    user = make_user(email="ana@example.org")
    pages = []
    for email in (user.email, "eva@example.org"):
        client = Client()
        answer = ask(client, email)
        page = client.get(answer.url).content.decode()
        page = re.sub(r'value="[\w]{64}"', "", page)  # the form's token
        pages.append((answer.status_code, answer.url, page.replace(email, "…")))
    assert pages[0] == pages[1]
    (letter,) = smtp_sink.to("eva@example.org")
    assert re.findall(r"\d{6}", letter.text) == []


def test_a_closed_account_does_not_come_in(client, smtp_sink):
    user = make_user(is_active=False)
    ask(client, user.email)
    assert [re.findall(r"\d{6}", letter.text) for letter in smtp_sink.received] == [[]]
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert not is_in(client)


def test_a_password_works_as_well_and_a_wrong_one_says_so(client):
    user = make_user()
    answer = client.post(LOGIN, {"login": user.email, "password": "something else"})
    assert "Address and password do not belong together." in answer.content.decode()
    assert '<details class="other-way" open>' in answer.content.decode()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert is_in(client)


def test_passwords_are_limited_by_address(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    user = make_user()
    for _ in range(5):
        client.post(LOGIN, {"login": user.email, "password": "something else"})
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "Too many attempts. Wait a little, then ask for a new code." in answer.content.decode()
    assert not is_in(client)


def test_codes_are_limited_by_address(client, settings, smtp_sink):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    user = make_user()
    answers = [ask(Client(), user.email) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "Too many attempts. Wait a little, then ask for a new code." in answers[-1].content.decode()
    assert len(smtp_sink.received) == 3


def test_a_mail_server_that_refuses_is_said_and_nothing_breaks(client, smtp_sink):
    smtp_sink.refuse = "451 busy"
    answer = ask(client, make_user().email)
    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert "The mail could not be sent just now." in client.get(LOGIN).content.decode()


def test_a_forgotten_password_is_replaced_through_the_mailed_link(client, smtp_sink):
    user = make_user()
    assert client.post(reverse("account_reset_password"), {"email": user.email}).status_code == 302
    (letter,) = smtp_sink.to(user.email)
    (path,) = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.text)
    form = client.get(path, follow=True)
    new = "sasvim-druga-lozinka"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    client.post(LOGIN, {"login": user.email, "password": new})
    assert is_in(client)
    again = Client().get(path, follow=True)
    assert "This link does not work any more" in again.content.decode()


def test_nobody_signs_up_by_herself(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "Accounts are made by your organisation" in page
    words = {"email": "eva@example.org", "password1": PASSWORD}
    client.post(reverse("account_signup"), words)
    assert not is_in(client)


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_every_page_of_the_door_renders(language, client):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    names = [
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
    ]
    names += ["account_reset_password_from_key_done", "account_inactive", "account_signup"]
    assert {name: client.get(reverse(name)).status_code for name in names} == dict.fromkeys(names, 200)
    client.force_login(
        make_user(language=language), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    names = ["account_logout", "account_change_password", "mfa_index", "mfa_activate_totp", "account_email"]
    found = {name: client.get(reverse(name), follow=True).status_code for name in names}
    assert found == dict.fromkeys(names, 200)


# --- the demo -----------------------------------------------------------------------------------------


def test_the_demo_offers_its_people_with_their_roles_and_nobody_elses(client):
    tenant = make_tenant(is_demo=True)
    administrator = make_user(tenant, name="Nada", is_administrator=True)
    guest = make_user(tenant, name="Mila")
    make_person(user=guest)
    make_user(tenant, is_active=False)
    stranger = make_user()
    page = client.get(LOGIN).content.decode()
    offered = re.findall(r'name="email" value="(\S+)"><b>(.+?)</b><span>(.+?)</span>', page)
    assert offered == [(administrator.email, "Nada", "administrator"), (guest.email, "Mila", "entrepreneur")]
    assert client.post("/demo/sign-in/", {"email": stranger.email}).status_code == 404
    assert client.post("/demo/sign-in/", {"email": guest.email}).url == "/"
    assert is_in(client)


def test_without_a_demo_the_sign_in_page_offers_nobody(client):
    user = make_user()
    page = client.get(LOGIN).content.decode()
    assert "demo-people" not in page
    assert client.post("/demo/sign-in/", {"email": user.email}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_costs_the_same(client, count, django_assert_num_queries):
    tenant = make_tenant(is_demo=True)
    for _ in range(count):
        make_person(user=make_user(tenant))
    client.get(LOGIN)
    with django_assert_num_queries(4):
        client.get(LOGIN)
