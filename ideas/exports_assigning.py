"""Assigning to take along: the runs of a round, the pairs of one run with what counted."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ideas.assigning import fit, words
from ideas.assigning.shown import Shown
from ideas.models import AssigningRun
from lib.exports import Column, Export

RUNS = Export(
    "assigning_runs",
    _("Assigning"),
    (
        Column("number", _("Assignment run")),
        Column("made_at", _("Asked for")),
        Column("made_by", _("By whom"), "made_by__name"),
        Column("asked", _("Reviews lacking"), "result__asked"),
        Column("placed", _("Reviews placed"), "result__placed"),
        Column("fit", _("Fit of all pairs"), "result__fit"),
        Column("laid_at", _("Laid on the desks")),
        Column("laid_by", _("Laid by"), "laid_by__name"),
        Column("facts_fingerprint", _("Fingerprint of what was asked")),
        Column("fingerprint", _("Fingerprint of the answer")),
    ),
)

PAIRS = Export(
    "assigning_pairs",
    _("Who judges what"),
    (
        Column("number", _("Number")),
        Column("title", _("Idea")),
        Column("reviewer", _("Reviewer")),
        Column("fit", _("Fit")),
        *(Column(factor, words.FACTORS[factor]) for factor in fit.FACTORS),
        Column("reason", _("Why")),
    ),
)


def pairs(run: AssigningRun) -> Iterator[dict]:
    """One line for each review that the run places, by the idea's number."""
    values = Shown(run)
    for key in values.found():
        row, idea = values.rows[key], values.ideas[key]
        for seat, points in values.given.get(key, ()):
            yield {
                "number": row["number"],
                "title": idea.title,
                "reviewer": values.name(seat),
                "fit": sum(points.values()),
                **{factor: points.get(factor, 0) for factor in fit.FACTORS},
                "reason": words.reason(row, points),
            }
