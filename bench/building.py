"""The whole build of a summary in bench_summary: 40 programmes that one funder pays for, with all that
`bench.summing` put into them."""

import resource
import time
from datetime import UTC, date, datetime

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PERIOD = {"start": date(2020, 1, 1), "end": date(2026, 12, 1)}


def owed(programmes: list) -> None:
    """A report over all of them."""
    from people.models import FundingScope, Programme
    from tests import factories as f

    first, *others = programmes
    Programme.objects.filter(pk__in=[one.pk for one in others]).update(project=first.project)
    funding = f.make_funding(first, **PERIOD)
    FundingScope.objects.bulk_create([FundingScope(funding=funding, programme=one) for one in others])
    f.make_report(funding, **PERIOD)


def ours():
    from outcomes.models import Report
    from outcomes.payload import build

    return build(Report.objects.select_related("funding__project__tenant", "funding__funder").get(), now=NOW)


def timings(bare) -> dict:
    """Seconds of each, the better of two alternate runs; and what was built."""
    times = {"bare": [], "ours": []}
    for _ in range(2):
        for name, work in (("bare", bare), ("ours", ours)):
            began = time.perf_counter()
            made = work()
            times[name].append(time.perf_counter() - began)
    figures = made.payload["document"]["figures"]
    told = {
        "figures": len(figures),
        "measured": sum(one["state"] == "measured" for one in figures),
        "rows": sum(one["count"] for one in made.payload["rows"].values()),
    }
    return {name: min(each) for name, each in times.items()} | told


def memory(bare) -> dict:
    """MiB by which the peak of this process grew, the libraries read before."""
    import ortools.sat.python.cp_model  # noqa: F401
    import pandas  # noqa: F401

    bare()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours()
    return {"added": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}
