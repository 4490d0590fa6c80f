"""The page of one assignment: its state and how it came to that, hours, goals, meetings, what was before."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lib import clock
from mentoring.forms.assignments import Agreement, OfferForm, StepForm
from mentoring.forms.goals import GoalForm
from mentoring.models import Assignment
from mentoring.pairs import chain, progress, saying, steps
from mentoring.views.together import together
from mentoring.views.ways import ways
from mentoring.views.whom import whom


def today_of(row: Assignment) -> date:
    return clock.local(timezone.now(), row.programme.zone).date()


def pair_page(request: HttpRequest, row: Assignment, status: int = 200, **bound) -> HttpResponse:
    """`bound`: forms as they were sent, by their name on the page."""
    user = request.user
    context = together(user, row, timezone.now())
    context |= {
        "assignment": row,
        "programme": row.programme,
        "heading": saying.heading(row, row.met),
        "progress": progress.of(row),
        "goals": list(row.goals.all()),
        "today": today_of(row),
        "changes": list(row.changes.select_related("by").order_by("-at", "-pk")),
        "before": chain.before(row),
        "runs": user.has_perm("mentoring.end_assignment", row),
        "may_keep_goals": user.has_perm("mentoring.keep_goals", row),
        "may_answer": row.state == Assignment.State.OFFERED and user.has_perm("mentoring.answer", row),
        "goal_form": GoalForm(),
        "step_form": None,
        "agreement_form": None,
        "offer_form": None,
        **ways(user, row) | whom(user, row),
    }
    if context["runs"]:
        context |= _steps(row)
    return render(request, "mentoring/assignment_detail.html", context | bound, status=status)


def _steps(row: Assignment) -> dict:
    """What a coordinator may do next."""
    following = Assignment.objects.filter(goes_on_from=row).select_related("mentor__person")
    found = {
        "is_alive": row.state in Assignment.ALIVE,
        "is_passed": row.state in steps.PASSED,
        "gone_on": following.exclude(state__in=steps.PASSED).first(),
    }
    if steps.by_hand(row.state):
        found["step_form"] = StepForm(before=row.state)
    if row.state not in steps.PASSED + steps.OVER:
        said = {name: getattr(row, name) for name in ("agreed_hours", "share_on_premises")}
        found["agreement_form"] = Agreement(initial=said)
    if row.state == Assignment.State.PROPOSED:
        found["offer_form"] = OfferForm(zone=row.programme.zone, today=today_of(row))
    return found
