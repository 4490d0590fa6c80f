"""Goals of a pair: agreed on by the two or by who runs the programme, until a day, with what came of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.goals import GoalFields, GoalForm, GoalStateForm
from mentoring.models import Goal
from mentoring.views.assignments import assignment_of
from mentoring.views.pair import pair_page


@require_POST
def goal_create(request: HttpRequest, assignment: int) -> HttpResponse:
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.keep_goals", row):
        raise PermissionDenied
    form = GoalForm(request.POST)
    if form.is_valid():
        try:
            services.add_goal(by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The goal is agreed on."))
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    return pair_page(request, row, 400, goal_form=form)


@require_http_methods(["GET", "POST"])
def goal_edit(request: HttpRequest, goal: int) -> HttpResponse:
    """What came of it, and other words or another day."""
    row = get_object_or_404(Goal.objects.visible_to(request.user), pk=goal)
    pair = assignment_of(request, row.assignment_id)
    if not request.user.has_perm("mentoring.keep_goals", pair):
        raise PermissionDenied
    what = request.POST.get("what")
    said = {name: getattr(row, name) for name in ("text", "due", "function")}
    fields = GoalFields(request.POST if what == "words" else None, initial=said)
    state = GoalStateForm(
        request.POST if what == "state" else None, initial={"state": row.state, "remark": row.remark}
    )
    sent = fields if fields.is_bound else state
    if request.method == "POST" and sent.is_valid() and _kept(request, row, sent):
        return redirect("mentoring:assignment_detail", assignment=pair.pk)
    context = {"goal": row, "assignment": pair, "form": fields, "state_form": state}
    return render(request, "mentoring/goal_edit.html", context, status=400 if sent.errors else 200)


def _kept(request: HttpRequest, row: Goal, form) -> bool:
    try:
        if isinstance(form, GoalStateForm):
            services.set_goal_state(by=request.user, goal=row, now=timezone.now(), **form.cleaned_data)
        else:
            services.change_goal(by=request.user, goal=row, **form.cleaned_data)
    except ValidationError as error:
        put_errors(form, error)
        row.refresh_from_db()
        return False
    messages.success(request, _("The goal is kept."))
    return True
