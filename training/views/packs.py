"""Packs of evidence: what was made, asking for one, taking it along."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import files
from accounts.audit import audit
from jobs.models import Job
from lib.forms import put_errors
from people.models import Programme
from training import rules, services
from training.forms.packs import PackForm
from training.models import EvidencePack
from training.views.sessions import programme_of


@require_http_methods(["GET", "HEAD", "POST"])
def pack_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme, "make_pack")
    form = PackForm(request.POST if request.method == "POST" else None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            job = services.request_pack(by=request.user, programme=programme, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            if Job.objects.visible_to(request.user).filter(pk=job.pk).exists():
                return redirect("jobs:job_detail", job.pk)
            messages.info(request, _("Somebody else asked for this pack; it is being made."))
            return redirect("training:pack_list", programme.code)
    return _page(request, programme, form)


def _page(request: HttpRequest, programme: Programme, form: PackForm) -> HttpResponse:
    packs = EvidencePack.objects.visible_to(request.user).filter(programme=programme)
    jobs = Job.objects.visible_to(request.user).filter(
        kind="training.build_pack", parameters__programme=programme.pk, state__in=Job.OPEN
    )
    context = {
        "programme": programme,
        "packs": packs.select_related("module", "funding__funder", "file", "by"),
        "jobs": jobs,
        "form": form,
    }
    return render(request, "training/pack_list.html", context, status=422 if form.errors else 200)


@require_safe
def pack_file(request: HttpRequest, pack: int) -> HttpResponseBase:
    """The archive. Who took it stands in the trail."""
    packs = EvidencePack.objects.visible_to(request.user).select_related("programme__tenant", "file")
    found = get_object_or_404(packs, pk=pack)
    request.programme = found.programme
    rules.insist(request.user, "make_pack", found.programme)
    if request.method != "HEAD":
        audit(request.user, "take pack", found, ["file"], tenant=found.programme.tenant)
    return files.attachment(found.file)
