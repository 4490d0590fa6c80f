"""The public form for mentors, and the link that confirms it: no account, on her own phone."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.doors import MAIL_PERIOD, comes_later, is_late
from lib.forms import put_errors
from lib.languages import told
from mentoring import services
from mentoring.forms.applications import MentorApplicationForm
from mentoring.forms.week import HOURS_HELP
from mentoring.models import MentorApplication
from mentoring.profiles import applying
from people.models import Programme
from training.views.applications import dead, refused, sent, unknown

FORMS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORMS)
def mentor_apply(request: HttpRequest, tenant: str, programme: str) -> HttpResponse:
    programme = get_object_or_404(applying.public(), tenant__slug=tenant, code=programme)
    now = timezone.now()
    if not applying.is_open(programme, now):
        return _shut(request, programme, now)
    if request.method != "POST":
        return _form(request, MentorApplicationForm(programme=programme, now=now))
    if refusal := applying.DOOR.refusal(request):
        return refused(request, programme, *refusal)
    form = MentorApplicationForm(request.POST, programme=programme, now=now)
    if not form.is_valid():
        return _form(request, form, 422)
    if applying.DOOR.too_many_to(form.cleaned_data["email"]):
        return refused(request, programme, 429, MAIL_PERIOD)
    try:
        _keep(form)
    except ValidationError as error:
        put_errors(form, error)
        return _form(request, form, 422)
    return redirect("mentoring:mentor_apply_sent", tenant=tenant, programme=programme.code)


def _keep(form: MentorApplicationForm) -> None:
    given = form.cleaned_data
    whose = {name: given[name] for name in ("operation", "name", "email", "phone", "language")}
    services.apply_as_mentor(programme=form.programme, said=form.said(), now=form.now, **whose)


def _form(request: HttpRequest, form: MentorApplicationForm, status: int = 200) -> HttpResponse:
    programme = form.programme
    context = {
        "programme": programme,
        "description": told(programme.description, programme.description_sr),
        "form": form,
        "guards": form.guards(),
        "hours_help": HOURS_HELP,
    }
    return render(request, "mentoring/mentor_apply.html", context, status=status)


def _shut(request: HttpRequest, programme: Programme, now) -> HttpResponse:
    """Before its first day, and after the programme is over."""
    context = {"programme": programme, "is_early": comes_later(programme.applies_from, programme.zone, now)}
    status = 409 if request.method == "POST" else 200
    return render(request, "mentoring/mentor_apply_shut.html", context, status=status)


@never_cache
@require_safe
def mentor_apply_sent(request: HttpRequest, tenant: str, programme: str) -> HttpResponse:
    programme = get_object_or_404(applying.public(), tenant__slug=tenant, code=programme)
    return sent(request, programme, "mentoring:mentor_apply")


@never_cache
@require_http_methods(FORMS)
def mentor_confirm(request: HttpRequest, pledge: str) -> HttpResponse:
    """Looking changes nothing: programs that read mail open links. The button does it."""
    now, found = timezone.now(), applying.DOOR.read_token(pledge)
    rows = MentorApplication.objects.select_related("programme__tenant")
    row = found and rows.filter(pk=found[0]).first()
    if not row:
        return unknown(request)
    is_live = row.revision == found[1] and row.confirmed_at is None and not is_late(row, now)
    if request.method != "POST" and is_live:
        return render(request, "mentoring/mentor_confirm.html", {"row": row, "programme": row.programme})
    try:
        row, is_first = services.confirm_mentor_application(pk=row.pk, revision=found[1], now=now)
    except ValidationError as error:
        is_open = applying.is_open(row.programme, now)
        form = "mentoring:mentor_apply" if is_open else ""
        return dead(request, row.programme, " ".join(error.messages), form)
    context = {"programme": row.programme, "is_first": is_first}
    return render(request, "training/application_done.html", context)
