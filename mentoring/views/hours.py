"""What funders read of mentoring in a programme: hours, places and topics."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from accounts.exports import take_along
from mentoring import exports
from mentoring.meetings import places, summed
from mentoring.models import Function, Meeting
from people.access import access
from people.models import Programme

ROWS = 100  # meetings on one page


def programme_of(request: HttpRequest, code: str) -> Programme:
    """One whose hours she may read. A funder is not inside it: she gets no rooms of it beside the page."""
    programme = get_object_or_404(summed.readable(request.user).select_related("tenant"), code=code)
    if access(request.user).runs(programme.pk, programme.tenant_id):
        request.programme = programme
    return programme


@require_GET
def meeting_summary(request: HttpRequest, programme: str) -> HttpResponse:
    found = programme_of(request, programme)
    told = places.told(found)
    page = Paginator(summed.rows(found, told), ROWS).get_page(request.GET.get("page"))
    words, functions = dict(Meeting.Place.choices), dict(Function.choices)
    shown = [
        row | {"place": words.get(row["told_place"], ""), "function": functions.get(row["function"], "")}
        for row in page
    ]
    context = {
        "programme": found,
        "runs": hasattr(request, "programme"),
        "sums": summed.summed(found, told),
        "hides": bool(told.hidden),
        "page": page,
        "meetings": shown,
    }
    return render(request, "mentoring/meeting_summary.html", context)


@require_safe
def hours_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    found = programme_of(request, programme)
    rows = summed.rows(found, places.told(found))
    return take_along(request, exports.HOURS, rows, format, about=found)
