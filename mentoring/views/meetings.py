"""A meeting: logged by one side, confirmed or contradicted by the other, cancelled where it was a slip."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.meetings import CancelForm, MeetingForm, ObjectionForm
from mentoring.meetings import links
from mentoring.meetings.answering import insist_on_other_side
from mentoring.meetings.prefilled import Prefilled, prefilled
from mentoring.models import Assignment, Meeting
from mentoring.views.assignments import assignment_of
from people.access import access


def meeting_form(request: HttpRequest, assignment: Assignment) -> tuple[MeetingForm, Prefilled]:
    """The form, filled in as far as anybody knows, and what stands beside it."""
    known = prefilled(assignment, timezone.now())
    data = request.POST if request.method == "POST" else None
    return MeetingForm(data, assignment=assignment, initial=known.initial), known


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest, assignment: int) -> HttpResponse:
    """Log a meeting; the same tap twice is one meeting."""
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.log_meeting", row):
        raise PermissionDenied
    form, known = meeting_form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = services.log_meeting(
                by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, logged(meeting))
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    context = {"assignment": row, "form": form, "known": known}
    return render(request, "mentoring/meeting_create.html", context, status=400 if form.errors else 200)


def logged(meeting: Meeting) -> str:
    words = ngettext(
        "The meeting of %(minutes)s minute is logged.",
        "The meeting of %(minutes)s minutes is logged.",
        meeting.minutes,
    )
    return words % {"minutes": meeting.minutes}


def meeting_of(request: HttpRequest, pk: int) -> Meeting:
    rows = Meeting.objects.visible_to(request.user).select_related(
        "assignment__programme__tenant", "assignment__mentor__person", "assignment__enrolment__person", "by"
    )
    row = get_object_or_404(rows, pk=pk)
    if access(request.user).is_inside:
        request.programme = row.assignment.programme
    return row


@require_GET
def meeting_detail(request: HttpRequest, meeting: int) -> HttpResponse:
    return _shown(request, meeting_of(request, meeting))


def _shown(request: HttpRequest, row: Meeting, **forms) -> HttpResponse:
    context = {
        "meeting": row,
        "assignment": row.assignment,
        "objector": links.other_side(row) if row.objected_at else None,
        "may_answer": request.user.has_perm("mentoring.answer_meeting", row) and not row.cancelled_at,
        "may_cancel": request.user.has_perm("mentoring.cancel_meeting", row) and not row.cancelled_at,
        "objection_form": ObjectionForm(),
        "cancel_form": CancelForm(),
    } | forms
    return render(request, "mentoring/meeting_detail.html", context, status=400 if forms else 200)


def _act(row: Meeting, act: Callable, said: str, request: HttpRequest) -> HttpResponse:
    try:
        act(by=request.user, meeting=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("mentoring:meeting_detail", meeting=row.pk)


@require_POST
def meeting_confirm(request: HttpRequest, meeting: int) -> HttpResponse:
    row = meeting_of(request, meeting)
    insist_on_other_side(request.user, row)
    return _act(row, services.confirm_meeting, _("Thank you: the meeting is confirmed."), request)


@require_POST
def meeting_object(request: HttpRequest, meeting: int) -> HttpResponse:
    row = meeting_of(request, meeting)
    insist_on_other_side(request.user, row)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, objection_form=form)

    def act(**whose):
        services.object_to_meeting(**whose, **form.cleaned_data)

    return _act(row, act, _("Your objection stands beside the meeting."), request)


@require_POST
def meeting_cancel(request: HttpRequest, meeting: int) -> HttpResponse:
    row = meeting_of(request, meeting)
    if not request.user.has_perm("mentoring.cancel_meeting", row):
        raise PermissionDenied
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, cancel_form=form)

    def act(**whose):
        services.cancel_meeting(**whose, **form.cleaned_data)

    return _act(row, act, _("The meeting is cancelled: it counts nowhere."), request)
