"""`manage.py runserver`: Django's development server, with worker, scheduler and mail sink beside it."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.commands.runserver import Command as Runserver
from django.db import connection

from accounts.models import Tenant
from desk import embedded


class Command(Runserver):
    """Static files come from WhiteNoise, also without DEBUG. The reloader's outer process runs nothing."""

    def inner_run(self, *args, **options):
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        self._know_own_address()
        companions = self._companions() if _is_migrated() else None
        try:
            super().inner_run(*args, **options)
        finally:
            if companions and not companions.stop():
                os._exit(1)  # running work goes on at the next start; Python would wait for it

    def _companions(self) -> embedded.Companions | None:
        """Beside the first server only: of two workers each would think the other's work dead."""
        if not Tenant.objects.exists():
            self.stdout.write(
                "The database is empty: `python manage.py demo` builds a demo to look around in, "
                "`python manage.py setup` prints the address to set it up."
            )
        try:
            self.lock = embedded.lock(Path(settings.DATA_DIR))
        except embedded.Taken as taken:
            self.stdout.write(f"{taken} Its worker does the background work of this one too.")
            return None
        companions = embedded.Companions()
        companions.start()
        return companions

    def _know_own_address(self) -> None:
        if "SITE_URL" not in os.environ:
            host = f"[{self.addr}]" if self._raw_ipv6 else self.addr
            settings.SITE_URL = f"http://{host}:{self.port}"


def _is_migrated() -> bool:
    """Else Django says in a moment what to do; the worker starts with the next start."""
    return Tenant._meta.db_table in connection.introspection.table_names()
