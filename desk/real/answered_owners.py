"""The panel of 372 owners in Kenya, asked eight times, beside what Brooks, Donovan, Johnson (2018) printed:
counted as a figure of any programme is, and compared by group by the product's own comparison."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from desk.real import Figure
from outcomes.comparing import Compared
from outcomes.comparing import compare as by_group
from outcomes.counting import measured
from outcomes.definitions import Definition
from outcomes.models import Invitation
from outcomes.scope import Scope
from people.models import Programme

OWNERS = "kenya-panel"
WAVES = ("baseline", "f1", "f2", "f3", "f4", "f7", "f12", "f17")
RESPONSES = (372, 352, 318, 319, 323, 308, 325, 311)
GROUPS = {"control": "control", "class": "class", "mentee": "mentoring"}
BEFORE = {
    "profit_b": "profit_month", "businessage_b": "firm_age", "credit_b": "offers_credit",
    "bankaccount_b": "bank_account", "loan_b": "has_loan", "advert_b": "has_advertised",
    "manu_b": "in_manufacturing", "food_b": "in_food", "serv_b": "in_services", "age_b": "age",
    "secondaryedu_b": "secondary_education", "retail_b": "in_retail", "I_emp_b": "has_employees",
    "emp_b": "employees_before", "formalaccount_b": "accounts",
}  # fmt: skip
NUMBERS = ("profit_month", "firm_age", "age", "employees_before")
SWAPPED = {"se_class": "se_mentee", "se_mentee": "se_class"}  # of age, in print
# what the archived data say where the print differs (its own note says so): control mean, differences
IN_DATA = {
    "retail_b": {"control_mean": 0.689, "class_minus_control": -0.123, "mentee_minus_control": -0.028},
    "I_emp_b": {"control_mean": 0.252, "class_minus_control": -0.043, "mentee_minus_control": -0.059},
    "emp_b": {"control_mean": 0.230, "class_minus_control": -0.040, "mentee_minus_control": 0.001},
    "formalaccount_b": {"control_mean": 0.008, "class_minus_control": -0.001, "mentee_minus_control": -0.0},
}


def owners(published: dict) -> Iterator[Figure]:
    scope = Scope.whole(Programme.objects.get(code=OWNERS), timezone.now())
    asked = Invitation.objects.filter(wave__programme__code=OWNERS).values_list("wave__code")
    by_wave = dict(asked.annotate(Count("pk")).order_by())
    for wave, number in zip(WAVES, RESPONSES, strict=True):
        yield Figure(f"owners.{wave}.answered", number, by_wave[wave])
    yield from _profits(published["figure3_mean_weekly_profit"], scope)
    yield from _met(published["figure6_share_still_meeting_mentor"], scope)
    for row in published["table2_baseline_balance"]["rows"]:
        yield from _balance(row, published["table2_baseline_balance"]["n"], scope)


def _profits(printed: dict, scope: Scope) -> Iterator[Figure]:
    """Means in hundredths, as printed."""
    for n, wave in enumerate(WAVES):
        found = _compared("profit_week", wave, scope)
        for said, group in GROUPS.items():
            mean, ours = printed[said][n] * 100, found[group].mean * 100
            yield Figure(f"owners.{wave}.{group}.profit", round(mean), _as_printed(mean, ours))
            yield Figure(f"owners.{wave}.{group}.n", printed[f"n_{said}"][n], found[group].n)


def _met(printed: dict, scope: Scope) -> Iterator[Figure]:
    """Of the mentees who answered, how many still met their mentors: in thousandths."""
    for wave, share, n in zip(WAVES[1:7], printed["waves_1_to_6"], printed["n"], strict=True):
        found = measured(_definition("still_meeting", wave), scope)
        yield Figure(f"owners.{wave}.meeting_n", n, found.denominator)
        yield Figure(
            f"owners.{wave}.meeting", round(share * 1000), round(1000 * found.numerator / found.denominator)
        )


def _balance(row: dict, n: dict, scope: Scope) -> Iterator[Figure]:
    """A line of Table 2: the mean of the control group, the differences from it and their standard errors, in
    hundredths. Where the archived data say something else than the print, what they say, in thousandths."""
    code, name = BEFORE[row["variable"]], f"owners.before.{row['variable']}"
    found = _compared(code, "baseline", scope)
    ours = {"control_mean": found["control"].mean}
    for said, group in (("class", "class"), ("mentee", "mentoring")):
        ours |= {f"{said}_minus_control": found[group].difference, f"se_{said}": found[group].error}
    if not row["reproduces"]:
        for what, value in IN_DATA[row["variable"]].items():
            yield Figure(f"{name}.{what} (data)", round(value * 1000), round(ours[what] * 1000))
        return
    for said, group in GROUPS.items():
        if code == "profit_month":  # known of all
            yield Figure(f"{name}.n_{said}", n[said], found[group].n)
    for what, value in ours.items():
        printed = row[SWAPPED.get(what, what) if code == "age" else what]
        near = 0.51 if isinstance(printed, int) else 0.051 if printed == 29.1 else 0.0051
        yield Figure(
            f"{name}.{what}", round(printed * 100), _as_printed(printed * 100, value * 100, near * 100)
        )


def _compared(code: str, wave: str, scope: Scope) -> dict[str, Compared]:
    return {one.group.code: one for one in by_group(_definition(code, wave), scope)}


def _definition(code: str, wave: str) -> Definition:
    spec = {"count": "answers", "values": {"now": {"question": code, "at": [wave]}}}
    if code in (*NUMBERS, "profit_week"):
        spec |= {"aggregation": "mean", "value": ["now"]}
    else:
        spec |= {"aggregation": "share", "numerator": ["is", "now", "yes"], "denominator": ["known", "now"]}
    return Definition(f"REAL-{code}", code, "number", code, spec=spec)


def _as_printed(printed: float, ours: float, near: float = 0.51) -> int:
    """Hundredths: what lies between two of them may be printed as either. Some are printed coarser."""
    return round(printed) if abs(ours - printed) <= near else round(ours)
