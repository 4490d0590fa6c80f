"""Pages of ideas: the list of a programme, one idea, its words and state."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from ideas import conflicts, duplicates, exports, rules, services
from ideas.filters import IdeaFilter
from ideas.forms.ideas import CarryOnForm, IdeaForm, StateForm
from ideas.models import Idea, ReviewTask, Round
from ideas.page import page
from ideas.sectors import sector_name
from lib import clock
from lib.forms import put_errors
from people.models import Programme

PAGE = 50
SORTS = {
    "number": [F("number").asc()],
    "-number": [F("number").desc()],
    "score": [F("shown_score").asc(nulls_last=True), "number"],
    "-score": [F("shown_score").desc(nulls_last=True), "number"],
    "reviews": [F("judged").asc(), "number"],
    "-reviews": [F("judged").desc(), "number"],
}


def listed(request: HttpRequest, code: str) -> tuple[IdeaFilter, str]:
    """The ideas of a programme that she may see, narrowed as she asked, and the order she asked for."""
    request.programme = get_object_or_404(_with_round(request), code=code)
    ideas = Idea.objects.visible_to(request.user).filter(programme=request.programme)
    found = IdeaFilter(request.GET or None, ideas.with_reviews().with_sight_of(request.user))
    return found, request.GET.get("sort") if request.GET.get("sort") in SORTS else "number"


@require_GET
def idea_list(request: HttpRequest, programme: str) -> HttpResponse:
    """The ideas that she may see, found by words in any script, narrowed, in order; 50 a page."""
    found, order = listed(request, programme)
    counts = found.qs.aggregate(
        found=Count("pk"), unjudged=Count("pk", filter=Q(judged=0)), owed=Count("pk", filter=Q(owes=True))
    )
    rows = found.qs.with_nominators().select_related("text").order_by(*SORTS[order])
    pages = Paginator(rows, PAGE)
    pages.count = counts["found"]  # known already: one query less
    shown = pages.get_page(request.GET.get("page"))
    for idea in shown.object_list:
        idea.sector_name = sector_name(idea.sector)
    context = {"programme": request.programme, "filter": found, "page": shown, "counts": counts}
    context |= {"sort": order, "runs": rules.runs(request.user, request.programme)}
    return page(request, "ideas/idea_list.html", context)


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
    idea = _idea(request, idea)
    return _page(request, idea)


@require_http_methods(["GET", "POST"])
def idea_edit(request: HttpRequest, idea: int) -> HttpResponse:
    """Other words: a new version, the old ones stay."""
    idea = _idea(request, idea)
    if not rules.may_record_ideas(request.user, idea.programme):
        raise PermissionDenied
    now = {name: getattr(idea.text, name) for name in ("title", "summary", "problem", "customer")}
    now |= {"sector": idea.sector, "stage": idea.stage or "", "aims": idea.aims.all()}
    form = IdeaForm(request.POST or None, programme=idea.programme, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.rewrite(by=request.user, idea=idea, now=timezone.now(), **form.words())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The new words are kept; the old ones stand below."))
            return redirect("ideas:idea_detail", idea.pk)
    return page(request, "ideas/idea_edit.html", {"idea": idea, "form": form})


@require_POST
def idea_state(request: HttpRequest, idea: int) -> HttpResponse:
    idea = _run(request, idea)
    form = StateForm(request.POST)
    if form.is_valid():
        try:
            services.set_idea_state(by=request.user, idea=idea, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The idea is now: %(state)s.") % {"state": idea.get_state_display()})
            return redirect("ideas:idea_detail", idea.pk)
    return _page(request, idea, state_form=form)


@require_POST
def idea_carry_on(request: HttpRequest, idea: int) -> HttpResponse:
    """Points the idea to the assignment in which somebody works on it."""
    idea = _run(request, idea)
    form = CarryOnForm(request.POST, idea=idea, user=request.user)
    if form.is_valid():
        try:
            services.carry_on(by=request.user, idea=idea, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The idea is carried on in mentoring."))
            return redirect("ideas:idea_detail", idea.pk)
    return _page(request, idea, carry_form=form)


def _idea(request: HttpRequest, pk: int) -> Idea:
    ideas = Idea.objects.visible_to(request.user).select_related("programme__tenant", "text", "state_by")
    idea = get_object_or_404(ideas, pk=pk)
    request.programme = idea.programme
    return idea


def _run(request: HttpRequest, pk: int) -> Idea:
    idea = _idea(request, pk)
    if not rules.runs(request.user, idea.programme):
        raise PermissionDenied
    return idea


def _page(request: HttpRequest, idea: Idea, state_form=None, carry_form=None) -> HttpResponse:
    """One idea, as much of it as this reader may see."""
    user = request.user
    runs = rules.runs(user, idea.programme)
    context = {"idea": idea, "programme": idea.programme, "runs": runs, "sector": sector_name(idea.sector)}
    context |= {
        "aims": list(idea.aims.all()),
        "versions": list(idea.texts.order_by("-version").select_related("by")),
    }
    context |= {"may_edit": rules.may_record_ideas(user, idea.programme), "names": None, "reviews": None}
    context["mentored"] = list(idea.mentored.select_related("assignment__mentor__person")) if runs else []
    if rules.may_see_nominators(user, idea):
        people = idea.nominations.select_related("enrolment__person", "session").order_by("at", "pk")
        context["names"] = list(people)
    context["mine"] = idea.tasks.filter(seat__reviewer__user=user).order_by("-pk").first()
    if rules.may_see_scores(user, idea):
        context["reviews"] = _reviews(idea)
        context["numbers"] = Idea.objects.filter(pk=idea.pk).with_reviews().get()
    if context["may_edit"] or context["mine"]:
        title, summary = idea.text.title, idea.text.summary
        context["similar"] = duplicates.similar(idea.programme, title, summary, limit=5, but=idea)
    if runs:
        context["state_form"] = state_form or StateForm(initial={"state": _usual_next(idea)})
        context["carry_form"] = carry_form or CarryOnForm(idea=idea, user=user)
        context["choices"] = list(context["carry_form"].fields["assignment"].queryset)
        today = clock.local(timezone.now(), idea.programme.zone).date()
        context["stands"] = conflicts.deciding(user, idea, today) if context["names"] else []
    return page(request, "ideas/idea_detail.html", context)


def _usual_next(idea: Idea) -> str:
    """What the form of states offers first: after the reviews comes the short list."""
    return Idea.State.SHORTLISTED if idea.state == Idea.State.IN_REVIEW else idea.state


def _reviews(idea: Idea) -> list[ReviewTask]:
    """Reviews that are in, each with its scores by criterion."""
    tasks = idea.tasks.filter(state=ReviewTask.State.DONE).select_related(
        "seat__reviewer", "seat__round", "review"
    )
    return list(tasks.prefetch_related("review__scores__criterion").order_by("seat__round", "state_at"))
