"""What every answer must be, whoever asks for what: safe to GET, headed, limited, silent in the logs."""

import io
import json
import logging
import re
import secrets
import subprocess
import sys
from typing import NamedTuple

import openpyxl
import pytest
from django.conf import settings as real_settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from config import settings as ours
from config.policy import table
from jobs.services import run
from outcomes import services as outcomes
from tests.access.matrix import Cell, cells, expected
from tests.access.world import World
from tests.factories import (
    PASSWORD,
    make_coordinator,
    make_enrolment,
    make_funding,
    make_programme,
    make_report,
    make_user,
)
from tests.records import records

pytestmark = pytest.mark.postgres  # once is enough: it says nothing about a database
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WALKERS = (
    "administrator",
    "mentor",
    "funder",
    "entrepreneur",
    "anonymous",
)  # who between them open every page
LIBRARYS = "account_email"  # at the first look the library copies the account's address into its own table
FEED = (
    "reminders:calendar_feed"  # for calendar programs: kept with its ETag; when it was read is written down
)
STOP = ("reminders:choices_stop", "POST")  # one press in a mail program, which knows no token (RFC 8058)
FRAMED = "desk:postbox_page"  # a letter, shown in a frame of the page about it
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
ASK, CONFIRM, LOGIN = "/accounts/login/code/", "/accounts/login/code/confirm/", "/accounts/login/"


class Seen(NamedTuple):
    """One page as one person got it."""

    route: str
    role: str
    status: int
    headers: dict
    cookies: list
    writes: list

    def __str__(self):
        return f"{self.route} as {self.role} ({self.status})"


def seen(client: Client, cell: Cell) -> Seen:
    writes = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql) and "django_session" not in sql:
            writes.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = client.get(cell.path)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    names = (cell.line.route, cell.role, answer.status_code)
    return Seen(*names, dict(answer.headers), list(answer.cookies.values()), writes)


def enter(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker):
    """Every address that can be read, read by everybody of WALKERS; with all records before and after."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        clients = {role: Client(raise_request_exception=False) for role in WALKERS}
        for role in set(WALKERS) - {"anonymous"}:
            clients[role].force_login(world.users[role], backend=BACKEND)
        pages, before = [], records()
        for role in WALKERS:
            mine = [c for c in cells(world, ("own",)) if c.line.method == "GET" and c.role == role]
            allowed = [c for c in mine if role == "anonymous" or expected(world, c) == "open"]
            pages += [seen(clients[role], cell) for cell in allowed]
        after = records()
        transaction.set_rollback(True)
    return pages, before, after


def shown(walk) -> list[Seen]:
    """The pages that somebody who is signed in got as pages."""
    return [page for page in walk[0] if page.role != "anonymous" and page.status == 200]


def test_the_walk_opens_every_address(walk):
    pages, _before, _after = walk
    read = {page.route for page in pages if page.status in (200, 302)}
    not_read = {route for route, method in table() if method == "GET"} - read
    assert not_read == {"ideas:nominate_similar", "desk:setup"} | {
        r for r in not_read if r.startswith(("mfa_", "account_"))
    }
    assert [str(page) for page in pages if page.status >= 500] == []


def _is_taken(page: Seen) -> bool:
    """A list, a pack of evidence, badges: who took them along stands in the trail."""
    lists = ("training:pack_file", "training:badges", "outcomes:wave_answers")
    return page.route.endswith("_export") or page.route in lists


def test_reading_changes_nothing(walk):
    """But that somebody took a list along is written down, and nothing else."""
    pages, before, after = walk
    quiet = [page for page in pages if page.route not in (LIBRARYS, FEED) and not _is_taken(page)]
    assert [(str(page), page.writes) for page in quiet if page.writes] == []
    taken = [page for page in shown(walk) if _is_taken(page)]
    into = {tuple(write.split('"')[1] for write in page.writes) for page in taken}
    assert into == {("accounts_auditentry",)}
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["account_emailaddress", "accounts_auditentry", "reminders_feed"]


def test_every_answer_carries_its_policy(walk):
    pages, _before, _after = walk
    wrong = []
    for page in pages:
        policy = page.headers.get("Content-Security-Policy", "")
        framed = page.route == FRAMED and page.status == 200
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
        good = parts.get("frame-ancestors") == ("'self'" if framed else "'none'")
        good = good and parts.get("default-src") == "'none'" and "unsafe-eval" not in policy
        good = good and ("sandbox" in parts if framed else "unsafe-inline" not in policy)
        good = good and page.headers.get("X-Frame-Options") == ("SAMEORIGIN" if framed else "DENY")
        good = good and page.headers.get("X-Content-Type-Options") == "nosniff"
        referrer = "no-referrer" if page.route == FEED else "same-origin"
        good = good and page.headers.get("Referrer-Policy") == referrer
        if not good:
            wrong.append((str(page), policy))
    assert wrong == []
    assert [page.route for page in shown(walk) if page.route == FRAMED] != []


def test_what_somebody_reads_is_kept_by_no_cache(walk):
    """But the service worker and its empty register: they hold no data, and are asked for again each time."""
    shells = ("training:service_worker", "training:offline_register", FEED)
    pages = [page for page in shown(walk) if page.route not in shells]
    kept = [str(page) for page in pages if "no-store" not in page.headers.get("Cache-Control", "")]
    assert kept == []


def test_cookies_are_not_for_scripts_nor_for_other_sites(walk):
    cookies = [(page, cookie) for page in walk[0] for cookie in page.cookies if cookie.value]
    bad = [
        (str(p), c.key) for p, c in cookies if not c["httponly"] or c["samesite"] != "Lax" or c["path"] != "/"
    ]
    assert bad == []
    assert {cookie.key for _page, cookie in cookies} >= {real_settings.CSRF_COOKIE_NAME}


@pytest.mark.django_db
def test_the_cookie_of_the_language_as_well(client):
    client.post("/language/", {"language": "sr"})
    cookie = client.cookies[real_settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("sr", True, "Lax", "/")


@pytest.mark.django_db
def test_what_she_does_by_code_is_kept_by_no_cache_either(client):
    """Public pages that show whom the phone is remembered as."""
    world = World()
    code = world.target("code", "nobody", "same")
    person = world.same.enrolment
    client.get(f"/in/{code}/")
    session = client.session
    session["checked_in"] = {str(world.same.session.pk): person.pk}
    session.save()
    for path in (f"/in/{code}/", f"/in/{code}/idea/"):
        answer = client.get(path)
        assert (path, answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (path, 200, True)


@pytest.mark.django_db
def test_nothing_is_changed_without_the_forms_token():
    """Every route and method that changes something, as who may: another site cannot do it for her."""
    world = World()
    clients = {"anonymous": Client(enforce_csrf_checks=True)}
    for role, user in world.users.items():
        clients[role] = Client(enforce_csrf_checks=True)
        clients[role].force_login(user, backend=BACKEND)
    tried, wrong, before = set(), [], records()
    for cell in cells(world, ("own",)):
        may = cell.role == "anonymous" if cell.line.everybody else cell.role in cell.line.roles
        if cell.line.method == "GET" or not may or (cell.line.route, cell.line.method) == STOP:
            continue
        ask = getattr(clients[cell.role], cell.line.method.lower())
        extra = {"content_type": "application/json"} if cell.path.startswith("/api/") else {}
        status = ask(cell.path, data={}, **extra).status_code
        tried.add((cell.line.route, cell.line.method))
        wrong += [] if status == 403 else [f"{cell.line.method} {cell.line.route} as {cell.role}: {status}"]
    changing = {key for key in table() if key[1] != "GET" and key != STOP}
    assert wrong == []
    assert (
        changing - tried == {key for key in changing if set(table()[key].roles) == {"entrepreneur"}} - tried
    )
    assert records() == before


# --- over TLS

PRINT = """
import json, django; django.setup()
from django.conf import settings as s
from django.test import Client
page = Client().get("/accounts/login/", secure=True)
plain = Client().get("/accounts/login/")
language = Client().post("/language/", {"language": "sr"}, secure=True)
print(json.dumps({
    "cookies": {c.key: [c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]]
        for r in (page, language) for c in r.cookies.values()},
    "names": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME],
    "session": [s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_PATH,
        s.SESSION_COOKIE_DOMAIN],
    "hsts": page.headers.get("Strict-Transport-Security"),
    "plain": [plain.status_code, plain.headers["Location"]],
}))
"""


@pytest.mark.django_db(transaction=True)
def test_over_tls_cookies_are_bound_to_the_host_and_plain_http_is_left(process_environment):
    env = process_environment | {"SECURE": "1", "ALLOWED_HOSTS": "testserver"}
    env |= {"SECRET_KEY": secrets.token_urlsafe(60)}
    done = subprocess.run([sys.executable, "-c", PRINT], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    bound = [True, True, "Lax", "/", ""]
    assert found["cookies"] == {"__Host-csrf": bound, "__Host-language": bound}
    assert found["names"] == ["__Host-session", "__Host-csrf", "__Host-language"]
    assert found["session"] == [True, True, "/", None]
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert found["plain"] == [301, "https://testserver/accounts/login/"]


# --- limits


@pytest.fixture
def limits(settings):
    """As in real life; the other tests go without."""
    settings.ACCOUNT_RATE_LIMITS = ours.ACCOUNT_RATE_LIMITS


def forged(number: int) -> dict:
    """Another address at each request, in every header that somebody might believe."""
    address = f"203.0.{number // 250}.{number % 250 + 1}"
    names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP")
    return dict.fromkeys(names, address)


@pytest.mark.django_db
def test_a_forged_address_gives_no_more_passwords(limits):
    user, client = make_user(), Client()
    for number in range(5):
        client.post(LOGIN, {"login": user.email, "password": "something else"}, headers=forged(number))
    page = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, headers=forged(9)).content.decode()
    assert "Too many attempts." in page
    for number in range(10, 20):  # many accounts from one real address
        client.post(LOGIN, {"login": make_user().email, "password": "x"}, headers=forged(number))
    other = make_user()
    client.post(LOGIN, {"login": other.email, "password": PASSWORD}, headers=forged(30))
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_forged_address_gives_no_more_codes(limits, smtp_sink):
    statuses = [
        Client().post(ASK, {"email": f"a{n}@example.org"}, headers=forged(n)).status_code for n in range(21)
    ]
    assert statuses == [302] * 20 + [200]


@pytest.mark.django_db
def test_a_forged_address_gives_no_more_guesses_at_the_door():
    """Twenty wrong answers from one address, and twenty wrong codes of the wall."""
    world, client = World(), Client()
    path = f"/in/{world.target('code', 'nobody', 'same')}/"
    wrong = {"operation": "6f1c1b1e-6a55-4c5b-9a50-0f3d8f2f7a10", "row_code": "Q9"}
    statuses = [client.post(path, wrong, headers=forged(n)).status_code for n in range(21)]
    assert statuses == [200] * 20 + [429]
    statuses = [client.get("/in/QQQQQ/", headers=forged(n)).status_code for n in range(21)]
    assert statuses == [404] * 20 + [429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "sent", "believed"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first was forged
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),  # past the proxies
    ],
)
def test_only_what_our_proxies_appended_is_believed(client, settings, proxies, sent, believed):
    settings.TRUSTED_PROXIES = proxies
    answer = client.get(LOGIN, headers={"X-Forwarded-For": sent})
    assert answer.wsgi_request.META["REMOTE_ADDR"] == believed


# --- the six digits


def code_in(letter) -> str:
    (code,) = re.findall(r"^\s*(\d{6})\s*$", letter.text, re.MULTILINE)
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_three_tries_a_code_also_when_they_come_at_once(client, smtp_sink):
    """Requests sent at once read the same session: here it is put back after each, as if none was saved."""
    user = make_user()
    client.post(ASK, {"email": user.email})
    code = code_in(smtp_sink.to(user.email)[0])
    kept = dict(client.session.items())
    for _ in range(3):
        client.post(CONFIRM, {"code": wrong(code)})
        session = client.session
        session.update(kept)
        session.save()
    client.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_no_way_of_writing_an_address_gives_more_codes(limits, smtp_sink):
    """Case, blanks, ſ and the Kelvin sign, which databases take for s and k; an accent is somebody else."""
    user = make_user(email="sanjak@example.org")
    ways = ["sanjak@example.org", "SanJak@Example.ORG", "ſanjak@example.org", "sanja\u212a@example.org"]
    statuses = [Client().post(ASK, {"email": f" {way} "}).status_code for way in ways]
    assert statuses == [302, 302, 302, 200]
    assert [letter.recipients for letter in smtp_sink.received] == [(user.email,)] * 3
    Client().post(ASK, {"email": "šanjak@example.org"})
    others = [letter for letter in smtp_sink.received if letter.recipients != (user.email,)]
    assert [word for letter in others for word in re.findall(r"\d{6}", letter.text)] == []


@pytest.mark.django_db
def test_six_codes_an_hour_for_one_account(limits, smtp_sink, monkeypatch):
    """However slowly one asks: with three tries each at most 18 guesses an hour."""
    from allauth.core.internal import ratelimit

    user, clock, statuses = make_user(), ratelimit.time.time(), []
    for minute in range(0, 58, 2):
        monkeypatch.setattr(ratelimit.time, "time", lambda at=clock + 60 * minute: at)
        statuses.append(Client().post(ASK, {"email": user.email}).status_code)
    assert statuses == [302] * 6 + [200] * 23
    assert len(smtp_sink.to(user.email)) == 6


@pytest.mark.django_db
def test_no_way_of_writing_an_address_gives_more_passwords(limits):
    user = make_user(email="sanjak@example.org")
    ways = ["sanjak", "SANJAK", "ſanjak", "sanja\u212a", "Sanjak"]
    for way in ways:
        Client().post(LOGIN, {"login": f"{way}@example.org", "password": "something else"})
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


# --- what leaves


@pytest.mark.django_db
def test_a_workbook_runs_nothing():
    """Names that a spreadsheet would take for formulas, through the real download."""
    evil = '=HYPERLINK("http://evil.example","x")'
    programme = make_programme(name=evil, short_name="+1+1")
    for _ in range(6):
        make_enrolment(programme)
    report = make_report(make_funding(programme), name="@SUM(1)")
    user = make_coordinator(programme)
    run(outcomes.request_issue(by=user, report=report).pk)
    answer = enter(user).get(f"/issues/{report.issues.get().pk}/summary.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    found = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert [cell.value for cell in found if cell.data_type == "f" or cell.hyperlink] == []
    assert any("HYPERLINK" in str(cell.value) for cell in found)
    assert 'attachment; filename="' in answer.headers["Content-Disposition"]


def test_background_work_takes_json_only():
    """A pickle in the broker would be code: the worker does not open it."""
    from config.celery import app

    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
    assert app.conf.event_serializer == "json"
    kind, encoding, body = dumps({"pk": 7}, serializer="pickle")
    with pytest.raises(ContentDisallowed):
        loads(body, kind, encoding, accept=app.conf.accept_content)


@pytest.mark.django_db
def test_codes_and_passwords_do_not_stand_in_logs(client, smtp_sink, caplog):
    """All loggers at their loudest, through every way in and a mail that does not leave."""
    caplog.set_level(logging.DEBUG)
    user, secret = make_user(), "pogresna-ali-tajna-lozinka"
    client.post(ASK, {"email": user.email})
    code = code_in(smtp_sink.to(user.email)[0])
    client.post(CONFIRM, {"code": wrong(code)})
    client.post(CONFIRM, {"code": code})
    assert "_auth_user_id" in client.session
    client.post(LOGIN, {"login": user.email, "password": secret})
    Client().post(LOGIN, {"login": user.email, "password": secret})
    Client().post(LOGIN, {"login": user.email, "password": PASSWORD})
    Client(enforce_csrf_checks=True).post(LOGIN, {"login": user.email, "password": secret})
    Client().post(reverse("account_reset_password"), {"email": user.email})
    (key,) = re.findall(r"/password/reset/key/(\S+)/", smtp_sink.received[-1].text)
    Client().get(f"/accounts/password/reset/key/{key}/", follow=True)
    smtp_sink.refuse = f"550 refused {code}"
    Client().post(ASK, {"email": user.email})
    formatted = "\n".join(map(logging.Formatter().format, caplog.records))
    assert "did not leave" in formatted  # the log was listened to
    assert [word for word in (code, wrong(code), secret, PASSWORD, key) if word in formatted] == []
