"""The code on the wall: public, on her own phone, never a list of names."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training import checkin, codes, services, sheet
from training.forms import CheckInForm, put_errors
from training.hours import NONE, progress
from training.models import Attendance, Enrolment, Session

CODE = "code"  # wrong codes are counted apart from wrong answers


@require_safe
def check_in_start(request: HttpRequest) -> HttpResponse:
    """For whoever types the address from the wall: which code stands there?"""
    if code := request.GET.get("code", "").strip().replace("/", ""):
        return redirect("training:check_in", code=code)
    return render(request, "training/check_in_start.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    if codes.is_short(code) and checkin.is_blocked(request, CODE):
        return _too_many(request)
    if (session := codes.session_for(code, now)) is None:
        checkin.count_wrong(request, CODE)
        return render(request, "training/check_in_wrong.html", {"code": code}, status=404)
    if request.method == "POST" and "forget" in request.POST:
        checkin.forget(request, session)
        return redirect("training:check_in", code=code)
    if request.method != "POST" and (enrolment := checkin.who(request, session)):
        return _here(request, session, enrolment, code)
    return _ask(request, session, code, now)


def _ask(request: HttpRequest, session: Session, code: str, now) -> HttpResponse:
    """Who are you? One answer that fits is enough; several fit: the row code decides."""
    wall = f"{session.pk}"
    if checkin.is_blocked(request, wall):
        return _too_many(request)
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        operation = said.pop("operation")
        found = checkin.candidates(session.programme, **said)
        if len(found) == 1:
            try:
                services.check_in(session=session, enrolment=found[0], operation=operation, now=now)
            except ValidationError as error:
                put_errors(form, error)
            else:
                called = said["row_code"].strip().upper() or said["first_name"].strip()
                checkin.remember(request, session, found[0], called)
                return redirect("training:check_in", code=code)
        else:
            checkin.count_wrong(request, wall)
            form.add_error(None, _several() if found else _nobody(said["row_code"]))
    context = {"form": form, "session": session, "when": _when(session, now)}
    return render(request, "training/check_in.html", context)


def _here(request: HttpRequest, session: Session, enrolment: Enrolment, code: str) -> HttpResponse:
    seen = Attendance.objects.filter(entry__session=session, entry__enrolment=enrolment)
    hours = progress(session.programme, [enrolment.pk]).get(enrolment.pk, NONE)
    context = {
        "session": session,
        "when": _when(session, timezone.now()),
        "code": code,
        "called": request.session.get("called", {}).get(str(session.pk), ""),
        "attendance": seen.select_related("mark").first(),
        "waits": session.marks.filter(enrolment=enrolment, unsettled=True).exists(),
        "hours": hours,
        "attended": sheet.duration(hours.attended),
        "planned": sheet.duration(hours.planned) if hours.planned else "",
        "share": session.programme.completion_share,
    }
    return render(request, "training/check_in_here.html", context)


def _too_many(request: HttpRequest) -> HttpResponse:
    answer = render(request, "training/check_in_wait.html", status=429)
    answer["Retry-After"] = str(checkin.PERIOD)
    return answer


def _when(session: Session, now) -> str:
    return sheet.when(session, session.local(now).date())


def _nobody(row_code: str) -> str:
    if row_code:
        return _("Nobody in this programme has this row code. Look at your sheet, or ask the trainer.")
    return _("Nobody in this programme has this first name and year of birth. Try the row code, or ask.")


def _several() -> str:
    return _(
        "More than one person fits. Please write your row code: it is on your sheet; the trainer knows it."
    )
