"""The two tables of attendance on SQLite, where they are asked for of most of what there is: each column is
read whole, once, and looked up in memory. SQLite has no other way to group than to sort, and finds a row of
another table by walking down its tree: over two hundred thousand marks that takes four times as long. Of one
programme among many its GROUP BY is quicker, and stays."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Count, Q

from training.models import Attendance, Session

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame

MOST = 3  # a third of all sessions, or more: from a quarter on the columns are quicker
LEAST, GREATEST = 20_000, 1_000_000  # marks: of fewer it does not matter; more would take over 150 MiB
BETWEEN = "\x1f"  # words
PROGRAMME, MODULE = "entry__session__programme", "entry__session__module"
REGION = "entry__enrolment__person__region"


def worth_it(programmes: Iterable) -> bool:
    if connection.vendor != "sqlite" or not LEAST <= Attendance.objects.count() <= GREATEST:
        return False
    sessions = Session.objects.aggregate(
        every=Count("pk"), ours=Count("pk", filter=Q(programme__in=programmes))
    )
    return MOST * sessions["ours"] >= sessions["every"]


def attendance(programmes: Iterable) -> "DataFrame":
    """As `tables.frame` gives it."""
    found = _marks(programmes, REGION)
    grouped = found.groupby([REGION, "status"], observed=True).size().reset_index()
    grouped.columns = ["row", "column", "n"]
    return grouped.assign(value=grouped["n"])[["row", "column", "value", "n"]].astype({"row": object})


def hours(programmes: Iterable) -> "DataFrame":
    found = _marks(programmes, MODULE, "minutes")
    found = found[found["status"].isin(Attendance.THERE)]
    known = found["minutes"] >= 0
    found = found.assign(n=known, minutes=found["minutes"].where(known))
    grouped = found.groupby([PROGRAMME, MODULE]).agg(
        n=("n", "sum"), value=("minutes", lambda numbers: numbers.sum(min_count=1))
    )
    grouped = grouped.reset_index().rename(columns={MODULE: "row"}).assign(column="")
    grouped["row"] = grouped["row"].astype(object).where(grouped["row"] >= 0, None)
    return grouped[["row", "column", "value", "n"]]


def _marks(programmes: Iterable, *paths: str) -> "DataFrame":
    """Every mark of these programmes, with what stands at these paths."""
    import pandas as pd

    found = pd.DataFrame(columns_of(Attendance, ["status", PROGRAMME, *paths]))
    return found[found[PROGRAMME].isin([programme.pk for programme in programmes])]


def columns_of(model: type[models.Model], paths: list[str]) -> "dict[str, ndarray]":
    """What stands at these paths, for each row of the table: numbers (-1 for none), or words."""
    import numpy as np

    heads: dict[str, list[str]] = {}
    for path in paths:
        head, _under, rest = path.partition("__")
        heads.setdefault(head, []).extend([rest] if rest else [])
    read, found = _read(model, list(heads)), {}
    for head, rests in heads.items():
        found[head] = read[head]
        if rests:
            there = columns_of(model._meta.get_field(head).related_model, ["id", *rests])
            place = np.zeros(there["id"].max(initial=0) + 1, dtype=np.int64)
            place[there["id"]] = np.arange(len(there["id"]))
            found |= {f"{head}__{rest}": there[rest][place[read[head]]] for rest in rests}
    return {path: found[path] for path in paths}


def _read(model: type[models.Model], names: list[str]) -> "dict[str, ndarray]":
    """Some columns of a table by one statement, so that their order is one; each comes as one long text."""
    import numpy as np
    import pandas as pd

    fields = [model._meta.get_field(name) for name in names]
    are_words = [isinstance(field, models.CharField) for field in fields]
    said = ", ".join(
        f'group_concat("{field.column}", char({ord(BETWEEN)}))'
        if is_word
        else f'group_concat(coalesce("{field.column}", -1))'
        for field, is_word in zip(fields, are_words, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {said} FROM "{model._meta.db_table}"')  # noqa: S608 - names of our own
        texts = cursor.fetchone()
    return {
        name: pd.Categorical((text or "").split(BETWEEN) if text is not None else [])
        if is_word
        else np.fromstring(text or "", dtype=np.int64, sep=",")
        for name, text, is_word in zip(names, texts, are_words, strict=True)
    }
