"""Office hours: a mentor's list of them, opening and cancelling; a person's free times, booking, moving."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from mentoring import exports_slots, services
from mentoring.filters_slots import SlotFilter
from mentoring.forms.meetings import TopicForm
from mentoring.forms.slots import CancelForm, OpenForm
from mentoring.meetings.prefilled import of_slot
from mentoring.models import Mentor, Slot
from mentoring.slots import shown
from mentoring.views.meetings import logged
from mentoring.views.programmes import seen

PAGE = 50


def sent(request: HttpRequest):
    """What a form is bound to: also an empty one that was sent."""
    return request.POST if request.method == "POST" else None


def listed(request: HttpRequest, code: str) -> SlotFilter:
    """The slots of a programme that she sees, narrowed as she asked."""
    rows = Slot.objects.visible_to(request.user).filter(programme=seen(request, code))
    return SlotFilter(request.GET, rows)


@require_GET
def slot_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What lies ahead, or what was; on top what took place and is not logged yet."""
    found, now = listed(request, programme), timezone.now()
    is_past = request.GET.get("past") == "1"
    rows = found.qs.select_related("mentor__person", "booked_by__person", "programme")
    wanted = rows.filter(ends_at__lte=now).order_by("-starts_at") if is_past else rows.filter(ends_at__gt=now)
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    zone = shown.zone_of(request.user, request.programme)
    context = {
        "programme": request.programme,
        "filter": found,
        "is_past": is_past,
        "page": page,
        "slots": shown.with_spans(list(page.object_list), zone),
        "to_log": shown.with_spans(list(rows.to_log(now)[:PAGE]), zone),
        "may_open": request.user.has_perm("mentoring.hold_slots", request.programme),
        "runs": request.user.has_perm("mentoring.assign", request.programme),
        **_counts(found.qs.filter(ends_at__gt=now)),
    }
    return render(request, "mentoring/slot_list.html", context)


def _counts(rows) -> dict:
    free = Q(cancelled_at=None, booked_by=None)
    booked = Q(cancelled_at=None, booked_by__isnull=False)
    return rows.order_by().aggregate(free=Count("pk", free), booked=Count("pk", booked))


@require_safe
def slot_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    found = listed(request, programme)
    return take_along(request, exports_slots.SLOTS, found.qs, format, about=request.programme)


@require_http_methods(["GET", "POST"])
def slot_create(request: HttpRequest, programme: str) -> HttpResponse:
    """Open slots: a mentor her own, a coordinator for any mentor of the programme."""
    seen(request, programme)
    if not request.user.has_perm("mentoring.hold_slots", request.programme):
        raise PermissionDenied
    zone = shown.zone_of(request.user, request.programme)
    mentors = _mentors(request)
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        programme=request.programme,
        mentors=mentors,
        zone=zone,
    )
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "programme": request.programme, "now": timezone.now()}
        try:
            made = services.open_slots(**said, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            words = ngettext("%(n)s slot is open.", "%(n)s slots are open.", len(made)) % {"n": len(made)}
            messages.success(request, words)
            return redirect("mentoring:slot_list", programme=request.programme.code)
    context = {"programme": request.programme, "form": form, "mentors": mentors}
    return render(request, "mentoring/slot_create.html", context, status=400 if form.errors else 200)


def _mentors(request: HttpRequest):
    mentors = Mentor.objects.active_in(request.programme)
    if request.user.has_perm("mentoring.assign", request.programme):
        return mentors
    return mentors.filter(person__user=request.user)


def slot_of(request: HttpRequest, pk: int) -> Slot:
    rows = Slot.objects.visible_to(request.user)
    rows = rows.select_related("programme__tenant", "mentor__person", "booked_by__person")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def slot_cancel(request: HttpRequest, slot: int) -> HttpResponse:
    """Take a slot back. Who booked it reads why."""
    row = slot_of(request, slot)
    if not request.user.has_perm("mentoring.keep_slot", row):
        raise PermissionDenied
    request.programme = row.programme
    form = CancelForm(sent(request), slot=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_slot(by=request.user, slot=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The slot is cancelled."))
            return redirect("mentoring:slot_list", programme=row.programme.code)
    context = {"slot": _read(request, row), "form": form, "programme": row.programme}
    return render(request, "mentoring/slot_cancel.html", context, status=400 if form.errors else 200)


def _read(request: HttpRequest, row: Slot) -> Slot:
    return shown.with_spans([row], shown.zone_of(request.user, row.programme))[0]


@require_http_methods(["GET", "POST"])
def slot_meeting(request: HttpRequest, slot: int) -> HttpResponse:
    """It took place: what it was about, and the meeting is logged as it stands here."""
    row, now = slot_of(request, slot), timezone.now()
    if not request.user.has_perm("mentoring.keep_slot", row):
        raise PermissionDenied
    request.programme = row.programme
    if not Slot.objects.to_log(now).filter(pk=row.pk).exists():
        messages.info(request, _("There is no meeting of this office hour to log, or it is logged already."))
        return redirect("mentoring:slot_list", programme=row.programme.code)
    form = TopicForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = services.log_slot(by=request.user, slot=row, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, logged(meeting))
            return redirect("mentoring:assignment_detail", assignment=meeting.assignment_id)
    context = {"slot": _read(request, row), "form": form, "programme": row.programme}
    context["known"] = of_slot(row)
    return render(request, "mentoring/slot_meeting.html", context, status=400 if form.errors else 200)


@require_safe
def slot_calendar(request: HttpRequest, slot: int) -> HttpResponse:
    """The slot as a file for a calendar; taken back, the file that removes it there."""
    row = slot_of(request, slot)
    content = shown.calendar(row, request.user, timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="mentoring-{row.pk}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
