"""A development bank's results framework: 493 results, 493 indicators with a baseline, 493 targets, not one
actual value; and a file beside them that came apart when it was saved.

IATI publications of CAF - Development Bank of Latin America. What is counted in the files here is counted
without our reader."""

from collections import Counter
from collections.abc import Iterator
from csv import DictReader
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone, translation

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Target as Aim
from desk.real import Figure, load, run
from lib.sheets import WIDE, read
from outcomes import document, payload
from outcomes.models import LogframeLine, Report, Target
from outcomes.services import save_report
from people.models import Programme
from people.services import save_funding, save_organisation, save_project

FOLDER, CODE = "results_frameworks_caf", "caf"
BROKEN, BROKEN_AS = "activities.csv", ("indicators", "targets", "persons")
CAME_APART = "The file is broken: 478 of 478 rows have more cells than there are headings"
MAPS = (
    ("indicators", "results.csv", "indicators_results"),
    ("indicators", "indicators.csv", "indicators_caf"),
    ("targets", "indicator_periods.csv", "targets_caf"),
)


def load_all(data: Path) -> list[dict]:
    run("programme", CODE, "--organisation", "CAF", "--name", "Results framework", "--zone", "UTC")
    fund(Programme.objects.get(code=CODE))
    return [load(kind, data / FOLDER / file, CODE, columns=columns) for kind, file, columns in MAPS]


def fund(programme: Programme) -> None:
    """The frame that a logframe stands in: a project, a funder, and what it pays for."""
    tenant = programme.tenant
    project = save_project(by=None, tenant=tenant, code="caf", name="CAF")
    programme.project = project
    programme.save(update_fields=["project"])
    funder = save_organisation(by=None, tenant=tenant, name="CAF", kind="funder")
    period = {"start": date(2000, 1, 1), "end": date(2040, 1, 1)}
    save_funding(
        by=None, project=project, funder=funder, code="caf", currency="USD", programmes=[programme], **period
    )


def broken(data: Path) -> list[dict]:
    """What `load` says of the broken file, whichever kind it is taken for."""
    return [_refusal(data / FOLDER / BROKEN, kind) for kind in BROKEN_AS]


def _refusal(path: Path, kind: str) -> dict:
    target = Aim(Programme.objects.get(code=CODE), timezone.now())
    with translation.override("en"):
        report = take(KINDS[kind], read(path, limits=WIDE), target, skip_refused=True)
    return report.as_json() | {"written": report.written, "can_skip": report.can_skip}


def compare(data: Path) -> Iterator[Figure]:
    said = _said(data / FOLDER / "indicator_periods.csv")
    begun = _said(data / FOLDER / "indicators.csv")
    lines = LogframeLine.objects.filter(funding__scopes__programme__code=CODE)
    targets = Target.objects.filter(line__in=lines)
    counts = lines.aggregate(results=Count("pk") - Count("parent"), indicators=Count("parent"))
    yield Figure("framework.results", len(_said(data / FOLDER / "results.csv")), counts["results"])
    yield Figure("framework.indicators", len(begun), counts["indicators"])
    plans = targets.filter(value__isnull=False)
    yield Figure("framework.targets", len(said), plans.count())
    total = sum(Decimal(row["target_value"]) for row in said)
    yield Figure("framework.sum_of_targets", int(total), int(plans.aggregate(n=Sum("value"))["n"]))
    zeros = sum(row["baseline_value"] == "0" for row in begun)
    yield Figure("framework.baselines_of_0", zeros, targets.filter(baseline=0).count())
    yield from _periods(said, plans)
    units = {row["title"] for row in begun}
    yield Figure("framework.units", len(units), lines.exclude(unit="").values("unit").distinct().count())
    yield from _not_one_actual(said, plans)
    refused = [one for one in broken(data) if _names_it(one)]
    yield Figure("framework.broken_file_refused_by_name", len(BROKEN_AS), len(refused))


def _names_it(report: dict) -> bool:
    [refusal] = report["refused"]
    whole = not report["read"] and not report["written"] and not report["can_skip"]
    return whole and refusal["sheet"] == BROKEN and refusal["rule"].startswith(CAME_APART)


def _periods(said: list[dict], plans) -> Iterator[Figure]:
    """Both ends are the same day in this file: as half-open periods they last one day."""
    last = max(date.fromisoformat(row["period_end"]) for row in said)
    first = min(date.fromisoformat(row["period_start"]) for row in said)
    found = plans.aggregate(first=Min("start"), end=Max("end"))
    yield Figure("framework.first_day", first.toordinal(), found["first"].toordinal())
    yield Figure("framework.last_day", last.toordinal(), (found["end"] - timedelta(days=1)).toordinal())


def _not_one_actual(said: list[dict], plans) -> Iterator[Figure]:
    """The file has none, and neither has the summary: "no data", never a 0 and never a share of a target.
    It is built over the one day that most targets are for."""
    blank = sum(not row["actual_value"].strip() for row in said)
    yield Figure("framework.without_actual", len(said), blank)
    (day, n), *_rest = Counter(row["period_start"] for row in said).most_common(1)
    told = summary(date.fromisoformat(day))
    planned = [one for one in told if "target" in one]
    yield Figure(f"framework.lines_with_a_target({day})", n, len(planned))
    yield Figure("framework.lines_no_data", len(told), sum(one["actual"] == "no data" for one in told))
    shares = sum("progress" in one or "deviation" in one for one in told)
    yield Figure("framework.lines_with_a_share_of_a_target", 0, shares)


def summary(day: date) -> list[dict]:
    """The lines of the logframe as the summary of this one day tells them."""
    funding = Programme.objects.get(code=CODE).fundings.get()
    period = {"start": day, "end": day + timedelta(days=1)}
    report = Report.objects.filter(funding=funding, **period).first()
    report = report or save_report(by=None, funding=funding, name="One day", **period)
    built = payload.build(report, now=timezone.now())
    made = built.payload["document"]
    figures = {one["key"]: one for one in made["figures"]}
    with translation.override("en"):
        return [document.line(one, figures, made) for one in made["lines"]]


def _said(path: Path) -> list[dict]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(DictReader(file))
