"""Days and times as a reader says them: late, until, in how many minutes, from when to when."""

import re
from datetime import date, datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


class When(NamedTuple):
    words: str
    urgency: str  # "overdue", "soon" or nothing: the classes of components/waiting.html


def day_words(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def date_words(day: date) -> str:
    """With its year, short: for what may lie long ago."""
    return date_format(day, "SHORT_DATE_FORMAT")


def weekday_words(day: date) -> str:
    return date_format(day, pgettext("date format: weekday, day, short month", "D j M"))


def whole(sentence: str) -> str:
    """A heading whose numbers stay with their words ("day 2", "3 things") when it breaks into lines."""
    return re.sub(r"(?<=[^\W_]) (?=\d)|(?<=\d) ", "\N{NO-BREAK SPACE}", sentence)


def time_words(moment) -> str:
    """A local time of day (a time or a local datetime)."""
    return time_format(moment, "TIME_FORMAT")


def hours_words(minutes: int) -> str:
    """Hours with one decimal where they are not whole: "12", "1.5", in Serbian "1,5"."""
    return number_format(minutes // 60) if minutes % 60 == 0 else number_format(round(minutes / 60, 1), 1)


def span_words(start: date | None, end: date | None) -> str:
    """A half-open period: "6–18 March 2017"; open where a day is unknown, nothing where both are."""
    last = end - timedelta(days=1) if end else None
    if start and last is None:
        return _("from %(day)s") % {"day": date_format(start, "DATE_FORMAT")}
    if start is None:
        return _("until %(day)s") % {"day": date_format(last, "DATE_FORMAT")} if last else ""
    if start == last:
        return date_format(last, "DATE_FORMAT")
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}–{date_format(last, 'DATE_FORMAT')}"
    first = day_words(start) if start.year == last.year else date_format(start, "DATE_FORMAT")
    return f"{first} – {date_format(last, 'DATE_FORMAT')}"


def late_since(day: date, today: date) -> When:
    """How late something is that was due on `day`; on the day itself it is not late yet."""
    days = (today - day).days
    if days <= 0:
        return When(_("today"), "soon")
    return When(ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}, "overdue")


def until(day: date, today: date) -> When:
    """The last day on which something may still be done; after it, how late it is."""
    if day < today:
        return late_since(day, today)
    if day == today:
        return When(_("until tonight"), "soon")
    return When(_("until %(day)s") % {"day": day_words(day)}, "soon")


def beginning(starts_at: datetime, now: datetime, local: datetime) -> When:
    """When a session of today begins; `local` is its beginning on the clock of the room."""
    minutes = ceil((starts_at - now).total_seconds() / 60)
    if minutes <= 0:
        return When(_("now"), "soon")
    if minutes < 60:
        words = ngettext("in %(count)s minute", "in %(count)s minutes", minutes) % {"count": minutes}
        return When(words, "soon")
    return When(_("today %(time)s") % {"time": time_words(local)}, "soon")
