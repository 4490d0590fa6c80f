"""Whom a programme's project supports: a partner sees and proposes its own, staff all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.exports import take_along
from lib import clock
from lib.forms import put_errors
from people import services
from people.access import access
from people.exports import BENEFICIARIES
from people.frame_forms import BeneficiaryForm
from people.frame_views import FORMS, clusters
from people.models import Beneficiary, Enterprise, Membership, Organisation, Programme


def _programme(request: HttpRequest, code: str) -> Programme:
    """The programme of the address, for who runs it and for its partners."""
    may = access(request.user)
    mine = Programme.objects.filter(tenant=request.user.tenant_id).select_related("tenant", "project")
    if not may.is_administrator:
        mine = mine.filter(pk__in=may.programmes("coordinator", "partner"))
    request.programme = get_object_or_404(mine, code=code)
    return request.programme


def _listed(request: HttpRequest, programme: Programme) -> QuerySet[Beneficiary]:
    """Staff see all of the project; a partner what her organisation proposed, also of its other editions."""
    rows = Beneficiary.objects.visible_to(request.user).filter(project=programme.project_id)
    if not access(request.user).runs(programme.pk, programme.tenant_id):
        rows = rows.filter(proposed_by__in=_spoken_for(request, programme))
    return rows.order_by("enterprise__name_key", "pk")


def _spoken_for(request: HttpRequest, programme: Programme) -> QuerySet[Organisation]:
    """The organisations for which she speaks here."""
    rows = Membership.objects.filter(person__user=request.user, programme=programme, role="partner")
    return Organisation.objects.filter(pk__in=rows.values("partner"))


def _form(request: HttpRequest, programme: Programme) -> BeneficiaryForm:
    runs = access(request.user).runs(programme.pk, programme.tenant_id)
    proposers = Organisation.objects.visible_to(request.user) if runs else _spoken_for(request, programme)
    mine = Q(benefits__proposed_by__in=proposers.order_by().values("pk"))
    known = Enterprise.objects.filter(tenant=programme.tenant_id)
    known = known if runs else known.filter(mine).distinct()
    return BeneficiaryForm(
        request.POST or None,
        enterprises=known.exclude(benefits__project=programme.project_id),
        proposers=proposers,
        must_propose=not runs,
        initial={"proposed_on": clock.local(timezone.now(), programme.zone).date()},
    )


@require_http_methods(FORMS)
def beneficiary_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _programme(request, programme)
    form = _form(request, programme) if programme.project_id else None
    if form and request.method == "POST" and form.is_valid():
        try:
            row = services.propose_beneficiary(by=request.user, project=programme.project, **form.said())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("%(enterprise)s is proposed.") % {"enterprise": row.enterprise})
            return redirect("people:beneficiary_list", programme.code)
    rows = _listed(request, programme).select_related("enterprise", "proposed_by")
    context = {
        "programme": programme,
        "rows": rows.prefetch_related("enterprise__cluster_memberships__cluster__umbrella"),
        "form": form,
        "clusters": clusters(request),
        "is_partner": not access(request.user).runs(programme.pk, programme.tenant_id),
    }
    return render(
        request, "people/beneficiary_list.html", context, status=422 if form and form.errors else 200
    )


@require_safe
def beneficiary_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = _programme(request, programme)
    return take_along(request, BENEFICIARIES, _listed(request, programme), format, about=programme)
