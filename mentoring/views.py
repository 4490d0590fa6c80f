"""Pages of mentoring: who guides whom, choosing a mentor, logging a meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib import clock
from mentoring import choosing, conflicts, exports, services
from mentoring.filters import AssignmentFilter
from mentoring.forms import AssignForm, EndForm, MeetingForm
from mentoring.models import Assignment, Mentor
from people.access import access
from people.models import Programme
from training.models import Enrolment


def listed(request: HttpRequest, code: str) -> AssignmentFilter:
    """The assignments of a programme that she sees, narrowed as she asked."""
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    rows = Assignment.objects.visible_to(request.user).filter(programme=request.programme)
    return AssignmentFilter(request.GET, rows)


@require_GET
def assignment_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Who guides whom, hours against what was agreed, who is silent, who has no mentor yet."""
    found = listed(request, programme)
    shown = list(
        found.qs.with_minutes().select_related("mentor__person", "enrolment__person", "enrolment__enterprise")
    )
    today = clock.local(timezone.now(), request.programme.zone).date()
    for row in shown:
        since = row.last_met or row.start or today
        row.hours = (row.met_minutes or 0) / 60
        row.is_silent = row.state in Assignment.ALIVE and (today - since).days > row.SILENT_DAYS
    runs = request.user.has_perm("mentoring.assign", request.programme)
    context = {
        "programme": request.programme,
        "filter": found,
        "assignments": shown,
        "silent": sum(row.is_silent for row in shown),
        "without": without_mentor(request.programme) if runs else [],
        "runs": runs,
    }
    return render(request, "mentoring/assignment_list.html", context)


@require_safe
def assignment_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = listed(request, programme).qs.with_minutes()
    export = exports.assignments(clock.local(timezone.now(), request.programme.zone).date())
    return take_along(request, export, rows, format, about=request.programme)


@require_safe
def meeting_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports.meetings(request.user, listed(request, programme).qs)
    return take_along(request, exports.MEETINGS, rows, format, about=request.programme)


def without_mentor(programme: Programme) -> list[Enrolment]:
    rows = Enrolment.objects.filter(programme=programme).taking_part().select_related("person", "enterprise")
    return list(rows.exclude(assignments__state__in=Assignment.COUNTED))


@require_http_methods(["GET", "POST"])
def assignment_create(request: HttpRequest, programme: str) -> HttpResponse:
    """Choose a mentor for one entrepreneur: load, fit and conflicts beside each name."""
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    if not request.user.has_perm("mentoring.assign", request.programme):
        raise PermissionDenied
    enrolments = Enrolment.objects.filter(programme=request.programme).taking_part()
    enrolments = enrolments.select_related("person", "enterprise")
    mentors = Mentor.objects.active_in(request.programme)
    form = AssignForm(request.POST or None, enrolments=enrolments, mentors=mentors)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            row = services.assign(
                by=request.user,
                programme=request.programme,
                start=clock.local(now, request.programme.zone).date(),
                now=now,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            words = _("%(mentor)s now guides %(person)s.") % {"mentor": row.mentor, "person": row.enrolment}
            messages.success(request, words)
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    chosen = enrolments.filter(
        pk=_number(request.POST.get("enrolment") or request.GET.get("enrolment"))
    ).first()
    context = {
        "programme": request.programme,
        "form": form,
        "enrolments": enrolments,
        "chosen": chosen,
        "candidates": candidates_for(chosen, mentors) if chosen else [],
    }
    return render(request, "mentoring/assignment_create.html", context, status=400 if form.errors else 200)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


def candidates_for(enrolment: Enrolment, mentors) -> list[choosing.Candidate]:
    mentors = list(mentors)
    today = clock.local(timezone.now(), enrolment.programme.zone).date()
    alive = Assignment.objects.alive().filter(programme=enrolment.programme)
    offers = {
        m.pk: m.offers.filter(programme=enrolment.programme).values_list("capacity", flat=True).first()
        for m in mentors
    }
    stand = conflicts.between([m.person for m in mentors], [enrolment.person], today)
    return choosing.candidates(
        mentors=mentors,
        enrolment=enrolment,
        capacities=offers,
        loads=dict(alive.order_by().values_list("mentor").annotate(n=Count("pk"))),
        conflicts={
            m.person_id: [c for c in stand.get((m.person_id, enrolment.person_id), []) if c.kind != "mentors"]
            for m in mentors
        },
        hers=set(enrolment.assignments.filter(state__in=Assignment.COUNTED).values_list("mentor", flat=True)),
    )


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(request.user).with_minutes()
    row = get_object_or_404(
        rows.select_related("programme", "mentor__person", "enrolment__person", "enrolment__enterprise"),
        pk=pk,
    )
    if access(request.user).is_inside:
        request.programme = row.programme
    return row


@require_GET
def assignment_detail(request: HttpRequest, assignment: int) -> HttpResponse:
    row = _assignment(request, assignment)
    today = clock.local(timezone.now(), row.programme.zone).date()
    context = {
        "assignment": row,
        "meetings": row.meetings.select_related("by"),
        "hours": (row.met_minutes or 0) / 60,
        "on_premises": sum(m.minutes for m in row.meetings.all() if m.place == "premises") / 60,
        "may_log": request.user.has_perm("mentoring.log_meeting", row),
        "may_end": request.user.has_perm("mentoring.end_assignment", row) and row.state in Assignment.ALIVE,
        "form": MeetingForm(initial={"day": today, "place": "premises"}),
        "end_form": EndForm(),
    }
    return render(request, "mentoring/assignment_detail.html", context)


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest, assignment: int) -> HttpResponse:
    """Log a meeting; the same tap twice is one meeting."""
    row = _assignment(request, assignment)
    if not request.user.has_perm("mentoring.log_meeting", row):
        raise PermissionDenied
    today = clock.local(timezone.now(), row.programme.zone).date()
    form = MeetingForm(request.POST or None, initial={"day": today, "place": "premises"})
    if request.method == "POST" and form.is_valid():
        try:
            meeting = services.log_meeting(
                by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error) if hasattr(error, "error_dict") else form.add_error(
                None, error.messages
            )
        else:
            messages.success(
                request, _("The meeting of %(minutes)s minutes is logged.") % {"minutes": meeting.minutes}
            )
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    context = {"assignment": row, "form": form}
    return render(request, "mentoring/meeting_create.html", context, status=400 if form.errors else 200)


@require_POST
def assignment_end(request: HttpRequest, assignment: int) -> HttpResponse:
    row = _assignment(request, assignment)
    if not request.user.has_perm("mentoring.end_assignment", row):
        raise PermissionDenied
    form = EndForm(request.POST)
    now = timezone.now()
    try:
        if not form.is_valid():
            raise ValidationError(_("Say what happened."))
        services.end_assignment(
            by=request.user,
            assignment=row,
            end=clock.local(now, row.programme.zone).date(),
            now=now,
            **form.cleaned_data,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The assignment has ended; its meetings stay."))
    return redirect("mentoring:assignment_detail", assignment=row.pk)
