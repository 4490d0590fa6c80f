"""One certificate: its page for staff and for its holder, its paper, and the public page that checks it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lib.forms import put_errors
from lib.quotas import TooMuch, spend
from people.models import Programme
from training import rules, services
from training.certificates import content, shown
from training.forms.certificates import InviteForm, RevokeForm, ShowsForm
from training.models import Certificate, Enrolment
from training.register.sheet import duration
from training.views.certificates import as_pdf

CHECKS = 120  # a minute and address: a jury with a pile of papers is welcome, a machine that tries is not
JSON, HTML = "application/json", "text/html"
INVITED = gettext_lazy("%(email)s is asked to check it.")


def _certificate(request: HttpRequest, pk: int) -> Certificate:
    rows = Certificate.objects.visible_to(request.user).select_related(
        "tenant", "enrolment__programme__tenant", "enrolment__person", "revoked_by"
    )
    row = get_object_or_404(rows, pk=pk)
    programme = row.enrolment.programme
    if Programme.objects.visible_to(request.user).filter(pk=programme.pk).exists():
        request.programme = programme
    return row


def _is_hers(request: HttpRequest, row: Certificate) -> bool:
    return row.enrolment.person.user_id == request.user.pk


def _to_issue(request: HttpRequest, pk: int) -> Certificate:
    row = _certificate(request, pk)
    rules.insist(request.user, "issue_certificate", row.enrolment.programme)
    return row


def _to_choose(request: HttpRequest, pk: int) -> Certificate:
    """The holder's; on her word, also whoever issues them."""
    row = _certificate(request, pk)
    if not _is_hers(request, row):
        rules.insist(request.user, "issue_certificate", row.enrolment.programme)
    return row


@require_POST
def certificate_issue(request: HttpRequest, enrolment: int) -> HttpResponse:
    people = Enrolment.objects.visible_to(request.user).select_related("programme__tenant", "person")
    row = get_object_or_404(people, pk=enrolment)
    rules.insist(request.user, "issue_certificate", row.programme)
    try:
        made = services.issue_certificate(by=request.user, enrolment=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("training:certificate_list", row.programme.code)
    messages.success(request, _("Certificate %(number)s is issued.") % {"number": made.number})
    return redirect("training:certificate_detail", made.pk)


@require_safe
def certificate_detail(request: HttpRequest, certificate: int) -> HttpResponse:
    return _detail(request, _certificate(request, certificate))


def _detail(
    request: HttpRequest, row: Certificate, form: RevokeForm | None = None, invite: InviteForm | None = None
) -> HttpResponse:
    programme, editions = row.enrolment.programme, list(row.editions.select_related("by"))
    for edition in editions:
        edition.certificate = row
    last = editions[-1]
    may_issue = rules.may(request.user, "issue_certificate", programme)
    may_choose = may_issue or _is_hers(request, row)
    context = {
        "certificate": row,
        "programme": programme,
        "editions": editions[::-1],
        "said": last.said,
        "attended": duration(last.said["hours"]["attended"]) if last.said else "",
        "planned": duration(last.said["hours"]["planned"]) if last.said else "",
        "address": content.address(last),
        "shows": ShowsForm.of(row),
        "form": form or RevokeForm(),
        "invite": invite or InviteForm(initial={"language": get_language()}),
        "invited": row.invitations.all() if may_choose else [],
        "may_choose": may_choose,
        "is_hers": _is_hers(request, row),
        "may_issue": may_issue,
        "may_view": rules.may(request.user, "view_enrolment", programme),
    }
    status = 422 if form or invite else 200
    return render(request, "training/certificate_detail.html", context, status=status)


@require_safe
def certificate_pdf(request: HttpRequest, certificate: int) -> HttpResponse:
    """Drawn now from what was frozen. Who issues them gets earlier editions too, and revoked ones."""
    row = _certificate(request, certificate)
    may_issue = rules.may(request.user, "issue_certificate", row.enrolment.programme)
    if row.revoked_at and not may_issue:
        raise PermissionDenied
    wanted = request.GET.get("edition", "")
    edition = row.editions.last()
    if may_issue and wanted.isascii() and wanted.isdecimal():
        edition = get_object_or_404(row.editions, edition=int(wanted[:4]))
    if not edition.said:
        raise Http404  # what it said was erased with the person
    edition.certificate = row
    return as_pdf([edition], row.number)


@require_POST
def certificate_reissue(request: HttpRequest, certificate: int) -> HttpResponse:
    row = _to_issue(request, certificate)
    try:
        edition = services.reissue_certificate(by=request.user, certificate=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        what = {"number": row.number, "edition": edition.edition}
        messages.success(request, _("%(number)s is issued again, as edition %(edition)s.") % what)
    return redirect("training:certificate_detail", row.pk)


@require_POST
def certificate_revoke(request: HttpRequest, certificate: int) -> HttpResponse:
    row = _to_issue(request, certificate)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            services.revoke_certificate(
                by=request.user, certificate=row, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is revoked. Whoever checks it reads so from now on."))
            return redirect("training:certificate_detail", row.pk)
    return _detail(request, row, form)


@require_POST
def certificate_shows(request: HttpRequest, certificate: int) -> HttpResponse:
    """What the check page says beside that it is valid."""
    row = _to_choose(request, certificate)
    form = ShowsForm(request.POST)
    if form.is_valid():
        services.choose_what_shows(by=request.user, certificate=row, **form.cleaned_data)
        messages.success(request, _("The check page says what was chosen, and no more."))
    else:
        messages.error(request, _("That cannot be shown. Nothing was changed."))
    return redirect("training:certificate_detail", row.pk)


@require_POST
def certificate_invite(request: HttpRequest, certificate: int) -> HttpResponse:
    """Ask somebody to check it."""
    row = _to_choose(request, certificate)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            services.invite_to_check(
                by=request.user, certificate=row, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, INVITED % {"email": form.cleaned_data["email"]})
            return redirect("training:certificate_detail", row.pk)
    return _detail(request, row, invite=form)


@never_cache
@require_safe
def certificate_check(request: HttpRequest, signed: str) -> HttpResponse:
    """Is this paper genuine? For everybody, as a page or as JSON."""
    wants_json = request.get_preferred_type([HTML, JSON]) == JSON
    try:
        spend(request.META.get("REMOTE_ADDR", ""), "checks", CHECKS)
    except TooMuch as wait:
        answer = render(request, "training/certificate_wait.html", status=429)
        answer["Retry-After"] = str(wait.wait)
        return answer
    facts = shown.shown(content.edition_of(signed))
    status = 404 if facts["state"] == shown.NOT_OURS else 200
    if wants_json:
        answer = JsonResponse(facts, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        context = {"facts": facts} | shown.in_words(facts, get_language())
        answer = render(request, "training/certificate_check.html", context, status=status)
    answer["Vary"] = "Accept, Accept-Language, Cookie"
    answer["X-Robots-Tag"] = "noindex"
    return answer
