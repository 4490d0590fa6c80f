"""The rows that a figure counts, with what each brings along: whose it is, its weight, and what it says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.db.models import Model

from ideas.models import Idea, Review
from lib import clock
from mentoring.models import Goal, Meeting
from outcomes.categories import OF_PERSONS, Row
from outcomes.counting import Behind
from outcomes.counting.answers import Counted
from outcomes.definitions import Definition
from outcomes.models import Invitation, Result
from outcomes.scope import Scope
from training.models import Attendance

CHUNK = 20_000  # SQLite takes no more than 32,766 values
OF_BUSINESS = ("sector", "registered", "business_age")

# kind → properties that its rows can be told by
TELLS = {
    "person": OF_PERSONS,
    "respondent": OF_PERSONS,
    "place": (*OF_PERSONS, "module"),
    "attendance": (*OF_PERSONS, "module"),
    "meeting": OF_PERSONS,
    "goal": OF_PERSONS,
    "invitation": (*OF_PERSONS, "wave"),
    "enterprise": (*OF_BUSINESS, "programme"),
    "result": (*OF_PERSONS, "module"),
    "idea": ("sector", "programme"),
    "review": ("sector", "programme"),
    "cost": (),
}
ENROLMENTS = {"enrolment": "assignment__enrolment"}
RECORDS: dict[str, tuple[type[Model], dict[str, str]]] = {  # what is asked of each row
    "attendance": (
        Attendance, {"enrolment": "entry__enrolment", "module": "entry__session__module", "v": "minutes"}
    ),
    "meeting": (Meeting, ENROLMENTS | {"v": "minutes"}),
    "goal": (Goal, ENROLMENTS),
    "invitation": (
        Invitation,
        {"enrolment": "enrolment", "wave": "wave__code", "programme": "wave__programme"}
        | {"answered": "answered_at", "closes": "wave__closes"},
    ),
    "result": (
        Result,
        {"enrolment": "enrolment", "sector": "enterprise__sector", "registered": "enterprise__registered"}
        | {"business_age": "enterprise__established", "module": "session__module"}
        | {"programme": "programme", "v": "number"},
    ),
    "idea": (Idea, {"sector": "sector", "programme": "programme"}),
    "review": (Review, {"sector": "task__idea__sector", "programme": "task__idea__programme"}),
}  # fmt: skip
NOT_OWN = ("pk", "enrolment", "v", "answered", "closes")
WEIGHED = "OP-08.3"  # a share of minutes; every other share of records is one of rows


def rows_of(definition: Definition, scope: Scope, found: Behind) -> list[Row]:
    """One a row that is counted, or counted of."""
    if definition.how["count"] == "answers":
        return _answers(definition, scope)
    keys, counting = found.denominator or found.numerator, set(found.numerator)
    return list(_made(found.kind, keys, counting, _weight(definition, scope)))


def _answers(definition: Definition, scope: Scope) -> list[Row]:
    """Persons of the very statement that counts them; who names nobody is known by nothing."""
    counted = Counted(definition, scope)
    rows = counted.ask("SELECT unit, holds, v, w, currency FROM counted ORDER BY unit")
    share = counted.kind == "share"
    found = [
        Row(
            unit,
            person=unit if unit > 0 else None,
            counts=bool(holds) or not share,
            v=1 if share else float(v),
            w=1 if share else float(w),
            currency=currency,
        )
        for unit, holds, v, w, currency in rows
    ]
    return found if counted.kind in ("share", "ratio") else _in_currencies(found)


def _in_currencies(rows: list[Row]) -> list[Row]:
    """A zero without a currency is of the only one there is; of several it is in none."""
    named = {row.currency for row in rows} - {""}
    if len(named) == 1:
        (only,) = named
        return [replace(row, currency=only) for row in rows]
    return [row for row in rows if row.currency] if named else rows


def _weight(definition: Definition, scope: Scope) -> Callable[[dict], dict]:
    """v and w of a row from what was asked of it."""
    measure = definition.how.get("measure")
    if measure == "DQ-03.2":
        return lambda row: {"v": _days_late(row, scope)}
    if measure in ("OP-05", "OP-08") or definition.how["count"] == "results":
        return lambda row: {"v": None if row["v"] is None else _plain(row["v"])}
    return lambda row: {"v": row["v"], "w": row["v"]} if measure == WEIGHED else {"v": 1, "w": 1}


def _plain(number):
    return number if isinstance(number, int) else float(number)


def _days_late(row: dict, scope: Scope) -> int | None:
    if row["closes"] is None:
        return None
    return (clock.local(row["answered"], scope.zone).date() - row["closes"]).days + 1


def _made(kind: str, keys: list, counting: set, weight: Callable[[dict], dict]) -> Iterator[Row]:
    if kind in RECORDS:
        for row in _asked(kind, keys):
            own = {name: one for name, one in row.items() if name not in NOT_OWN}
            pk = row["pk"]
            yield Row(pk, enrolment=row.get("enrolment"), own=own, counts=pk in counting, **weight(row))
        return
    for key in keys:
        said = {"counts": key in counting} | weight({})
        if kind == "place":
            yield Row(key, person=key[0], own={"module": key[1]}, **said)
        else:
            yield Row(key, **{{"person": "person", "enterprise": "firm"}[kind]: key}, **said)


def _asked(kind: str, keys: Iterable) -> Iterator[dict]:
    model, paths = RECORDS[kind]
    keys = list(keys)
    for start in range(0, len(keys), CHUNK):
        rows = model._base_manager.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
        for row in rows.values_list("pk", *paths.values()):
            yield dict(zip(("pk", *paths), row, strict=True))
