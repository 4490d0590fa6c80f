"""`python -m tests.journeys.pictures`: docs/pictures/, the screens of the demo on one fixed morning.

The demo is built in a folder of its own around that day, and the pages believe it is ten to ten on it:
the same code gives the same pictures.
"""

import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch
from wsgiref.simple_server import WSGIRequestHandler, make_server

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs/pictures"
DAY = date(2026, 11, 18)
NOW = datetime.fromisoformat("2026-11-18T08:50:00+00:00")  # 09:50 in Belgrade
MOST = 200_000  # bytes of one picture
WIDTHS = {360: 740, 1280: 800}
TALLEST = {360: 2400, 1280: 1080}  # a summary is longer: its first page
ONE_SCREEN = ("register", "review")  # with a bar at the bottom: as the screen shows them
LATE, EXCUSED, ABSENT = {"A3": "09:42", "B4": "09:48"}, "B8", "A5"  # by row code
COMING = ("A2", "B1", "B9", "C3")  # not here yet
COURSE = {"#id_day_1": "2026-12-03", "#id_start": "16:00", "#id_end": "18:00"}  # one Thursday is a holiday


def main(names: list[str]) -> None:
    """All pictures, or those whose names begin with one of the words given."""
    with tempfile.TemporaryDirectory(prefix="rasadnik-pictures-") as folder, patch_clock(folder):
        shown = _demo()
        with _server() as url, _chromium() as browser:
            for name, (path, user, width, options) in shown.items():
                if not names or name.startswith(tuple(names)):
                    _take(browser, url, name, path, user, width, **options)


@contextmanager
def patch_clock(folder: str):
    """An installation of its own in this folder, in which it is NOW."""
    os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    import django

    django.setup()
    with patch("django.utils.timezone.now", lambda: NOW):
        yield


def _demo() -> dict[str, tuple]:
    """Build the demo and say what is shown: {name: (path, user, width, how)}."""
    from django.core.management import call_command
    from django.urls import reverse

    from desk.demo import build
    from ideas.models import ReviewTask
    from outcomes.models import Issue
    from training.models import Session

    call_command("migrate", verbosity=0)
    build.build(today=DAY)
    session = Session.objects.get(programme__code="startup-now", day=DAY)
    _mark(session)
    issue = Issue.objects.filter(report__funding__language="en", state=Issue.State.ISSUED).latest("pk")
    tasks = ReviewTask.objects.waiting().filter(
        idea__text__language="en", seat__reviewer__user__is_active=True
    )
    task = tasks.order_by("seat__reviewer__source_id", "place").first()
    _begin(task)
    screens = {
        "today": ("/", "coordinator"),
        "register": (reverse("training:register", args=[session.pk]), "trainer"),
        "review": (reverse("ideas:review", args=[task.pk]), "mentor"),
        "programme": (reverse("desk:programme", args=["startup-now"]), "coordinator"),
        "summary": (reverse("outcomes:issue_detail", args=[issue.pk]), "funder"),
    }
    users = {role: _user(role) for _path, role in screens.values()}
    users["mentor"] = task.seat.reviewer.user
    shown = {
        f"{name}-{width}": (path, users[role], width, {})
        for name, (path, role) in screens.items()
        for width in WIDTHS
    }
    path = reverse("training:programme_plan", args=["startup-now"]) + "?template=weekly"
    shown["planning-1280"] = (path, users["coordinator"], 1280, {"fill": COURSE})
    shown["certificate-360"] = (_certificate(), None, 360, {})
    shown["today-sr-1280"] = ("/", users["coordinator"], 1280, {"language": "sr"})
    imports = _sheet(users["coordinator"])
    for language, suffix in (("en", ""), ("sr-latn", "-sr-latn"), ("sr", "-sr")):
        for name, width in (("import", 1280), ("import", 360), ("import-columns", 1280)):
            path = imports[name, language]
            shown[f"{name}{suffix}-{width}"] = (path, users["coordinator"], width, {"language": language})
    shown["programme-dark-1280"] = (*shown["programme-1280"][:3], {"scheme": "dark"})
    return shown


def _certificate() -> str:
    """The check page of a certificate whose holder shows all that it says."""
    from django.urls import reverse

    from training import services
    from training.certificates import content
    from training.models import Certificate

    row = Certificate.objects.filter(enrolment__programme__code="startup-2017").first()
    services.choose_what_shows(by=_user("coordinator"), certificate=row, shows=content.SHOWS)
    return reverse("training:certificate_check", args=[content.token_of(row.editions.first())])


def _sheet(by) -> dict[tuple, str]:
    """A really messy sheet, once for each language: its columns, and its preview."""
    from django.urls import reverse
    from django.utils import translation

    from desk.importing import services
    from people.models import Programme
    from tests.desk.sheets import MAP, messy

    programme, found = Programme.objects.get(code="startup-now"), {}
    for language in ("en", "sr-latn", "sr"):
        with translation.override(language):
            file = {"name": "Prijave jesen 2026.xlsx", "content": messy()}
            fresh, record = (services.bring(by=by, programme=programme, now=NOW, **file) for _n in range(2))
            services.put_map(by=by, record=record, mapping=services.guessed_map(record) | MAP)
            services.preview(by=by, record=record, now=NOW)
        found["import-columns", language] = reverse("desk:import_columns", args=[fresh.pk])
        found["import", language] = reverse("desk:import_preview", args=[record.pk])
    return found


def _mark(session) -> None:
    """Twenty minutes after the start: most are here, two came late, some are not here yet."""
    from desk.demo import steps
    from training.models import Status

    seen = {}
    for entry in session.roster.select_related("enrolment__person"):
        key = entry.enrolment.row_code
        if key in LATE:
            seen[entry.enrolment] = steps.Seen(
                Status.LATE,
                arrival=datetime.strptime(LATE[key], "%H:%M").time(),  # noqa: DTZ007
            )
        elif key == EXCUSED:
            seen[entry.enrolment] = steps.Seen(Status.EXCUSED, reason="child ill")
        elif key == ABSENT:
            seen[entry.enrolment] = steps.Seen(Status.ABSENT)
        elif key not in COMING:
            seen[entry.enrolment] = steps.PRESENT
    steps.mark(session.trainers.exclude(user=None).first().user, session, seen)


def _begin(task) -> None:
    """Two criteria are scored already."""
    from ideas import services

    first, second, _third = task.seat.round.criteria.all()
    said = "Ask who pays for the first month."
    services.save_review(
        by=task.seat.reviewer.user, task=task, scores={first.pk: 4, second.pk: 3}, comment=said, now=NOW
    )


def _user(role: str):
    from accounts.models import User
    from desk.demo import people

    email = next(
        s.email for s in people.SIGN_INS if s.role == role and (s.language == "en" or role != "funder")
    )
    return User.objects.get(email=email)


@contextmanager
def _server():
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *words):
            """No line a request."""

    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def _chromium():
    from playwright.sync_api import sync_playwright

    from tests import programs
    from tests.fixtures.browser import ARGUMENTS

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop; the records do not care
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(programs.chromium()), args=ARGUMENTS)
        yield browser
        browser.close()


def _take(browser, url, name, path, user, width, *, language="en", scheme="light", fill=None) -> None:
    """`fill` is put into the page's form, and the picture is of what it leads to."""
    from accounts.models import User
    from tests.fixtures.browser import LOCALES, signed_in

    if user:
        User.objects.filter(pk=user.pk).update(language=language)  # hers stands above the browser's
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": WIDTHS[width]},
        locale=LOCALES[language],
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    context.add_cookies(signed_in(url, user, language))
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    for field, value in (fill or {}).items():
        page.fill(field, value)
    if fill:
        page.click("button.primary")
        page.wait_for_load_state("networkidle")
    if not name.startswith(ONE_SCREEN):
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height, TALLEST[width])})
    target = FOLDER / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    context.close()
    size = target.stat().st_size
    print(f"{name} {size} {'ok' if size <= MOST else 'TOO LARGE'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
