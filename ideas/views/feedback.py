"""Feedback on an idea, for its nominators; and which comments they may read."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ideas import rules, services
from ideas.feedback import sheet
from ideas.models import Decision, Nomination, ReviewTask, Round
from ideas.page import page
from ideas.services.clearing import uncleared
from ideas.views.ranking import owing, round_of
from lib import signing

PURPOSE = "ideas.feedback"
A_PAGE, PREVIEWED = 20, 50
DEAD = 404


def token_of(decision: Decision) -> str:
    return signing.sign(PURPOSE, decision.pk, decision.revision)


def decision_of(token: str) -> Decision | None:
    """None: not one of our links, or one that was taken back."""
    try:
        pk, revision = signing.read(token, PURPOSE)
    except (BadSignature, ValueError):
        return None
    return _decisions().filter(pk=pk, revision=revision).first()


def _decisions():
    rows = Decision.objects.select_related("selection__round__programme__tenant", "idea__text")
    return rows.defer("selection__ranking")


@require_safe
def feedback(request: HttpRequest, sheet: str) -> HttpResponse:
    """By the link alone, without an account; in the language of who nominated, until she chooses another."""
    decision = decision_of(sheet)
    if decision is None:
        return render(request, "ideas/feedback_dead.html", status=DEAD)
    request.programme = decision.selection.round.programme
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if chosen else _her_language(decision)):
        answer = _sheet(request, decision, is_staff=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _her_language(decision: Decision) -> str:
    rows = Nomination.objects.filter(idea=decision.idea_id).order_by("at", "pk")
    said = rows.values_list("enrolment__person__language", flat=True).first()
    return said if said in dict(settings.LANGUAGES) else translation.get_language()


def _sheet(request: HttpRequest, decision: Decision, *, is_staff: bool) -> HttpResponse:
    round = decision.selection.round
    context = {"decision": decision, "idea": decision.idea, "round": round, "programme": round.programme}
    context |= {"sheet": sheet(decision), "is_staff": is_staff}
    if is_staff:
        address = reverse("ideas:feedback", args=[token_of(decision)])
        context["link"] = settings.SITE_URL.rstrip("/") + address
    return page(request, "ideas/feedback.html", context)


@require_safe
def decision_feedback(request: HttpRequest, decision: int) -> HttpResponse:
    decision = _visible(request, decision)
    if refused := owing(request, decision.selection.round):
        return refused
    return _sheet(request, decision, is_staff=True)


@require_POST
def decision_renew(request: HttpRequest, decision: int) -> HttpResponse:
    decision = _visible(request, decision)
    services.renew_feedback(by=request.user, decision=decision, now=timezone.now())
    messages.success(request, _("The old link is dead; the new one stands below."))
    return redirect("ideas:decision_feedback", decision.pk)


def _visible(request: HttpRequest, pk: int) -> Decision:
    shown = Decision.objects.visible_to(request.user).values("pk")
    decision = get_object_or_404(_decisions().filter(pk__in=shown), pk=pk)
    request.programme = decision.selection.round.programme
    if not rules.runs(request.user, request.programme):
        raise PermissionDenied
    return decision


# --- comments


def _commented(request: HttpRequest, round: Round):
    """Reviews that are in, with a comment, of ideas whose scores she may see."""
    tasks = ReviewTask.objects.visible_to(request.user).with_sight_of(request.user)
    tasks = tasks.filter(seat__round=round, is_open_to_her=True).exclude(review__comment="")
    return tasks.select_related("review", "idea__text", "seat__reviewer", "seat__round__programme__tenant")


@require_safe
def round_comments(request: HttpRequest, round: int) -> HttpResponse:
    """Each comment with the words that the entrepreneur would read; those not cleared come first."""
    round = round_of(request, round)
    tasks = _commented(request, round).order_by("review__cleared_at", "idea__number", "pk")
    context = _counted(round, tasks)
    return page(request, "ideas/round_comments.html", context | _paged(request, tasks))


def _paged(request: HttpRequest, tasks) -> dict:
    return {"page": Paginator(tasks, A_PAGE).get_page(request.GET.get("page"))}


def _counted(round: Round, tasks) -> dict:
    cleared = tasks.filter(review__cleared_at__isnull=False).count()
    waiting = tasks.filter(review__cleared_at=None).count()
    return {"round": round, "programme": round.programme, "cleared": cleared, "waiting": waiting}


@require_POST
def comment_clear(request: HttpRequest, task: int) -> HttpResponse:
    """Her wording is cleared, or what was cleared is taken back."""
    tasks = ReviewTask.objects.visible_to(request.user).select_related("seat__round__programme__tenant")
    task = get_object_or_404(tasks, pk=task)
    round = round_of(request, task.seat.round_id)
    try:
        messages.success(request, _cleared(request, round, task))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    number = request.POST.get("page", "")
    address = reverse("ideas:round_comments", args=[round.pk]) + (
        f"?page={number}" if number.isdigit() else ""
    )
    return redirect(f"{address}#comment-{task.pk}")


def _cleared(request: HttpRequest, round: Round, task: ReviewTask) -> str:
    if not _commented(request, round).filter(pk=task.pk).exists():
        raise ValidationError(_("There is no comment of this review that you may read."))
    if "take_back" in request.POST:
        services.take_back_comment(by=request.user, task=task, now=timezone.now())
        return _("Taken back: nobody outside reads it.")
    words = request.POST.get("words", "")
    services.clear_comment(by=request.user, task=task, words=words, now=timezone.now())
    return _("Cleared: its nominators read it on their sheet.")


@require_http_methods(["GET", "HEAD", "POST"])
def comments_clear(request: HttpRequest, round: int) -> HttpResponse:
    """What is not cleared yet, as it was written: first to read, then done for those that were read."""
    round = round_of(request, round)
    mine = _commented(request, round).filter(review__in=uncleared(round).values("pk")).order_by("pk")
    if request.method == "POST":
        read = [int(pk) for pk in request.POST.get("tasks", "").split(",") if pk.isdecimal() and len(pk) < 10]
        kept = [pk for pk in mine.values_list("pk", flat=True) if pk in set(read)]
        n = services.clear_comments(by=request.user, round=round, tasks=kept, now=timezone.now())
        words = ngettext("%(n)s comment is cleared.", "%(n)s comments are cleared.", n)
        messages.success(request, words % {"n": n})
        return redirect("ideas:round_comments", round.pk)
    rows = list(mine[:PREVIEWED])
    context = {"round": round, "programme": round.programme, "rows": rows, "n": mine.count()}
    context["tasks"] = ",".join(str(row.pk) for row in rows)
    return page(request, "ideas/comments_clear.html", context)
