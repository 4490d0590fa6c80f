"""What waits for somebody: one row each, in order of urgency, and the sentence that says it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from desk.waiting.words import When
from lib import clock
from people.access import access
from people.models import Programme

LOOK_BACK_DAYS = 90  # what is older is history: the lists keep it, the day does not
MINUTES_A_REVIEW = 5  # what reading and judging one idea takes, for the estimate


@dataclass(frozen=True)
class Item:
    """One row of what waits (components/waiting.html): when, what and why, and the one thing to do."""

    kind: str  # which sentence of `said` counts it
    at: When
    due: date | datetime
    what: str
    url: str
    why: str = ""
    act: str = ""
    act_url: str = ""
    count: int = 1
    first: bool = False  # stands taller, with the only filled button of the page

    @property
    def when(self) -> str:
        return self.at.words

    @property
    def urgency(self) -> str:
        return self.at.urgency

    @property
    def order(self) -> tuple:
        """Today's session, what is late (the oldest first), what has a term (the nearest first), the rest."""
        rank = 0 if self.kind == "session" else {"overdue": 1, "soon": 2}.get(self.urgency, 3)
        return rank, self.due.isoformat(), self.what


@dataclass(frozen=True)
class Row:
    """One line of a section beside what waits; `day` is for machines, `when` for people."""

    what: str
    when: str = ""
    day: str = ""
    url: str = ""
    why: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row] = field(default_factory=list)
    more: str = ""
    more_url: str = ""
    said: str = ""  # the page's heading, where nothing waits


class Scope:
    """Whose day it is: a user, a moment, and the programmes she works in (one, on a programme's page)."""

    def __init__(self, user: User, now: datetime, programme: Programme | None = None):
        self.user, self.now, self.one, self.may = user, now, programme, access(user)

    @cached_property
    def programmes(self) -> dict[int, Programme]:
        if self.one:
            return {self.one.pk: self.one}
        return Programme.objects.visible_to(self.user).in_bulk()

    @cached_property
    def run(self) -> list[int]:
        """Those that she runs, as coordinator or administrator."""
        return [p.pk for p in self.programmes.values() if self.may.runs(p.pk, p.tenant_id)]

    def today(self, programme_pk: int | None = None) -> date:
        """The local day, in the zone of a programme or else of her organisation."""
        programme = self.programmes.get(programme_pk) if programme_pk else self.one
        return clock.local(self.now, programme.zone if programme else self.user.tenant.zone).date()

    def label(self, programme_pk: int) -> str:
        """The programme's name; nothing where it is the only one that she sees or that still runs."""
        return (
            ""
            if programme_pk in (self.one and self.one.pk, self._only)
            else self.programmes[programme_pk].label
        )

    @cached_property
    def _only(self) -> int | None:
        running = [p.pk for p in self.programmes.values() if p.end is None or p.end > self.today(p.pk)]
        return running[0] if len(running) == 1 else None


def words(*parts: str) -> str:
    """Facts in one line: those that there are, divided by a point."""
    return " · ".join(part for part in parts if part)


def said(kind: str, count: int) -> str:
    """The whole sentence that says how many of one kind wait."""
    sentence = {
        "note": ngettext(
            "%(count)s session waits for its note", "%(count)s sessions wait for their note", count
        ),
        "register": ngettext(
            "%(count)s register is not finished", "%(count)s registers are not finished", count
        ),
        "offer": ngettext(
            "%(count)s offer waits for your answer", "%(count)s offers wait for your answer", count
        ),
        "in_vain": ngettext(
            "%(count)s person needs another mentor", "%(count)s people need another mentor", count
        ),
        "coverage": ngettext("%(count)s idea lacks reviews", "%(count)s ideas lack reviews", count),
        "hours": ngettext("%(count)s person is short of hours", "%(count)s people are short of hours", count),
        "application": ngettext(
            "%(count)s application waits for you", "%(count)s applications wait for you", count
        ),
        "candidate": ngettext(
            "%(count)s person offers herself as a mentor",
            "%(count)s people offer themselves as mentors",
            count,
        ),
        "silent": ngettext(
            "%(count)s assignment has gone silent", "%(count)s assignments have gone silent", count
        ),
        "report": ngettext("%(count)s summary is due", "%(count)s summaries are due", count),
        "approval": ngettext(
            "%(count)s summary waits to be read by you", "%(count)s summaries wait to be read by you", count
        ),
        "mail": ngettext("%(count)s mail did not go", "%(count)s mails did not go", count),
        "job": ngettext("%(count)s piece of work failed", "%(count)s pieces of work failed", count),
        "review": ngettext(
            "%(count)s idea waits for your review", "%(count)s ideas wait for your review", count
        ),
        "meeting": ngettext(
            "%(count)s entrepreneur waits to hear from you",
            "%(count)s entrepreneurs wait to hear from you",
            count,
        ),
        "confirm": ngettext(
            "%(count)s meeting waits for your word", "%(count)s meetings wait for your word", count
        ),
        "objection": ngettext(
            "%(count)s meeting is objected to", "%(count)s meetings are objected to", count
        ),
        "question": ngettext(
            "%(count)s set of questions waits for your answers",
            "%(count)s sets of questions wait for your answers",
            count,
        ),
        "wave": ngettext(
            "%(count)s set of questions needs your hand", "%(count)s sets of questions need your hand", count
        ),
        "summary": ngettext(
            "%(count)s summary is ready for you", "%(count)s summaries are ready for you", count
        ),
    }[kind]
    return sentence % {"count": count}


def what_waits(items: list[Item]) -> str:
    """One sentence for a list: its own, where all are of one kind, else how many things it is."""
    kinds = {item.kind for item in items}
    if len(kinds) == 1:
        return said(kinds.pop(), sum(item.count for item in items))
    count = len(items)
    return ngettext("%(count)s thing waits for you", "%(count)s things wait for you", count) % {
        "count": count
    }


def rest_waits(items: list[Item]) -> str:
    """What waits beside today's session, which the sentence before this one names."""
    rest = [item for item in items if item.kind != "session"]
    if rest:
        return what_waits(rest)
    return _("nothing else waits for you") if items else _("nothing waits for you")


def both(first: str, second: str) -> str:
    """Two whole sentences in one line."""
    return (
        _("%(first)s; %(second)s") % {"first": first, "second": second}
        if first and second
        else first or second
    )
