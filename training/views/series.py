"""Several sessions at once: to other days, or once more. What would come of it is shown first."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from people.models import Programme
from training import services
from training.forms.series import CopyForm, MoveForm
from training.models import Session
from training.planning import closed_days
from training.services.planning import copied
from training.services.previews import Seen, examine, moved
from training.views.planning import refusals
from training.views.sessions import programme_of


@require_http_methods(["GET", "HEAD", "POST"])
def series_move(request: HttpRequest, programme: str) -> HttpResponse:
    """The chosen sessions, by as many days as the first of them, or to another time of day."""
    programme = programme_of(request, programme, "plan_session")
    sessions = _chosen(request, programme)
    form = MoveForm(request.POST or None, sessions=sessions)

    def preview(said) -> list[Seen]:
        rows = [moved(row, form.shift, said["fold"]) for row in _chosen(request, programme)]
        return examine(rows, reader=request.user, apart=[row.pk for row in rows])

    def act(said, **how) -> int:
        return len(services.move_series(sessions=sessions, shift=form.shift, fold=said["fold"], **how))

    return _page(request, programme, sessions, form, preview, act, is_copy=False)


@require_http_methods(["GET", "HEAD", "POST"])
def series_copy(request: HttpRequest, programme: str) -> HttpResponse:
    """The chosen sessions once more, in this programme or another."""
    programme = programme_of(request, programme, "plan_session")
    sessions = _chosen(request, programme)
    form = CopyForm(request.POST or None, sessions=sessions, user=request.user, programme=programme)

    def preview(said) -> list[Seen]:
        return examine(copied(sessions, form.shift.days, said["into"], said["fold"]), reader=request.user)

    def act(said, **how) -> int:
        more = {name: said[name] for name in ("into", "as_modules", "fold")}
        return len(services.copy_series(sessions=sessions, first_day=said["to"], **more, **how))

    return _page(request, programme, sessions, form, preview, act, is_copy=True)


def _page(
    request, programme, sessions: Sequence[Session], form, preview, act, *, is_copy: bool
) -> HttpResponse:
    context = {"programme": programme, "sessions": sessions, "form": form, "is_copy": is_copy}
    if not sessions:
        messages.error(request, _("Choose at least one session that has a day."))
        return redirect("training:session_list", programme=programme.code)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if request.POST.get("do") == "act":
                how = {"by": request.user, "now": timezone.now(), "confirmed": "confirmed" in request.POST}
                _tell(request, act(said, **how), is_copy)
                return redirect("training:session_list", programme=said.get("into", programme).code)
        except ValidationError as error:
            context["errors"] = refusals(error)
        try:
            context |= _seen(preview(said), said.get("into") or programme)
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if context.get("errors") else 200
    return render(request, "training/series.html", context, status=status)


def _tell(request: HttpRequest, n: int, is_copy: bool) -> None:
    if is_copy:
        words = ngettext("%(n)s session is planned.", "%(n)s sessions are planned.", n)
    else:
        words = ngettext("%(n)s session is moved.", "%(n)s sessions are moved.", n)
    messages.success(request, words % {"n": n})


def _seen(seen: list[Seen], programme: Programme) -> dict:
    """Lines of the preview: each with its clashes, and the holiday that it would fall on."""
    years = {one.session.day.year for one in seen}
    holidays = closed_days.of_country(programme.country, years)
    return {
        "rows": [(one, holidays.get(one.session.day, "")) for one in seen],
        "asks_fold": any(one.asks_fold for one in seen),
        "asks_confirmation": any(one.rosters for one in seen),
        "clashing": len([one for one in seen if one.is_refused or one.clashes]),
    }


def _chosen(request: HttpRequest, programme: Programme) -> list[Session]:
    """Sessions by key, of whole modules, of a series; `since` leaves out what lies before that day."""
    said = request.GET
    rows = Session.objects.visible_to(request.user).filter(programme=programme, cancelled_at=None)
    rows = rows.exclude(day=None).select_related("programme__tenant", "module", "venue")
    keys = {key for key in said.getlist("session") if key.isdecimal() and len(key) < 16}
    modules = {key for key in said.getlist("module") if key.isdecimal() and len(key) < 16}
    since = _day(said.get("since", ""))
    return [
        row
        for row in rows.order_by("day", "start", "pk")
        if (str(row.pk) in keys or str(row.module_id) in modules or str(row.series) == said.get("series"))
        and (since is None or row.day >= since)
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
