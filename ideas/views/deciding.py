"""Deciding a round: first what it would do, then it is done; later what was decided, and whether it holds."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ideas import services
from ideas.forms.ranking import CutForm, DecideForm, ExceptionFormSet
from ideas.models import Idea, Round, Selection
from ideas.page import page
from ideas.ranking import Choice
from ideas.ranking.again import check
from ideas.ranking.plan import Plan, planned
from ideas.services.deciding import sealed
from ideas.views import shown_ranking
from ideas.views.ranking import A_PAGE, chosen, owing, round_of
from lib.forms import put_errors


@require_http_methods(["GET", "HEAD", "POST"])
def round_decide(request: HttpRequest, round: int) -> HttpResponse:
    """The choice stands in the address; POST shows once more what would happen, or does it."""
    round = round_of(request, round)
    if refused := owing(request, round):
        return refused
    choice, found, _line = chosen(CutForm(request.GET, round=round), round)
    if found.selection:
        return _decided_already(request, round, found.selection)
    form, hands = _forms(request, round, choice)
    exceptions, status = {}, 200
    if request.method == "POST":
        try:
            exceptions = _exceptions(form, hands, round)
            if "decide" in request.POST:
                return _decide(request, round, choice, exceptions, form)
        except ValidationError as error:
            put_errors(form, error)
            status = 422
    plan = planned(by=request.user, round=round, choice=choice, exceptions=exceptions, now=timezone.now())
    form.fields["declined_reason"].required = form.fields["conflict_reason"].required = True  # where shown
    return _preview(request, round, plan, form, hands, status)


def _forms(request: HttpRequest, round: Round, choice: Choice) -> tuple[DecideForm, ExceptionFormSet]:
    """The ideas that the line cannot part stand there already."""
    if request.method == "POST":
        return DecideForm(request.POST), ExceptionFormSet(request.POST, prefix="hand")
    plan = planned(by=None, round=round, choice=choice, now=timezone.now())
    numbers = Idea.objects.filter(pk__in=plan.unsettled[:50]).order_by("number")
    numbers = numbers.values_list("number", flat=True)
    return DecideForm(), ExceptionFormSet(prefix="hand", initial=[{"number": number} for number in numbers])


def _exceptions(form: DecideForm, hands: ExceptionFormSet, round: Round) -> dict[int, tuple[str, str]]:
    if not (form.is_valid() and hands.is_valid()):
        raise ValidationError(_("Look at what is marked."))
    return hands.by_idea(round)


def _decide(request: HttpRequest, round: Round, choice: Choice, exceptions, form: DecideForm) -> HttpResponse:
    services.decide(
        by=request.user,
        round=round,
        choice=choice,
        exceptions=exceptions,
        now=timezone.now(),
        **form.cleaned_data,
    )
    messages.success(request, _("It is decided. Nobody has been told yet."))
    return redirect("ideas:round_decision", round.pk)


def _decided_already(request: HttpRequest, round: Round, selection: Selection) -> HttpResponse:
    try:
        services.refuse_decided(round)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    return redirect("ideas:round_decision", round.pk)


def _preview(request: HttpRequest, round: Round, plan: Plan, form, hands, status: int) -> HttpResponse:
    keys = list(plan.conflicts)[: shown_ranking.NAMED]
    ideas = Idea.objects.select_related("text").in_bulk(keys)
    context = {
        "round": round,
        "programme": round.programme,
        "plan": plan,
        "form": form,
        "hands": hands,
        "counts": {verdict: plan.counted(verdict) for verdict in shown_ranking.VERDICTS},
        "by_hand": shown_ranking.named(pk for pk, said in plan.said.items() if said.by_hand),
        "unsettled": shown_ranking.named(plan.unsettled),
        "left": shown_ranking.named(plan.left),
        "conflicts": [(ideas[pk], plan.conflicts[pk]) for pk in keys],
        "more_conflicts": len(plan.conflicts) - len(keys),
        "summary": shown_ranking.summary(plan.ranked.found, plan.cut),
        "is_open": round.is_open(timezone.now()),
    }
    answer = page(request, "ideas/round_decide.html", context)
    answer.status_code = status
    return answer


@require_safe
def round_decision(request: HttpRequest, round: int) -> HttpResponse:
    """What was decided, by whom, from what; `?check=1` computes all of it again. Before: the ranking."""
    round = round_of(request, round)
    if refused := owing(request, round):
        return refused
    is_checked = request.GET.get("check") == "1"
    rows = Selection.objects.filter(round=round).select_related("by")
    selection = (rows if is_checked else rows.defer("ranking")).first()
    if selection is None:
        return redirect("ideas:round_ranking", round.pk)
    decisions = selection.decisions.select_related("idea__text").order_by(
        F("place").asc(nulls_last=True), "pk"
    )
    context = {
        "round": round,
        "programme": round.programme,
        "selection": selection,
        "page": Paginator(decisions, A_PAGE).get_page(request.GET.get("page")),
        "counts": shown_ranking.counted(selection),
        "checked": check(selection, sealed(selection, selection.decisions.all())) if is_checked else None,
    }
    return page(request, "ideas/round_decision.html", context)
