"""The first screen, a programme on one page, and whether the house stands."""

from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from accounts.exports import take_along
from desk import exports
from desk.programme import overview, programmes
from desk.today import today as today_of
from people.models import Programme
from reminders import services as reminders

PAGE = 50


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/today.html", {"today": today_of(request.user, timezone.now())})


@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(programmes(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/programme_list.html", {"page": page, "today": timezone.localdate()})


@require_safe
def programme_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return take_along(request, exports.PROGRAMMES, programmes(request.user), format)


@require_GET
def programme(request: HttpRequest, programme: str) -> HttpResponse:
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    page = overview(request.user, request.programme, timezone.now())
    return render(request, "desk/programme_detail.html", {"programme": request.programme, "page": page})


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: does the database answer? Nothing is told about why not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database away"}, status=503)
    return JsonResponse({"status": "ok"})


@require_GET
def health_of_sweeps(request: HttpRequest) -> HttpResponse:
    """For a watchman: does what leaves by itself leave? Apart from `health`: a web serves meanwhile."""
    try:
        is_well = reminders.is_well(timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "database away"}, status=503)
    if not is_well:
        return JsonResponse({"status": "behind"}, status=503)
    return JsonResponse({"status": "ok"})
