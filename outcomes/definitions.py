"""What a figure is: its words, its unit, how it is counted, with a version.

Those that ship with the product: outcomes/library/indicators.py; an organisation's own: rows of
IndicatorVersion; both together: outcomes/registry.py. How each is counted: outcomes/counting/.

A change of what is counted raises the version of the definition; a change of how anything is composed,
rounded or guarded raises METHOD. Both are frozen with the figures, so that two issues can be compared.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from outcomes.models import Level

METHOD = 2  # 2: below 60 per cent of answers only counts; both sides of an outcome are guarded


class Unit(StrEnum):
    PERSONS = "persons"
    PLACES = "places"
    HOURS = "hours"
    PERCENT = "percent"
    IDEAS = "ideas"
    REVIEWS = "reviews"
    ENTERPRISES = "enterprises"
    MONEY = "money"
    JOBS = "jobs"
    POINTS = "points"
    PRACTICES = "practices"
    DAYS = "days"
    RESULTS = "results"
    NUMBER = "number"


UNITS = {
    Unit.PERSONS: _("persons"),
    Unit.PLACES: _("training places"),
    Unit.HOURS: _("hours"),
    Unit.PERCENT: _("per cent"),
    Unit.IDEAS: _("ideas"),
    Unit.REVIEWS: _("reviews"),
    Unit.ENTERPRISES: _("enterprises"),
    Unit.MONEY: _("amount of money"),
    Unit.JOBS: _("full-time jobs"),
    Unit.POINTS: _("points"),
    Unit.PRACTICES: _("practices"),
    Unit.DAYS: _("days"),
    Unit.RESULTS: _("results"),
    Unit.NUMBER: _("number"),
}

DECIMALS = {Unit.HOURS: 1, Unit.JOBS: 2, Unit.POINTS: 2, Unit.NUMBER: 2, Unit.PRACTICES: 1, Unit.MONEY: 2}


def unit_name(unit: str) -> str:
    """The unit in words; a unit that an organisation wrote itself as it stands."""
    return str(UNITS.get(unit, unit))


@dataclass(frozen=True)
class Definition:
    """`numerator` says what is counted, `denominator` of what (empty for a plain count). `standard` names
    the same figure in published catalogues. `level` is the place in the results chain, `kirkpatrick` 1
    (reaction) to 4 (results). `spec` says how it is counted, in the terms of outcomes/counting/spec.py; an
    empty one: by code, under its own code. A guarded figure tells of income, closure, jobs, loss: the gate
    looks at both of its sides."""

    code: str
    name: str
    unit: str
    numerator: str
    denominator: str = ""
    standard: str = ""
    level: str = "output"
    version: int = 1
    spec: dict = field(default_factory=dict, hash=False)
    disaggregations: tuple[str, ...] = ()  # codes of DISAGGREGATIONS
    kirkpatrick: int | None = None
    is_guarded: bool = False
    source: str = "library"  # or "own": made by the organisation
    reason: str = ""  # why this version was made

    @property
    def how(self) -> dict:
        """The spec, never empty."""
        return self.spec or {"count": "built_in", "measure": self.code}

    @property
    def level_name(self) -> str:
        """The place in the results chain, in words."""
        return str(Level(self.level).label)


DISAGGREGATIONS = {
    "sex": _("sex"),
    "age": _("age"),
    "region": _("region"),
    "municipality": _("municipality"),
    "sector": _("line of business"),
    "business_age": _("age of the business"),
    "registered": _("registration"),
    "module": _("module"),
    "group": _("group"),
    "programme": _("programme"),
    "wave": _("wave"),
    "currency": _("currency"),
}
STANDARD = ("sex", "age", "region", "sector", "business_age")


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
