"""All definitions of an organisation: those that ship with the product, and its own versions beside or over
them. The newest of each code counts, unless a line of a logframe pins another."""

from accounts.models import Tenant
from lib.languages import told
from outcomes.counting import spec
from outcomes.definitions import Definition
from outcomes.library.indicators import LIBRARY
from outcomes.models import IndicatorVersion, Question

GUARDED = frozenset(code for one in LIBRARY.values() if one.is_guarded for code in spec.questions(one.spec))


def definitions(tenant: Tenant) -> dict[str, Definition]:
    """The newest version of each code: the library's in its order, then the organisation's own by code."""
    found = dict(LIBRARY)
    guarded = _guarded(tenant)
    for row in IndicatorVersion.objects.filter(tenant=tenant).order_by("code", "number"):
        found[row.code] = of_row(row, guarded)  # rising numbers: the last one stays
    return found


def definition(tenant: Tenant, code: str, version: int | None = None) -> Definition:
    """One, the newest or the version asked for. Raises KeyError where there is no such."""
    for one in versions(tenant, code):
        if version in (None, one.version):
            return one
    raise KeyError(code)


def versions(tenant: Tenant, code: str) -> list[Definition]:
    """All versions of a code, the newest first; the library's own is the last."""
    rows = IndicatorVersion.objects.filter(tenant=tenant, code=code).order_by("-number")
    guarded = _guarded(tenant)
    found = [of_row(row, guarded) for row in rows]
    return [*found, LIBRARY[code]] if code in LIBRARY else found


def of_row(row: IndicatorVersion, guarded: frozenset[str] = GUARDED) -> Definition:
    """A version that the organisation made, in the active language. Whatever touches a guarded question, or
    takes the place of a guarded definition, is guarded."""
    over = LIBRARY.get(row.code)
    return Definition(
        code=row.code,
        name=row.title,
        unit=row.unit,
        numerator=told(row.numerator, row.numerator_sr),
        denominator=told(row.denominator, row.denominator_sr),
        standard=row.standard,
        level=row.level,
        version=row.number,
        spec=row.spec,
        disaggregations=tuple(row.disaggregations),
        kirkpatrick=row.kirkpatrick,
        is_guarded=bool(over and over.is_guarded) or not guarded.isdisjoint(spec.questions(row.spec)),
        source="own",
        reason=row.reason,
    )


def drafted(tenant: Tenant, code: str, said: dict) -> Definition:
    """What a version would be that nobody has kept yet."""
    return of_row(IndicatorVersion(tenant=tenant, code=code, number=0, **said), _guarded(tenant))


def next_version(tenant: Tenant, code: str) -> int:
    """The number of the version that would be made now."""
    return max((one.version for one in versions(tenant, code)), default=0) + 1


def _guarded(tenant: Tenant) -> frozenset[str]:
    own = Question.objects.filter(tenant=tenant, is_guarded=True).order_by().values_list("code", flat=True)
    return GUARDED | frozenset(own)
