"""A round, for who runs it: how far it is, who is waited for, where reviews are missing and why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from ideas import exports, rules, services
from ideas.board import LISTS, board
from ideas.forms.rounds import RoundChangeForm, RoundForm
from ideas.forms.rubric import CriterionForm, CriterionFormSet, default_rubric
from ideas.models import Round
from ideas.page import page
from lib.forms import put_errors
from people.models import Programme


@require_GET
def round_detail(request: HttpRequest, round: int) -> HttpResponse:
    round, now = of_hers(request, round), timezone.now()
    only = request.GET.get("list", "")
    shown = board(round, now, request.user, only if only in LISTS else "", request.GET.get("page"))
    context = {"round": round, "programme": round.programme, "criteria": list(round.criteria.all())}
    context |= {
        "board": shown,
        "is_open": round.is_open(now),
        "is_over": now >= round.closes_at,
        "is_decided": hasattr(round, "selection"),
    }
    return page(request, "ideas/round_detail.html", context)


@require_safe
def review_export(request: HttpRequest, round: int, format: str) -> HttpResponseBase:
    """A reviewer takes her own along; who runs the programme those that are open to her."""
    rounds = Round.objects.visible_to(request.user).select_related("programme").prefetch_related("criteria")
    round = get_object_or_404(rounds, pk=round)
    request.programme = round.programme
    rows, export = exports.review_tasks(request.user, round), exports.reviews(round)
    return take_along(request, export, rows, format, about=round.programme, part=f"{round.number}")


def _opened(request: HttpRequest, round: Round) -> HttpResponse:
    run = round.runs.first()
    if run and run.laid_at is None:  # so many that it is computed in the background, and laid by a yes
        return redirect("ideas:run_detail", run.pk)
    messages.success(request, _("The ideas are on the reviewers' desks."))
    _warn_of_reach(request, round)
    return redirect("ideas:round_detail", round.pk)


def _warn_of_reach(request: HttpRequest, round: Round) -> None:
    """More reviews asked for than there are reviewers is allowed, because more may join; not in silence."""
    round.refresh_from_db(fields=["coverage"])
    there = round.seats.filter(left_at=None).count()
    if there < round.coverage:
        words = ngettext(
            "%(asked)s reviews are asked for each idea, and only %(n)s reviewer judges.",
            "%(asked)s reviews are asked for each idea, and only %(n)s reviewers judge.",
            there,
        )
        messages.warning(request, words % {"asked": round.coverage, "n": there})


@require_http_methods(["GET", "POST"])
def round_create(request: HttpRequest, programme: str) -> HttpResponse:
    """Dates, coverage, rubric, reviewers; the ideas that wait are shared out at once."""
    request.programme = programme = get_object_or_404(
        Programme.objects.visible_to(request.user), code=programme
    )
    if not rules.runs(request.user, programme):
        raise PermissionDenied
    now = timezone.now()
    form = RoundForm(request.POST or None, programme=programme, now=now)
    criteria = CriterionFormSet(request.POST or None, prefix="criteria", initial=default_rubric())
    if request.method == "POST" and form.is_valid() and criteria.is_valid():
        said = form.values() | {"criteria": criteria.rubric(), "now": now}
        try:
            made = services.open_round(by=request.user, programme=programme, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _opened(request, made)
    context = {"programme": programme, "form": form, "criteria": criteria}
    waiting = services.to_judge(programme, now).count()
    context |= {"waiting": waiting, "why": "" if waiting else services.why_none(programme, now)}
    return page(request, "ideas/round_form.html", context)


@require_http_methods(["GET", "POST"])
def round_edit(request: HttpRequest, round: int) -> HttpResponse:
    """Before it opens and while it is judged: dates, guidance, coverage, caps, reviewers; its rubric."""
    round, now = of_hers(request, round), timezone.now()
    form = change_form(request.POST or None, round)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_round(by=request.user, round=round, now=now, **form.values())
        except ValidationError as error:
            put_errors(form, error)
        else:
            added = form.cleaned_data["reviewers"]
            messages.success(request, _("The round is changed."))
            if added:
                words = _("Nothing lies on the new desks yet: have the reviews that are missing assigned.")
                messages.info(request, words)
            _warn_of_reach(request, round)
            return redirect("ideas:round_detail", round.pk)
    return edit_page(request, round, form=form)


def of_hers(request: HttpRequest, pk: int) -> Round:
    """A round that she runs; 403 where she only judges in it."""
    rounds = Round.objects.visible_to(request.user).select_related("programme__tenant", "selection")
    round = get_object_or_404(rounds, pk=pk)
    request.programme = round.programme
    if not rules.runs(request.user, round.programme):
        raise PermissionDenied
    return round


def change_form(data, round: Round) -> RoundChangeForm:
    return RoundChangeForm(data, round=round, is_scored=services.is_scored(round), now=timezone.now())


def edit_page(request: HttpRequest, round: Round, **shown) -> HttpResponse:
    """The page with one of its forms as it was sent: `form`, `criterion` (a bound form by key), `new`, or
    `seat` (the key and what was refused)."""
    is_scored = services.is_scored(round)
    bound, wrong = shown.get("criterion", {}), shown.get("seat", {})
    rows = round.criteria.annotate(reviews=Count("scores", filter=Q(scores__review__task__state="done")))
    criteria = [(row, bound.get(row.pk) or CriterionForm.of(row, is_scored=is_scored)) for row in rows]
    seats = round.seats.filter(left_at=None).select_related("reviewer").order_by("reviewer__name_key")
    context = {
        "round": round,
        "programme": round.programme,
        "form": shown.get("form") or change_form(None, round),
        "criteria": criteria,
        "new": None if is_scored else shown.get("new") or CriterionForm(prefix="new"),
        "seats": [(seat, wrong.get(seat.pk)) for seat in seats],
        "is_scored": is_scored,
        "is_decided": hasattr(round, "selection"),
    }
    return page(request, "ideas/round_edit.html", context)
