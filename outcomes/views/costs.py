"""What a funding costs: planned beside spent, what could not be read, every entry."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from outcomes import exports_results, money, services
from outcomes.filters_results import CostFilter
from outcomes.forms.money import CostForm
from outcomes.models import Cost
from outcomes.rules import kept_fundings
from outcomes.views.whose import funding_of, fundings_beside, programme_of
from people.models import Funding

PAGE = 50
FORMS = ["GET", "HEAD", "POST"]


@require_GET
def costs_of(request: HttpRequest, programme: str) -> HttpResponse:
    """To the costs of the first funding that pays for the programme; the others stand there beside it."""
    programme_of(request, programme)
    found = fundings_beside(request)
    if found:
        return redirect("outcomes:cost_list", found[0].pk)
    context = {"programme": request.programme, "what": _("Costs")}
    return render(request, "outcomes/no_funding.html", context)


@require_GET
def cost_list(request: HttpRequest, funding: int) -> HttpResponse:
    row = funding_of(request, funding)
    costs = Cost.objects.filter(funding=row)
    found = CostFilter(request.GET, costs)
    rows = found.qs.select_related("programme", "module").order_by(*Cost._meta.ordering)
    context = {
        "programme": request.programme,
        "funding": row,
        "beside": fundings_beside(request),
        "lines": money.lines(costs),
        "totals": money.totals(costs),
        "unread": money.unread_costs(costs),
        "filter": found,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("kind")),
    }
    return render(request, "outcomes/cost_list.html", context)


@require_safe
def cost_export(request: HttpRequest, funding: int, format: str) -> HttpResponseBase:
    row = funding_of(request, funding)
    rows = CostFilter(request.GET, Cost.objects.filter(funding=row)).qs.order_by(*Cost._meta.ordering)
    about = request.programme
    return take_along(request, exports_results.COSTS, rows, format, about=about, part=row.code)


@require_http_methods(FORMS)
def cost_create(request: HttpRequest, funding: int) -> HttpResponse:
    return _form_page(request, funding_of(request, funding), None)


@require_http_methods(FORMS)
def cost_edit(request: HttpRequest, cost: int) -> HttpResponse:
    rows = Cost.objects.filter(funding__in=kept_fundings(request.user).order_by())
    row = get_object_or_404(rows, pk=cost)
    return _form_page(request, funding_of(request, row.funding_id), row)


def _form_page(request: HttpRequest, funding: Funding, row: Cost | None) -> HttpResponse:
    form = CostForm(request.POST or None, instance=row, user=request.user, funding=funding)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.save_cost(by=request.user, cost=row, funding=funding, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The cost is kept."))
            return redirect("outcomes:cost_list", funding.pk)
    known = Cost.objects.filter(funding=funding).order_by("name").values_list("name", flat=True).distinct()
    context = {"programme": request.programme, "funding": funding, "cost": row, "form": form, "known": known}
    status = 422 if form.errors else 200
    return render(request, "outcomes/cost_form.html", context, status=status)
