"""What a coordinator does with an assignment: every next step, other hours, another mentor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.assignments import Agreement, HandOverForm, StepForm
from mentoring.models import Assignment, Mentor
from mentoring.views.assignments import assignment_of
from mentoring.views.pair import pair_page, today_of


def run_by_her(request: HttpRequest, pk: int) -> Assignment:
    row = assignment_of(request, pk)
    if not request.user.has_perm("mentoring.end_assignment", row):
        raise PermissionDenied
    return row


@require_POST
def assignment_state(request: HttpRequest, assignment: int) -> HttpResponse:
    """Begin, pause, go on, complete, end, take back."""
    row = run_by_her(request, assignment)
    form = StepForm(request.POST, before=row.state)
    if form.is_valid():
        try:
            services.change_assignment_state(
                by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            words = _("It is “%(state)s” now; what was before stays in its history.")
            messages.success(request, words % {"state": row.get_state_display()})
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    return pair_page(request, row, 400, step_form=form)


@require_POST
def assignment_agree(request: HttpRequest, assignment: int) -> HttpResponse:
    row = run_by_her(request, assignment)
    form = Agreement(request.POST)
    if form.is_valid():
        try:
            services.change_agreement(by=request.user, assignment=row, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("What they agreed on is kept."))
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    return pair_page(request, row, 400, agreement_form=form)


@require_http_methods(["GET", "POST"])
def assignment_hand_over(request: HttpRequest, assignment: int) -> HttpResponse:
    """Another mentor goes on; meetings and goals stay with who held them."""
    row = run_by_her(request, assignment)
    mentors = Mentor.objects.active_in(row.programme).exclude(pk=row.mentor_id)
    form = HandOverForm(request.POST or None, mentors=mentors, zone=row.programme.zone, today=today_of(row))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if said.pop("how") == "now":
            said["until"] = None
        try:
            made = services.hand_over(by=request.user, assignment=row, now=timezone.now(), **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is handed over; what was before stands beneath."))
            return redirect("mentoring:assignment_detail", assignment=made.pk)
    context = {"assignment": row, "form": form}
    return render(request, "mentoring/assignment_hand_over.html", context, status=400 if form.errors else 200)
