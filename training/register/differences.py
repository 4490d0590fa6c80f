"""Where two phones said two things of one person, and the later one had not seen the earlier.

Both marks are kept; the server's order decides meanwhile. Somebody who has seen both settles it with one more
mark.
"""

from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from training.models import Enrolment, Mark, Session, Status
from training.register.checkin import how
from training.register.reckoning import late_by, says


class Side(NamedTuple):
    """One of the two marks: what it says, whose it is and from which device, whether it counts now."""

    mark: Mark
    said: str
    whose: str
    stands: bool


class Difference(NamedTuple):
    """`mark` decides now, `other` is what it overrode."""

    enrolment: Enrolment
    mark: Mark
    other: Mark

    @property
    def sides(self) -> list[Side]:
        return [Side(mark, words(mark), whose(mark), mark is self.mark) for mark in (self.mark, self.other)]


def open_differences(session: Session) -> list[Difference]:
    """Those that nobody has settled, in the order of names. One query."""
    marks = Mark.objects.filter(session=session).open_differences()
    marks = marks.select_related(
        "session", "enrolment__person", "by", "differs_from__by", "differs_from__session"
    ).order_by("enrolment__person__name_key", "pk")
    return [Difference(mark.enrolment, mark, mark.differs_from) for mark in marks]


def between(mark: Mark, last: Mark | None) -> Mark | None:
    """The mark that this new one overrides without having seen it, if it says something else; `last` is the
    one that decided until now.

    One that has seen `last` settles what `last` left open. What a phone sent before it could have an answer
    has not seen what the answer would have shown: the difference stays open.
    """
    if last is None:
        return None
    if last.differs_from and not _has_seen(mark, last):
        return last.differs_from if says(mark) != says(last.differs_from) else None
    if mark.seen is None or mark.device == last.device or last.pk is None or _is_seen(mark, last):
        return None
    return last if says(mark) != says(last) else None


def _is_seen(mark: Mark, last: Mark) -> bool:
    is_blank = mark.seen == "" and last.status == Status.CLEARED
    return is_blank or mark.seen == str(last.operation)


def _has_seen(mark: Mark, last: Mark) -> bool:
    """Has she seen `last` and what it differs from?"""
    if not _is_seen(mark, last) or last.pk is None:
        return False
    is_offline = mark.device == last.device and mark.at_device and mark.at_device < last.at_server
    return not is_offline


def whose(mark: Mark) -> str:
    """By whom, and from which device."""
    by, device = str(mark.by or ""), how(mark)
    if by and device:
        return _("by %(who)s, %(device)s") % {"who": by, "device": device}
    return _("by %(who)s") % {"who": by or device or mark.get_source_display()}


def words(mark: Mark | None) -> str:
    """What a mark says, as one reads it aloud: "late 25 min, 09:55"."""
    if mark is None or mark.status == Status.CLEARED:
        return _("not marked")
    label = str(Status(mark.status).label)
    if mark.minutes is not None:
        return _("%(status)s, %(minutes)s min") % {"status": label, "minutes": mark.minutes}
    if mark.leaving and mark.arrival:
        times = {"from": _clock(mark.arrival), "to": _clock(mark.leaving)}
        return _("%(status)s, there from %(from)s to %(to)s") % {"status": label, **times}
    if mark.status == Status.LATE and mark.arrival:
        n = late_by(mark.session, mark.arrival)
        if n is None or n < 0:
            return f"{label}, {_clock(mark.arrival)}"
        return _("late %(n)s min, %(time)s") % {"n": n, "time": _clock(mark.arrival)}
    at = mark.leaving or mark.arrival
    return f"{label}, {_clock(at)}" if at else label


def _clock(at) -> str:
    return formats.time_format(at, "H:i")
