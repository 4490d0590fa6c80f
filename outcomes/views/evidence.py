"""What shows a result: added, handed over to be saved, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import files
from accounts.models import StoredFile
from lib.forms import put_errors, sent_from
from outcomes import services
from outcomes.forms.results import EvidenceForm
from outcomes.models import Evidence
from outcomes.views.results import result_of, shown


@sent_from("outcomes:result_detail")
def evidence_create(request: HttpRequest, result: int) -> HttpResponse:
    row = result_of(request, result, "keep_results")
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        name = said["file"].name if said["file"] else ""
        try:
            services.add_evidence(by=request.user, result=row, name=name, now=now, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The evidence is kept."))
            return redirect("outcomes:result_detail", row.pk)
    return shown(request, row, 422, evidence_form=form)


@require_safe
def evidence_file(request: HttpRequest, evidence: int) -> HttpResponseBase:
    """The file itself, to be saved."""
    row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence)
    return files.attachment(get_object_or_404(StoredFile, pk=row.file_id))


@require_POST
def evidence_remove(request: HttpRequest, evidence: int) -> HttpResponse:
    row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence)
    result = result_of(request, row.result_id, "keep_results")
    try:
        services.remove_evidence(by=request.user, evidence=row)
        messages.success(request, _("The evidence is taken away; that it was there stands in the trail."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("outcomes:result_detail", result.pk)
