"""`manage.py summary PROGRAMME [--all] [--json]`: a programme in figures, counted from its rows."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.programmes import everybody, figures
from people.models import Programme


class Command(BaseCommand):
    help = "Counts projects, people, mentors and sessions of a programme; with --all of every programme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", nargs="?", metavar="PROGRAMME", help="the code of a programme")
        parser.add_argument("--all", action="store_true", help="every programme of the organisation")
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose, where two organisations use the same code"
        )
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = Programme.objects.order_by("start", "code").select_related("tenant")
        if options["tenant"]:
            programmes = programmes.filter(tenant__slug=options["tenant"])
        if options["programme"]:
            named = programmes.filter(code=options["programme"])
            programmes = programmes.filter(tenant__in=named.values("tenant")) if options["all"] else named
        elif not options["all"]:
            raise CommandError("Name a programme by its code, or say --all.")
        found = list(programmes)
        if not found:
            raise CommandError(f"There is no programme {options['programme'] or ''}.".replace(" .", "."))
        if len({programme.tenant_id for programme in found}) > 1:
            raise CommandError("Several organisations: say which with --tenant.")
        counted = [figures(programme) for programme in found]
        content = {"programmes": counted, "people": everybody(found)} if options["all"] else counted[0]
        self.stdout.write(
            json.dumps(content, ensure_ascii=False, indent=1) if options["json"] else _lines(content)
        )


def _lines(content: dict) -> str:
    rows = [*content["programmes"], content["people"]] if "programmes" in content else [content]
    return "\n".join(
        "  ".join(f"{name} {'–' if value is None else value}" for name, value in row.items()) for row in rows
    )
