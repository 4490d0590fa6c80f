"""The programme or the funding of an address: of whoever sees it, or of whoever keeps what the page is of."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from outcomes.rules import insist, kept_fundings
from people.models import Funding, Programme


def programme_of(request: HttpRequest, code: str, verb: str = "") -> Programme:
    """One that she sees (and, with a verb, may do that in); the page's menu is of it from then on."""
    rows = Programme.objects.visible_to(request.user).select_related("tenant")
    request.programme = get_object_or_404(rows, code=code)
    if verb:
        insist(request.user, verb, request.programme)
    return request.programme


def funding_of(request: HttpRequest, pk: int) -> Funding:
    """One that she keeps; the page's menu is of the first programme that it pays for."""
    rows = kept_fundings(request.user).select_related("funder", "project__tenant")
    funding = get_object_or_404(rows, pk=pk)
    paid = Programme.objects.visible_to(request.user).filter(fundings=funding)
    request.programme = paid.select_related("tenant").order_by("start", "pk").first()
    return funding


def fundings_beside(request: HttpRequest) -> list[Funding]:
    """All that pay for the programme that the page is of."""
    rows = kept_fundings(request.user).filter(programmes=request.programme)
    return list(rows.select_related("funder").order_by("start", "pk"))
