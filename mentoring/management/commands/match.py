"""`manage.py match PROGRAMME [--json] [--weight sector=40] [--keep]`: who would guide whom, and why."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from jobs.services import run as work
from mentoring import services
from mentoring.matching import fit, solving
from mentoring.matching.facts import fingerprint
from mentoring.models import MatchingRun
from people.commands import ProgrammeCommand
from people.models import Programme
from training.models import Enrolment


class Command(ProgrammeCommand):
    help = "Matches everybody of a programme who looks for a mentor. Keeps nothing, unless told to."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--keep", action="store_true", help="keep it as a run that can be published")
        parser.add_argument(
            "--weight", action="append", default=[], metavar="FACTOR=N", help=f"of {', '.join(fit.FACTORS)}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        programme = self.programme(options)
        try:
            run = self._run(programme, _weights(options["weight"]), is_kept=options["keep"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        content = _content(run)
        self.stdout.write(
            json.dumps(content, ensure_ascii=False, indent=1) if options["json"] else _lines(run, content)
        )

    def _run(self, programme: Programme, weights: dict[str, int], *, is_kept: bool) -> MatchingRun:
        asked = {"programme": programme, "weights": weights, "now": timezone.now()}
        if is_kept:
            run = services.request_run(by=None, **asked)
            work(run.job_id)
            run.refresh_from_db()
            if not run.fingerprint:
                raise CommandError(
                    f"Run {run.number} is being computed elsewhere, or failed: {run.job.reason}"
                )
            return run
        with transaction.atomic():
            run = services.prepared(**asked)
        run.result = solving.solve(run.facts, run.weights, run.pinned)
        run.fingerprint = fingerprint(run.facts, run.weights, run.pinned, run.result)
        return run


def _weights(said: list[str]) -> dict[str, int]:
    try:
        return {name: int(value) for name, value in (one.split("=") for one in said)}
    except ValueError as error:
        raise CommandError("A weight is said as in --weight sector=40.") from error


def _content(run: MatchingRun) -> dict:
    """All that the run follows from, and what followed."""
    found = {"programme": run.programme.code, "run": run.number if run.pk else None, "weights": run.weights}
    found |= {"facts_fingerprint": run.facts_fingerprint, "fingerprint": run.fingerprint}
    return found | {"facts": run.facts, "result": run.result}


def _lines(run: MatchingRun, content: dict) -> str:
    """A line a pair, by row code: who runs this reads no names."""
    codes = dict(Enrolment.objects.filter(programme=run.programme).values_list("pk", "row_code"))
    result = content["result"]
    lines = [
        f"{codes[pair['enrolment']]}  mentor {pair['mentor']}  fit {pair['fit']}  "
        + ", ".join(f"{factor} {points}" for factor, points in pair["points"].items() if points)
        for pair in result["pairs"]
    ]
    lines += [f"{codes[enrolment]}  no mentor" for enrolment in result["unplaced"]]
    people = len(run.facts["people"])
    return "\n".join([*lines, f"{result['placed']} of {people} placed, fit {result['fit']}", run.fingerprint])
