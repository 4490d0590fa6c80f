"""The places of the organisation, for whoever keeps its address book."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors
from training import rules, services
from training.forms.venues import VenueForm
from training.models import Venue

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def venue_list(request: HttpRequest) -> HttpResponse:
    """What is known, and a form for one more."""
    rules.insist_on_book(request.user)
    form = VenueForm(request.POST or None)
    if request.method == "POST" and _kept(request, form, None):
        return redirect("training:venue_list")
    venues = Venue.objects.visible_to(request.user)
    context = {"venues": venues, "form": form}
    return render(request, "training/venue_list.html", context, status=422 if form.errors else 200)


@require_http_methods(FORMS)
def venue_edit(request: HttpRequest, venue: int) -> HttpResponse:
    row = get_object_or_404(Venue.objects.visible_to(request.user).select_related("tenant"), pk=venue)
    rules.insist_on_book(request.user)
    form = VenueForm(request.POST or None, instance=row)
    if request.method == "POST" and _kept(request, form, row):
        return redirect("training:venue_list")
    context = {"venue": row, "form": form}
    return render(request, "training/venue_form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: VenueForm, row: Venue | None) -> bool:
    if not form.is_valid():
        return False
    tenant = row.tenant if row else request.user.tenant
    try:
        venue = services.save_venue(by=request.user, venue=row, tenant=tenant, **form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
        return False
    messages.success(request, _("“%(name)s” is kept.") % {"name": venue.name})
    return True
