"""The public form of a programme, and the link that confirms it: no account, on her own phone."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.doors import comes_later, is_late
from lib.forms import put_errors
from lib.languages import told
from people.models import Programme
from training import services, visibility
from training.eligibility import applying
from training.eligibility.facts import first_day
from training.forms.applications import ApplicationForm
from training.models import Application


def _programme(tenant: str, code: str) -> Programme:
    """One that takes applications, now or some day: the others have no page here."""
    rows = Programme.objects.select_related("tenant").exclude(applies_from=None)
    return get_object_or_404(rows, tenant__slug=tenant, code=code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, tenant: str, programme: str) -> HttpResponse:
    programme, now = _programme(tenant, programme), timezone.now()
    if not applying.is_open(programme, now):
        return _shut(request, programme, now)
    if request.method != "POST":
        return _form(request, programme, ApplicationForm(programme=programme, now=now))
    if refusal := applying.DOOR.refusal(request):
        return refused(request, programme, *refusal)
    form = ApplicationForm(request.POST, programme=programme, now=now)
    if not form.is_valid():
        return _form(request, programme, form, 422)
    if applying.DOOR.too_many_to(form.cleaned_data["email"]):
        return refused(request, programme, 429, applying.MAIL_PERIOD)
    try:
        _keep(form, programme, now)
    except ValidationError as error:
        put_errors(form, error)
        return _form(request, programme, form, 422)
    return redirect("training:apply_sent", tenant=tenant, programme=programme.code)


def _keep(form: ApplicationForm, programme: Programme, now) -> None:
    given = form.cleaned_data
    whose = {name: given[name] for name in ("operation", "email", "language")}
    services.apply(programme=programme, said=form.said(), now=now, **whose)


def _form(
    request: HttpRequest, programme: Programme, form: ApplicationForm, status: int = 200
) -> HttpResponse:
    context = _about(programme) | {
        "form": form,
        "guards": form.guards(),
        "paid_by": visibility.funders_of(programme),
        "first_day": first_day(programme),
    }
    return render(request, "training/apply.html", context, status=status)


def _about(programme: Programme) -> dict:
    until = programme.applies_until
    return {
        "programme": programme,
        "description": told(programme.description, programme.description_sr),
        "last_day": until and until - timedelta(days=1),
    }


def _shut(request: HttpRequest, programme: Programme, now) -> HttpResponse:
    """Before its first day, and after its last: when that is, or was."""
    context = _about(programme) | {"is_early": comes_later(programme.applies_from, programme.zone, now)}
    return render(
        request, "training/apply_shut.html", context, status=200 if request.method != "POST" else 409
    )


def refused(request: HttpRequest, programme: Programme, status: int, seconds: int = 0) -> HttpResponse:
    """Too large, or too many at once: the same page for every public form."""
    context = {"programme": programme, "is_large": status == 413, "minutes": seconds // 60}
    answer = render(request, "training/apply_wait.html", context, status=status)
    if seconds:
        answer["Retry-After"] = str(seconds)
    return answer


@never_cache
@require_safe
def apply_sent(request: HttpRequest, tenant: str, programme: str) -> HttpResponse:
    return sent(request, _programme(tenant, programme), "training:apply")


def sent(request: HttpRequest, programme: Programme, form: str) -> HttpResponse:
    """The same for everybody, whoever is known here, after every public form."""
    context = {"programme": programme, "form_url": _address(programme, form), "days": applying.KEPT.days}
    return render(request, "training/apply_sent.html", context)


def _address(programme: Programme, form: str) -> str:
    return reverse(form, args=[programme.tenant.slug, programme.code])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application_confirm(request: HttpRequest, confirmation: str) -> HttpResponse:
    """Looking changes nothing: programs that read mail open links. The button does it."""
    found = applying.DOOR.read_token(confirmation)
    row = found and Application.objects.select_related("programme__tenant").filter(pk=found[0]).first()
    if not row:
        return unknown(request)
    if row.revision != found[1]:
        words = _("A newer letter was sent after this one: use the link in that.")
        return _dead(request, row, words)
    if request.method != "POST" and row.confirmed_at is None and not is_late(row, timezone.now()):
        return render(request, "training/application_confirm.html", {"row": row, "programme": row.programme})
    try:
        row, is_first = services.confirm_application(pk=row.pk, revision=found[1], now=timezone.now())
    except ValidationError as error:
        return _dead(request, row, " ".join(error.messages))
    context = {"row": row, "programme": row.programme, "is_first": is_first}
    return render(request, "training/application_done.html", context)


def _dead(request: HttpRequest, row: Application, words: str) -> HttpResponse:
    is_open = applying.is_open(row.programme, timezone.now())
    return dead(request, row.programme, words, "training:apply" if is_open else "")


def unknown(request: HttpRequest) -> HttpResponse:
    """A link that we did not send, or whose application is gone."""
    words = _("This link is none of ours, or its application is gone.")
    return render(request, "training/application_dead.html", {"words": words}, status=404)


def dead(request: HttpRequest, programme: Programme, words: str, form: str) -> HttpResponse:
    """A link of ours that does nothing any more; `form`: the route where she can begin anew, if there is."""
    context = {"programme": programme, "words": words, "form_url": form and _address(programme, form)}
    return render(request, "training/application_dead.html", context, status=410)
