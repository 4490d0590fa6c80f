"""`manage.py demo`: two programmes to look around in; `--rebuild` makes them anew around today."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Tenant
from desk.demo import build, people


class Command(BaseCommand):
    help = "Build the demo: the founding programme of 2017 and a running edition around today."

    def add_arguments(self, parser):
        parser.add_argument(
            "--rebuild", action="store_true", help="take the demo away first; nothing else is touched"
        )

    def handle(self, *, rebuild: bool, **options):
        call_command("migrate", verbosity=0, interactive=False)
        today = build.today(timezone.now())
        if rebuild:
            build.rebuild(today=today)
        elif Tenant.objects.filter(is_demo=True).exists():
            raise CommandError("The demo is here already; --rebuild makes it anew, around today.")
        else:
            build.build(today=today)
        self.stdout.write(
            f"The demo is ready. Sign in as {people.SIGN_INS[0].email}, password {people.PASSWORD}."
        )
