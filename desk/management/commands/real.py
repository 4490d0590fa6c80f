"""`manage.py real`: load the real programmes into a database of their own and compare."""

import tempfile
from contextlib import contextmanager
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
    trainings,
)


class Command(BaseCommand):
    help = (
        "Loads the real programmes of the shared data and prints our figures beside the published ones, and "
        "how many headings of real files are guessed right."
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
        told = list(headings.compare(data))
        for line in (*figures, *told):
            self.stdout.write(str(line))
        if not all(figure.is_equal for figure in figures) or not all(one.is_enough for one in told):
            raise SystemExit(1)


@contextmanager
def _own_database():
    """An SQLite file in a temporary folder stands in for the installation's database while this runs."""
    usual = connections.settings
    connections.close_all()
    with tempfile.TemporaryDirectory(prefix="rasadnik-real-") as folder:
        quick = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
        own = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder) / "real.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": quick},
        }
        try:
            _use({"default": own})
            yield
        finally:
            connections.close_all()
            _use(usual)


def _use(databases: dict) -> None:
    connections.settings = connections.configure_settings(databases)
    if hasattr(connections._connections, "default"):
        del connections["default"]
