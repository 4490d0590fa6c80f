"""The register: one row a person, one tap present."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.folding import fold
from training import rules, services
from training.forms.register import MarkForm, NoteForm, WalkInForm
from training.models import Enrolment, Mark, Session, Status
from training.register import arrivals, codes, differences, offline, sheet


def kept_session(request: HttpRequest, pk: int) -> Session:
    """The session of the address, for somebody who may keep its register."""
    sessions = Session.objects.visible_to(request.user).select_related("programme__tenant", "module", "venue")
    session = get_object_or_404(sessions, pk=pk)
    request.programme = session.programme
    rules.insist(request.user, "keep_register", session.programme)
    return session


@require_safe
def register(request: HttpRequest, session: int) -> HttpResponse:
    return _page(request, kept_session(request, session))


def _page(request: HttpRequest, session: Session, status: int = 200, **forms) -> HttpResponse:
    """The register; `note` or `walk_in` with what was typed where a service refused it."""
    now = timezone.now()
    rows = sheet.rows(session)
    words = fold(request.GET.get("q", "")).split()
    shown = [row for row in rows if all(f" {word}" in f" {fold(row.found_by)}" for word in words)]
    context = {
        "session": session,
        "when": sheet.when(session, session.local(now).date()),
        "rows": shown,
        "tally": sheet.tally(session),
        "arrival": _time_now(session, now),
        "is_early": session.day is not None and session.day > session.local(now).date(),
        "is_open": codes.is_open(session, now),
        "turned_away": arrivals.turned_away(session),
        "unsettled": Mark.objects.filter(session=session, unsettled=True).select_related("enrolment__person"),
        "log": session.log.select_related("by"),
        "note": NoteForm(),
        "walk_in": WalkInForm(auto_id="door_%s"),
        "operation": uuid4,  # each form its own
        "differences": differences.open_differences(session),
        "words": offline.words(),
        "data": offline.drawn(session, request.user, now, rows),
        "blank": offline.BLANK,
    }
    return render(request, "training/session_register.html", context | forms, status=status)


@require_POST
def mark_create(request: HttpRequest, session: int) -> HttpResponse:
    """One mark, or present for everybody who has none: the way without a script."""
    session = kept_session(request, session)
    form = MarkForm(_said(request, session))
    now, anchor = timezone.now(), ""
    try:
        if "everyone" in request.POST:
            services.mark_rest_present(
                by=request.user, session=session, operation=_operation(request), now=now
            )
        elif form.is_valid():
            anchor = f"#row-{form.cleaned_data['enrolment']}"
            marks = [form.cleaned_data]
            [result] = services.record_marks(by=request.user, session=session, marks=marks, now=now)
            _say(request, result)
        else:
            raise ValidationError([error for errors in form.errors.values() for error in errors])
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    return redirect(reverse("training:register", args=[session.pk]) + anchor)


def _said(request: HttpRequest, session: Session):
    """What was posted; "late:10" is late by ten minutes from the session's start."""
    said = request.POST.copy()
    status, _colon, minutes = said.get("status", "").partition(":")
    if status == Status.LATE and minutes.isdecimal() and session.start:
        came = datetime.combine(session.day, session.start) + timedelta(minutes=int(minutes[:3]))
        said["status"], said["arrival"] = status, f"{came:%H:%M}"
    return said


def _operation(request: HttpRequest):
    return MarkForm.base_fields["operation"].clean(request.POST.get("operation"))


def _say(request: HttpRequest, result: services.Result) -> None:
    if result.outcome in (services.Outcome.REFUSED, services.Outcome.CONFLICT):
        messages.error(request, result.words)
    elif result.outcome == services.Outcome.UNSETTLED:
        messages.warning(request, result.words)


def _time_now(session: Session, now) -> str:
    """What stands in the time field before anybody types: now, while the session goes on."""
    goes_on = session.has_begun(now) and now < session.ends_at
    return session.local(now).strftime("%H:%M") if goes_on else ""


@require_POST
def walk_in_create(request: HttpRequest, session: int) -> HttpResponse:
    session = kept_session(request, session)
    form = WalkInForm(request.POST, auto_id="door_%s")
    try:
        if not form.is_valid():
            raise ValidationError([e for errors in form.errors.values() for e in errors])
        came = services.add_walk_in(by=request.user, session=session, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, session, 422, walk_in=form)
    said = {"name": came.person, "code": came.row_code}
    messages.success(request, _("%(name)s is on the roster and present. Row code: %(code)s.") % said)
    return redirect(reverse("training:register", args=[session.pk]) + f"#row-{came.pk}")


@require_POST
def roster_create(request: HttpRequest, session: int) -> HttpResponse:
    """Settle the marks of somebody who was not on the roster: from now on they count."""
    session = kept_session(request, session)
    people = Enrolment.objects.visible_to(request.user).filter(programme=session.programme)
    enrolment = get_object_or_404(people, pk=request.POST.get("enrolment") or 0)
    services.fill_roster(by=request.user, session=session, enrolments=[enrolment or 0])
    messages.success(request, _("%(name)s is on the roster now; the marks count.") % {"name": enrolment})
    return redirect(reverse("training:register", args=[session.pk]) + f"#row-{enrolment.pk}")


@require_POST
def log_create(request: HttpRequest, session: int) -> HttpResponse:
    session = kept_session(request, session)
    form = NoteForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([e for errors in form.errors.values() for e in errors])
        services.write_log(by=request.user, session=session, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, session, 422, note=form)
    messages.success(request, _("The note is kept."))
    return redirect(reverse("training:register", args=[session.pk]) + "#note")


def session_close(request: HttpRequest, session: int) -> HttpResponse:
    """Shows first who is not marked: they stay unknown."""
    session = kept_session(request, session)
    if request.method == "POST":
        try:
            services.close_session(by=request.user, session=session, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("training:register", session=session.pk)
        messages.success(request, _("The session is closed. Marks can still be corrected."))
        return redirect("training:session_detail", session=session.pk)
    unmarked = [row for row in sheet.rows(session) if not row.status]
    context = {"session": session, "unmarked": unmarked, "tally": sheet.tally(session)}
    return render(request, "training/session_close.html", context)
