"""A definition counted from answers: its value, and the persons behind it, by the same statement."""

from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from outcomes.counting import spec as specs
from outcomes.counting.conditions import condition, value
from outcomes.counting.facts import Pivot, asked, moment
from outcomes.counting.intervals import bounds, wilson
from outcomes.definitions import Definition, Unit
from outcomes.models import Answer, Invitation, Wave
from outcomes.scope import Scope
from outcomes.values import Amount, Claim, Reason, Spread, State, Value

KIND = "respondent"


class Paid(NamedTuple):
    """What is told in one currency: by how many, sum, median; the two largest and all without signs."""

    currency: str
    n: float
    total: float
    median: float
    two: float
    sizes: float

    def told(self, way: str) -> float:
        return round({"sum": self.total, "mean": self.total / self.n, "median": self.median}[way], PLACES)

    @property
    def top_two(self) -> float:
        return self.two / self.sizes if self.sizes else 0.0


ADDITIONALITY = "anyway"  # the question that claim B stands on
PLACES = 4  # decimals of sums, means and medians


class Counted:
    """The persons whom a definition counts within a scope: `counted(unit, holds, v, w, currency)` after
    `head`, one row a person who first fits in the period. `holds`: the numerator is true of her."""

    def __init__(self, definition: Definition, scope: Scope, with_control: bool = False):
        self.spec, self.scope = definition.how, scope
        self.kind = self.spec["aggregation"]
        pivot = Pivot(self.spec, scope, with_control)
        fits, holds, v, w, currency = self._parts(pivot)
        head, filled = pivot.sql()
        self.asked, of_asked = asked(self.spec, scope, with_control)
        end, start = moment(scope.midnight(scope.end)), moment(scope.midnight(scope.start))
        base = f"{fits} AND {holds}" if self.kind == "distinct" else fits
        last = "" if self.kind == "distinct" else "AND f.fits"
        self.head = f"""{head},
            first AS (SELECT unit, MIN(t) AS t FROM pivot WHERE t < %s AND {base} GROUP BY unit),
            final AS (SELECT unit, {holds} AS holds, {fits} AS fits, {v} AS v, {w} AS w,
                {currency} AS currency FROM pivot WHERE t = %s),
            counted AS (SELECT f.* FROM final f JOIN first ON first.unit = f.unit
                WHERE first.t >= %s {last}),
            asked AS ({self.asked})"""  # noqa: S608 - what was said stands for %s; the rest is ours
        self.filled = [*filled, end, end, start, *of_asked]

    def _parts(self, pivot: Pivot) -> tuple[str, str, str, str, str]:
        """fits, holds, v, w, currency. Who fits: of whom the figure is, and it is known."""
        of = [condition(pivot, self.spec["denominator"])] if "denominator" in self.spec else []
        if self.kind in ("share", "distinct"):
            holds = condition(pivot, self.spec["numerator"])
            fits = [*of, f"CASE WHEN {holds} THEN TRUE WHEN NOT {holds} THEN TRUE END"]
            return _all(fits), holds, "0", "0", "''"
        v = value(pivot, self.spec["value"])
        w = value(pivot, self.spec["of"]) if "of" in self.spec else "0"
        fits = [*of, f"CASE WHEN {v} IS NOT NULL AND {w} IS NOT NULL THEN TRUE END"]
        names = {1: self.spec["value"], 3: self.spec["value"][1:]}[len(self.spec["value"])]
        has_one = self.spec["value"][0] not in ("relative_change", "new")
        currency = f"COALESCE({', '.join(map(pivot.currency, names))}, '')" if has_one else "''"
        return _all(fits), "TRUE", v, w, currency

    def ask(self, rest: str, filled: tuple = ()) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(f"{self.head} {rest}", [*self.filled, *filled])
            return cursor.fetchall()

    def units(self, part: str = "numerator") -> list[int]:
        """Keys of the persons, as `respondent`: those of whom it holds, or all whom the figure is of."""
        only = "WHERE holds" if part == "numerator" and self.kind != "distinct" else ""
        return [unit for (unit,) in self.ask(f"SELECT unit FROM counted {only} ORDER BY unit")]  # noqa: S608

    def sums(self) -> dict:
        """One row: persons counted, of whom it holds; of whom it is open; asked, answered; sums."""
        row = self.ask("""SELECT
            (SELECT COUNT(*) FROM counted),
            (SELECT COUNT(*) FROM counted WHERE holds),
            (SELECT COUNT(*) FROM asked a LEFT JOIN final f ON f.unit = a.unit
                LEFT JOIN counted c ON c.unit = a.unit LEFT JOIN first ON first.unit = a.unit
                WHERE c.unit IS NULL AND (f.unit IS NULL OR f.fits IS NULL) AND first.unit IS NULL),
            (SELECT COUNT(*) FROM final f LEFT JOIN counted c ON c.unit = f.unit
                WHERE c.unit IS NULL AND f.fits AND NOT f.holds),
            (SELECT COUNT(*) FROM asked), (SELECT SUM(done) FROM asked),
            (SELECT SUM(v) FROM counted), (SELECT SUM(w) FROM counted)""")[0]
        names = ("n", "holding", "open", "others", "asked", "answered", "v", "w")
        return dict(zip(names, (one or 0 for one in row), strict=True))

    def by_currency(self) -> list["Paid"]:
        """A zero that has no currency is of the only one there is."""
        rows = self.ask("""SELECT money, COUNT(*), SUM(v),
                AVG(CASE WHEN place IN (half, half + 1 - odd) THEN v END),
                SUM(CASE WHEN big <= 2 THEN ABS(v) ELSE 0 END), SUM(ABS(v))
            FROM (SELECT money, v, ROW_NUMBER() OVER (PARTITION BY money ORDER BY v) AS place,
                    ROW_NUMBER() OVER (PARTITION BY money ORDER BY ABS(v) DESC) AS big,
                    (COUNT(*) OVER (PARTITION BY money) + 1) / 2 AS half,
                    COUNT(*) OVER (PARTITION BY money)
                        - 2 * (COUNT(*) OVER (PARTITION BY money) / 2) AS odd
                FROM (SELECT v, COALESCE(NULLIF(currency, ''), (SELECT
                        CASE WHEN MIN(currency) = MAX(currency) THEN MIN(currency) END
                        FROM counted WHERE currency <> ''), '') AS money FROM counted) AS paid) AS ranked
            GROUP BY money ORDER BY money""")  # fmt: skip
        return [Paid(currency, *map(float, numbers)) for currency, *numbers in rows]

    def top_two(self, column: str) -> float:
        """Which part of the sum of a column the two largest make, all taken without their signs."""
        rows = self.ask(f"SELECT ABS({column}) FROM counted ORDER BY 1 DESC")  # noqa: S608
        sizes = [float(size) for (size,) in rows]
        return sum(sizes[:2]) / sum(sizes) if any(sizes) else 0.0


def _all(found: list[str]) -> str:
    return "(" + " AND ".join(f"({one})" for one in found) + ")"


# --- the value


def measured(definition: Definition, scope: Scope) -> Value:
    if missing := not_asked(definition, scope):
        return missing
    counted = Counted(definition, scope)
    sums = counted.sums()
    if not sums["asked"]:
        return Value.without(State.MISSING, Reason.NOBODY_ASKED)
    if not sums["n"] and not sums["answered"]:
        return Value.without(State.MISSING, Reason.NO_ANSWERS)
    kind = counted.kind
    more = {"asked": sums["asked"], "answered": sums["answered"], "is_guarded": definition.is_guarded}
    if kind == "distinct":
        return _distinct(sums, more | {"claim": claim(definition, scope, counted)})
    if not sums["n"]:
        if kind == "share":
            return Value.without(State.NOT_APPLICABLE, Reason.NOBODY)
        return Value.without(State.MISSING, Reason.NO_NUMBERS)
    more["claim"] = claim(definition, scope, counted)
    if kind == "share":
        return _share(sums, more)
    return _number(definition, counted, sums, more | {"n": sums["n"], "sides": (sums["n"],)})


def _share(sums: dict, more: dict) -> Value:
    holding, n, open_ = sums["holding"], sums["n"], sums["open"]
    return Value.share(
        holding,
        n,
        n=n,
        sides=(holding, n - holding),
        bounds=bounds(holding, n, open_),
        interval=wilson(holding, n),
        finite=wilson(holding, n, n + open_),
        **more,
    )


def _distinct(sums: dict, more: dict) -> Value:
    found, open_ = sums["n"], sums["open"]
    return Value.count(found, sides=(found, sums["others"]), bounds=(found, found + open_), **more)


def _number(definition: Definition, counted: Counted, sums: dict, more: dict) -> Value:
    if counted.kind == "ratio":
        if not sums["w"]:
            return Value.without(State.NOT_APPLICABLE, Reason.NOBODY)
        v, w = (round(float(sums[name]), PLACES) for name in "vw")
        if definition.is_guarded:
            groups = tuple((int(sums["n"]), counted.top_two(column)) for column in "vw")
            more["spread"] = Spread(counted.kind, groups)
        return Value(State.MEASURED, value=round(100 * v / w, 1), numerator=v, denominator=w, **more)
    rows = counted.by_currency()
    has_money = definition.unit == Unit.MONEY or len(rows) > 1
    rows = _shared(rows) if has_money else rows[:1]
    more["spread"] = Spread(counted.kind, tuple((int(row.n), row.top_two) for row in rows))
    if has_money:
        return Value.money([Amount(row.currency, row.told(counted.kind), int(row.n)) for row in rows], **more)
    return Value.count(rows[0].told(counted.kind), **more)


def _shared(rows: list[Paid]) -> list[Paid]:
    """Amounts without a currency are zeros: they stand alone only where there is nothing else."""
    return [row for row in rows if row.currency] or rows


# --- why there is none


def not_asked(definition: Definition, scope: Scope) -> Value | None:
    """The state of a figure whose waves are not there, or not open yet."""
    waves = Wave.objects.filter(programme__in=scope.programmes, code__in=specs.waves(definition.how))
    if not waves.exists():
        return Value.without(State.NOT_APPLICABLE, Reason.NO_WAVE)
    said = Invitation.objects.filter(wave__in=waves.order_by().values("pk"), answers__isnull=False)
    last = min(scope.end, scope.today + timedelta(days=1))
    if not waves.filter(opens__lt=last).exists() and not said.exists():
        return Value.without(State.NOT_YET_DUE, Reason.NOT_ASKED_YET)
    return None


# --- how far it is the programme's doing


def claim(definition: Definition, scope: Scope, counted: Counted) -> Claim:
    """A: a control group was asked the same and answered. B: before and after, and somebody said what would
    have been without the programme. C: before and after. D: after only."""
    spec = definition.how
    codes = specs.waves(spec)
    answers = Answer.objects.filter(
        invitation__wave__programme__in=scope.programmes,
        invitation__wave__code__in=codes,
        is_unread=False,
    ).order_by()
    control = Q(invitation__enrolment__group__is_control=True, question__code__in=specs.questions(spec))
    if answers.filter(control).exists():
        return Claim.COMPARED
    if not specs.compares(spec):
        return Claim.AFTER
    if answers.filter(question__code=ADDITIONALITY).exists():
        return Claim.SAID
    return Claim.BEFORE_AND_AFTER
