"""The frame of a programme on pages: its texts and days, who carries it, the clusters behind it."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.files import attachment
from lib.forms import put_errors
from people import rules, services
from people.frame_forms import ClusteringForm, OrganisationForm, PartnerForm, ProgrammeForm, enterprises_of
from people.models import ClusterMembership, Funding, Organisation, Partner, Programme

FORMS = ["GET", "HEAD", "POST"]


def kept_programme(request: HttpRequest, code: str, verb: str = "change_programme") -> Programme:
    """The programme of the address, for who may do this with it."""
    programmes = Programme.objects.visible_to(request.user).select_related("tenant", "project")
    request.programme = get_object_or_404(programmes, code=code)
    if not rules.may(request.user, "change_programme", request.programme):
        raise PermissionDenied
    rules.insist(request.user, verb, request.programme)
    return request.programme


@require_safe
def frame(request: HttpRequest, programme: str) -> HttpResponse:
    """Everything that the programme stands in, each with the way to change it."""
    programme = kept_programme(request, programme)
    partners = Partner.objects.visible_to(request.user).filter(project=programme.project_id)
    fundings = Funding.objects.visible_to(request.user).filter(scopes__programme=programme)
    clusterings = ClusterMembership.objects.visible_to(request.user)
    inside = enterprises_of(request.user, programme).order_by()
    clusterings = clusterings.filter(enterprise__in=inside, end=None)
    context = {
        "programme": programme,
        "partners": partners.select_related("organisation").order_by("role", "organisation__name_key"),
        "fundings": fundings.select_related("funder").order_by("pk"),
        "clusterings": clusterings.select_related("enterprise", "cluster__umbrella").order_by(
            "cluster__name_key", "enterprise__name_key"
        ),
        "may_frame": rules.may(request.user, "keep_frame"),
    }
    return render(request, "people/frame.html", context)


@require_http_methods(FORMS)
def programme_edit(request: HttpRequest, programme: str) -> HttpResponse:
    programme = kept_programme(request, programme)
    form = ProgrammeForm(request.POST or None, instance=programme)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_programme(
                by=request.user, programme=programme, tenant=programme.tenant, **form.said()
            )
        except ValidationError as error:
            put_errors(form, _as_said(error))
        else:
            messages.success(request, _("The programme is changed."))
            return redirect("people:frame", programme.code)
    return render(request, "people/programme_form.html", {"form": form, "programme": programme})


def _as_said(error: ValidationError) -> ValidationError:
    """The day after is called by the field in which the last day was written."""
    names = {"end": "last_day", "applies_until": "applies_last"}
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({names.get(name, name): said for name, said in error.error_dict.items()})


@require_http_methods(FORMS)
def partner_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = kept_programme(request, programme, "keep_frame")
    if programme.project is None:
        raise Http404
    form = PartnerForm(request.POST or None, user=request.user, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            services.bring_partner(by=request.user, project=programme.project, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The partner stands on the programme's page."))
            return redirect("people:frame", programme.code)
    return render(request, "people/partner_form.html", {"form": form, "programme": programme})


@require_POST
def partner_remove(request: HttpRequest, partner: int) -> HttpResponse:
    row = get_object_or_404(Partner.objects.visible_to(request.user).select_related("project"), pk=partner)
    rules.insist(request.user, "keep_frame")
    services.remove_partner(by=request.user, partner=row)
    messages.success(request, _("The partner is taken off; the organisation stays in the address book."))
    return _to_frame(request, Q(project=row.project_id))


@require_http_methods(FORMS)
def clustering_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = kept_programme(request, programme)
    enterprises = enterprises_of(request.user, programme)
    form = ClusteringForm(request.POST or None, enterprises=enterprises)
    if request.method == "POST" and form.is_valid():
        try:
            services.bring_into_cluster(by=request.user, tenant=programme.tenant, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The enterprise belongs to the cluster."))
            return redirect("people:frame", programme.code)
    context = {"form": form, "programme": programme, "clusters": clusters(request)}
    return render(request, "people/clustering_form.html", context)


@require_POST
def clustering_end(request: HttpRequest, clustering: int) -> HttpResponse:
    """From today on the enterprise is in the cluster no more; that it was stays known."""
    rows = ClusterMembership.objects.visible_to(request.user).select_related("enterprise__tenant")
    row = get_object_or_404(rows, pk=clustering)
    rules.insist(request.user, "keep_address_book")
    tenant = row.enterprise.tenant
    today = timezone.localdate(timezone=ZoneInfo(tenant.zone))
    try:
        services.save_fact(by=request.user, row=row, tenant=tenant, end=today)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It belongs to the cluster until today."))
    mine = Q(enrolments__enterprise=row.enterprise) | Q(project__beneficiaries__enterprise=row.enterprise)
    return _to_frame(request, mine)


def clusters(request: HttpRequest):
    """Names to choose from while one types; nothing for who does not read the address book."""
    found = Organisation.objects.visible_to(request.user).filter(kind=Organisation.Kind.CLUSTER)
    return found.values_list("name", flat=True)[:200]


@require_http_methods(FORMS)
def organisation_edit(request: HttpRequest, organisation: int) -> HttpResponse:
    """A name in two languages, a place, and the union that a cluster belongs to."""
    row = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    rules.insist(request.user, "keep_address_book")
    form = OrganisationForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_organisation(
                by=request.user, organisation=row, tenant=row.tenant, **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The organisation is changed."))
            return redirect("people:organisation_edit", row.pk)
    return render(request, "people/organisation_form.html", {"form": form, "organisation": row})


@require_safe
def funding_logo(request: HttpRequest, funding: int) -> HttpResponseBase:
    """For who may see a programme that it pays for, and for the funder herself."""
    programmes = Programme.objects.visible_to(request.user).order_by().values("pk")
    mine = Q(pk__in=Funding.objects.visible_to(request.user).order_by().values("pk"))
    seen = mine | Q(scopes__programme__in=programmes) | Q(modules__programme__in=programmes)
    rows = Funding.objects.filter(seen, logo__isnull=False).distinct().select_related("logo")
    return attachment(get_object_or_404(rows, pk=funding).logo)


def _to_frame(request: HttpRequest, which: Q) -> HttpResponse:
    programme = Programme.objects.visible_to(request.user).filter(which).first()
    return redirect("people:frame", programme.code) if programme else redirect("desk:today")
