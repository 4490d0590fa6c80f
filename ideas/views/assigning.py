"""Pages of assigning: runs of a round, one run before it is laid, one idea and its desks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from ideas import exports_assigning, rules, services
from ideas.assigning import shown
from ideas.models import AssigningRun, Idea, ReviewTask, Round
from ideas.page import page
from ideas.views.shown_desks import desks

A_PAGE, IDEAS = 50, 15  # an idea takes a phone's screen: each reviewer with the reason for her


def round_of(request: HttpRequest, pk: int) -> Round:
    """A round that she runs."""
    rows = Round.objects.visible_to(request.user).select_related("programme__tenant")
    found = get_object_or_404(rows, pk=pk)
    request.programme = found.programme
    if not rules.runs(request.user, found.programme):
        raise PermissionDenied
    return found


def run_of(request: HttpRequest, pk: int) -> AssigningRun:
    rows = AssigningRun.objects.visible_to(request.user)
    rows = rows.select_related("round__programme__tenant", "job", "made_by", "laid_by")
    found = get_object_or_404(rows, pk=pk)
    request.programme = found.round.programme
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request: HttpRequest, round: int) -> HttpResponse:
    """What is lacking on the desks, the runs there are, and one more."""
    found, now = round_of(request, round), timezone.now()
    if request.method == "POST":
        try:
            run = services.request_assigning(by=request.user, round=found, now=now)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("ideas:run_list", found.pk)
        return redirect("ideas:run_detail", run.pk)
    runs = found.runs.select_related("job", "made_by", "laid_by").defer("facts")
    context = {"programme": found.programme, "round": found, "is_over": found.closes_at <= now}
    context |= services.lacking_now(found, now)
    context["page"] = Paginator(runs, A_PAGE).get_page(request.GET.get("page"))
    return page(request, "ideas/run_list.html", context)


@require_safe
def run_export(request: HttpRequest, round: int, format: str) -> HttpResponseBase:
    found = round_of(request, round)
    said = {"about": found.programme, "part": str(found.number)}
    return take_along(request, exports_assigning.RUNS, found.runs.order_by("number"), format, **said)


@require_safe
def run_detail(request: HttpRequest, assigning: int) -> HttpResponse:
    """What it would lay: loads, each idea's reviewers and why, what falls short and what would help."""
    found, now = run_of(request, assigning), timezone.now()
    context = {"programme": found.round.programme, "round": found.round, "run": found}
    if not found.fingerprint:
        return page(request, "ideas/run_detail.html", context)
    context |= _result(request, shown.Shown(found))
    stand = services.standing_now(found, now) if found.laid_at is None else None
    context |= {"stand": stand, "changed": shown.changed(stand), "refused": _refused(found, now)}
    return page(request, "ideas/run_detail.html", context)


def _result(request: HttpRequest, values: shown.Shown) -> dict:
    """What came out, narrowed as she asks."""
    text, which, loads = request.GET.get("q", "")[:100], request.GET.get("which", ""), values.loads()
    rows = Paginator(values.found(text, which), IDEAS).get_page(request.GET.get("page"))
    return {
        "page": rows,
        "lines": values.lines(rows.object_list),
        "loads": loads[:A_PAGE],
        "more_loads": len(loads) - A_PAGE,
        "short": len(values.short),
        "helps": values.helps(),
        "missing": values.missing(),
        "q": text,
        "which": which,
        "all_ideas": len(values.rows),
    }


def _refused(run: AssigningRun, now) -> str:
    """Why it cannot be laid any more, if so."""
    if run.laid_at:
        return ""
    try:
        services.refuse_laying(run, now)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@require_safe
def pair_export(request: HttpRequest, assigning: int, format: str) -> HttpResponseBase:
    """Who judges what by this run."""
    found = run_of(request, assigning)
    said = {"about": found.round.programme, "part": f"{found.round.number}-{found.number}"}
    return take_along(request, exports_assigning.PAIRS, exports_assigning.pairs(found), format, **said)


@require_POST
def run_lay(request: HttpRequest, assigning: int) -> HttpResponse:
    found, now = run_of(request, assigning), timezone.now()
    was_laid = found.laid_at
    try:
        laid = services.lay_on_desks(
            by=request.user, run=found, confirmed=request.POST.get("confirmed", "")[:64], now=now
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ideas:run_detail", found.pk)
    if not was_laid and laid.laid_at == now:
        n = laid.tasks.count()
        words = ngettext("%(n)s review lies on a desk now.", "%(n)s reviews lie on desks now.", n)
        messages.success(request, words % {"n": n})
    return redirect("ideas:run_detail", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_list(request: HttpRequest, round: int, idea: int) -> HttpResponse:
    """One idea in a round: on whose desks it lies, and on whose it could."""
    found, now = round_of(request, round), timezone.now()
    rows = Idea.objects.visible_to(request.user).filter(programme=found.programme_id)
    idea = get_object_or_404(rows.select_related("text", "programme"), pk=idea)
    if request.method == "POST":
        return _laid(request, found, idea, now)
    context = {"programme": found.programme, "round": found, "idea": idea, "is_over": found.closes_at <= now}
    return page(request, "ideas/desk_list.html", context | desks(request.user, found, idea, now))


def _laid(request: HttpRequest, round: Round, idea: Idea, now) -> HttpResponse:
    key = request.POST.get("seat", "")
    seat = (
        round.seats.select_related("round").filter(pk=key if key.isdigit() and len(key) < 19 else 0).first()
    )
    try:
        if seat is None:
            raise ValidationError(_("Choose who judges."))
        services.lay_by_hand(by=request.user, seat=seat, idea=idea, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("The idea lies on the desk of %(name)s now.")
        messages.success(request, words % {"name": seat.reviewer})
    return redirect("ideas:desk_list", round.pk, idea.pk)


@require_POST
def review_withdraw(request: HttpRequest, task: int) -> HttpResponse:
    """Take back what a reviewer has not judged yet."""
    rows = ReviewTask.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("seat__round__programme__tenant"), pk=task)
    request.programme = found.seat.round.programme
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    try:
        services.take_back(
            by=request.user, task=found, reason=request.POST.get("reason", ""), now=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("ideas:desk_list", found.seat.round_id, found.idea_id)
