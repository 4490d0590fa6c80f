"""Which ideas say the same thing.

likeness.py measures two texts, packed.py many at once and roughly, blocks.py finds the pairs of a whole
programme, shelf.py keeps its texts at hand for the question "is there one like this?", groups.py makes
proposals of pairs.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery

from ideas.duplicates.likeness import (
    ALIKE,
    PROPOSED,
    likeness,
    likeness_while_typing,
    shared_words,
    trace,
)
from ideas.models import Idea, Join
from people.models import Programme

__all__ = [
    "ALIKE",
    "PROPOSED",
    "Similar",
    "likeness",
    "likeness_while_typing",
    "pairs",
    "shared_words",
    "similar",
    "similar_to_each",
    "trace",
]

LOOKED_AT = 40  # the nearest by estimate, measured exactly


class Similar(NamedTuple):
    """An idea that sounds alike: how much (0 to 1), and the words both use, as the idea writes them."""

    idea: Idea
    likeness: float
    words: list[str]


def similar(
    programme: Programme, title: str, summary: str = "", limit: int = 3, *, but: Idea | None = None
) -> list[Similar]:
    """The ideas of a programme that sound most like this text, the likest first; of ideas that are joined the
    one that stands. Two queries, however many ideas there are."""
    return similar_to_each(programme, [(title, summary)], limit, but=but)[0]


def similar_to_each(
    programme: Programme, texts: list[tuple[str, str]], limit: int = 3, *, but: Idea | None = None
) -> list[list[Similar]]:
    """The same for many texts (title, summary), still in two queries."""
    from ideas.duplicates.shelf import shelf_of  # loads numpy, which other pages do without

    shelf = shelf_of(programme)
    near = [shelf.nearest(title, summary, LOOKED_AT, ALIKE / 2) for title, summary in texts]
    ideas = _with_heads({pk for row in near for pk in row})
    own = {but.pk} if but else set()
    if but and but.pk in ideas and ideas[but.pk].head:
        own.add(ideas[but.pk].head)
    return [
        _measured(text, [ideas[pk] for pk in row if pk in ideas], ideas, own)[:limit]
        for text, row in zip(texts, near, strict=True)
    ]


def _measured(
    text: tuple[str, str], near: list[Idea], ideas: dict[int, Idea], own: set[int]
) -> list[Similar]:
    found: dict[int, Similar] = {}
    mine, compare = trace(*text), likeness if text[1] else likeness_while_typing
    for idea in near:
        head = ideas[idea.head or idea.pk]
        score = compare(mine, trace(idea.text.title, idea.text.summary))
        is_other = not own & {idea.pk, head.pk}
        if is_other and score >= ALIKE and (head.pk not in found or score > found[head.pk].likeness):
            words = shared_words(f"{idea.text.title} {idea.text.summary}", " ".join(text))
            found[head.pk] = Similar(head, score, words)
    return sorted(found.values(), key=lambda row: (-row.likeness, row.idea.number))


def pairs(
    programme: Programme,
    at_least: float = ALIKE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[int, int, float]]:
    """All pairs of ideas that sound alike, by primary key, the likest first. One query."""
    from ideas.duplicates import blocks

    rows = list(
        Idea.objects.filter(programme=programme, text__isnull=False)
        .order_by("number")
        .values_list("pk", "text__title", "text__summary")
    )
    found = blocks.alike([row[1:] for row in rows], at_least, progress)
    found.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))  # places are in the order of numbers
    return [(rows[one][0], rows[other][0], value) for one, other, value in found]


def _with_heads(near: set[int]) -> dict[int, Idea]:
    """These ideas and what they stand under, each with `head`: the idea it stands under now, or None."""
    under = Join.objects.open().filter(idea=OuterRef("pk")).values("into")
    above = Join.objects.open().filter(idea__in=near).values("into")
    rows = Idea.objects.filter(Q(pk__in=near) | Q(pk__in=above)).annotate(head=Subquery(under))
    return {idea.pk: idea for idea in rows.select_related("text")}
