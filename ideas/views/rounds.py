"""A round, for who runs it: how far it is, who is waited for, where reviews are missing and why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from ideas import exports, rules, services
from ideas.board import board
from ideas.forms.rounds import CriterionFormSet, RoundForm, default_rubric
from ideas.models import Round
from ideas.page import page
from lib import clock
from lib.forms import put_errors
from people.models import Programme


@require_GET
def round_detail(request: HttpRequest, round: int) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).select_related("programme")
    round = get_object_or_404(rounds, pk=round)
    request.programme = round.programme
    if not rules.runs(request.user, round.programme):
        raise PermissionDenied
    context = {"round": round, "programme": round.programme, "criteria": list(round.criteria.all())}
    now = timezone.now()
    today = clock.local(now, round.programme.zone).date()
    context |= {
        "board": board(round, today),
        "is_open": round.is_open(now),
        "is_over": now >= round.closes_at,
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
        rubric = criteria.rubric()
        try:
            made = services.open_round(
                by=request.user, programme=programme, criteria=rubric, now=now, **form.values()
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The ideas are on the reviewers' desks."))
            return redirect("ideas:round_detail", made.pk)
    context = {"programme": programme, "form": form, "criteria": criteria}
    waiting = programme.ideas.filter(state__in=services.JUDGED).count()
    return page(request, "ideas/round_form.html", context | {"waiting": waiting})
