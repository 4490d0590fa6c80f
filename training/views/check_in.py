"""The code on the wall: public, on her own phone, never a list of names."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.forms import put_errors
from training import services
from training.forms.check_in import CheckInForm
from training.hours import NONE, progress
from training.models import Attendance, Enrolment, Session, TurnedAway
from training.register import checkin, codes, sheet

CODE = "code"  # wrong codes are counted apart from wrong answers
Why = TurnedAway.Why


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
    read = codes.read(code, now)
    if not read.why:
        checkin.give_ticket(request, read, now)
    read = checkin.with_ticket(request, read, now)
    if request.method == "POST" and "forget" in request.POST and read.session:
        checkin.forget(request, read.session)
        return redirect("training:check_in", code=code)
    enrolment = checkin.who(request, read.session) if read.session else None
    if request.method != "POST" and enrolment and codes.is_its_time(read.session, now):
        return _here(request, read, enrolment, code)
    return _closed(request, read, code, now) if read.why else _ask(request, read, code, now)


def _closed(request: HttpRequest, read: codes.Read, code: str, now: datetime) -> HttpResponse:
    """The code opens nothing: one that somebody guesses counts against him, an old one is only counted."""
    if read.session is None:
        checkin.count_wrong(request, CODE)
    elif request.method != "HEAD":
        _turn_away(read.session, Why.LATE, now)
    context = {"code": code, "is_old": read.session is not None}
    return render(request, "training/check_in_wrong.html", context, status=404)


def _turn_away(session: Session, why: Why, now: datetime) -> None:
    if checkin.may_count(session):
        services.turn_away(session=session, why=why, now=now)


def _ask(request: HttpRequest, read: codes.Read, code: str, now: datetime) -> HttpResponse:
    """Who are you? One answer that fits is enough; several fit: the row code decides."""
    session, wall = read.session, f"{read.session.pk}"
    if checkin.is_blocked(request, wall):
        return _too_many(request)
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        operation = said.pop("operation")
        found = checkin.candidates(session, **said)
        if len(found) == 1:
            if _comes_in(request, read, form, found[0], operation, now):
                return redirect("training:check_in", code=code)
        else:
            checkin.count_wrong(request, wall)
            form.add_error(None, _several() if found else _nobody(said["row_code"]))
        if not found:
            elsewhere = checkin.is_elsewhere(session, now, **said)
            _turn_away(session, Why.OTHER if elsewhere else Why.UNKNOWN, now)
    context = {"form": form, "session": session, "when": _when(session, now)}
    return render(request, "training/check_in.html", context)


def _comes_in(request, read: codes.Read, form, enrolment: Enrolment, operation, now: datetime) -> bool:
    said = form.cleaned_data
    device = checkin.device(request, said["row_code"])
    who = {"session": read.session, "enrolment": enrolment, "operation": operation, "device": device}
    try:
        services.check_in(**who, is_shared=read.is_shared, now=now)
    except ValidationError as error:
        if getattr(error, "code", "") in (Why.TWICE, Why.UNKNOWN):
            _turn_away(read.session, Why(error.code), now)
        put_errors(form, error)
        return False
    called = said["row_code"].strip().upper() or said["first_name"].strip()
    checkin.remember(request, read.session, enrolment, called)
    return True


def _here(request: HttpRequest, read: codes.Read, enrolment: Enrolment, code: str) -> HttpResponse:
    session = read.session
    seen = Attendance.objects.filter(entry__session=session, entry__enrolment=enrolment)
    hours = progress(session.programme, [enrolment.pk]).get(enrolment.pk, NONE)
    context = {
        "session": session,
        "when": _when(session, timezone.now()),
        "code": code,
        "called": request.session.get("called", {}).get(str(session.pk), ""),
        "attendance": seen.select_related("mark").first(),
        "is_shared": read.is_shared and not read.why,
        "is_over": session.ends_at <= timezone.now(),
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


def _when(session: Session, now: datetime) -> str:
    return sheet.when(session, session.local(now).date())


def _nobody(row_code: str) -> str:
    if row_code:
        return _(
            "Nobody on the roster of this session has this row code. Look at your sheet, or ask the trainer."
        )
    return _(
        "Nobody on the roster of this session has this first name and year of birth. "
        "Try the row code, or ask."
    )


def _several() -> str:
    return _(
        "More than one person fits. Please write your row code: it is on your sheet; the trainer knows it."
    )
