"""Who came in by the code on the wall, and how many were turned away: what a trainer sees of it."""

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.models import Attendance, Enrolment, Mark, Session, TurnedAway
from training.register.checkin import how

Why = TurnedAway.Why


class Arrival(NamedTuple):
    """One check-in. `same_phone` are the others who came in by the same phone."""

    mark: Mark
    enrolment: Enrolment
    how: str
    same_phone: list[str]
    stands: bool  # no: it was struck out, or somebody has marked her since


def by_code(session: Session) -> list[Arrival]:
    """Newest first. Two queries."""
    marks = session.marks.filter(source=Mark.Source.CODE, unsettled=False).select_related("enrolment__person")
    marks = list(marks.order_by("-pk"))
    deciding = set(Attendance.objects.filter(entry__session=session).values_list("mark_id", flat=True))
    phones: dict[str, dict[int, str]] = {}
    for mark in marks:
        phones.setdefault(_phone(mark), {})[mark.enrolment_id] = str(mark.enrolment.person)
    return [
        Arrival(
            mark,
            mark.enrolment,
            how(mark),
            [name for pk, name in phones[_phone(mark)].items() if pk != mark.enrolment_id and _phone(mark)],
            mark.pk in deciding,
        )
        for mark in marks
    ]


def _phone(mark: Mark) -> str:
    return mark.device.partition(":")[2]


def turned_away(session: Session) -> str:
    """How many tries were turned away, and why: "3 tries were turned away: 2 with an old code, 1 not on the
    roster". Empty when none was. One query."""
    found = Counter(session.turned_away.order_by().values_list("why", flat=True))
    if not found:
        return ""
    n = found.total()
    parts = ", ".join(_part(why, found[why]) for why in Why.values if found[why])
    words = ngettext("%(n)s try was turned away: %(parts)s.", "%(n)s tries were turned away: %(parts)s.", n)
    return words % {"n": n, "parts": parts}


def _part(why: str, n: int) -> str:
    words = {
        Why.LATE: _("%(n)s with an old code"),
        Why.OTHER: _("%(n)s with the code of another session"),
        Why.UNKNOWN: _("%(n)s not on the roster"),
        Why.TWICE: _("%(n)s from a phone that had checked in somebody else"),
    }
    return words[Why(why)] % {"n": n}
