"""The pairs of ideas that sound alike, to take along: not those that were decided on."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ideas.duplicates import proposals, shared_words
from ideas.models import Idea
from lib.exports import Column, Export
from people.models import Programme

ALIKE = Export(
    "alike",
    _("Ideas that sound alike"),
    (
        Column("one_number", _("Number")),
        Column("one", _("Idea")),
        Column("other_number", _("Number of the other")),
        Column("other", _("The other idea")),
        Column("shared_words", _("Words of both")),
        Column("percent", _("Alike, in per cent")),
    ),
)
AT_ONCE = 500  # pairs whose ideas are read at a time


def alike(programme: Programme) -> Iterator[dict]:
    pairs = proposals.undecided(proposals.known(programme).pairs or [], proposals.decided(programme))
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        ideas = Idea.objects.select_related("text").in_bulk({pk for pair in some for pk in pair[:2]})
        for one, other, likeness in some:
            yield _row(ideas[one], ideas[other], likeness)


def _row(one: Idea, other: Idea, likeness: float) -> dict:
    return {
        "one_number": one.number,
        "one": one.title,
        "other_number": other.number,
        "other": other.title,
        "shared_words": shared_words(
            f"{one.text.title} {one.text.summary}", f"{other.text.title} {other.text.summary}"
        ),
        "percent": round(100 * likeness),
    }
