"""Sessions of a programme: what is planned, what was, and planning one."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.models import Programme
from training import codes, rules, services, sheet
from training.forms import SessionForm, put_errors
from training.models import Mark, Session


def programme_of(request: HttpRequest, code: str, verb: str | None = None) -> Programme:
    programmes = Programme.objects.visible_to(request.user).select_related("tenant")
    request.programme = get_object_or_404(programmes, code=code)
    if verb:
        rules.insist(request.user, verb, request.programme)
    return request.programme


def _session(request: HttpRequest, pk: int, verb: str | None = None) -> Session:
    sessions = Session.objects.visible_to(request.user).select_related("programme__tenant", "module", "venue")
    session = get_object_or_404(sessions, pk=pk)
    request.programme = session.programme
    if verb:
        rules.insist(request.user, verb, session.programme)
    return session


@require_safe
def session_list(request: HttpRequest, programme: str) -> HttpResponse:
    """By module, those without a module last; unscheduled ones at the end of each."""
    now = timezone.now()
    programme = programme_of(request, programme)
    found = Session.objects.visible_to(request.user).filter(programme=programme)
    found = found.select_related("module", "venue").with_counts()
    sessions = sorted(found, key=lambda s: (s.module.number if s.module else 1000, s.day is None))
    for session in sessions:
        session.when = sheet.when(session, session.local(now).date())
    context = {
        "programme": programme,
        "groups": [(module, list(rows)) for module, rows in groupby(sessions, key=lambda s: s.module)],
        "n": len([s for s in sessions if not s.cancelled_at]),
        "unscheduled": len([s for s in sessions if s.day is None and not s.cancelled_at]),
        "next": next((s for s in found if s.starts_at and s.starts_at > now and not s.cancelled_at), None),
        "may_plan": rules.may(request.user, "plan_session", programme),
        "may_keep": rules.may(request.user, "keep_register", programme),
    }
    return render(request, "training/session_list.html", context)


@require_safe
def session_detail(request: HttpRequest, session: int) -> HttpResponse:
    now = timezone.now()
    session = _session(request, session)
    may_keep = rules.may(request.user, "keep_register", session.programme)
    context = {
        "session": session,
        "when": sheet.when(session, session.local(now).date()),
        "is_over": bool(session.ends_at and session.ends_at <= now),
        "has_begun": session.has_begun(now),
        "length": sheet.duration(session.minutes) if session.minutes is not None else "",
        "trainers": session.trainers.all(),
        "tally": sheet.tally(session),
        "may_keep": may_keep,
        "may_plan": rules.may(request.user, "plan_session", session.programme),
        "log": session.log.select_related("by") if may_keep else [],
        "unsettled": Mark.objects.filter(session=session, unsettled=True).count() if may_keep else 0,
        "code_is_open": codes.is_open(session, now),
    }
    return render(request, "training/session_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme, "plan_session")
    form = SessionForm(request.POST or None, user=request.user, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            session = services.plan_session(by=request.user, programme=programme, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The session is planned; everybody who takes part is on its roster."))
            return redirect("training:session_detail", session=session.pk)
    return render(request, "training/session_form.html", {"form": form, "programme": programme})


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, session: int) -> HttpResponse:
    session = _session(request, session, "plan_session")
    form = SessionForm(request.POST or None, instance=session, user=request.user, programme=session.programme)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(by=request.user, session=session, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The session is changed."))
            return redirect("training:session_detail", session=session.pk)
    context = {"form": form, "programme": session.programme, "session": session}
    return render(request, "training/session_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: HttpRequest, session: int) -> HttpResponse:
    """Asks once more: whoever is invited will hear of it."""
    session = _session(request, session, "plan_session")
    if request.method == "POST":
        try:
            services.cancel_session(by=request.user, session=session, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The session is cancelled."))
        return redirect("training:session_detail", session=session.pk)
    return render(
        request, "training/session_cancel.html", {"session": session, "tally": sheet.tally(session)}
    )
