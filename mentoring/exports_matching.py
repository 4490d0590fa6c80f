"""Matching to take along: the runs of a programme, the pairs of one run with the facts that counted."""

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from mentoring.matching import fit
from mentoring.matching.words import FACTORS
from people.exports import called, who

RUNS = Export(
    "matching_runs",
    _("Matching"),
    (
        Column("number", _("Run")),
        Column("made_at", _("Asked for")),
        Column("made_by", _("By whom"), "made_by__name"),
        Column("placed", _("People with a mentor"), "result__placed"),
        Column("unplaced", _("Without a mentor"), "result__unplaced", lambda keys: keys and len(keys) or 0),
        Column("fit", _("Fit of all pairs"), "result__fit"),
        Column("worst", _("The worst fit"), "result__worst"),
        Column("published_at", _("Published")),
        Column("published_by", _("Published by"), "published_by__name"),
        Column("facts_fingerprint", _("Fingerprint of what was asked")),
        Column("fingerprint", _("Fingerprint of the answer")),
    ),
)

PROPOSALS = Export(
    "proposals",
    _("Proposed pairs"),
    (
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Entrepreneur"), who("enrolment__person"), called),
        Column("mentor", _("Mentor"), who("mentor__person"), called),
        Column("fit", _("Fit")),
        *(Column(factor, FACTORS[factor], f"factors__{factor}") for factor in fit.FACTORS),
        Column("is_pinned", _("Pinned")),
    ),
)
