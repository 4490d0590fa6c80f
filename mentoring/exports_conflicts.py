"""The conflicts of interest of a programme, to take along."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from mentoring.conflicts import PURPOSES
from mentoring.conflicts.interests import Standing

KINDS = {
    "self": _("herself"),
    "enterprise": _("the same enterprise"),
    "organisation": _("the same organisation"),
    "cluster": _("works for the cluster"),
    "members": _("the same cluster"),
    "proposed": _("works for who proposed the enterprise"),
    "declared": _("declared"),
    "related": _("related"),
    "trained": _("trained her"),
    "mentors": _("guides her"),
    "family": _("the same family name and municipality"),
}

CONFLICTS = Export(
    "conflicts",
    _("Conflicts of interest"),
    (
        Column("mentor", _("Mentor")),
        Column("person", _("Entrepreneur")),
        Column("kind", _("Kind"), words=KINDS),
        Column("words", _("Conflict of interest")),
        Column("since", _("Since")),
        Column("is_hint", _("Only a hint")),
        Column("judge", _("Stands in the way of judging")),
        Column("mentoring", _("Stands in the way of mentoring")),
        Column("decide", _("Stands in the way of deciding")),
    ),
)
COLUMNS = dict(zip(PURPOSES, ("judge", "mentoring", "decide"), strict=True))


def rows(standing: Iterable[Standing]) -> Iterator[dict]:
    for mentor, person, conflict in standing:
        said = {"mentor": str(mentor), "person": str(person), "kind": conflict.kind, "words": conflict.words}
        said |= {"since": conflict.since, "is_hint": conflict.is_hint}
        yield said | {column: purpose in conflict.bars for purpose, column in COLUMNS.items()}
