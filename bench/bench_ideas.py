"""The list of ideas, its search and the API: 186, 2,000 and 20,000 ideas with three reviews each.

Measured in a process and a PostgreSQL of its own (`bench.listing`), each beside the bare query of the same
rows in the same run. As many queries at every size, or it does not hold.
"""

from collections.abc import Iterator

from bench.bench_export import measuring
from bench.doors import Figure
from bench.listing import PAGES, SIZES

NAME = "ideas"
MOST_QUERIES = 15


def run() -> Iterator[Figure]:
    with measuring("bench.listing") as said:
        said("make")
        found = said("time")
    for name in PAGES:
        few, _some, many = (found[f"{name} {n}"] for n in SIZES)
        for n in SIZES:
            one = found[f"{name} {n}"]
            print(
                f"  {name}, {n} ideas: {one['page'] * 1000:.0f} ms, {one['queries']} queries; "
                f"bare query {one['bare'] * 1000:.0f} ms"
            )
        counts = {found[f"{name} {n}"]["queries"] for n in SIZES}
        assert len(counts) == 1 and max(counts) <= MOST_QUERIES, f"{name}: {counts} queries"
        yield Figure(f"ideas {name}, 20,000 to 186", few["page"] / many["page"], 1 / 1.5)
        yield Figure(f"ideas {name}, to its bare query at 20,000", many["bare"] / many["page"], 0.2)
