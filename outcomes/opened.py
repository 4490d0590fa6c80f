"""A figure opened: the rows behind it, counted again now, beside what was frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from ideas.models import Idea
from outcomes.counting import measured
from outcomes.counting import rows as rows_of
from outcomes.definitions import Definition
from outcomes.document import key_of, said
from outcomes.models import Issue
from outcomes.payload import row_id
from outcomes.registry import definition
from outcomes.row_kinds import KINDS, seen
from outcomes.scope import Scope
from outcomes.values import Value
from people.models import Person
from training.models import Enrolment


@dataclass(frozen=True)
class Opened:
    """What the page of one figure shows. Rows that the reader may not see are only a number."""

    name: str
    frozen: str
    live: str
    kind: str
    columns: tuple[str, ...]
    rows: list  # of primary keys that the reader may see, in order
    hidden: int
    came: int | None  # rows of today that the issue does not hold; unknown where it kept no ids
    gone: int | None  # rows of the issue that are not there any more, or were erased


def frozen_figure(issue: Issue, key: str) -> dict | None:
    """What the issue says of a figure; nothing where it does not hold it."""
    return next((one for one in issue.document["figures"] if key_of(one) == key), None)


def told(found: Definition, value: Value) -> str:
    """A value in words, as a figure of a document is."""
    return said({"unit": str(found.unit)} | value.as_dict())


def opened(issue: Issue, key: str, *, user: User, now: datetime) -> Opened:
    """Count the figure again and compare its rows with those that the issue holds."""
    frozen = frozen_figure(issue, key)
    found = _definition(issue, frozen)
    scope = Scope.of(issue.report, now)
    if frozen.get("cumulative"):
        scope = scope.since_the_beginning()
    kind, rows = rows_of(found, scope)
    kept = issue.payload["rows"][key]
    here = {row_id(issue.row_key, kind, pk) for pk in rows}
    then = set(kept["ids"]) if "ids" in kept else None
    shown = seen(kind, rows, user)
    return Opened(
        name=str(found.name),
        frozen=said(frozen),
        live=told(found, measured(found, scope)),
        kind=kind,
        columns=KINDS[kind].columns,
        rows=shown,
        hidden=len(rows) - len(shown),
        came=None if then is None else len(here - then),
        gone=None if then is None else len(then - here),
    )


def _definition(issue: Issue, frozen: dict) -> Definition:
    """In the version that was frozen; of the library only the newest is kept."""
    tenant = issue.report.funding.project.tenant
    try:
        return definition(tenant, frozen["code"], frozen["version"])
    except KeyError:
        return definition(tenant, frozen["code"])


def addresses(user: User, project, shown: Iterable[tuple]) -> list[str]:
    """The page of each line's person or idea, or nothing where the reader has none to open."""
    firsts = [line[0] for line in shown]
    persons = [one.pk for one in firsts if isinstance(one, Person)]
    hers = Enrolment.objects.visible_to(user).filter(person__in=persons, programme__project=project)
    page = dict(hers.order_by("pk").values_list("person", "pk")) if persons else {}
    return [_address(one, page) for one in firsts]


def _address(one, page: dict[int, int]) -> str:
    if isinstance(one, Idea):
        return reverse("ideas:idea_detail", args=[one.pk])
    if isinstance(one, Person) and one.pk in page:
        return reverse("training:enrolment_detail", args=[page[one.pk]])
    return ""


def lines(kind: str, rows: Iterable) -> list[tuple]:
    """The cells of some of an opened figure's rows, the first one an object with a name."""
    return KINDS[kind].lines(list(rows))
