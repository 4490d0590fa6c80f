"""The code on the wall, and who came in by it: for whoever keeps the register."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training import rules, services
from training.forms.check_in import StrikeForm
from training.models import Mark, Session
from training.register import arrivals, codes, sheet
from training.views.register import kept_session


@never_cache
@require_safe
def session_code(request: HttpRequest, session: int) -> HttpResponse:
    """For the wall: a code for the camera, an address and five letters for the fingers. They change every two
    minutes, and the page with them."""
    now, session = timezone.now(), kept_session(request, session)
    context = _wall(request, session, now) | {"when": sheet.when(session, session.local(now).date())}
    return render(request, "training/session_code.html", context)


@never_cache
@require_safe
def session_code_now(request: HttpRequest, session: int) -> HttpResponse:
    """Only the code, for the page that stands on the wall: nothing (204) while it shows the right one."""
    now, session = timezone.now(), kept_session(request, session)
    if request.GET.get("slot") == str(codes.slot_of(now)) and codes.is_open(session, now):
        return HttpResponse(status=204)
    return render(request, "training/_wall_code.html", _wall(request, session, now))


def _wall(request: HttpRequest, session: Session, now: datetime) -> dict:
    is_shared = "shared" in request.GET
    context = {"session": session, "is_open": codes.is_open(session, now), "is_shared": is_shared}
    if session.starts_at is None or session.cancelled_at or session.closed_at:
        return context
    context["opens"] = sheet.window(session)
    if not context["is_open"]:
        return context
    purpose = codes.SHARED if is_shared else codes.ONE
    token = codes.token_of(session, now, purpose=purpose)
    address = request.build_absolute_uri(reverse("training:check_in", args=[token]))
    return context | {
        "qr": codes.drawn(address),
        "short_code": codes.short_code_of(session, now, purpose=purpose),
        "short_address": request.get_host() + reverse("training:check_in_start"),
        "slot": codes.slot_of(now),
        "changes_at": session.local(codes.changes_at(now)),
    }


@require_safe
def check_in_list(request: HttpRequest, session: int) -> HttpResponse:
    return _came(request, kept_session(request, session))


def _came(request: HttpRequest, session: Session, status: int = 200, **more) -> HttpResponse:
    """Who checked in how; `wrong` is the mark whose form was refused, with `form`."""
    context = {
        "session": session,
        "came": arrivals.by_code(session),
        "turned_away": arrivals.turned_away(session),
        "form": StrikeForm(auto_id=False),
        "operation": uuid4,
    }
    return render(request, "training/check_in_list.html", context | more, status=status)


@require_POST
def mark_strike(request: HttpRequest, mark: int) -> HttpResponse:
    """She was not there: what the code said of her is taken back, with a reason."""
    marks = Mark.objects.visible_to(request.user).select_related("session__programme__tenant")
    row = get_object_or_404(marks, pk=mark)
    session = row.session
    request.programme = session.programme
    rules.insist(request.user, "keep_register", session.programme)
    form = StrikeForm(request.POST, auto_id=False)
    try:
        if not form.is_valid():
            raise ValidationError([e for errors in form.errors.values() for e in errors])
        said = form.cleaned_data
        services.strike_out(by=request.user, session=session, mark=row, now=timezone.now(), **said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _came(request, session, 422, wrong=row.pk, form=form)
    messages.success(request, _("Struck out. She is not marked now, and cannot check in again."))
    return redirect("training:check_in_list", session=session.pk)
