"""One programme on one page: where it stands, what waits, who takes part, what ideas there are."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from desk import funnels
from desk.calendar import Calendar
from desk.frame import facts
from desk.today import gather, with_one_button
from desk.waiting.items import Item, Scope, Section, both, rest_waits, words
from desk.waiting.words import span_words, whole
from ideas.models import Idea
from people.models import Programme
from training.headcounts import with_words
from training.models import Enrolment, Headcount
from training.visibility import Visible, funders_of

FEW = 12  # headcounts on the page; the list has all
ABBREVIATION = re.compile(r"\((\w{2,10})\)$")


@dataclass(frozen=True)
class Overview:
    kicker: str
    heading: str
    timeline: dict | None
    undated: int
    items: list[Item]
    sections: list[Section]
    funnels: list[funnels.Funnel]
    facts: list[tuple[str, list[str]]]
    visibles: list[Visible]
    headcounts: list[Headcount]


def overview(user: User, programme: Programme, now: datetime) -> Overview:
    """What this reader may know of the programme, in a constant number of queries."""
    scope = Scope(user, now, programme)
    calendar = Calendar(programme, now)
    items, sections, _ahead = gather(scope)
    items = with_one_button(sorted(items, key=lambda item: item.order))
    runs = bool(scope.run)
    bars = []
    if runs or scope.may.has("trainer", programme.pk):
        bars = [
            funnels.people(programme, is_over=calendar.is_over, runs=runs),
            funnels.ideas(programme, is_over=calendar.is_over, with_reviews=runs),
        ]
    visibles = funders_of(programme)
    known = facts(programme, calendar, visibles, scope.today())
    funders = ", ".join(_short(one.name) for one in visibles)
    kicker = words(programme.title, span_words(programme.start, programme.end), funders)
    heading = both(calendar.sentence, rest_waits(items))
    counted = with_words(Headcount.objects.visible_to(user).filter(programme=programme).order_by("pk")[:FEW])
    drawn = calendar.drawing, calendar.undated
    return Overview(kicker, whole(heading), *drawn, items, sections, bars, known, visibles, counted)


def _short(name: str) -> str:
    """ "GIZ" of "German Agency for International Cooperation (GIZ)": the line above the heading is short."""
    found = ABBREVIATION.search(name)
    return found[1] if found else name


def programmes(user: User) -> QuerySet[Programme]:
    """Those that she works in, the newest first, with how many take part and how many ideas there are."""
    enrolled = Enrolment.objects.filter(programme=OuterRef("pk")).taking_part().order_by().values("programme")
    ideas = Idea.objects.filter(programme=OuterRef("pk")).order_by().values("programme")
    return Programme.objects.visible_to(user).annotate(
        people=Coalesce(Subquery(enrolled.annotate(n=Count("pk")).values("n")), 0),
        idea_count=Coalesce(Subquery(ideas.annotate(n=Count("pk")).values("n")), 0),
    )
