"""The world of the journeys is the demo. It is built once for a test database and put back before each test.

The rows are kept in a schema of their own; a test starts on a copy of them, and pytest-django empties the
tables after it as after every test that commits.
"""

import shutil
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from desk.demo import build, people
from people.models import Programme
from training import services as training
from training.models import Session

KEPT = "kept_demo"


@pytest.fixture(scope="session")
def kept_demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo around the real today, with a session that goes on now; the tables are left empty. Gives the
    folder of its files."""
    folder = tmp_path_factory.mktemp("demo-files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder):
        build.build(today=build.today(timezone.now()))
        _let_it_go_on(Session.objects.get(programme__code="startup-now", source_id="day-2"))
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}")
            for name in _tables():
                cursor.execute(f'CREATE TABLE {KEPT}."{name}" AS TABLE public."{name}"')
        call_command("flush", verbosity=0, interactive=False)
    return folder


def _let_it_go_on(session: Session) -> None:
    """Today's session is moved to now, whatever o'clock it is, within its day and as long as it was."""
    now = timezone.now().astimezone(ZoneInfo(session.zone))
    midnight = datetime.combine(session.day, time(0), now.tzinfo)
    start = min(max(now - timedelta(minutes=30), midnight), midnight + timedelta(hours=16, minutes=59))
    start = start.replace(second=0, microsecond=0)
    by = session.programme.memberships.get(role="coordinator").person.user
    lunch = [f"{start + timedelta(minutes=minutes):%H:%M}" for minutes in (210, 270)]
    training.change_session(
        by=by,
        session=session,
        day=session.day,
        start=start.time(),
        end=(start + timedelta(hours=7)).time(),
        breaks=[lunch],
        now=timezone.now(),
    )


def _tables() -> list[str]:
    return sorted({model._meta.db_table for model in _models()})


def _models() -> list:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


@pytest.fixture
def transactional_db(kept_demo: Path, transactional_db, _own_folders, settings):
    """Here a committed database holds the demo, and the folder of files its files."""
    shutil.copytree(kept_demo, settings.MEDIA_ROOT, dirs_exist_ok=True)
    names = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no order of tables
        cursor.execute("TRUNCATE " + ", ".join(f'public."{name}"' for name in names))
        for name in names:
            cursor.execute(f'INSERT INTO public."{name}" SELECT * FROM {KEPT}."{name}"')
        for text in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(text)
    ContentType.objects.clear_cache()


@pytest.fixture
def demo(transactional_db) -> SimpleNamespace:
    """The two programmes, the session of today, and who signs in, by role."""
    running = Programme.objects.get(code="startup-now")
    world = SimpleNamespace(running=running, founding=Programme.objects.get(code="startup-2017"))
    world.session = Session.objects.get(programme=running, source_id="day-2")
    world.user = {role: user_of(role) for role in ("coordinator", "trainer", "entrepreneur", "administrator")}
    world.user["mentor"] = user_of("mentor", key="m3")
    world.user["funder"] = user_of("funder", organisation=people.GIZ)
    return world


def user_of(role: str, **wanted: str) -> User:
    """Who signs in to the demo in this role."""
    found = next(
        one
        for one in people.SIGN_INS
        if one.role == role and all(getattr(one, name) == value for name, value in wanted.items())
    )
    return User.objects.get(email=found.email)


@pytest.fixture
def visit(demo, open_page):
    """`visit("trainer", size=PHONE)` opens a page as that person of the demo, in English unless said.

    Taps are counted: `page.taps` after `tap(page, ...)`. When the test fails, pytest shows what each page
    said last.
    """
    pages = []

    def opened(role: str | None = None, *, language: str = "en", **options):
        user = demo.user[role] if role else None
        if user:
            User.objects.filter(pk=user.pk).update(language=language)  # hers stands above the browser's
        page = open_page(user=user, language=language, **options)
        page.taps = 0
        pages.append(page)
        return page

    yield opened
    for page in pages:
        if page.is_closed():
            continue
        print(f"--- {page.url}\n{page.locator('body').inner_text()}")


def tap(page, target) -> None:
    """One tap, counted."""
    page.taps += 1
    target.click()
