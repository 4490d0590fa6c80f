"""A directory of 4,128 young companies, loaded as ideas: one batch of founders nominates what it founded.

90 rows share a name with another one and are different companies: they must not be proposed as one idea.
Y Combinator's directory of 27 February 2023, MIT."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from desk.real import Figure, load, run
from ideas import duplicates
from ideas.models import Idea
from people.models import Programme

FILE, CODE = Path("ideas_yc") / "yc_companies_2023-02-27.csv", "yc"
MAPS = (
    ("persons", "persons_batches"),
    ("enrolments", "enrolments_batches"),
    ("ideas", "ideas_companies"),
)


def load_all(data: Path) -> list[dict]:
    run("programme", CODE, "--organisation", "Y Combinator", "--name", "Directory", "--zone", "UTC")
    return [load(kind, data / FILE, CODE, columns=columns) for kind, columns in MAPS]


def compare() -> Iterator[Figure]:
    programme = Programme.objects.get(code=CODE)
    named: dict[str, list[int]] = defaultdict(list)
    for pk, title in Idea.objects.filter(programme=programme).values_list("pk", "text__title"):
        named[title.strip().casefold()].append(pk)
    same = {pair for keys in named.values() for pair in combinations(sorted(keys), 2)}
    proposed = duplicates.pairs(programme, duplicates.PROPOSED)
    found = {tuple(sorted(pair[:2])) for pair in proposed}
    yield Figure("companies.ideas", 4128, sum(len(keys) for keys in named.values()))
    yield Figure("companies.rows_that_share_a_name", 90, sum(len(k) for k in named.values() if len(k) > 1))
    yield Figure("companies.of_one_name_proposed_as_one", 0, len(found & same))
    yield Figure("companies.proposed", 2, len(found))  # both looked at: one text under two names each
