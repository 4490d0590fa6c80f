"""`manage.py rank ROUND [--json] [--method adjusted] [--shortlisted 24]`: ideas in order, and how surely."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ideas.models import Idea, Round
from ideas.ranking import MEAN, METHODS, cut
from ideas.ranking.kept import Ranked, ranked
from ideas.ranking.words import agreement_words, overlap_words


class Command(BaseCommand):
    help = "Ranks the ideas of a round. Keeps nothing. A decided round: as it was decided."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", metavar="ROUND", help="its key, or PROGRAMME/NUMBER")
        parser.add_argument("--json", action="store_true", help="for machines: keys, no names")
        parser.add_argument("--method", choices=METHODS, default=MEAN)
        parser.add_argument("--weighted", action="store_true", help="by how sure reviewers are")
        parser.add_argument("--shortlisted", type=int, metavar="N", help="what this cut-off amounts to")
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose, where two organisations use the same code"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        round = _round(options["round"], options["tenant"])
        found = ranked(round, options["method"], weighted=options["weighted"])
        line = (
            None if options["shortlisted"] is None else cut(found.found, shortlisted=options["shortlisted"])
        )
        if options["json"]:
            content = {"programme": round.programme.code, "round": round.pk, "number": round.number}
            content |= {"seen": found.seen, "decided": found.selection is not None} | found.found
            content |= {"cut": line._asdict()} if line else {}
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=1))
            return
        self.stdout.write("\n".join(_lines(found, line)))


def _round(said: str, slug: str | None) -> Round:
    rounds = Round.objects.select_related("programme__tenant")
    if slug:
        rounds = rounds.filter(programme__tenant__slug=slug)
    code, gap, number = said.rpartition("/")
    if not number.isdecimal() or len(number) > 9:
        raise CommandError("A round is said as its key, or as in startup-2017/1.")
    found = list(rounds.filter(programme__code=code, number=number) if gap else rounds.filter(pk=number))
    if not found:
        raise CommandError(f"There is no round {said}.")
    if len(found) > 1:
        raise CommandError("Several organisations: say which with --tenant.")
    return found[0]


def _lines(found: Ranked, line) -> list[str]:
    """Numbers of ideas, no titles: whoever runs this reads no names."""
    rows = found.found["ideas"]
    numbers = {}
    for start in range(0, len(rows), 5_000):
        part = Idea.objects.filter(pk__in=[row["idea"] for row in rows[start : start + 5_000]])
        numbers |= dict(part.values_list("pk", "number"))
    lines = [f"{'place':>5}  {'idea':>6}  {'score':>7}  {'between':>13}  {'spread':>6}  reviews"]
    for row in rows:
        between = f"{row['low']} to {row['high']}" if row["low"] else ""
        side = f"  {line.verdicts.get(row['idea'], '')}" if line else ""
        lines.append(
            f"{row['place'] or '-':>5}  {numbers.get(row['idea'], '-'):>6}  {_number(row['score']):>7}  "
            f"{between:>13}  {_number(row['spread']):>6}  {row['reviews']}{side}"
        )
    words = (agreement_words(found.found), overlap_words(found.found))
    return [*lines, *(said for said in words if said)]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
