"""`manage.py duplicates PROGRAMME [--json] [--at-least 0.62]`: which ideas may be one, and why."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from ideas import duplicates
from ideas.duplicates import proposals
from ideas.models import Idea
from people.commands import ProgrammeCommand


class Command(ProgrammeCommand):
    help = "Groups the ideas of a programme that sound alike and that nobody decided on. Joins nothing."
    machine_words = "for machines: keys, numbers, shared words"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--at-least", type=float, default=duplicates.PROPOSED, metavar="N", help="likeness, from 0 to 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        least = options["at_least"]
        if not 0.3 <= least <= 1:
            raise CommandError("--at-least is a number from 0.3 to 1.")
        programme = self.programme(options)
        pairs = duplicates.pairs(programme, min(least, proposals.LOOSE))
        groups = proposals.groups(pairs, proposals.decided(programme), least)
        content = {
            "programme": programme.code,
            "at_least": least,
            "ideas": Idea.objects.filter(programme=programme).count(),
            "groups": _shown(groups),
        }
        self.stdout.write(
            json.dumps(content, ensure_ascii=False, indent=1) if options["json"] else _lines(content)
        )


def _shown(groups: list) -> list[dict]:
    keys = [pk for group in groups for pk in group.ideas]
    ideas = {}
    for start in range(0, len(keys), 5_000):
        ideas |= Idea.objects.select_related("text").in_bulk(keys[start : start + 5_000])
    return [_group([ideas[pk] for pk in group.ideas], group.most, group.least) for group in groups]


def _group(ideas: list[Idea], most: float, least: float) -> dict:
    one, other = (f"{idea.text.title} {idea.text.summary}" for idea in ideas[:2])
    rows = [{"id": idea.pk, "number": idea.number, "title": idea.text.title} for idea in ideas]
    return {"likeness": most, "least": least, "words": duplicates.shared_words(one, other), "ideas": rows}


def _lines(content: dict) -> str:
    lines = [f"Groups: {len(content['groups'])}, among {content['ideas']} ideas."]
    for group in content["groups"]:
        lines.append(f"{group['likeness']:.2f}  {', '.join(group['words'])}")
        lines += [f"      {idea['number']:>5}  {idea['title']}" for idea in group["ideas"]]
    return "\n".join(lines)
