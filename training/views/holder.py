"""The page of whoever holds a certificate and has no account: fetch it, choose what its check page says, ask
somebody to check it. Who has the letter has the address, which is signed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.forms import put_errors
from training import services
from training.certificates import content, holder
from training.forms.certificates import InviteForm, ShowsForm
from training.models import Certificate
from training.register.sheet import duration
from training.views.certificate import INVITED
from training.views.certificates import as_pdf


def _certificate(token: str) -> Certificate:
    row = holder.certificate_of(token)
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_hers(request: HttpRequest, certificate_link: str) -> HttpResponse:
    row, invite = _certificate(certificate_link), None
    if request.method == "POST":
        asks = request.POST.get("do") == "invite"
        invite = _invite(request, row) if asks else _choose(request, row)
        if invite is None:
            return redirect("training:certificate_hers", certificate_link)
    last = row.editions.last()
    last.certificate = row
    context = {
        "certificate": row,
        "programme": row.enrolment.programme,
        "said": last.said,
        "attended": duration(last.said["hours"]["attended"]) if last.said else "",
        "planned": duration(last.said["hours"]["planned"]) if last.said else "",
        "address": content.address(last),
        "certificate_link": certificate_link,
        "shows": ShowsForm.of(row),
        "invite": invite or InviteForm(initial={"language": get_language()}),
        "invited": row.invitations.all(),
    }
    answer = render(request, "training/certificate_hers.html", context, status=422 if invite else 200)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _choose(request: HttpRequest, row: Certificate) -> None:
    form = ShowsForm(request.POST)
    if form.is_valid():
        services.choose_what_shows(by=None, certificate=row, **form.cleaned_data)
        messages.success(request, _("The check page says what was chosen, and no more."))
    else:
        messages.error(request, _("That cannot be shown. Nothing was changed."))


def _invite(request: HttpRequest, row: Certificate) -> InviteForm | None:
    """The form, where something was wrong with it."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            services.invite_to_check(by=None, certificate=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, INVITED % {"email": form.cleaned_data["email"]})
            return None
    return form


@never_cache
@require_safe
def certificate_hers_pdf(request: HttpRequest, certificate_link: str) -> HttpResponse:
    row = _certificate(certificate_link)
    edition = row.editions.last()
    if row.revoked_at or not edition.said:
        raise Http404
    edition.certificate = row
    return as_pdf([edition], row.number)
