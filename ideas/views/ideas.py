"""Pages of ideas: the list of a programme, one idea, its words and state."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from ideas import exports, rules, services
from ideas.filters import IdeaFilter
from ideas.forms.ideas import IdeaForm, RecordedForm
from ideas.forms.lists import ScreenForm
from ideas.models import Idea, ReviewTask, Round
from ideas.page import page
from ideas.sectors import sector_name
from ideas.views.one import idea_of, shown
from lib.forms import put_errors
from people.models import Programme

PAGE = 25  # what a phone can scroll
SORTS = {
    "number": [F("number").asc()],
    "-number": [F("number").desc()],
    "score": [F("shown_score").asc(nulls_last=True), "number"],
    "-score": [F("shown_score").desc(nulls_last=True), "number"],
    "reviews": [F("judged").asc(), "number"],
    "-reviews": [F("judged").desc(), "number"],
}


def listed(request: HttpRequest, code: str, *, plain: bool = False) -> tuple[IdeaFilter, str]:
    """The ideas of a programme that she may see, narrowed as she asked, and the order she asked for. What
    stands under another idea is found on that one's page. `plain`: without reviews and scores, where neither
    the filter nor the order asks for them."""
    request.programme = get_object_or_404(_with_round(request), code=code)
    ideas = Idea.objects.visible_to(request.user).filter(programme=request.programme)
    if not request.GET.get("joined"):
        ideas = ideas.standing()
    order = request.GET.get("sort") if request.GET.get("sort") in SORTS else "number"
    if not plain or request.GET.get("reviewed") or not order.endswith("number"):
        ideas = ideas.with_reviews().with_sight_of(request.user)
    return IdeaFilter(request.GET or None, ideas), order


@require_GET
def idea_list(request: HttpRequest, programme: str) -> HttpResponse:
    """The ideas that she may see, found by words in any script, narrowed, in order. What is shown beside
    them is asked for those of the page only, so 20,000 cost hardly more than 200."""
    found, order = listed(request, programme, plain=True)
    counts = _counts(request, found)
    pages = Paginator(found.qs.order_by(*SORTS[order]).values_list("pk", flat=True), PAGE)
    pages.count = counts["found"]  # known already: one query less
    here = pages.get_page(request.GET.get("page"))
    here.object_list = _shown(request, list(here.object_list))
    context = {"programme": request.programme, "filter": found, "page": here, "counts": counts}
    context |= {"sort": order, "runs": rules.runs(request.user, request.programme), "screen": ScreenForm()}
    context["may_record"] = rules.may_record_ideas(request.user, request.programme)
    return page(request, "ideas/idea_list.html", context)


def _counts(request: HttpRequest, found: IdeaFilter) -> dict[str, int]:
    """What the heading tells, and no more than it tells: in a long list each of these is work."""
    ideas = found.qs.order_by()
    mine = ReviewTask.objects.waiting().filter(seat__reviewer__user=request.user)
    counts = {"found": ideas.count(), "owed": ideas.filter(pk__in=mine.values("idea")).count()}
    done = ReviewTask.objects.filter(idea=OuterRef("pk"), state=ReviewTask.State.DONE)
    is_told = not found.is_narrowed and not counts["owed"]
    return counts | {"unjudged": ideas.filter(~Exists(done)).count() if is_told else 0}


def _shown(request: HttpRequest, keys: list[int]) -> list[Idea]:
    rows = Idea.objects.filter(pk__in=keys).with_reviews().with_sight_of(request.user)
    found = {row.pk: row for row in rows.with_nominators().with_joined().select_related("text").order_by()}
    for idea in found.values():
        idea.sector_name = sector_name(idea.sector)
    return [found[key] for key in keys if key in found]


@require_safe
def idea_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    found, order = listed(request, programme)
    rows = exports.with_aims(found.qs.with_nominators()).order_by(*SORTS[order])
    export = exports.ideas(request.programme)
    return take_along(request, export, rows, format, about=request.programme)


def _with_round(request: HttpRequest):
    """The programmes she may open, each with its newest round."""
    rounds = Round.objects.filter(programme=OuterRef("pk")).order_by("-number")
    return Programme.objects.visible_to(request.user).annotate(round_now=Subquery(rounds.values("pk")[:1]))


@require_GET
def idea_detail(request: HttpRequest, idea: int) -> HttpResponse:
    idea = idea_of(request, idea)
    return shown(request, idea)


@require_http_methods(["GET", "POST"])
def idea_edit(request: HttpRequest, idea: int) -> HttpResponse:
    """Other words: a new version, the old ones stay."""
    idea = idea_of(request, idea)
    if not rules.may_record_ideas(request.user, idea.programme):
        raise PermissionDenied
    now = {name: getattr(idea.text, name) for name in ("title", "summary", "problem", "customer")}
    now |= {"sector": idea.sector, "stage": idea.stage or "", "aims": idea.aims.all()}
    now |= {"cluster": idea.cluster_id, "language": idea.text.language, "note": idea.note}
    form = (RecordedForm if rules.may_see_note(request.user, idea) else IdeaForm)(
        request.POST or None, programme=idea.programme, initial=now
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.rewrite(by=request.user, idea=idea, now=timezone.now(), **form.words())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The new words are kept; the old ones stand below."))
            return redirect("ideas:idea_detail", idea.pk)
    return page(request, "ideas/idea_edit.html", {"idea": idea, "form": form})
