"""What is told of a funding, period by period: what happened, what went wrong, what changes next."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from outcomes import exports_results, registry, services
from outcomes.forms.periods import NarrativeForm
from outcomes.models import Narrative, Report
from outcomes.rules import kept_fundings
from outcomes.views.whose import funding_of, fundings_beside, programme_of
from people.models import Funding

FORMS = ["GET", "HEAD", "POST"]


@require_GET
def narratives_of(request: HttpRequest, programme: str) -> HttpResponse:
    """To what is told of the first funding that pays for the programme."""
    programme_of(request, programme)
    found = fundings_beside(request)
    if found:
        return redirect("outcomes:narrative_list", found[0].pk)
    context = {"programme": request.programme, "what": _("What is told")}
    return render(request, "outcomes/no_funding.html", context)


def listed(funding: Funding):
    return Narrative.objects.filter(funding=funding).order_by("-start", "-end", "indicator")


@require_GET
def narrative_list(request: HttpRequest, funding: int) -> HttpResponse:
    row = funding_of(request, funding)
    known = registry.definitions(row.project.tenant)
    rows = list(listed(row).select_related("by__person"))
    for one in rows:
        one.name = known[one.indicator].name if one.indicator in known else one.indicator
    told = {(one.start, one.end) for one in rows if not one.indicator}
    reports = Report.objects.filter(funding=row).order_by("start", "pk")
    context = {
        "programme": request.programme,
        "funding": row,
        "beside": fundings_beside(request),
        "periods": [list(part) for _when, part in groupby(rows, lambda one: (one.start, one.end))],
        "untold": [report for report in reports if (report.start, report.end) not in told],
    }
    return render(request, "outcomes/narrative_list.html", context)


@require_safe
def narrative_export(request: HttpRequest, funding: int, format: str) -> HttpResponseBase:
    row = funding_of(request, funding)
    about = request.programme
    return take_along(request, exports_results.NARRATIVES, listed(row), format, about=about, part=row.code)


@require_http_methods(FORMS)
def narrative_create(request: HttpRequest, funding: int) -> HttpResponse:
    return _form_page(request, funding_of(request, funding), None)


@require_http_methods(FORMS)
def narrative_edit(request: HttpRequest, narrative: int) -> HttpResponse:
    rows = Narrative.objects.filter(funding__in=kept_fundings(request.user).order_by())
    row = get_object_or_404(rows, pk=narrative)
    return _form_page(request, funding_of(request, row.funding_id), row)


def _form_page(request: HttpRequest, funding: Funding, row: Narrative | None) -> HttpResponse:
    given = {} if row else {name: request.GET.get(name, "") for name in ("start", "end", "indicator")}
    form = NarrativeForm(request.POST or None, instance=row, funding=funding, initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"now": timezone.now()}
        try:
            services.save_narrative(by=request.user, narrative=row, funding=funding, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("What is told is kept."))
            return redirect("outcomes:narrative_list", funding.pk)
    context = {"programme": request.programme, "funding": funding, "narrative": row, "form": form}
    return render(request, "outcomes/narrative_form.html", context, status=422 if form.errors else 200)
