"""`manage.py real`: load the real programmes into a database of their own and compare."""

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from desk import real
from desk.real import (
    answered,
    companies,
    frameworks,
    headings,
    meeting,
    microgrants,
    panel,
    ranked,
    recounted,
    trainings,
)


class Command(BaseCommand):
    help = (
        "Loads the real programmes of the shared data and prints our figures beside the published ones, "
        "counts every figure of theirs a second time, and says how many headings of real files are guessed "
        "right."
    )

    def handle(self, **options):
        data = Path(settings.SHARED_DATA)
        if not (data / real.FOLDER).is_dir():
            self.stdout.write(f"No real programmes at {data / real.FOLDER}: nothing to compare.")
            return
        with _own_database():
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            real.load_all(data)
            figures = list(real.compare())
            refused = trainings.load_all(data)
            figures += trainings.compare(data, refused)
            meeting.load_all(data)
            figures += meeting.compare()
            panel.load_all(data)
            figures += ranked.compare(data)
            companies.load_all(data)
            figures += companies.compare()
            frameworks.load_all(data)
            figures += frameworks.compare(data)
            microgrants.load_all(data)
            figures += microgrants.compare()
            answered.load_all(data)
            figures += answered.compare(data)
            figures += recounted.compare()
        told = list(headings.compare(data))
        for line in (*figures, *told):
            self.stdout.write(str(line))
        if not all(figure.is_equal for figure in figures) or not all(one.is_enough for one in told):
            raise SystemExit(1)


@contextmanager
def _own_database():
    """An SQLite file in a temporary folder stands in for the installation's database while this runs."""
    usual = connections.settings
    installed = Path(usual["default"]["NAME"]) if "sqlite3" in usual["default"]["ENGINE"] else None
    connections.close_all()
    with tempfile.TemporaryDirectory(prefix="rasadnik-real-") as folder:
        quick = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
        own = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder) / "real.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": quick},
        }
        if installed and installed.is_file():
            _tables(installed, Path(own["NAME"]))
        try:
            _use({"default": own})
            yield
        finally:
            connections.close_all()
            _use(usual)


def _tables(installed: Path, new: Path) -> None:
    """The tables that the installation has, without its rows: to come to them migration by migration takes
    half a minute. Migrations that it lacks are applied as always; none makes rows."""
    told = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    with (
        closing(sqlite3.connect(f"{installed.resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(new)) as made,
    ):
        if not old.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone():
            return
        for (sql,) in old.execute(f"{told} ORDER BY type = 'table' DESC, rowid"):
            made.execute(sql)
        applied = old.execute("SELECT app, name, applied FROM django_migrations")
        made.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", applied)
        made.commit()


def _use(databases: dict) -> None:
    connections.settings = connections.configure_settings(databases)
    if hasattr(connections._connections, "default"):
        del connections["default"]
