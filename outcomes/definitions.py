"""What each figure means, in words and with a version. How it is counted: outcomes/indicators.py.

A change of what is counted raises the version of the definition; a change of how anything is composed,
rounded or guarded raises METHOD. Both are frozen with the figures, so that two issues can be compared.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

METHOD = 1


class Unit(StrEnum):
    PERSONS = "persons"
    PLACES = "places"
    HOURS = "hours"
    PERCENT = "percent"
    IDEAS = "ideas"
    REVIEWS = "reviews"


UNITS = {
    Unit.PERSONS: _("persons"),
    Unit.PLACES: _("training places"),
    Unit.HOURS: _("hours"),
    Unit.PERCENT: _("per cent"),
    Unit.IDEAS: _("ideas"),
    Unit.REVIEWS: _("reviews"),
}


@dataclass(frozen=True)
class Definition:
    """`numerator` says what is counted, `denominator` of what (empty for a plain count). `standard` names
    the same figure in published catalogues. `level` is the place in the results chain."""

    code: str
    name: str
    unit: Unit
    numerator: str
    denominator: str = ""
    standard: str = ""
    level: str = "output"
    version: int = 1


_ALL = (
    Definition(
        "F-01",
        _("Applied"),
        Unit.PERSONS,
        _("Persons known to the programme in any state, from applying on, until the end of the period."),
    ),
    Definition(
        "F-02",
        _("Enrolled"),
        Unit.PERSONS,
        _("Persons who were given a place, also when they left it later."),
    ),
    Definition(
        "OP-01",
        _("Took part"),
        Unit.PERSONS,
        _("Persons who attended at least one session that is paid for, each counted once, on the first day."),
        standard="IRIS PI4060",
    ),
    Definition(
        "OP-02",
        _("Training places taken"),
        Unit.PLACES,
        _("Person and module, with at least one session attended. Not a number of persons."),
        standard="IRIS PI7997",
    ),
    Definition(
        "OP-05",
        _("Hours of training received"),
        Unit.HOURS,
        _("Hours that participants attended, breaks left out, late arrival and early leaving taken off."),
        standard="IRIS PI1836",
    ),
    Definition(
        "OP-06",
        _("Attendance"),
        Unit.PERCENT,
        _("Person and session, there for all or part of it."),
        _("Person and session, expected and marked. Those not marked are unknown and left out."),
    ),
    Definition(
        "OP-07",
        _("Completed"),
        Unit.PERCENT,
        _(
            "Persons who attended at least the share of the planned hours that completes the programme; "
            "who withdrew completes nothing."
        ),
        _("Persons who attended at least one session; who left later stays in."),
        standard="EEA CIV-007",
        version=2,
    ),
    Definition(
        "OP-08",
        _("Hours of mentoring"),
        Unit.HOURS,
        _("Hours of the meetings that mentors logged as held."),
        standard="IRIS PI5352",
    ),
    Definition(
        "OP-08.2",
        _("Met a mentor"),
        Unit.PERSONS,
        _("Persons with at least one meeting held, each counted once, on the day of the first."),
    ),
    Definition(
        "OP-08.3",
        _("Mentoring on the premises"),
        Unit.PERCENT,
        _("Minutes of meetings at the entrepreneur's own place of business."),
        _("Minutes of all meetings held."),
    ),
    Definition(
        "OP-09",
        _("Ideas nominated"),
        Unit.IDEAS,
        _("Business ideas, each counted once, on the day of its first nomination."),
    ),
    Definition(
        "OP-09.2",
        _("Ideas reviewed"),
        Unit.IDEAS,
        _("Ideas nominated in the period that at least one mentor has judged."),
    ),
    Definition(
        "OP-09.3",
        _("Ideas carried on"),
        Unit.IDEAS,
        _("Ideas nominated in the period that went into mentoring, also when they have ended since."),
    ),
    Definition(
        "OP-09.4",
        _("Reviews handed in"),
        Unit.REVIEWS,
        _("Reviews of ideas that mentors handed in during the period; drafts are left out."),
    ),
)

DEFINITIONS = {definition.code: definition for definition in _ALL}


@dataclass(frozen=True)
class Breakdown:
    """A figure by one property. `of` is the figure that it takes apart."""

    code: str
    name: str
    heading: str
    of: str


BREAKDOWNS = {
    breakdown.code: breakdown
    for breakdown in (
        Breakdown("region", _("Participants by region"), _("Region"), "OP-01"),
        Breakdown("line", _("Participants by line of business"), _("Line of business"), "OP-01"),
        Breakdown("sector", _("Ideas by line of business"), _("Line of business"), "OP-09"),
        Breakdown("stage", _("Ideas by stage"), _("Stage"), "OP-09"),
        Breakdown("state", _("Ideas by what became of them"), _("State"), "OP-09"),
    )
}
