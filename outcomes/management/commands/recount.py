"""`manage.py recount [--programme CODE]`: every figure counted twice, by two ways; how often they differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from outcomes.recounting import every
from people.models import Programme


class Command(BaseCommand):
    help = "Counts every figure again, row by row, and prints how many there are and how many differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", metavar="CODE", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = Programme.objects.select_related("tenant").order_by("pk")
        if options["programme"]:
            programmes = programmes.filter(code=options["programme"])
            if not programmes:
                raise CommandError(f"There is no programme {options['programme']}.")
        now, figures, rows, wrong = timezone.now(), 0, 0, 0
        for programme in programmes:
            for name, both in every(programme, now):
                figures, rows = figures + 1, rows + both.rows
                if not both.agrees:
                    wrong += 1
                    self.stderr.write(
                        f"{programme.code} {name} {both.code}: counted {both.counted}, "
                        f"again {both.recounted}; {both.differ} rows differ"
                    )
        self.stdout.write(f"figures {figures}, rows {rows}, mismatches {wrong}")
        if wrong:
            raise CommandError("The two counts differ.")
