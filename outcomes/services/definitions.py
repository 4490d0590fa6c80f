"""Verbs of definitions: a definition that is edited is the next version, with the reason."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import Tenant, User
from outcomes.counting import spec as specs
from outcomes.definitions import DISAGGREGATIONS, Definition, Unit, unit_name
from outcomes.library.indicators import LIBRARY
from outcomes.models import IndicatorVersion
from outcomes.registry import definitions, next_version

CODE = re.compile(r"[A-Z][A-Z0-9]{0,5}-[0-9]{1,3}(\.[0-9]{1,2})?")
MOST = 10_000  # letters of a spec, as data
PARTS_OF_A_WHOLE = ("share", "ratio")


@transaction.atomic
def save_definition(
    *, by: User, tenant: Tenant, code: str, after: int | None = None, **said
) -> IndicatorVersion:
    """A definition of the organisation's own, or its next version of one that there is. The version before
    stays: what was counted by it can be counted again. `after` is the version that was read before it was
    changed."""
    known = definitions(tenant).get(code)
    if known is not None and not said.get("reason", "").strip():
        raise ValidationError({"reason": _("Say why it is changed.")})
    check_definition(known, code, said)
    last = known.version if known else 0
    if after is not None and after != last:
        words = _("Somebody has made version %(n)s in the meantime. Read it, then decide.")
        raise ValidationError(words % {"n": last})
    row = IndicatorVersion(tenant=tenant, made_by=by)
    keep(by=by, row=row, said={"code": code, "number": next_version(tenant, code), **said}, tenant=tenant)
    return row


def check_definition(known: Definition | None, code: str, said: dict) -> None:
    """Could it be kept? `known` is the newest version. Raises ValidationError by field."""
    if known is None and not CODE.fullmatch(code):
        raise ValidationError({"code": _("A code is letters, a line and a number: LO-01.")})
    spec = said.get("spec")
    if _is_long(spec):
        raise ValidationError({"spec": _("This is too long for one figure.")})
    specs.check(spec)
    _check_words(code, spec, said)
    unknown = set(said.get("disaggregations") or ()) - set(DISAGGREGATIONS)
    if unknown:
        words = _("“%(what)s” is not known here.") % {"what": ", ".join(sorted(unknown))}
        raise ValidationError({"disaggregations": words})


def _is_long(spec) -> bool:
    try:
        return len(str(spec)) > MOST
    except RecursionError:  # lists inside of lists without an end
        return True


def _check_words(code: str, spec: dict, said: dict) -> None:
    """Unit and words say what the spec counts."""
    unit, wanted = said.get("unit"), _unit_of(spec)
    if wanted and unit != wanted:
        words = _("What is counted so is told in this unit: %(unit)s.")
        raise ValidationError({"unit": words % {"unit": unit_name(wanted)}})
    is_number = spec["count"] == "results" or spec.get("aggregation") == "distinct"
    if is_number and unit in (Unit.PERCENT, Unit.MONEY):
        raise ValidationError({"unit": _("This is a number: it is told neither in per cent nor in money.")})
    if spec.get("aggregation") == "share" and not said.get("denominator"):
        raise ValidationError({"denominator": _("A share says of what it is one.")})
    if spec.get("of") == code:
        raise ValidationError({"spec": _("The cost of a figure is not counted of itself.")})


def _unit_of(spec: dict) -> str | None:
    """The unit that goes with it; none where several do."""
    if spec["count"] == "built_in":
        return LIBRARY[spec["measure"]].unit
    if spec["count"] == "cost_per":
        return Unit.MONEY
    relative = spec.get("value", [""])[0] == "relative_change" and len(spec["value"]) == 3
    return Unit.PERCENT if relative or spec.get("aggregation") in PARTS_OF_A_WHOLE else None
