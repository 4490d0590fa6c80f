"""What an issue freezes: counted, passed through the gate, put into words. One function, values out.

`{"document": …, "rows": …, "given": …}`: the document is all that a reader is given, on page, in files and
in the API. The rows are keyed digests of the primary keys behind each figure; they stay in the database, for
from the rows of two figures a reader could learn who is in both. The document holds their digest. What is
given is for the ledger (outcomes/released.py) and stays there too.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import translation

from ideas.models import Idea
from ideas.sectors import SECTORS
from outcomes import crossing, disclosure, profile, wording
from outcomes.breakdowns import COUNTED
from outcomes.composing.changes import changes
from outcomes.composing.limits import limits
from outcomes.composing.narratives import narratives
from outcomes.composing.results import results
from outcomes.composing.trust import trust
from outcomes.counting import measured
from outcomes.counting import rows as rows_of
from outcomes.definitions import BREAKDOWNS, METHOD, Unit, unit_name
from outcomes.disclosure.crossed import Crossed
from outcomes.document import said
from outcomes.library.indicators import LIBRARY
from outcomes.models import Report, Target
from outcomes.released import Ledger, Passed, written
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value
from people.models import Person
from people.regions import region_name

# 2: disclaimer, and the digest of the logo; 3: lines, n, response, bounds, claim; 4: what is carried over;
# 5: results, narratives, trust, limits, changes
SCHEMA = 5
KEPT_ROWS = 20_000  # of one figure; of more only the digest is kept


class Built(NamedTuple):
    payload: dict
    fingerprint: str
    row_key: str


def canonical(content: dict) -> bytes:
    """The bytes that a fingerprint is taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(document: dict) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def row_id(key: str, kind: str, pk) -> str:
    """What stands for one row in a frozen issue. Without the issue's key nobody can tell which row it is."""
    name = "-".join(map(str, pk)) if isinstance(pk, tuple) else str(pk)
    return hmac.new(key.encode(), f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()[:24]


def build(
    report: Report, *, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> Built:
    """Count everything. The same rows give the same bytes; `progress(done, total)` counts figures."""
    scope, funding = Scope.of(report, now), report.funding
    with translation.override(funding.language):  # an own definition is told in it
        figures, lines = profile.figures(report, scope)
    total, threshold = len(figures) + len(COUNTED), disclosure.limit(funding.threshold)
    passed = Passed(Ledger(report, threshold))
    values, rows = {}, {}
    for done, (key, one) in enumerate(figures.items()):
        progress(done, total)
        value = disclosure.guard(measured(one.definition, one.scope), threshold)
        values[key] = passed.figure(key, one.definition, one.scope, value)
        kind, found = rows_of(one.definition, one.scope)
        rows[key] = [(kind, pk) for pk in found]
    tables = {}
    for done, (code, count) in enumerate(COUNTED.items(), len(figures)):
        progress(done, total)
        known = values[BREAKDOWNS[code].of].is_measured
        tables[code] = passed.table(code, disclosure.collapse(count(scope) if known else [], threshold))
    both = crossing.crossing(tables, scope, threshold)
    if both:
        people = [person for cell in tables[crossing.ROWS].cells for _row, person in cell.rows]
        both = passed.crossed(crossing.CODE, both, people)
    progress(total, total)
    with translation.override(funding.language):
        document = _document(report, scope, figures, lines, values, tables, passed.carried)
        if both:
            document["crossed"] = [passed.carried.get(crossing.CODE) or _crossed(both, tables)]
            if both.dropped and crossing.CODE not in passed.carried:
                document["reasons"][str(both.dropped)] = str(wording.REASONS[both.dropped])
        document |= _beside(report, scope, document["figures"], exact(figures, values, rows))
    progress(total, total)
    row_key = _key(report, document, rows)
    keyed = {code: sorted(row_id(row_key, kind, pk) for kind, pk in found) for code, found in rows.items()}
    kept = {code: _kept(found) for code, found in keyed.items()}
    document["rows_digest"] = fingerprint(kept)
    payload = {"document": document, "rows": kept, "given": written(passed.given)}
    return Built(payload, fingerprint(document), row_key)


def exact(figures: dict[str, profile.Counted], values: dict[str, Value], rows: dict) -> dict:
    """Rows of the counts that are exact for everybody: of a share, of a guarded figure and of one that is
    withheld nothing is told of rows."""
    return {
        key: rows[key]
        for key, one in figures.items()
        if one.definition.how["count"] == "built_in"
        and one.definition.unit != Unit.PERCENT
        and not one.definition.is_guarded
        and values[key].is_measured
    }


def _beside(report: Report, scope: Scope, figures: list[dict], rows: dict) -> dict:
    """What stands beside the figures."""
    told = {one["code"]: said(one) for one in figures} | {one["key"]: said(one) for one in figures}
    return {
        "results": results(scope, report.funding),
        "narratives": narratives(report, told.get),
        "trust": trust(scope),
        "limits": limits(figures),
        "changes": changes(report, figures, rows, said=said, row_id=row_id),
    }


def _kept(ids: list[str]) -> dict:
    found = {"count": len(ids), "digest": hashlib.sha256("".join(ids).encode()).hexdigest()}
    return found | ({"ids": ids} if len(ids) <= KEPT_ROWS else {})


def _key(report: Report, document: dict, rows: dict) -> str:
    """An issue's own key: the same rows of the same report give the same, any other rows another, so that
    nobody can follow one person through two issues."""
    content = canonical(
        {"report": report.pk, "document": document, "rows": {c: sorted(r) for c, r in rows.items()}}
    )
    return hmac.new(settings.SECRET_KEY.encode(), b"outcomes.rows" + content, hashlib.sha256).hexdigest()


def _document(
    report: Report, scope: Scope, figures: dict, lines: list, values: dict, tables: dict, carried: dict
) -> dict:
    funding, facts = report.funding, _facts(scope)
    used = {value.reason for value in values.values() if value.reason}
    used |= {table.dropped for table in tables.values() if table.dropped}
    by_code, by_line = profile.targets(report)
    used |= {Reason.NO_DEFINITION} if any(line.key is None for line in lines) else set()
    return {
        "schema": SCHEMA,
        "method": METHOD,
        "language": funding.language,
        "project": funding.project.title,
        "programmes": [{"code": programme.code, "name": programme.title} for programme in scope.programmes],
        "funder": funding.funder.title,
        "wording": funding.wording,
        "disclaimer": funding.disclaimer,
        "logo": funding.logo.digest if funding.logo else "",
        "threshold": disclosure.limit(funding.threshold),
        "report": report.name,
        "period": {"start": report.start.isoformat(), "end": report.end.isoformat()},
        "people": facts.people,
        "people_label": wording.participants_label(facts.people),
        "heading": wording.heading(values, facts),
        "lead": wording.lead(values, facts),
        "currency": funding.currency,
        "figures": [
            _figure(one, values[key], by_code.get(key)) | carried.get(key, {}) for key, one in figures.items()
        ],
        "lines": [_line(line, values, figures, by_line.get(line.row.pk)) for line in lines],
        "breakdowns": [
            carried[code] if code in carried else _breakdown(code, table, values)
            for code, table in tables.items()
        ],
        "reasons": {str(reason): str(wording.REASONS[reason]) for reason in Reason if reason in used},
    }


def _facts(scope: Scope) -> wording.Facts:
    days = scope.held().aggregate(n=Count("day", distinct=True), first=Min("day"), last=Max("day"))
    persons = Person.objects.filter(pk__in=scope.participants()).exclude(municipality="")
    kinds = {programme.participants for programme in scope.programmes}
    shares = {programme.completion_share for programme in scope.programmes}
    return wording.Facts(
        people=kinds.pop() if len(kinds) == 1 else "entrepreneurs",
        days=days["n"],
        first=days["first"],
        last=days["last"],
        municipalities=persons.order_by().values("municipality").distinct().count(),
        completion_share=shares.pop() if len(shares) == 1 else None,
    )


def _figure(one: profile.Counted, value: Value, target: Target | None) -> dict:
    definition = one.definition
    found = {
        "key": one.key,
        "code": definition.code,
        "version": definition.version,
        "name": str(definition.name),
        "unit": str(definition.unit),
        "unit_name": unit_name(definition.unit),
        "counts": str(definition.numerator),
        "of": str(definition.denominator),
        "standard": definition.standard,
        "level": definition.level,
    } | value.as_dict()
    if one.is_cumulative:
        found["cumulative"] = True
    if value.claim:
        found["claim_said"] = str(wording.CLAIMS[value.claim])
    return found | ({"plan": against_target(definition.unit, value, target)} if target else {})


def _line(line: profile.Line, values: dict, figures: dict, target: Target | None) -> dict:
    """A line of the funder's own logframe: its words, the key of the figure that counts it, its plan."""
    row = line.row
    found = {"code": row.code, "wording": row.wording, "level": row.level}
    if line.key is None:
        return found | {"reason": str(Reason.NO_DEFINITION)} | _typed(row.unit, target)
    unit = figures[line.key].definition.unit
    return (
        found
        | {"figure": line.key}
        | ({"plan": against_target(unit, values[line.key], target)} if target else {})
    )


def _typed(unit: str, target: Target | None) -> dict:
    """Of a line that nothing is counted for: what is planned stays, there is no actual, and never a 0."""
    nothing = Value.without(State.MISSING, Reason.NO_DEFINITION)
    return {"unit": unit} | ({"plan": against_target(unit, nothing, target)} if target else {})


def against_target(unit: str, value: Value, target: Target) -> dict:
    plan = {
        name: _plain(number)
        for name, number in (("target", target.value), ("baseline", target.baseline))
        if number is not None
    }
    if value.value is None or value.counts_only or "target" not in plan:
        return plan
    shown = round(value.value) if unit == Unit.PERCENT else value.value  # as it is printed
    plan["deviation"] = _plain(round(shown - plan["target"], 1))
    done = profile.progress(value.value, plan["target"], plan.get("baseline"))
    return plan | ({"progress": "undefined"} if done is None else {"progress": done})


def _plain(number) -> int | float:
    return int(number) if number == int(number) else float(number)


def _breakdown(code: str, table: disclosure.Table, values: dict[str, Value]) -> dict:
    breakdown, value = BREAKDOWNS[code], values[BREAKDOWNS[code].of]
    found = {"code": code, "name": str(breakdown.name), "heading": str(breakdown.heading), "of": breakdown.of}
    found["unit_name"] = unit_name(LIBRARY[breakdown.of].unit)
    if not value.is_measured:
        return found | {"state": str(value.state), "reason": str(value.reason)}
    if table.dropped:
        return found | {"state": "withheld", "reason": str(table.dropped)}
    cells = [_cell(code, cell) for cell in table.cells]
    return found | {"state": "measured", "total": value.value, "cells": cells}


def _crossed(table: Crossed, tables: dict[str, disclosure.Table]) -> dict:
    found = {"code": crossing.CODE, "name": str(crossing.NAME)}
    if table.dropped:
        return found | {"state": "withheld", "reason": str(table.dropped)}
    heads = {
        name: {
            "heading": str(BREAKDOWNS[code].heading),
            "cells": [_cell(code, c) for c in tables[code].cells],
        }
        for name, code in (("rows", crossing.ROWS), ("columns", crossing.COLUMNS))
    }
    return found | {"state": "measured", "cells": [list(row) for row in table.cells]} | heads


def _cell(code: str, cell: disclosure.Shown) -> dict:
    if cell.merged:
        return {"merged": True, "with_unknown": cell.with_unknown, "count": cell.count}
    return {"label": category(code, cell.key), "count": cell.count}


def category(code: str, key: str) -> str:
    """The words of one category of a breakdown, in the active language; the empty one is "not known"."""
    if not key:
        return translation.gettext("not known")
    if code in ("sector", "line"):
        return str(SECTORS.get(key, key))
    if code == "region":
        return region_name(key)
    if code in ("stage", "state"):
        choices = dict((Idea.Stage if code == "stage" else Idea.State).choices)
        return str(choices.get(key, key))
    return key
