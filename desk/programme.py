"""One programme on one page: where it stands, what waits, who takes part, what ideas there are."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from desk import funnels
from desk.calendar import Calendar
from desk.today import gather, with_one_button
from desk.waiting.items import Item, Scope, Section, both, rest_waits, words
from desk.waiting.words import span_words, whole
from ideas.models import Idea
from people.models import Funding, Partner, Programme
from training.models import Enrolment

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
    facts, funders = _facts(programme, calendar)
    kicker = words(
        programme.title, span_words(programme.start, programme.end), ", ".join(map(_short, funders))
    )
    heading = both(calendar.sentence, rest_waits(items))
    return Overview(kicker, whole(heading), calendar.drawing, calendar.undated, items, sections, bars, facts)


def _facts(programme: Programme, calendar: Calendar) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Where and with whom; and the names of the funders, for the line above the heading."""
    venues = {s.venue: None for s in calendar.sessions if s.venue} | {
        m.venue: None for m in calendar.modules if m.venue
    }
    partners = (
        Partner.objects.filter(project=programme.project_id)
        .select_related("organisation")
        .order_by("role", "pk")
    )
    fundings = Funding.objects.filter(scopes__programme=programme).select_related("funder").order_by("pk")
    funders = [row.funder.title for row in fundings]
    rows = [
        (_("Where"), [words(venue.name, venue.address, venue.municipality) for venue in venues]),
        (_("Carried by"), [row.organisation.title for row in partners]),
        (_("Paid for by"), funders),
    ]
    return [row for row in rows if row[1]], funders


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
