"""`manage.py setup`: an installation without an organisation prints, once, the address to set it up."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts import setup

AGAIN = "manage.py setup --again"


class Command(BaseCommand):
    help = "Print the address at which an empty installation is set up; says so when it is set up already."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again", action="store_true", help="print a new address; the one printed before is void"
        )

    def handle(self, *, again: bool, **options):
        if setup.is_set_up():
            if again:
                raise CommandError(
                    "This installation is set up: its administrator invites whoever is missing."
                )
            self.stdout.write("This installation is set up.")
        elif not again and (waiting := setup.waiting()):
            self.stdout.write(
                "This installation waits to be set up. The address was printed on "
                f"{waiting.created_at:%Y-%m-%d} and is not printed twice.\n"
                f"Lost it? {AGAIN} prints a new one and voids the old."
            )
        else:
            self._print(setup.new_secret(now=timezone.now()))

    def _print(self, secret: str) -> None:
        address = f"{settings.SITE_URL.rstrip('/')}{reverse('desk:setup')}"
        self.stdout.write(
            f"\nNobody is known here yet. Set it up at\n\n  {address}#{secret}\n\n"
            f"or open {address} and type  {secret}\n"
            f"Whoever has it becomes the administrator. It works once and is not printed again; "
            f"{AGAIN} makes a new one.\n"
        )
        self.stdout.flush()
