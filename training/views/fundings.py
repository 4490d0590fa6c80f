"""What a funding pays for and how it wants to be read of: wording, disclaimer, logo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors
from people import rules as peoples
from people.models import Funding, Programme, Project
from training import services
from training.forms.fundings import FundingForm
from training.views.sessions import programme_of

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def funding_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme)
    peoples.insist(request.user, "keep_frame")
    if programme.project is None:
        raise Http404
    return _edit(request, programme, Funding(project=programme.project))


@require_http_methods(FORMS)
def funding_edit(request: HttpRequest, funding: int) -> HttpResponse:
    rows = Funding.objects.visible_to(request.user).select_related("project__tenant", "funder", "logo")
    row = get_object_or_404(rows, pk=funding)
    peoples.insist(request.user, "keep_frame")
    programmes = Programme.objects.visible_to(request.user).filter(project=row.project_id)
    request.programme = programmes.filter(scopes__funding=row).first() or programmes.first()
    return _edit(request, request.programme, row)


def _edit(request: HttpRequest, programme: Programme, row: Funding) -> HttpResponse:
    form = FundingForm(
        request.POST or None, request.FILES or None, instance=row, user=request.user, programme=programme
    )
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, row.project, row if row.pk else None, form)
        except ValidationError as error:
            put_errors(form, _as_said(error))
        else:
            messages.success(request, _("The funding is kept."))
            return redirect("people:frame", programme.code)
    context = {"form": form, "programme": programme, "funding": row}
    return render(request, "training/funding_form.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, project: Project, funding: Funding | None, form: FundingForm) -> None:
    """The picture first: it takes its time, and no row waits for it."""
    said = form.said()
    if upload := form.cleaned_data.get("upload"):
        try:
            said["logo"] = services.keep_logo(by=request.user, tenant=project.tenant, file=upload)
        except ValidationError as error:
            raise ValidationError({"upload": error}) from error
    elif form.cleaned_data.get("no_logo"):
        said["logo"] = None
    services.set_funding(by=request.user, project=project, funding=funding, **said)


def _as_said(error: ValidationError) -> ValidationError:
    """The day after is called by the field in which the last day was written."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({{"end": "last_day"}.get(name, name): e for name, e in error.error_dict.items()})
