"""What the commands about one programme share: it is named by its code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import Programme


class ProgrammeCommand(BaseCommand):
    """`manage.py … PROGRAMME [--json] [--tenant SLUG]`. `machine_words` says what --json gives."""

    machine_words = "for machines: keys, no names"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", metavar="PROGRAMME", help="the code of a programme")
        parser.add_argument("--json", action="store_true", help=self.machine_words)
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose, where two organisations use the same code"
        )

    def programme(self, options: dict[str, Any]) -> Programme:
        """Raises CommandError where there is none, or one in several organisations."""
        rows = Programme.objects.filter(code=options["programme"]).select_related("tenant")
        slug = options["tenant"]
        found = list(rows.filter(tenant__slug=slug) if slug else rows)
        if not found:
            raise CommandError(f"There is no programme {options['programme']}.")
        if len(found) > 1:
            raise CommandError("Several organisations: say which with --tenant.")
        return found[0]
