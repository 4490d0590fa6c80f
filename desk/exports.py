"""Lists that span rooms, to take along: the programmes, and the ideas that sound alike."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from desk import funnels
from lib.exports import Column, Export
from lib.languages import told
from people.models import Programme

PROGRAMMES = Export(
    "programmes",
    _("Programmes"),
    (
        Column("code", _("Code")),
        Column("programme", _("Programme"), ("name", "name_sr"), told),
        Column("short_name", _("Short name")),
        Column("participants", _("Who takes part"), words=dict(Programme.Participants.choices)),
        Column("start", _("From")),
        Column("last_day", _("Until"), "end", lambda end: end - timedelta(days=1) if end else None),
        Column("people", _("Taking part")),
        Column("ideas", _("Ideas"), "idea_count"),
    ),
)

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


def alike(programme: Programme) -> Iterator[dict]:
    for pair in funnels.pairs_to_compare(programme):
        yield {
            "one_number": pair.one.number,
            "one": pair.one.title,
            "other_number": pair.other.number,
            "other": pair.other.title,
            "shared_words": pair.shared,
            "percent": pair.percent,
        }
