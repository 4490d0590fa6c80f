"""Sessions of a programme: what is planned, what was, and planning one."""

from copy import copy
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib.forms import put_errors
from lib.languages import told
from people.models import Programme
from training import rules, services
from training.forms.sessions import SessionForm
from training.headcounts import with_words
from training.models import Mark, Session
from training.planning import breaks, clashes
from training.register import codes, sheet
from training.services import previews
from training.services.previews import Seen
from training.visibility import funders_of_session


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
        "may_keep_book": rules.may_keep_book(request.user),
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
        "breaks": breaks.shown(session.breaks),
        "agenda": told(session.agenda, session.agenda_sr) or session.agenda_sr,
        "tally": sheet.tally(session),
        "may_keep": may_keep,
        "may_plan": rules.may(request.user, "plan_session", session.programme),
        "log": session.log.select_related("by") if may_keep else [],
        "unsettled": Mark.objects.filter(session=session, unsettled=True).count() if may_keep else 0,
        "code_is_open": codes.is_open(session, now),
        "headcounts": with_words(session.headcounts.all()),
        "visibles": funders_of_session(session),
    }
    return render(request, "training/session_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme, "plan_session")
    form, context = SessionForm(request.POST or None, user=request.user, programme=programme), {}
    if request.method == "POST" and form.is_valid():
        draft = Session(programme=programme)
        try:
            if not (context := _looked(request, form, draft)):
                session = services.plan_session(
                    by=request.user, programme=programme, confirmed=_confirmed(request), **form.cleaned_data
                )
        except ValidationError as error:
            context = _refused(request, form, draft, error)
        if not context:
            messages.success(request, _("The session is planned; everybody who takes part is on its roster."))
            return redirect("training:session_detail", session=session.pk)
    return render(request, "training/session_form.html", {"form": form, "programme": programme} | context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, session: int) -> HttpResponse:
    session = _session(request, session, "plan_session")
    form = SessionForm(request.POST or None, instance=session, user=request.user, programme=session.programme)
    seen = {}
    if request.method == "POST" and form.is_valid():
        how = {"by": request.user, "now": timezone.now(), "confirmed": _confirmed(request)}
        try:
            if not (seen := _looked(request, form, session)):
                services.change_session(session=session, **how, **form.cleaned_data)
        except ValidationError as error:
            seen = _refused(request, form, session, error)
        if not seen:
            messages.success(request, _("The session is changed."))
            return redirect("training:session_detail", session=session.pk)
    context = {"form": form, "programme": session.programme, "session": session} | seen
    return render(request, "training/session_form.html", context)


def _confirmed(request: HttpRequest) -> bool:
    return "confirmed" in request.POST


def _looked(request: HttpRequest, form: SessionForm, session: Session) -> dict:
    """What is on at the same time, if that was asked for."""
    return {"seen": _seen(request, form, session)} if request.POST.get("do") == "look" else {}


def _refused(request: HttpRequest, form: SessionForm, session: Session, error: ValidationError) -> dict:
    """Words at their fields; what only wants to be confirmed stands beside its box."""
    seen = _seen(request, form, session)  # before the errors take what was said out of the form
    put_errors(form, error)
    return {"seen": seen}


def _seen(request: HttpRequest, form: SessionForm, session: Session) -> Seen:
    """The session as it would be with what the form says, and what it would clash with."""
    draft, said = copy(session), dict(form.cleaned_data)
    trainers = list(said.pop("trainers", ()))
    is_moved = said.get("venue") != session.venue
    for name, value in said.items():
        setattr(draft, name, value)
    if not session.pk or is_moved:
        draft.zone = (draft.venue and draft.venue.zone) or (
            session.zone if session.pk else draft.programme.zone
        )
    return previews.examine([draft], reader=request.user, trainers=trainers, led_by={draft.pk: trainers})[0]


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


@require_http_methods(["GET", "HEAD", "POST"])
def session_restore(request: HttpRequest, session: int) -> HttpResponse:
    """It was cancelled by mistake. Asks once more, with what would clash: whoever is expected hears of it."""
    session = _session(request, session, "plan_session")
    if request.method == "POST":
        try:
            services.restore_session(by=request.user, session=session, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The session takes place after all."))
    if request.method == "POST" or session.cancelled_at is None:
        return redirect("training:session_detail", session=session.pk)
    now, draft = timezone.now(), copy(session)
    draft.cancelled_at = None
    context = {
        "session": session,
        "when": sheet.when(session, session.local(now).date()),
        "clashes": clashes.find(draft, by=request.user),
    }
    return render(request, "training/session_restore.html", context)
