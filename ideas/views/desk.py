"""The review desk: one idea, its rubric, and on to the next."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ideas import duplicates, rules, services
from ideas.models import Review, ReviewTask, Round, Seat
from ideas.page import page
from ideas.scoring import minutes_left
from ideas.sectors import sector_name
from lib import clock

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE


@require_GET
def review_next(request: HttpRequest, round: int) -> HttpResponse:
    """The first idea that waits on her desk; after the last one a page that says so."""
    seats = Seat.objects.filter(round__in=Round.objects.visible_to(request.user), reviewer__user=request.user)
    seat = get_object_or_404(seats.select_related("round__programme"), round=round)
    request.programme, now = seat.round.programme, timezone.now()
    task = seat.tasks.waiting().order_by("place").first()
    if task and seat.round.is_open(now):
        return redirect("ideas:review", task.pk)
    counts = list(seat.tasks.values_list("state", flat=True))
    said = services.round_is_not_open(seat.round, now) if task else ""
    context = {
        "round": seat.round,
        "done": counts.count(DONE),
        "waiting": counts.count(WAITING),
        "said": said,
    }
    return page(request, "ideas/round_done.html", context)


def review(request: HttpRequest, task: int) -> HttpResponse:
    """GET shows the idea with her draft; POST hands the review in and goes on to the next idea."""
    task, now = _task(request, task), timezone.now()
    if request.method != "POST":
        open_desk = (
            rules.may_judge(request.user, task) and task.state == WAITING and task.seat.round.is_open(now)
        )
        return _desk(request, task) if open_desk else _read(request, task)
    _refuse_others(request, task)
    try:
        services.hand_in_review(by=request.user, task=task, now=now, **_posted(request))
    except ValidationError as error:
        return _refused(request, task, error)
    return redirect("ideas:review_next", task.seat.round_id)


@require_POST
def review_draft(request: HttpRequest, task: int) -> HttpResponse:
    """Saved as she goes: htmx gets the words for the bar, a browser without script the page again."""
    task = _task(request, task)
    _refuse_others(request, task)
    try:
        saved = services.save_review(by=request.user, task=task, now=timezone.now(), **_posted(request))
    except ValidationError as error:
        said = _("Not saved: %(why)s") % {"why": " ".join(error.messages)}
        if not request.htmx:
            return _refused(request, task, error)
    else:
        said = _saved(task, saved.saved_at)
    return HttpResponse(escape(said)) if request.htmx else redirect("ideas:review", task.pk)


@require_POST
def review_conflict(request: HttpRequest, task: int) -> HttpResponse:
    return _step_back(
        request, task, services.declare_conflict, _("Thank you. Somebody without a conflict judges it.")
    )


@require_POST
def review_refusal(request: HttpRequest, task: int) -> HttpResponse:
    return _step_back(request, task, services.cannot_judge, _("Thank you. Somebody else judges it."))


def _step_back(request: HttpRequest, task: int, verb, said: str) -> HttpResponse:
    task = _task(request, task)
    _refuse_others(request, task)
    try:
        verb(by=request.user, task=task, reason=request.POST.get("reason", ""), now=timezone.now())
    except ValidationError as error:
        return _refused(request, task, error)
    messages.success(request, said)
    return redirect("ideas:review_next", task.seat.round_id)


def _task(request: HttpRequest, pk: int) -> ReviewTask:
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
        return _desk(request, task, error=error)
    messages.error(request, " ".join(error.messages))
    return redirect("ideas:review_next", task.seat.round_id)


def _posted(request: HttpRequest) -> dict:
    """The scores as sent. What is no number stays as it is, for the service to refuse by name."""
    number = lambda text: int(text) if text.isdecimal() and len(text) < 10 else text  # noqa: E731
    sent = [
        (name.removeprefix("criterion-"), value)
        for name, value in request.POST.items()
        if name.startswith("criterion-")
    ]
    scores = {number(pk): number(value) for pk, value in sent if value != ""}
    return {"scores": scores, "comment": request.POST.get("comment", "")}


def _desk(request: HttpRequest, task: ReviewTask, error: ValidationError | None = None) -> HttpResponse:
    round, idea, review = task.seat.round, task.idea, _review(task)
    context = {"task": task, "round": round, "idea": idea, "sector": sector_name(idea.sector)}
    context |= _bar(task) | _rubric(request, task, review, error)
    context |= {
        "similar": duplicates.similar(round.programme, idea.text.title, idea.text.summary, but=idea),
        "saved": _saved(task, review.saved_at) if review else "",
        "nominators": [] if round.is_blind else _names(idea),
    }
    return page(request, "ideas/review_form.html", context)


def _rubric(request: HttpRequest, task: ReviewTask, review: Review | None, error) -> dict:
    """Each criterion with what she gave it, and what was refused: at its criterion, or above them all."""
    given = dict(review.scores.values_list("criterion", "value")) if review else {}
    comment, words = review.comment if review else "", {}
    if error is not None:
        posted = _posted(request)
        given, comment = given | posted["scores"], posted["comment"] or comment
        words = dict(error.message_dict) if hasattr(error, "error_dict") else {"": error.messages}
    criteria = [
        {"row": one, "value": given.get(one.pk), "refused": words.pop(f"criterion-{one.pk}", [])}
        for one in task.seat.round.criteria.all()
        if one.retired_at is None
    ]
    above = [word for rest in words.values() for word in rest]
    return {"criteria": criteria, "comment": comment, "is_refused": error is not None, "refused": above}


def _bar(task: ReviewTask) -> dict:
    """How far she is in this round, and how long the rest takes at her own pace."""
    rows = list(task.seat.tasks.values_list("state", "review__handed_in_at"))
    done = [at for state, at in rows if state == DONE]
    waiting = sum(state == WAITING for state, _at in rows)
    place = {"done": len(done), "total": len(done) + waiting, "place": len(done) + 1}
    return place | {"minutes": minutes_left(done, waiting)}


def _read(request: HttpRequest, task: ReviewTask) -> HttpResponse:
    """A review that is handed in, or was stepped back from: to read. Not before the reader's own is in."""
    hers = rules.may_judge(request.user, task)
    review = _review(task)
    shown = review if task.state == DONE and (hers or rules.may_see_scores(request.user, task.idea)) else None
    closed = "" if task.state != WAITING else services.round_is_not_open(task.seat.round, timezone.now())
    scores = list(shown.scores.select_related("criterion").order_by("criterion__position")) if shown else []
    context = {"task": task, "review": shown, "scores": scores, "hers": hers}
    if hers and task.state == WAITING:
        context["closed"] = closed
    return page(request, "ideas/review_read.html", context)


def _review(task: ReviewTask) -> Review | None:
    try:
        return task.review
    except ObjectDoesNotExist:
        return None


def _names(idea) -> list[str]:
    return [
        str(n.enrolment.person) for n in idea.nominations.select_related("enrolment__person").order_by("at")
    ]


def _saved(task: ReviewTask, moment) -> str:
    at = clock.local(moment, task.seat.round.programme.zone)
    return _("saved %(time)s") % {"time": date_format(at, "TIME_FORMAT")}
