"""Keys for scripts: made, shown once, kept as a digest, refused when they have ended."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import AuditEntry, Token
from people.tokens import make_token
from tests.factories import make_administrator, make_coordinator, make_programme, make_user
from tests.records import records

pytestmark = pytest.mark.django_db
PROGRAMMES = "/api/v1/programmes/"


def made(user, verbs=("*",), programmes=None, days=30, **fields):
    now = timezone.now()
    said = {"name": "script", "verbs": verbs, "expires_at": now + timedelta(days=days), "now": now} | fields
    return make_token(by=user, programmes=programmes, **said)


def client(secret, **options) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"}, **options)


@pytest.fixture
def coordinator():
    return make_coordinator(make_programme())


def test_only_a_digest_is_kept(coordinator):
    token, secret = made(coordinator)
    assert secret.startswith("rsd_") and len(secret) == 47
    assert (token.beginning, token.digest) == (secret[:10], tokens.digest_of(secret))
    assert secret not in str(records()) and secret[12:] not in str(list(AuditEntry.objects.values()))
    entry = AuditEntry.objects.get(verb="make")
    assert (entry.by, entry.object_type, entry.object_id) == (coordinator, "accounts.token", token.pk)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"verbs": []}, "verbs"),
        ({"verbs": ["ideas:delete"]}, "verbs"),
        ({"verbs": ["ideas"]}, "verbs"),
        ({"verbs": ["ideas:read\n"]}, "verbs"),
        ({"days": 0}, "expires_at"),
        ({"days": 367}, "expires_at"),
        ({"programmes": []}, "programmes"),
    ],
)
def test_what_a_token_cannot_be(coordinator, said, field):
    with pytest.raises(ValidationError) as refused:
        made(coordinator, **said)
    assert list(refused.value.error_dict) == [field]
    assert Token.objects.count() == 0


def test_a_programme_of_others_cannot_be_named(coordinator):
    for other in (make_programme(), make_programme(coordinator.tenant)):
        with pytest.raises(ValidationError):
            made(coordinator, programmes=[other])
    mine = coordinator.person.memberships.get().programme
    assert [p.programme for p in made(coordinator, programmes=[mine])[0].programmes.all()] == [mine]


def test_it_opens_the_api_and_nothing_else(coordinator):
    script = client(made(coordinator)[1])
    assert script.get(PROGRAMMES).status_code == 200
    assert script.get("/").status_code == 302
    assert script.get("/account/tokens/").status_code == 302
    assert "sessionid" not in script.cookies


def test_it_needs_no_csrf_token_and_a_session_does(coordinator):
    script = client(made(coordinator)[1], enforce_csrf_checks=True)
    assert script.post("/api/v1/sessions/", {}, "application/json").status_code == 400
    page = Client(enforce_csrf_checks=True)
    page.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert page.post("/api/v1/sessions/", {}, "application/json").status_code == 403


def refused(secret, because) -> None:
    answer = client(secret).get(PROGRAMMES)
    assert (answer.status_code, answer.json()) == (401, {"detail": because})
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_what_has_ended_lets_nobody_in(coordinator):
    token, secret = made(coordinator)
    refused("rsd_nonsense", "This token is not known here.")
    refused("", "This token is not known here.")
    Token.objects.update(created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())
    refused(secret, "This token has expired.")
    token, secret = made(coordinator)
    assert tokens.revoke(by=coordinator, token=token, now=timezone.now()) is True
    assert tokens.revoke(by=coordinator, token=token, now=timezone.now()) is False
    refused(secret, "This token was revoked.")
    assert AuditEntry.objects.filter(verb="revoke").count() == 1


def test_who_is_deactivated_has_no_tokens_from_the_next_request_on(coordinator):
    secret = made(coordinator)[1]
    assert client(secret).get(PROGRAMMES).status_code == 200
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)
    refused(secret, "This token was revoked.")
    assert Token.objects.alive(timezone.now()).count() == 0


def test_a_bad_token_is_not_helped_by_a_session(coordinator):
    page = Client(headers={"Authorization": "Bearer rsd_x"})
    page.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert page.get(PROGRAMMES).status_code == 401
    assert page.get("/account/tokens/").status_code == 200


def test_without_anything_one_is_told_how_to_sign_in(client):
    answer = client.get(PROGRAMMES)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


def test_the_last_use_is_kept_to_the_minute(coordinator, django_assert_num_queries):
    token, secret = made(coordinator)
    script = client(secret)
    script.get(PROGRAMMES)
    first = Token.objects.get(pk=token.pk).last_used_at
    assert first is not None
    with django_assert_num_queries(3):  # the token with its owner, her roles, the page
        script.get(PROGRAMMES)
    assert Token.objects.get(pk=token.pk).last_used_at == first
    Token.objects.update(last_used_at=first - timedelta(seconds=61))
    script.get(PROGRAMMES)
    assert Token.objects.get(pk=token.pk).last_used_at >= first


def test_the_verb_that_is_missing_is_named(coordinator):
    programme = coordinator.person.memberships.get().programme
    said = {"programme": programme.code, "title": "A", "day": "2025-03-12", "start": "10:00", "end": "12:00"}
    for verbs, read, add in [
        (["sessions:read"], 200, 403), (["sessions:add"], 403, 201), (["ideas:read"], 403, 403),
        (["*:read"], 200, 403), (["*"], 200, 201),
    ]:  # fmt: skip
        script = client(made(coordinator, verbs)[1])
        listed = script.get("/api/v1/sessions/")
        added = script.post("/api/v1/sessions/", said, "application/json")
        assert (listed.status_code, added.status_code) == (read, add), verbs
        for answer, verb in ((listed, "sessions:read"), (added, "sessions:add")):
            if answer.status_code == 403:
                words = f"This token may not do that. It lacks “{verb}”."
                assert answer.json() == {"detail": words}
    changing = client(made(coordinator, ["sessions:read", "sessions:add"])[1])
    pk = changing.get("/api/v1/sessions/").json()["results"][0]["id"]
    answer = changing.patch(f"/api/v1/sessions/{pk}/", {}, "application/json")
    assert answer.json() == {"detail": "This token may not do that. It lacks “sessions:change”."}


def test_an_administrators_limited_token_runs_its_programmes_only():
    boss = make_administrator()
    mine, other = make_programme(boss.tenant), make_programme(boss.tenant)
    everywhere, here = client(made(boss)[1]), client(made(boss, programmes=[mine])[1])
    codes = lambda script: {row["code"] for row in script.get(PROGRAMMES).json()["results"]}  # noqa: E731
    assert (codes(everywhere), codes(here)) == ({mine.code, other.code}, {mine.code})
    said = {"title": "A", "day": "2025-03-12", "start": "10:00", "end": "12:00"}
    added = here.post("/api/v1/sessions/", said | {"programme": mine.code}, "application/json")
    elsewhere = here.post("/api/v1/sessions/", said | {"programme": other.code}, "application/json")
    assert (added.status_code, elsewhere.status_code) == (201, 400)


def test_who_may_revoke(coordinator):
    token, _secret = made(coordinator)
    for stranger in (make_user(coordinator.tenant), make_administrator(), make_user()):
        with pytest.raises(PermissionDenied):
            tokens.revoke(by=stranger, token=token, now=timezone.now())
    assert tokens.revoke(by=make_administrator(coordinator.tenant), token=token, now=timezone.now())


def test_no_secret_is_written_anywhere(coordinator, caplog):
    secrets_ = [made(coordinator)[1] for _n in range(20)]
    logging.getLogger().setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        for secret in secrets_:
            for path in (PROGRAMMES, "/api/v1/nowhere/", "/api/v1/sessions/?x=1", "/api/v1/programmes/x/"):
                answer = client(secret).get(path)
                text = answer.content.decode() + str(dict(answer.headers))
                assert secret not in text
            client(secret).post("/api/v1/sessions/", b"{", "application/json")
    assert [s for s in secrets_ if s in caplog.text or s in str(records())] == []
