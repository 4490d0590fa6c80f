"""Local wall time and instants. A wall time is what people agreed on; the instant is derived from it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def is_zone(name: str) -> bool:
    """Is this the name of a time zone, such as Europe/Belgrade?"""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError, TypeError):  # unknown, a folder of zones, a path that leads out
        return False
    return True


def local(moment: datetime, zone: str) -> datetime:
    """The same instant as the clocks of `zone` show it. `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is no instant")
    return moment.astimezone(ZoneInfo(zone))


def instant(day: date, at: time, zone: str, *, fold: int | None = None) -> datetime:
    """The instant (aware, UTC) at which the clocks of `zone` show `at` on `day`.

    Raises ValidationError with code `zone` for a zone that is none, `gap` for a time that clocks leave out in
    spring, `twice` for one that they show twice in autumn, unless `fold` says which (0 the first, 1
    the second), and `range` for a day at the end of all calendars.
    """
    if not is_zone(zone):
        raise ValidationError(_("“%(zone)s” is no time zone.") % {"zone": zone}, code="zone")
    here = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone))
    first, second = here.replace(fold=0), here.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        try:
            return first.astimezone(UTC)
        except OverflowError:
            raise ValidationError(
                _("%(day)s is too far away.") % {"day": day.isoformat()}, code="range"
            ) from None
    what = {"time": at.strftime("%H:%M"), "day": date_format(day), "zone": zone}
    if first.utcoffset() < second.utcoffset():
        words = _("%(time)s does not exist on %(day)s in %(zone)s: the clocks change.")
        raise ValidationError(words % what, code="gap")
    if fold is None:
        raise ValidationError(
            _("%(time)s happens twice on %(day)s in %(zone)s: say which.") % what, code="twice"
        )
    return (second if fold else first).astimezone(UTC)


def happens_twice(day: date, at: time, zone: str) -> bool:
    """Do the clocks of `zone` show this time twice on that day, in autumn?"""
    here = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone))
    return here.replace(fold=0).utcoffset() > here.replace(fold=1).utcoffset()
