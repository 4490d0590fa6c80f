"""The pulse of a programme's mentoring in words: sections of what asks for a coordinator's eye."""

from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import clock
from mentoring.meetings.staying import Share
from mentoring.models import Assignment, Goal, Meeting, Offer
from mentoring.pairs.pulse import Busy
from mentoring.pairs.saying import last_moment
from training.models import Enrolment


class Line(NamedTuple):
    """One line of a section, as components/waiting.html shows it."""

    when: str
    urgency: str
    what: str
    url: str
    why: str = ""
    act: str = ""
    act_url: str = ""


class Section(NamedTuple):
    """`key` for addresses, `title` above it, `counted` as a part of a sentence ("2 goals are late")."""

    key: str
    title: str
    counted: str
    lines: list[Line]
    first: int = 8  # shown at once; the others fold

    @property
    def shown(self) -> list[Line]:
        return self.lines[: self.first]

    @property
    def folded(self) -> list[Line]:
        return self.lines[self.first :]


def pair(row: Assignment) -> str:
    return _("%(mentor)s and %(person)s") % {"mentor": row.mentor, "person": row.enrolment.person}


def days(since: date, today: date) -> str:
    n = (today - since).days
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _of(row: Assignment) -> str:
    return reverse("mentoring:assignment_detail", args=[row.pk])


def silent(rows: list[Assignment], today: date) -> Section:
    lines = []
    for row in sorted(rows, key=lambda row: (row.since, row.pk)):
        said = {"day": date_format(row.since, "SHORT_DATE_FORMAT")}
        why = _("last met on %(day)s") % said if row.last_met else _("began on %(day)s, not met yet") % said
        lines.append(Line(days(row.since, today), "overdue", pair(row), _of(row), why))
    n = len(lines)
    counted = ngettext("%(n)s pair is silent", "%(n)s pairs are silent", n) % {"n": n}
    return Section("silent", _("Silent for three weeks"), counted, lines)


def overloaded(found: list[Busy], page: str) -> Section:
    """`page`: the list of pairs, which is narrowed to her."""
    lines = [
        Line(_busy_how(one), "overdue", str(one.mentor), f"{page}?q={quote(str(one.mentor))}", _busy(one))
        for one in found
    ]
    n = len(lines)
    counted = ngettext("%(n)s mentor has too much", "%(n)s mentors have too much", n) % {"n": n}
    return Section("overloaded", _("More than they offered"), counted, lines)


def _busy_how(one: Busy) -> str:
    return _("too many people") if one.is_over_capacity else _("too many hours")


def _busy(one: Busy) -> str:
    said = []
    if one.is_over_capacity:
        numbers = {"n": one.guided, "capacity": one.capacity}
        said.append(_("guides %(n)s, offered %(capacity)s") % numbers)
    if one.is_over_hours:
        numbers = {"hours": number_format(round(one.hours, 1)), "offered": one.offered}
        said.append(_PER[one.per]() % numbers)
    return " · ".join(said)


_PER = {
    Offer.Per.PROGRAMME: lambda: _("gave %(hours)s h of the %(offered)s h she offered"),
    Offer.Per.MONTH: lambda: _("gave %(hours)s h this month, offered %(offered)s h a month"),
    Offer.Per.WEEK: lambda: _("gave %(hours)s h this week, offered %(offered)s h a week"),
}


def late_goals(found: list[Goal], today: date) -> Section:
    lines = [
        Line(
            _("%(days)s late") % {"days": days(goal.due, today)},
            "overdue",
            goal.text,
            _of(goal.assignment),
            pair(goal.assignment),
        )
        for goal in found
    ]
    n = len(lines)
    counted = ngettext("%(n)s goal is late", "%(n)s goals are late", n) % {"n": n}
    return Section("late", _("Late goals"), counted, lines)


def proposed(found: list[Assignment], zone: str, offers: str) -> Section:
    """`offers`: the page on which all of them are asked at once; its way stands on the first line."""
    days = [date_format(clock.local(row.state_at, zone), "SHORT_DATE_FORMAT") for row in found]
    lines = [Line(day, "", pair(row), _of(row)) for day, row in zip(days, found, strict=True)]
    if lines:
        lines[0] = lines[0]._replace(act=_("Ask the mentors"), act_url=offers)
    n = len(lines)
    counted = ngettext("%(n)s proposal is not offered yet", "%(n)s proposals are not offered yet", n)
    return Section("proposed", _("Proposed, nobody is asked yet"), counted % {"n": n}, lines, first=3)


def unanswered(found: list[Assignment], now: datetime, zone: str, act: str = "") -> Section:
    """`act`: the word on the way to the answer, for whoever gives it."""
    lines = []
    for row in found:
        until, is_over = last_moment(row), bool(row.offered_until and row.offered_until <= now)
        day = date_format(until or clock.local(row.state_at, zone), "SHORT_DATE_FORMAT")
        when = (_("until %(day)s") if until else _("since %(day)s")) % {"day": day}
        why = _("The time to answer is over.") if is_over else ""
        answer = reverse("mentoring:assignment_answer", args=[row.pk]) if act else ""
        urgency = "overdue" if is_over else "soon"
        lines.append(Line(when, urgency, pair(row), answer or _of(row), why, act, answer))
    n = len(lines)
    counted = ngettext("%(n)s offer waits for an answer", "%(n)s offers wait for an answer", n) % {"n": n}
    return Section("offered", _("Offers without an answer"), counted, lines)


def objected(found: list[Meeting]) -> Section:
    lines = []
    for row in found:
        day, why = date_format(row.day, "SHORT_DATE_FORMAT"), row.objection or _("She did not say why.")
        lines.append(Line(day, "overdue", pair(row.assignment), _of(row.assignment), why))
    n = len(lines)
    counted = ngettext("%(n)s meeting was objected to", "%(n)s meetings were objected to", n) % {"n": n}
    return Section("objected", _("Meetings that the other side objects to"), counted, lines)


def staying(found: list[Share]) -> list[dict]:
    """Rows of components/bars.html: how many met of those of whom it is known, and of how many it is not; the
    line on the bar goes as far as it would if those had met too."""
    rows = []
    for one in found:
        words = []
        if one.known:
            said = {"share": round(100 * one.share), "met": one.met, "known": one.known}
            words.append(_("%(share)s %%: %(met)s of %(known)s") % said)
        if one.unknown:
            words.append(ngettext("%(n)s unknown", "%(n)s unknown", one.unknown) % {"n": one.unknown})
        label, said = _("Month %(n)s") % {"n": one.wave}, " · ".join(words)
        might = {"low": one.met, "high": one.met + one.unknown} if one.unknown else {}
        rows.append(
            {"label": label, "value": one.met, "total": one.known + one.unknown, "said": said} | might
        )
    return rows


def without(found: list[Enrolment], create: str) -> Section:
    lines = []
    for row in found:
        why = row.enterprise.name if row.enterprise else ""
        act = f"{create}?enrolment={row.pk}"
        lines.append(Line(row.person.municipality, "", str(row.person), act, why, _("Choose"), act))
    n = len(lines)
    counted = ngettext("%(n)s person has no mentor yet", "%(n)s people have no mentor yet", n) % {"n": n}
    return Section("without", _("Without a mentor"), counted, lines)
