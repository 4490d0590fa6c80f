"""Donor visibility: whose logo, wording and disclaimer stand on what a funding pays for.

A funding pays for the modules that it names; one that names no module of a programme pays for all of it. So
reads outcomes/scope.py as well.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.files import open_file
from accounts.models import StoredFile
from people.models import Funding, FundingScope, Programme
from training.models import Module, Session


class Visible(NamedTuple):
    """What one funding wants to be read of it. Wording and disclaimer are in the funding's own language."""

    funding: Funding
    name: str  # the funder's, in the reader's language
    wording: str
    disclaimer: str
    logo: StoredFile | None

    @property
    def language(self) -> str:
        return self.funding.language


def funders_of(programme: Programme, module: Module | None = None) -> list[Visible]:
    """Those who pay for the module; without one, all who pay for any part of the programme. One query."""
    return [_visible(funding) for funding in _paying(programme, module)]


def funders_of_session(session: Session) -> list[Visible]:
    """Those who pay for one session: for its module; of a session outside the modules, for the whole."""
    if session.module_id:
        return [_visible(funding) for funding in _paying(session.programme, session.module)]
    return [_visible(funding) for funding in _whole(session.programme)]


def _paying(programme: Programme, module: Module | None) -> QuerySet[Funding]:
    if module is not None:
        whole = _whole(programme).order_by().values("pk")
        return _in_order(Funding.objects.filter(Q(pk__in=whole) | Q(modules=module)))
    scoped = FundingScope.objects.filter(programme=programme).values("funding")
    named = Module.fundings.through.objects.filter(module__programme=programme).values("funding")
    return _in_order(Funding.objects.filter(Q(pk__in=scoped) | Q(pk__in=named)))


def _whole(programme: Programme) -> QuerySet[Funding]:
    """Fundings of the programme that name none of its modules."""
    named = Module.fundings.through.objects.filter(funding=OuterRef("pk"), module__programme=programme)
    return _in_order(Funding.objects.filter(~Exists(named), scopes__programme=programme))


def _in_order(fundings: QuerySet[Funding]) -> QuerySet[Funding]:
    return fundings.distinct().select_related("funder", "logo").order_by("pk")


def _visible(funding: Funding) -> Visible:
    said = funding.wording.strip(), funding.disclaimer.strip()
    return Visible(funding, funding.funder.title, *said, funding.logo)


def for_paper(visibles: Iterable[Visible]) -> tuple[list[dict], dict[str, bytes]]:
    """What `#visibility` of a paper wants, and the pictures beside it. Reads the logos: never inside a
    transaction. A logo whose file is gone is left out."""
    funders, pictures = [], {}
    for one in visibles:
        name = _picture(one, pictures)
        funders.append({"name": one.name, "wording": one.wording, "disclaimer": one.disclaimer, "logo": name})
    return funders, pictures


def _picture(one: Visible, pictures: dict[str, bytes]) -> str | None:
    if one.logo is None:
        return None
    try:
        with open_file(one.logo) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    ending = "png" if content.startswith(b"\x89PNG") else "jpg"
    name = f"logo-{one.funding.pk}.{ending}"
    pictures[name] = content
    return name


def lines(visibles: Sequence[Visible]) -> list[str]:
    """For plain text, as in a mail: a line for each wording, the disclaimer behind it."""
    return [" ".join(filter(None, [one.wording or one.name, one.disclaimer])) for one in visibles]
