"""One idea, as much of it as this reader may see."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ideas import conflicts, duplicates, rules
from ideas.forms.carrying import CarryOnForm, StateForm
from ideas.forms.ideas import FileForm
from ideas.models import Asked, Idea, ReviewTask
from ideas.page import page
from ideas.sectors import sector_name
from ideas.services.carrying import OVER
from ideas.views.shown_duplicates import joined_of
from lib import clock
from mentoring.models import Assignment


def idea_of(request: HttpRequest, pk: int) -> Idea:
    ideas = Idea.objects.visible_to(request.user)
    idea = get_object_or_404(ideas.select_related("programme__tenant", "text", "state_by", "cluster"), pk=pk)
    request.programme = idea.programme
    return idea


def run_by(request: HttpRequest, pk: int) -> Idea:
    """An idea of a programme that she runs."""
    idea = idea_of(request, pk)
    if not rules.runs(request.user, idea.programme):
        raise PermissionDenied
    return idea


def recorded_by(request: HttpRequest, pk: int) -> Idea:
    """An idea of a programme in which she records ideas."""
    idea = idea_of(request, pk)
    if not rules.may_record_ideas(request.user, idea.programme):
        raise PermissionDenied
    return idea


def shown(request: HttpRequest, idea: Idea, *, status: int = 200, **forms) -> HttpResponse:
    """Its page; `forms` are those that were refused: state_form, carry_form, file_form."""
    user, runs = request.user, rules.runs(request.user, idea.programme)
    context = {"idea": idea, "programme": idea.programme, "runs": runs, "sector": sector_name(idea.sector)}
    context |= {"names": None, "reviews": None, "may_edit": rules.may_record_ideas(user, idea.programme)}
    context |= _told(idea) | _may_be_seen(request, idea) | joined_of(user, idea)
    if context["may_edit"] or context["mine"]:
        title, summary = idea.text.title, idea.text.summary
        context["similar"] = duplicates.similar(idea.programme, title, summary, limit=5, but=idea)
    if context["may_edit"]:
        context |= {"note": idea.note if rules.may_see_note(user, idea) else "", "file_form": FileForm()}
    if runs:
        context |= _next(request, idea, context["names"], forms.get("carry_form"))
        context["state_form"] = StateForm(initial={"state": _usual_next(idea)})
    return page(request, "ideas/idea_detail.html", context | forms, status=status)


def _told(idea: Idea) -> dict:
    return {
        "aims": list(idea.aims.all()),
        "versions": list(idea.texts.order_by("-version").select_related("by")),
        "changes": list(idea.changes.select_related("by")),
    }


def _may_be_seen(request: HttpRequest, idea: Idea) -> dict:
    """What a blind round hides, and what is hidden before her own review is in."""
    user, found = request.user, {}
    if rules.may_see_nominators(user, idea):
        people = idea.nominations.select_related("enrolment__person", "session").order_by("at", "pk")
        found["names"] = list(people)
    found["files"] = list(idea.files.there_for(user))
    found["mine"] = idea.tasks.filter(seat__reviewer__user=user).order_by("-pk").first()
    if rules.may_see_scores(user, idea):
        found["reviews"] = _reviews(idea)
        found["numbers"] = Idea.objects.filter(pk=idea.pk).with_reviews().get()
    return found


def _next(request: HttpRequest, idea: Idea, names: list | None, form: CarryOnForm | None) -> dict:
    """For who runs the programme: the mentors asked for and found, and what stands between her and them."""
    form = form or CarryOnForm(idea=idea, user=request.user)
    today = clock.local(timezone.now(), idea.programme.zone).date()
    pairs = Prefetch("need__assignments", Assignment.objects.select_related("mentor__person").order_by("pk"))
    return {
        "mentored": list(idea.mentored.select_related("assignment__mentor__person")),
        "asked": list(
            Asked.objects.filter(idea=idea).select_related("need__enrolment__person").prefetch_related(pairs)
        ),
        "may_ask": idea.state not in OVER,
        "carry_form": form,
        "choices": list(form.fields["assignment"].queryset),
        "stands": conflicts.deciding(request.user, idea, today) if names else [],
    }


def _usual_next(idea: Idea) -> str:
    """What the form of states offers first: a new one is screened; after the reviews comes the short list."""
    after = {Idea.State.NOMINATED: Idea.State.SCREENED, Idea.State.IN_REVIEW: Idea.State.SHORTLISTED}
    return after.get(idea.state, idea.state)


def _reviews(idea: Idea) -> list[ReviewTask]:
    """Reviews that are in, each with its scores by criterion."""
    tasks = idea.tasks.filter(state=ReviewTask.State.DONE).select_related(
        "seat__reviewer", "seat__round", "review"
    )
    return list(tasks.prefetch_related("review__scores__criterion").order_by("seat__round", "state_at"))
