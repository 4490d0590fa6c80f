"""The definitions of an organisation, to take along."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from outcomes.counting.spec import in_words
from outcomes.defined import Defined
from outcomes.definitions import DISAGGREGATIONS, UNITS
from outcomes.models import Level

ORIGINS = {"library": _("library"), "changed": _("changed here"), "own": _("made here")}

DEFINITIONS = Export(
    "definitions",
    _("Definitions"),
    (
        Column("code", _("Code")),
        Column("name", _("Name of the figure")),
        Column("level", _("Level"), words=dict(Level.choices)),
        Column("unit", _("Unit"), words=UNITS),
        Column("version", _("Version")),
        Column("origin", _("Where it comes from"), words=ORIGINS),
        Column("numerator", _("What is counted")),
        Column("denominator", _("Of what")),
        Column("how", _("In detail")),
        Column("disaggregations", _("Taken apart by"), words=DISAGGREGATIONS),
        Column("standard", _("Published as")),
        Column("kirkpatrick", _("Level by Kirkpatrick")),
        Column("is_guarded", _("Guarded on both sides")),
        Column("lines", _("Lines of logframes that it counts")),
        Column("reason", _("Why it was changed")),
    ),
)
PLAIN = ("code", "level", "version", "kirkpatrick", "is_guarded", "reason", "standard")
TOLD = ("name", "unit", "numerator", "denominator")


def definitions(found: Iterable[Defined]) -> list[dict]:
    return [_row(one) for one in found]


def _row(one: Defined) -> dict:
    definition = one.definition
    plain = {name: getattr(definition, name) for name in PLAIN}
    told = {name: str(getattr(definition, name)) for name in TOLD}
    how = {"how": " ".join(in_words(definition.how)), "origin": one.origin, "lines": len(one.lines)}
    return plain | told | how | {"disaggregations": list(definition.disaggregations)}
