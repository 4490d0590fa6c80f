"""Groups of ideas that may be one, as a page shows them: side by side, with what tells them apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from accounts.models import User
from ideas.duplicates import shared_words
from ideas.duplicates.groups import Group
from ideas.models import Idea, Join, Nomination
from people.models import Programme


@dataclass(frozen=True)
class Side:
    """A group with its ideas, the words that all of them share, and its likeness in per cent."""

    ideas: list[Idea]
    words: list[str]
    most: int
    least: int


def side_by_side(user: User, groups: Iterable[Group]) -> list[Side]:
    """Constant queries. `under` of an idea is how many stand under it; `people` who nominated it, as far as
    this reader may see names."""
    groups = list(groups)
    seen = Nomination.objects.visible_to(user).select_related("enrolment__person", "session")
    rows = (
        Idea.objects.filter(pk__in={pk for group in groups for pk in group.ideas})
        .with_reviews()
        .with_joined()
    )
    rows = rows.select_related("text").prefetch_related(
        Prefetch("nominations", seen.order_by("at", "pk"), to_attr="people")
    )
    ideas = {idea.pk: idea for idea in rows}
    return [_side([ideas[pk] for pk in group.ideas], group) for group in groups]


def joined_of(user: User, idea: Idea) -> dict:
    """`stands_under`: where a joined idea stands; `under`: what stands under this one, each with who put it
    forward as far as this reader may see names. Three queries at most, however many there are."""
    seen = Nomination.objects.visible_to(user).select_related("enrolment__person", "session")
    names = Prefetch("idea__nominations", seen.order_by("at", "pk"), to_attr="people")
    rows = Join.objects.open().filter(Q(idea=idea) | Q(into=idea))
    rows = list(
        rows.select_related("idea__text", "into__text", "by").prefetch_related(names).order_by("at", "pk")
    )
    above = next((row for row in rows if row.idea_id == idea.pk), None)
    return {"stands_under": above, "under": [row for row in rows if row.into_id == idea.pk]}


def joined_in(programme: Programme):
    """What is joined now, with what each stands under."""
    rows = Join.objects.open().filter(idea__programme=programme)
    return rows.select_related("idea__text", "into__text", "by").order_by("into__number", "idea__number")


def _side(ideas: list[Idea], group: Group) -> Side:
    words = shared_words(_said(ideas[0]), _said(ideas[1]))
    for idea in ideas[2:]:
        also = shared_words(_said(ideas[0]), _said(idea), limit=99)
        words = [word for word in words if word in also]
    return Side(ideas, words, round(100 * group.most), round(100 * group.least))


def _said(idea: Idea) -> str:
    return f"{idea.text.title} {idea.text.summary}"
