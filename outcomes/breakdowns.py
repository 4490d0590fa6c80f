"""Figures by one property: what is in each category, and which persons and enterprises stand behind it."""

from collections.abc import Callable, Iterable

from django.db.models import Count, Max, QuerySet

from ideas.models import Idea, Nomination
from outcomes.disclosure import Cell
from outcomes.scope import Scope
from training.models import Enrolment

Pair = tuple[str, int, int, int | None]  # category, what is counted, a person behind it, her enterprise


def cells(counts: dict[str, int], pairs: Iterable[Pair]) -> list[Cell]:
    """Put counts and what stands behind them together."""
    import pandas as pd

    frame = pd.DataFrame.from_records(list(pairs), columns=["key", "row", "person", "enterprise"])
    # a person without an enterprise is a unit of her own; negative keys cannot meet an enterprise's
    frame["unit"] = frame["enterprise"].fillna(-frame["person"]).astype("int64")
    behind = dict(list(frame.groupby("key")))
    nobody = frame.iloc[:0]
    return [
        Cell(
            key=key,
            count=count,
            persons=frozenset(behind.get(key, nobody)["person"].tolist()),
            units=frozenset(behind.get(key, nobody)["unit"].tolist()),
            rows=frozenset(behind.get(key, nobody)[["row", "person"]].itertuples(index=False, name=None)),
        )
        for key, count in sorted(counts.items())
    ]


def _people(scope: Scope, path: str) -> list[Cell]:
    """Participants by a property of the person or her enterprise, each person in one category."""
    own = Enrolment.objects.filter(programme__in=scope.programmes, person__in=scope.participants())
    one = own.order_by().values("person").annotate(key=Max(path), unit=Max("enterprise"))
    found = one.values_list("person", "key", "unit")
    pairs = [(key or "", person, person, unit) for person, key, unit in found]
    counts: dict[str, int] = {}
    for key, *_person in pairs:
        counts[key] = counts.get(key, 0) + 1
    return cells(counts, pairs)


def _ideas(ideas: QuerySet[Idea], path: str) -> list[Cell]:
    counted = ideas.values_list(path).annotate(ideas=Count("pk", distinct=True)).order_by()
    counts: dict[str, int] = {}
    for key, found in counted:
        counts[key or ""] = counts.get(key or "", 0) + found
    nominated = Nomination.objects.filter(idea__in=ideas.values("pk")).order_by()
    names = (f"idea__{path}", "idea", "enrolment__person", "enrolment__enterprise")
    pairs = nominated.values_list(*names).distinct()
    return cells(counts, [(key or "", *behind) for key, *behind in pairs])


def _by_state(scope: Scope) -> list[list[Cell]]:
    """In two parts, for the number of ideas carried on is read elsewhere."""
    ideas = scope.ideas()
    parts = (ideas.exclude(state__in=Idea.CARRIED_ON), ideas.filter(state__in=Idea.CARRIED_ON))
    return [_ideas(part, "state") for part in parts]


# code of the breakdown → its cells, in groups whose totals are known from the figures
COUNTED: dict[str, Callable[[Scope], list[list[Cell]]]] = {
    "region": lambda scope: [_people(scope, "person__region")],
    "line": lambda scope: [_people(scope, "enterprise__sector")],
    "sector": lambda scope: [_ideas(scope.ideas(), "sector")],
    "stage": lambda scope: [_ideas(scope.ideas(), "stage")],
    "state": _by_state,
}
