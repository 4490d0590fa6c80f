"""The certificates of a programme: who may have one, who has one, all at once; and who signs them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from lib.forms import put_errors
from people.models import Programme
from training import rules, services
from training.certificates import content
from training.forms.certificates import SignatoryForm
from training.models import Certificate, CertificateEdition, Enrolment, Signatory
from training.papers import diploma
from training.views.people import of_address


@require_safe
def certificate_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    rows = content.standings(programme)
    completed = [row for row in rows if row.hours.completes]
    having = [row for row in rows if hasattr(row.enrolment, "certificate")]
    is_enrolled = Enrolment.State.ENROLLED
    context = {
        "programme": programme,
        "rows": rows,
        "completed": len(completed),
        "having": len(having),
        "waiting": sum(not row.refusal and not hasattr(row.enrolment, "certificate") for row in rows),
        "to_move": [row for row in completed if row.enrolment.state == is_enrolled],
        "by_hand": [row for row in rows if row.enrolment.state != is_enrolled and not row.hours.completes],
        "signatories": list(programme.signatories.all()),
        "may_issue": rules.may(request.user, "issue_certificate", programme),
        "job": _open_job(request, programme),
    }
    return render(request, "training/certificate_list.html", context)


def _open_job(request: HttpRequest, programme: Programme) -> Job | None:
    jobs = Job.objects.visible_to(request.user).filter(kind="training.issue_all", state__in=Job.OPEN)
    return next((job for job in jobs if job.parameters == {"programme": programme.pk}), None)


def _to_issue(request: HttpRequest, code: str) -> Programme:
    programme = of_address(request, code)
    rules.insist(request.user, "issue_certificate", programme)
    return programme


@require_POST
def certificate_issue_all(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _to_issue(request, programme)
    job = services.request_certificates(by=request.user, programme=programme)
    if not Job.objects.visible_to(request.user).filter(pk=job.pk).exists():
        messages.info(request, _("Somebody else asked for these certificates; they are being issued."))
        return redirect("training:certificate_list", programme.code)
    return redirect("jobs:job_detail", job.pk)


@require_safe
def certificate_all(request: HttpRequest, programme: str) -> HttpResponse:
    """All that are valid, a page each, in the order of names: to be printed and handed out."""
    programme = of_address(request, programme)
    rows = Certificate.objects.visible_to(request.user).filter(
        enrolment__programme=programme, revoked_at=None
    )
    editions = newest(rows.order_by("enrolment__person__name_key", "pk"))
    if not editions:
        raise Http404
    printed = [edition for edition in editions if edition.said]
    if n := len(editions) - len(printed):
        words = ngettext(
            "%(n)s certificate is left out: what it said was erased with the person.",
            "%(n)s certificates are left out: what they said was erased with the people.",
            n,
        )
        messages.warning(request, words % {"n": n})
    if not printed:
        return redirect("training:certificate_list", programme.code)
    return as_pdf(printed, f"certificates-{programme.code}")


def newest(rows) -> list[CertificateEdition]:
    """The last edition of each, in the order given. Two queries."""
    found = []
    for row in rows.prefetch_related("editions"):
        last = max(row.editions.all(), key=lambda edition: edition.edition)
        last.certificate = row
        found.append(last)
    return found


def as_pdf(editions: list[CertificateEdition], name: str) -> HttpResponse:
    content = diploma.drawn(editions)
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def completion_create(request: HttpRequest, programme: str) -> HttpResponse:
    """Move those she saw in the preview, and say of the others why not."""
    programme = of_address(request, programme)
    rules.insist(request.user, "change_enrolment", programme)
    keys = [int(key) for key in request.POST.getlist("enrolment") if key.isascii() and key.isdecimal()]
    done = services.complete_all(by=request.user, programme=programme, enrolments=keys, now=timezone.now())
    n = len(done.moved)
    if n:
        said = ngettext("%(n)s person is completed now.", "%(n)s people are completed now.", n)
        messages.success(request, said % {"n": n})
    for _row, words in done.refused:
        messages.warning(request, words)
    return redirect("training:certificate_list", programme.code)


@require_http_methods(["GET", "HEAD", "POST"])
def signatory_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _to_issue(request, programme)
    form = SignatoryForm(request.POST or None, instance=Signatory(programme=programme, position=1))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"position": programme.signatories.count() + 1}
        try:
            services.save_signatory(by=request.user, programme=programme, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("training:signatory_list", programme.code)
    context = {"programme": programme, "signatories": list(programme.signatories.all()), "form": form}
    return render(request, "training/signatory_list.html", context, status=422 if form.errors else 200)


def _signatory(request: HttpRequest, pk: int) -> Signatory:
    rows = Signatory.objects.visible_to(request.user).select_related("programme__tenant")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    rules.insist(request.user, "issue_certificate", row.programme)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def signatory_edit(request: HttpRequest, signatory: int) -> HttpResponse:
    row = _signatory(request, signatory)
    form = SignatoryForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = _signatory(request, signatory)  # as it is kept: the form has written into the other
        try:
            services.save_signatory(by=request.user, signatory=row, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("training:signatory_list", row.programme.code)
    context = {"programme": row.programme, "signatory": row, "form": form}
    return render(request, "training/signatory_form.html", context, status=422 if form.errors else 200)


@require_POST
def signatory_remove(request: HttpRequest, signatory: int) -> HttpResponse:
    row = _signatory(request, signatory)
    services.remove_signatory(by=request.user, signatory=row)
    messages.success(request, _("%(name)s signs no more certificates.") % {"name": row.name})
    return redirect("training:signatory_list", row.programme.code)
