"""The plan: who gets what, when and why; and what did not go."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from ideas.page import page
from lib.phones import international
from people.models import Programme
from reminders import exports, planned, services
from reminders.forms.plan import NarrowForm, ToldForm
from reminders.kinds import KINDS
from reminders.letters import Letters
from reminders.models import Reminder
from reminders.sayings import sentence_of
from reminders.services.messages import short_text
from reminders.services.telling import can_be_told
from reminders.ways.drafts import drafts

State = Reminder.State
SHOWN = 5  # of what did not go, above the plan
AHEAD = ("planned", "sending")


def _runs(request: HttpRequest, programme: str) -> Programme:
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    if not request.user.has_perm("reminders.run", request.programme):
        raise PermissionDenied
    return request.programme


def _rows(request: HttpRequest):
    return Reminder.objects.visible_to(request.user).filter(rule__programme=request.programme)


@require_GET
def reminder_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What did not go, and what will go, by the records as they are."""
    programme, now = _runs(request, programme), timezone.now()
    rows = _rows(request)
    counts = planned.counted(rows)
    trouble = sum(one.n for one in counts if one.state in Reminder.TROUBLE)
    shown, groups = planned.grouped(rows.filter(state=State.PLANNED), request.GET.get("page"), programme.zone)
    some = rows.not_gone().select_related("rule__programme", "person__user").order_by("-due_at", "-pk")
    context = {
        "programme": programme,
        "counts": counts,
        "trouble": trouble,
        "lines": planned.lines_of(some[:SHOWN]) if trouble else [],
        "planned": next((one.n for one in counts if one.state == State.PLANNED), 0),
        "page": shown,
        "groups": groups,
        "form": NarrowForm(),
        "standing": services.standing(programme, now) + services.bad_settings(programme),
    }
    return page(request, "reminders/reminder_list.html", context | _with_buttons())


def _with_buttons() -> dict:
    return {"told": ToldForm(), "trouble_states": Reminder.TROUBLE}


@require_GET
def reminder_rows(request: HttpRequest, programme: str) -> HttpResponse:
    """Reminder by reminder, narrowed by state, kind, person, or to one line of the plan."""
    programme = _runs(request, programme)
    form = NarrowForm(request.GET)
    found = form.narrowed(_rows(request))
    is_ahead = request.GET.get("state") in AHEAD
    shown, lines = planned.listed(found, request.GET.get("page"), is_ahead=is_ahead)
    counts = planned.counted(_rows(request))
    context = {"programme": programme, "form": form, "page": shown, "lines": lines, "counts": counts}
    return page(request, "reminders/reminder_rows.html", context | _with_buttons())


@require_safe
def reminder_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = _runs(request, programme)
    export, rows = exports.reminders(request.user, programme)
    return take_along(request, export, rows, format, about=programme)


def _reminder(request: HttpRequest, pk: int) -> Reminder:
    rows = Reminder.objects.visible_to(request.user)
    rows = rows.select_related("rule__programme", "rule__module", "person__user", "told_by")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.rule.programme
    return row


@require_GET
def reminder_detail(request: HttpRequest, reminder: int) -> HttpResponse:
    """One message as it would leave now, in the person's language; why; and every try."""
    row = _reminder(request, reminder)
    letters, to = Letters([row]), KINDS[row.rule.kind].to(row)
    try:
        letter = letters.letter(row, to)
    except ValidationError:
        letter = None
    with translation.override(to.language):
        sent_as = letter and short_text(row, letters, to)
    context = {"reminder": row, "to": to, "words": letter, "text": sent_as, "why": sentence_of(row.rule)}
    context |= {
        "plain": planned.plain_of(row),
        "reason": planned.reason_of(row),
        "tries": row.tries.all(),
        "told": ToldForm(),
    }
    context["drafts"] = drafts(sent_as or "", international(to.phone, row.rule.programme.country))
    context |= {"can_be_told": can_be_told(row), "is_stuck": row.state in Reminder.TROUBLE}
    return page(request, "reminders/reminder_detail.html", context)


@require_POST
def reminder_retry(request: HttpRequest, reminder: int) -> HttpResponse:
    row = _reminder(request, reminder)
    try:
        services.retry(by=request.user, reminder=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It will be sent again within a minute."))
    return _back(request)


@require_POST
def reminder_told(request: HttpRequest, reminder: int) -> HttpResponse:
    """She was told by a person, and it is not sent any more."""
    row = _reminder(request, reminder)
    try:
        services.told(by=request.user, reminder=row, how=request.POST.get("how", ""), now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Kept: she was told. No message is sent."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list that she came from, as it was narrowed."""
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("reminders:reminder_list", programme=request.programme.code)
