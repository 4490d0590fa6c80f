"""What every test may ask for. How to use it: CONTRIBUTING.md, "Tests"."""

import os
from pathlib import Path

import pytest
from django.utils import translation

pytest_plugins = [
    "tests.fixtures.emptying",
    "tests.fixtures.mail",
    "tests.fixtures.worker",
    "tests.fixtures.browser",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in Path(item.path).parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """SQLite in a file, as in real life: threads see each other's commits, WAL and IMMEDIATE count."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    """Uploaded files and the post-box of one test are not another's."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.POSTBOX_DIR = tmp_path / "postbox"


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rate limits, locks and counters of one test are not another's."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real programmes; tests that need it are skipped where it is absent."""
    from django.conf import settings

    if not settings.SHARED_DATA.is_dir():
        pytest.skip(f"no real data at {settings.SHARED_DATA}; SHARED_DATA says where it is")
    return settings.SHARED_DATA


@pytest.fixture(scope="session")
def process_environment(django_db_setup):
    """The environment with which a process of its own uses this test's database and Redis."""
    from django.db import connection

    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{chosen['NAME']}"
    else:
        url = f"postgres://{chosen['USER']}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}


@pytest.fixture(autouse=True)
def english():
    """Each test begins in English: a request of an earlier one may have left its reader's language behind."""
    with translation.override("en"):
        yield
