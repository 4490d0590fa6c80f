"""A programme's days: its modules, sessions and rounds, what they say today, and their drawing."""

from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk import timeline
from desk.waiting.items import words
from desk.waiting.words import day_words, span_words
from ideas.models import Round
from lib import clock
from people.models import Programme
from training.models import Module, Session


class Calendar:
    """The modules, sessions and rounds of a programme, read once."""

    def __init__(self, programme: Programme, now: datetime):
        self.programme, self.now = programme, now
        self.today = clock.local(now, programme.zone).date()

    @cached_property
    def sessions(self) -> list[Session]:
        rows = Session.objects.filter(programme=self.programme, cancelled_at=None).with_counts()
        return list(rows.select_related("venue").order_by("day", "start", "pk"))

    @cached_property
    def modules(self) -> list[Module]:
        return list(
            Module.objects.filter(programme=self.programme).select_related("venue").order_by("number")
        )

    @cached_property
    def rounds(self) -> list[Round]:
        return list(Round.objects.filter(programme=self.programme).order_by("number"))

    @property
    def dated(self) -> list[Session]:
        return [session for session in self.sessions if session.day]

    @property
    def undated(self) -> int:
        return len(self.sessions) - len(self.dated)

    @property
    def is_over(self) -> bool:
        last = self.programme.end or (self.dated[-1].day if self.dated else None)
        return last is not None and last < self.today

    def days_of(self, module: Module) -> list[date]:
        return sorted({session.day for session in self.dated if session.module_id == module.pk})

    @property
    def sentence(self) -> str:
        """Where the programme stands today."""
        days = {module: self.days_of(module) for module in self.modules}
        for module, own in days.items():
            name = _("module %(number)s") % {"number": module.number}
            if self.today in own:
                what = {"day": own.index(self.today) + 1, "days": len(own), "module": name}
                return _("Today is day %(day)s of %(days)s of %(module)s") % what
        for module, own in days.items():
            if own and own[0] > self.today:
                name = _("Module %(number)s") % {"number": module.number}
                return _begins(name, (own[0] - self.today).days)
        ahead = [session for session in self.dated if session.day >= self.today]
        if ahead:
            return _begins(_("The next session"), (ahead[0].day - self.today).days)
        if self.dated:
            return _("The last session was on %(day)s") % {
                "day": span_words(self.dated[-1].day, _after(self.dated[-1].day))
            }
        return _("No session has a date yet")

    @cached_property
    def drawing(self) -> dict | None:
        """The timeline with its words; None while nothing has a date."""
        if not self.dated:
            return None
        bars = [timeline.Bar(s.day, s.there if s.marked else None, s.on_roster) for s in self.dated]
        closes = [(row, clock.local(row.last_moment, self.programme.zone).date()) for row in self.rounds]
        dues = [
            timeline.Label(
                day,
                _("Review round %(number)s closes %(day)s") % {"number": row.number, "day": day_words(day)},
                _("Round %(number)s closes") % {"number": row.number},
            )
            for row, day in closes
        ]
        today = timeline.Label(self.today, _("today, %(day)s") % {"day": day_words(self.today)})
        drawn = timeline.draw(bars, self._spans(), dues, today)
        drawn["items"] = self._listed() + [{"name": due.short, "text": day_words(due.day)} for due in dues]
        drawn["said"] = self._said()
        return drawn

    def _spans(self) -> list[timeline.Label]:
        labels = []
        for module in self.modules:
            if days := self.days_of(module):
                short = _("Module %(number)s") % {"number": module.number}
                labels.append(timeline.Label(days[0], words(short, self._state_of(module)), short))
        if labels:
            return labels
        first, last = self.dated[0].day, self.dated[-1].day
        return [timeline.Label(day, day_words(day)) for day in sorted({first, last})]

    def _state_of(self, module: Module) -> str:
        """How many were there on average, once somebody was; else where it will be."""
        held = [s for s in self.dated if s.module_id == module.pk and s.marked]
        if held:
            there = round(sum(s.there for s in held) / len(held))
            expected = round(sum(s.on_roster for s in held) / len(held))
            return _("%(there)s of %(expected)s on average") % {"there": there, "expected": expected}
        venue = module.venue or next(
            (s.venue for s in self.dated if s.module_id == module.pk and s.venue), None
        )
        return (venue.address or venue.name) if venue else ""

    def _listed(self) -> list[dict]:
        listed = []
        for module in self.modules:
            days = self.days_of(module)
            span = span_words(days[0], _after(days[-1])) if days else _("no date yet")
            listed.append(
                {
                    "name": _("Module %(number)s") % {"number": module.number},
                    "text": words(module.title, span, self._state_of(module)),
                }
            )
        if not listed:
            span = span_words(self.dated[0].day, _after(self.dated[-1].day))
            listed.append({"name": self._said(), "text": span})
        return listed

    def _said(self) -> str:
        count, held = len(self.dated), sum(bool(s.marked) for s in self.dated)
        sentence = ngettext(
            "%(count)s session, %(held)s of them held", "%(count)s sessions, %(held)s of them held", count
        )
        return sentence % {"count": count, "held": held}


def _begins(name: str, days: int) -> str:
    if days == 0:
        return _("%(what)s is today") % {"what": name}
    if days == 1:
        return _("%(what)s starts tomorrow") % {"what": name}
    sentence = ngettext("%(what)s starts in %(count)s day", "%(what)s starts in %(count)s days", days)
    return sentence % {"what": name, "count": days}


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
