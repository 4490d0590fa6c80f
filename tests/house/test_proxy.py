"""The Caddyfile, really run: its own certificates, two gunicorns on PostgreSQL and Redis behind it."""

import http.client
import os
import shutil
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fleet import ROOT, Fleet, database
from tests.services import child, free_port, wait_until

CADDY = shutil.which("caddy")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not CADDY, reason="no caddy here (Debian: apt-get install caddy)"),
]
CONFIG = ["--config", str(ROOT / "Caddyfile"), "--adapter", "caddyfile"]


class Proxy:
    """Where it listens; `ask` is one request over a connection of its own."""

    def __init__(self, folder: Path, webs: str):
        self.http, self.https, self.folder = free_port(), free_port(), folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "ALLOWED_HOSTS": "localhost, rasadnik.localhost",
            "CERTIFICATES": "internal",
            "WEBS": webs,
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
        }

    def ask(self, method="GET", path="/", *, body=None, host="localhost", secure=True, **headers):
        trusted = ssl.create_default_context(cafile=str(self.folder / "caddy/pki/authorities/local/root.crt"))
        line = (
            http.client.HTTPSConnection("localhost", self.https, context=trusted, timeout=30)
            if secure
            else http.client.HTTPConnection("localhost", self.http, timeout=30)
        )
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        line.connect()
        with suppress(OSError):  # told before all was sent
            line.request(method, path, body, {"Host": f"{host}:{self.https}", **headers})
        answer = line.getresponse()
        answer.text = answer.read().decode()
        line.close()
        return answer

    def answers(self) -> bool:
        with suppress(OSError):
            return self.ask(path="/healthz").status == 200
        return False


def environment_of_a_try() -> dict:
    return Proxy(Path("/nonexistent"), "127.0.0.1:1 127.0.0.1:2").environment


@pytest.mark.parametrize("certificates", ["internal", "operator@example.org"])
def test_it_is_valid(certificates, tmp_path):
    environment = environment_of_a_try() | {"CERTIFICATES": certificates, "HOME": str(tmp_path)}
    done = subprocess.run(
        [CADDY, "validate", *CONFIG],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, "Valid configuration" in done.stdout + done.stderr) == (0, True), done.stderr
    assert '"level":"warn"' not in done.stderr


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Two webs, and the proxy in front of them."""
    folder = tmp_path_factory.mktemp("proxy")
    broker = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/63"
    with (
        database(os.environ["DATABASE_URL"], f"proxy_{os.getpid()}") as base,
        Fleet(
            folder,
            database=base,
            broker=broker,
            SECURE="1",
            TRUSTED_PROXIES="1",
            ALLOWED_HOSTS="localhost,127.0.0.1",
        ) as fleet,
    ):
        fleet.run("migrate", "-v0")
        fleet.script("from tests.factories import make_user; make_user(email='ana@example.org')")
        webs = [fleet.web(), fleet.web()]
        proxy = Proxy(folder, " ".join(web.url.removeprefix("http://") for web in webs))
        log = folder / "caddy.log"
        with child([CADDY, "run", *CONFIG], log=log, env=proxy.environment):
            wait_until(proxy.answers, seconds=60, what="the proxy")
            yield proxy, webs


def test_https_answers_and_http_leads_there(running):
    proxy, _webs = running
    page = proxy.ask(path="/accounts/login/")
    assert (page.status, "Which address do we know you by?" in page.text) == (200, True)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Server"] != "gunicorn"
    plain = proxy.ask(path="/accounts/login/?next=/x", secure=False)
    assert (plain.status, plain.headers["Location"]) == (
        308,
        "https://localhost/accounts/login/?next=/x",  # outside it is port 443
    )


def test_cookies_are_bound_to_tls(running):
    proxy, _webs = running
    cookies = proxy.ask(path="/accounts/login/").headers.get_all("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-csrf"]
    assert all("Secure" in cookie and "Path=/" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_a_visitor_does_not_choose_her_address(running):
    """Neither in the log nor for the limits; nor does she choose the scheme or the name."""
    proxy, webs = running
    said = proxy.ask(path="/no-such-page/", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="http")
    assert said.status == 404
    lines = [line for web in webs for line in web.said().splitlines() if "/no-such-page/" in line]
    assert len(lines) == 1
    assert "@127.0.0.1 " in lines[0]
    assert "203.0.113.7" not in lines[0]
    assert proxy.ask(host="elsewhere.example.org").text == ""


def test_what_is_too_large_is_refused_in_words(running):
    proxy, _webs = running
    part = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%b\r\n--edge--\r\n'
    said = {
        "Content_Type": "multipart/form-data; boundary=edge",
        "Cookie": proxy.ask(path="/accounts/login/").headers["Set-Cookie"].split(";")[0],
        "Referer": f"https://localhost:{proxy.https}/accounts/login/",
    }
    most = proxy.ask("POST", "/accounts/login/", body=part % (b"x" * 14_900_000), **said)
    assert (most.status, "15 MB" in most.text) == (403, False)  # Django read it all, and misses its token
    answer = proxy.ask("POST", "/accounts/login/", body=part % (b"x" * 15_100_000), **said)
    assert (answer.status, "more than 15 MB" in answer.text) == (413, True)


def test_bodies_that_break_off_do_not_take_a_web_away(running):
    """Of no told length, so that they are cut off on their way; ten times, more than there are webs."""
    proxy, _webs = running
    for _time in range(10):
        parts = iter([b"x" * 1_000_000] * 16)
        with suppress(OSError, http.client.HTTPException):
            proxy.ask("POST", "/accounts/login/", body=parts, Transfer_Encoding="chunked")
        assert proxy.ask(path="/accounts/login/").status == 200


def test_each_web_takes_its_share_and_one_is_enough(running):
    proxy, webs = running
    for number in range(20):
        assert proxy.ask(path=f"/none-{number}/").status == 404
    shares = [web.said().count("/none-") for web in webs]
    assert sum(shares) == 20
    assert min(shares) >= 1
    webs[0].kill()
    statuses = {proxy.ask(path="/accounts/login/").status for _number in range(30)}
    assert statuses == {200}
    webs[1].kill()
    answer = proxy.ask(path="/accounts/login/")
    assert (answer.status, answer.text) == (503, "Rasadnik is being restarted. Try again in a minute.")
    assert answer.headers["Retry-After"] == "30"
