"""What became of the businesses (OC-06 to OC-12). All of it is guarded on both sides, but links."""

from django.utils.translation import gettext_lazy as _

from outcomes.definitions import STANDARD, Definition, Unit
from outcomes.library.specs import BASELINE, CLOSED, PAIRED, asked, over, share, then_and_now

BOTH = _("Persons who answered both times.")
MONEY_BOTH = _("Persons who gave the amount both times, in one currency; a closed business has 0.")
RELATIVE = ["relative_change", "now", "then"]
BEFORE = {"before": asked("operating", *BASELINE)}


def _effect(code: str, name, unit: Unit, numerator, denominator, spec: dict, **more) -> Definition:
    more = {"disaggregations": STANDARD, "kirkpatrick": 4, "is_guarded": True} | more
    return Definition(code, name, unit, numerator, denominator, level="outcome", spec=spec, **more)


def _operating(now: str, *between: str) -> dict:
    since = {f"at_{wave}": asked("operating", wave) for wave in between}
    had_one = [["is", name, "yes"] for name in ("before", *since, "now")]
    return share(
        {"now": asked("operating", now)} | BEFORE | since,
        ["is", "now", "yes"],
        ["and", ["known", "now"], ["or", *had_one]],
    )


def _started(now: str) -> dict:
    return share(
        {"now": asked("operating", now)} | BEFORE,
        ["is", "now", "yes"],
        ["and", ["known", "now"], ["is", "before", "no"]],
    )


def _registered(now: str) -> dict:
    return share(
        then_and_now("registered", now),
        ["is", "now", "registered"],
        ["and", ["known", "now"], ["is", "then", "not_registered", "in_process"]],
    )


LINKED = ["has", "now", "buyer", "supply_chain", "export", "cluster"]
HAD_A_BUSINESS = _("Persons who answered, and had a business at the beginning or started one since.")
HAD_NONE = _("Persons who answered, and had no business at the beginning.")
UNREGISTERED = _("Persons who answered, and were not registered at the beginning.")
OPERATES = _("Persons whose business operates.")

EFFECTS = (
    _effect(
        "OC-06", _("Started a business within 6 months"), Unit.PERCENT, OPERATES, HAD_NONE, _started("f6"),
        standard="OPSYS; IRIS PI4583; SIYB", disaggregations=("registered", "sector"),
    ),
    _effect(
        "OC-06.2", _("Started a business within 12 months"), Unit.PERCENT, OPERATES, HAD_NONE,
        _started("f12"), disaggregations=("registered", "sector"),
    ),
    _effect(
        "OC-07", _("In business after 6 months"), Unit.PERCENT, OPERATES, HAD_A_BUSINESS,
        _operating("f6", "exit", "f3"), standard="ESF+; SIYB", disaggregations=("business_age",),
    ),
    _effect(
        "OC-07.2", _("In business after 12 months"), Unit.PERCENT, OPERATES, HAD_A_BUSINESS,
        _operating("f12", "exit", "f3", "f6"), disaggregations=("business_age",),
    ),
    _effect(
        "OC-08", _("Registered within 6 months"), Unit.PERCENT, _("Persons whose business is registered."),
        UNREGISTERED, _registered("f6"), standard="OPSYS; SDG 8.3", disaggregations=("sector",),
    ),
    _effect(
        "OC-08.2", _("Registered within 12 months"), Unit.PERCENT,
        _("Persons whose business is registered."), UNREGISTERED, _registered("f12"),
        disaggregations=("sector",),
    ),
    _effect(
        "OC-09", _("Made a new link"), Unit.PERCENT,
        _("Persons with a new buyer, a place in a supply chain, an export or a cluster."),
        _("Persons who answered."), share({"now": asked("new_links", "f6")}, LINKED, ["known", "now"]),
        standard="IRIS PI5920", is_guarded=False, kirkpatrick=4,
    ),
    _effect(
        "OC-09.2", _("Found a buyer abroad"), Unit.PERCENT, _("Persons who began to export."),
        _("Persons who answered."),
        share({"now": asked("new_links", "f6")}, ["has", "now", "export"], ["known", "now"]),
        standard="IRIS PI5920", is_guarded=False,
    ),
    _effect(
        "OC-10", _("Obtained finance, of those who applied"), Unit.PERCENT,
        _("Persons who obtained finance."), _("Persons who applied for finance and said what came of it."),
        share(
            {"now": asked("finance_obtained", "f6"), "applied": asked("finance_applied", "f6")},
            ["is", "now", "yes"], ["and", ["known", "now"], ["is", "applied", "yes"]],
        ),
        standard="IRIS PI2822, PI2575; SDG 9.3",
    ),
    _effect(
        "OC-10.2", _("Obtained finance, of all who answered"), Unit.PERCENT,
        _("Persons who obtained finance."), _("Persons who said whether they applied."),
        share(
            {"now": asked("finance_obtained", "f6"), "applied": asked("finance_applied", "f6")},
            ["is", "now", "yes"],
            ["or", ["is", "applied", "no"], ["and", ["is", "applied", "yes"], ["known", "now"]]],
        ),
    ),
    _effect(
        "OC-10.3", _("Finance obtained"), Unit.MONEY, _("The sum of what was obtained, per currency."), "",
        over("sum", {"now": asked("finance_amount", "f6")}, ["now"]), disaggregations=("currency",),
    ),
    _effect(
        "OC-11", _("Turnover grew"), Unit.PERCENT,
        _("Persons whose turnover of the last full month is above that at the beginning."), MONEY_BOTH,
        share(then_and_now("turnover_month", "f6", zero_when=CLOSED), ["more", "now", "then"], PAIRED),
        standard="EEA BUS-012; IRIS PI3180, FP4761",
    ),
    _effect(
        "OC-11.2", _("Change of turnover"), Unit.PERCENT,
        _("The median change of the turnover of the last full month, in per cent of that at the beginning."),
        MONEY_BOTH,
        over("median", then_and_now("turnover_month", "f6", zero_when=CLOSED), RELATIVE),
    ),
    _effect(
        "OC-12", _("Profit grew"), Unit.PERCENT,
        _("Persons whose profit of the last full month is above that at the beginning."), MONEY_BOTH,
        share(then_and_now("profit_month", "f12", zero_when=CLOSED), ["more", "now", "then"], PAIRED),
        standard="DCED",
    ),
    _effect(
        "OC-12.2", _("Change of profit"), Unit.PERCENT,
        _("The median change of the profit of the last full month, in per cent of that at the beginning."),
        MONEY_BOTH,
        over("median", then_and_now("profit_month", "f12", zero_when=CLOSED), RELATIVE),
    ),
)  # fmt: skip
