"""The ranking of a round to take along: one row an idea, in order."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ideas.models import Decision, Idea
from ideas.ranking import Cut
from ideas.ranking.kept import Ranked
from lib.exports import Column, Export

VERDICTS = dict(Decision.Verdict.choices)
A_PART = 5_000

RANKING = Export(
    "ranking",
    _("Ranking"),
    (
        Column("place", _("Place")),
        Column("number", _("Number")),
        Column("title", _("Title")),
        Column("score", _("Score")),
        Column("mean", _("Weighted mean")),
        Column("adjusted", _("Adjusted")),
        Column("low", _("Place at best")),
        Column("high", _("Place at worst")),
        Column("reviews", _("Reviews in")),
        Column("spread", _("Spread of its reviews")),
        Column("verdict", _("Decision"), words=VERDICTS),
        Column("by_hand", _("Against the order")),
        Column("reason", _("Reason")),
    ),
)


def rows(found: Ranked, line: Cut) -> Iterator[dict]:
    """What was decided, or what the cut-off would amount to. Reads 5,000 ideas at once."""
    said = {}
    if found.selection:
        kept = found.selection.decisions.values_list("idea", "verdict", "by_hand", "reason")
        said = {idea: (verdict, by_hand, reason) for idea, verdict, by_hand, reason in kept}
    ideas = found.found["ideas"]
    for start in range(0, len(ideas), A_PART):
        part = ideas[start : start + A_PART]
        known = Idea.objects.filter(pk__in=[row["idea"] for row in part])
        texts = {
            pk: (number, title) for pk, number, title in known.values_list("pk", "number", "text__title")
        }
        for row in part:
            number, title = texts.get(row["idea"], (None, ""))
            verdict, by_hand, reason = said.get(row["idea"], (line.verdicts.get(row["idea"]), False, ""))
            more = {
                "number": number,
                "title": title,
                "verdict": verdict,
                "by_hand": by_hand,
                "reason": reason,
            }
            yield row | more
