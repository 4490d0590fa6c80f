"""Waves of a programme: when it is asked, of whom, and who has answered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib import clock
from lib.forms import put_errors, sent_from
from outcomes import exports_asking, services
from outcomes import wave_results as results
from outcomes.filters_asking import AskedFilter
from outcomes.forms.waves import WaveForm
from outcomes.models import Answer, Edition, Invitation, Wave
from outcomes.rules import insist, may
from outcomes.services.waves import to_ask
from outcomes.views.whose import programme_of
from outcomes.waves_said import standings

PAGE = 50
FORMS = ["GET", "HEAD", "POST"]


def today_of(programme):
    return clock.local(timezone.now(), programme.zone).date()


def wave_of(request: HttpRequest, pk: int, verb: str = "") -> Wave:
    rows = Wave.objects.visible_to(request.user)
    rows = rows.select_related("programme__tenant", "edition__questionnaire__programme", "module")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    if verb:
        insist(request.user, verb, row.programme)
    return row


@require_GET
def wave_list(request: HttpRequest, programme: str) -> HttpResponse:
    """When it is asked, and how many of those who were asked answered."""
    rows = Wave.objects.visible_to(request.user).filter(programme=programme_of(request, programme))
    found = standings(rows.select_related("edition__questionnaire"), today_of(request.programme))
    runs = may(request.user, "keep_answers", request.programme)
    published = Edition.objects.filter(questionnaire__programme=request.programme).exclude(published_at=None)
    context = {
        "programme": request.programme,
        "waves": found,
        "due": sum(one.is_due for one in found),
        "runs": runs,
        "can_ask": runs and published.exists(),
    }
    return render(request, "outcomes/wave_list.html", context)


@require_http_methods(FORMS)
def wave_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme, "keep_answers")
    return _form_page(request, None)


@require_http_methods(FORMS)
def wave_edit(request: HttpRequest, wave: int) -> HttpResponse:
    return _form_page(request, wave_of(request, wave, "keep_answers"))


def _form_page(request: HttpRequest, row: Wave | None) -> HttpResponse:
    form = WaveForm(request.POST or None, instance=row, programme=request.programme)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.save_wave(
                by=request.user, wave=row, programme=request.programme, **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The wave is kept."))
            return redirect("outcomes:wave_detail", made.pk)
    context = {"programme": request.programme, "form": form, "wave": row}
    return render(request, "outcomes/wave_form.html", context, status=422 if form.errors else 200)


def asked_of(request: HttpRequest, row: Wave) -> AskedFilter:
    return AskedFilter(request.GET, Invitation.objects.visible_to(request.user).filter(wave=row))


@require_GET
def wave_detail(request: HttpRequest, wave: int) -> HttpResponse:
    """Who answered and who not."""
    row = wave_of(request, wave)
    found = asked_of(request, row)
    rows = found.qs.select_related("enrolment__person", "wave").annotate(attempts=Count("contacts"))
    runs = may(request.user, "keep_answers", row.programme)
    context = {
        "programme": row.programme,
        "wave": row,
        "standing": standings([row], today_of(row.programme))[0],
        "filter": found,
        "page": Paginator(rows.in_order(), PAGE).get_page(request.GET.get("page")),
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("state")),
        "runs": runs,
        "to_ask": to_ask(row).count() if runs else 0,
    }
    return render(request, "outcomes/wave_detail.html", context)


@require_safe
def wave_export(request: HttpRequest, wave: int, format: str) -> HttpResponseBase:
    row = wave_of(request, wave)
    rows = exports_asking.asked(asked_of(request, row).qs)
    return take_along(request, exports_asking.ASKED, rows, format, about=row.programme)


@require_safe
def wave_answers(request: HttpRequest, wave: int, format: str) -> HttpResponseBase:
    """Each answer, with who gave it, for whoever may read them."""
    row = wave_of(request, wave, "keep_answers")
    rows = Answer.objects.visible_to(request.user).filter(invitation__wave=row)
    found = exports_asking.answered(rows)
    return take_along(request, exports_asking.ANSWERS, found, format, about=row.programme, part=row.code)


@sent_from("outcomes:wave_detail")
def wave_invite(request: HttpRequest, wave: int) -> HttpResponse:
    row = wave_of(request, wave, "keep_answers")
    made = services.invite(by=request.user, wave=row, now=timezone.now())
    words = ngettext("%(n)s more person is asked.", "%(n)s more people are asked.", made) % {"n": made}
    messages.success(request, words if made else _("Everybody who is to be asked is asked already."))
    return redirect("outcomes:wave_detail", row.pk)


@require_GET
def wave_results(request: HttpRequest, wave: int) -> HttpResponse:
    """What they answered, question by question; who said what in words only for whoever may read answers."""
    row = wave_of(request, wave)
    runs = may(request.user, "keep_answers", row.programme)
    context = {
        "programme": row.programme,
        "wave": row,
        "standing": standings([row], today_of(row.programme))[0],
        "questions": results.of(row, with_words=runs),
        "runs": runs,
    }
    return render(request, "outcomes/wave_results.html", context)
