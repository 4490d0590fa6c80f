"""The review desk: one idea, its rubric, and on to the next."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from ideas import rules, services
from ideas.models import ReviewTask, Round, Seat
from ideas.page import page
from ideas.views import desk_shown as shown
from lib.forms import sent_from
from lib.saying import sentence

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE
NOT_MINE = gettext_noop("Not my field")


@require_GET
def review_next(request: HttpRequest, round: int) -> HttpResponse:
    """The first idea that waits on her desk; after the last one a page that says so."""
    seats = Seat.objects.filter(round__in=Round.objects.visible_to(request.user), reviewer__user=request.user)
    seat = get_object_or_404(seats.select_related("round__programme"), round=round)
    request.programme, now = seat.round.programme, timezone.now()
    task = seat.tasks.on_desk().order_by("place").first()
    if task and seat.round.is_open(now):
        return redirect("ideas:review", task.pk)
    said = services.round_is_not_open(seat.round, now) if task else ""
    context = {
        "round": seat.round,
        "done": seat.tasks.filter(state=DONE).count(),
        "waiting": seat.tasks.on_desk().count(),
        "said": said,
    }
    return page(request, "ideas/round_done.html", context)


def review(request: HttpRequest, task: int) -> HttpResponse:
    """GET shows the idea with her draft; POST hands the review in and goes on to the next idea."""
    task, now = task_of(request, task), timezone.now()
    if request.method != "POST":
        open_desk = (
            rules.may_judge(request.user, task) and task.state == WAITING and task.seat.round.is_open(now)
        )
        return shown.desk(request, task) if open_desk else shown.read(request, task)
    _refuse_others(request, task)
    try:
        services.hand_in_review(by=request.user, task=task, now=now, **shown.posted(request))
    except ValidationError as error:
        return _refused(request, task, error)
    return redirect("ideas:review_next", task.seat.round_id)


@require_http_methods(["GET", "POST"])
def review_revise(request: HttpRequest, task: int) -> HttpResponse:
    """She thinks better of a review that is in, while the round is open and not decided on."""
    task, now = task_of(request, task), timezone.now()
    _refuse_others(request, task)
    if request.method != "POST" or task.state != DONE:
        can = task.state == DONE and task.seat.round.is_open(now)
        return shown.desk(request, task) if can else redirect("ideas:review", task.pk)
    try:
        services.revise_review(by=request.user, task=task, now=now, **shown.posted(request))
    except ValidationError as error:
        if task.seat.round.is_open(now):
            return shown.desk(request, task, error=error)
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your review is changed; it counts as it is now."))
    return redirect("ideas:review", task.pk)


@sent_from("ideas:review")
def review_draft(request: HttpRequest, task: int) -> HttpResponse:
    """Saved as she goes: htmx gets the words for the bar, a browser without script the page again."""
    task = task_of(request, task)
    _refuse_others(request, task)
    try:
        saved = services.save_review(by=request.user, task=task, now=timezone.now(), **shown.posted(request))
    except ValidationError as error:
        said = _("Not saved: %(why)s") % {"why": " ".join(error.messages)}
        if not request.htmx:
            return _refused(request, task, error)
    else:
        said = shown.saved(task, saved.saved_at)
    return HttpResponse(escape(said)) if request.htmx else redirect("ideas:review", task.pk)


@sent_from("ideas:review")
def review_conflict(request: HttpRequest, task: int) -> HttpResponse:
    return _step_back(
        request, task, services.declare_conflict, _("Thank you. Somebody without a conflict judges it.")
    )


@sent_from("ideas:review")
def review_refusal(request: HttpRequest, task: int) -> HttpResponse:
    return _step_back(request, task, services.cannot_judge, _("Thank you. Somebody else judges it."))


def _step_back(request: HttpRequest, task: int, verb, said: str) -> HttpResponse:
    task = task_of(request, task)
    _refuse_others(request, task)
    try:
        verb(by=request.user, task=task, reason=_reason(request), now=timezone.now())
    except ValidationError as error:
        return _refused(request, task, error)
    messages.success(request, said)
    return redirect("ideas:review_next", task.seat.round_id)


def _reason(request: HttpRequest) -> str:
    """Her own words, or the ones on the button, which everybody reads in her language."""
    return sentence(NOT_MINE) if "not_my_field" in request.POST else request.POST.get("reason", "")


def task_of(request: HttpRequest, pk: int) -> ReviewTask:
    tasks = ReviewTask.objects.visible_to(request.user).select_related(
        "seat__round__programme", "seat__reviewer", "idea__text", "review"
    )
    task = get_object_or_404(tasks.prefetch_related("seat__round__criteria", "idea__aims"), pk=pk)
    request.programme = task.seat.round.programme
    task.idea.programme = request.programme
    return task


def _refuse_others(request: HttpRequest, task: ReviewTask) -> None:
    if not rules.may_judge(request.user, task):
        raise PermissionDenied


def _refused(request: HttpRequest, task: ReviewTask, error: ValidationError) -> HttpResponse:
    """The desk again with everything as she left it; where it is not hers any more, the next idea."""
    if task.state == WAITING and task.seat.round.is_open(timezone.now()):
        return shown.desk(request, task, error=error)
    messages.error(request, " ".join(error.messages))
    return redirect("ideas:review_next", task.seat.round_id)
