"""The ranking of a round: ideas in order, a cut-off that moves, and what another method would say."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.exports import take_along
from ideas import exports_ranking, rules
from ideas.forms.ranking import CutForm
from ideas.models import Round
from ideas.page import page
from ideas.ranking import Choice, Cut, cut
from ideas.ranking.kept import Ranked, ranked
from ideas.views import shown_ranking

A_PAGE = 25


def round_of(request: HttpRequest, pk: int) -> Round:
    """Of who runs the programme only."""
    rounds = Round.objects.visible_to(request.user).select_related("programme__tenant")
    round = get_object_or_404(rounds, pk=pk)
    request.programme = round.programme
    if not rules.runs(request.user, round.programme):
        raise PermissionDenied
    return round


def owing(request: HttpRequest, round: Round) -> HttpResponse | None:
    """Instead of any score, for somebody whose own reviews of these ideas are not in."""
    if not (owed := rules.owed(request.user, round)):
        return None
    context = {"round": round, "programme": round.programme, "owed": owed}
    return page(request, "ideas/ranking_owed.html", context)


@require_safe
def round_ranking(request: HttpRequest, round: int) -> HttpResponse:
    """The whole page, or for htmx what moves with the cut-off."""
    round = round_of(request, round)
    if refused := owing(request, round):
        return refused
    form = CutForm(request.GET, round=round)
    choice, found, line = chosen(form, round)
    context = {"round": round, "programme": round.programme, "form": form, "choice": choice}
    context |= shown(request, found, line, choice) | {"judges": shown_ranking.judges(round, found.found)}
    return page(request, "ideas/_ranking.html" if request.htmx else "ideas/round_ranking.html", context)


def chosen(form: CutForm, round: Round) -> tuple[Choice, Ranked, Cut]:
    """What the form says, or how the round was decided."""
    weighted = form.is_valid() and bool(form.cleaned_data.get("weighted"))
    found = ranked(round, form.method_said, weighted=weighted)
    choice = form.settle(sum(row["place"] is not None for row in found.found["ideas"]))
    if found.selection:
        choice = Choice(**found.selection.line)
        found = ranked(round, choice.method, weighted=choice.weighted)
    return choice, found, cut(found.found, shortlisted=choice.shortlisted, waiting=choice.waiting)


def shown(request: HttpRequest, found: Ranked, line: Cut, choice: Choice) -> dict:
    pages = Paginator(found.found["ideas"], A_PAGE).get_page(request.GET.get("page"))
    decided = None
    if found.selection:
        rows = found.selection.decisions.filter(idea__in=[row["idea"] for row in pages.object_list])
        decided = {idea: said for idea, *said in rows.values_list("idea", "verdict", "by_hand")}
    said = shown_ranking.rows(
        pages.object_list, line, total=len(line.verdicts), shortlisted=choice.shortlisted, decided=decided
    )
    return {
        "found": found.found,
        "selection": found.selection,
        "page": pages,
        "rows": said,
        "summary": shown_ranking.summary(found.found, line, found.selection),
        "judged": len(line.verdicts),
        "cut": choice.shortlisted,
    }


@require_safe
def ranking_export(request: HttpRequest, round: int, format: str) -> HttpResponseBase:
    """The ranking as the page shows it, whole."""
    round = round_of(request, round)
    if not rules.may_rank(request.user, round):
        raise PermissionDenied
    choice, found, line = chosen(CutForm(request.GET, round=round), round)
    rows = exports_ranking.rows(found, line)
    return take_along(
        request, exports_ranking.RANKING, rows, format, about=round.programme, part=f"{round.number}"
    )
