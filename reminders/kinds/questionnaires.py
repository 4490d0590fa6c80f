"""The letters that ask for answers: when a wave opens, and once more before it closes, to who has not said
anything. Each leads to her own link; nobody signs in."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from outcomes import links
from outcomes.models import Invitation
from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening
from reminders.kinds.reach import reachable
from reminders.models import Reminder, Rule

State = Invitation.State
FRESH = timedelta(days=30)  # a wave without a last day: what was asked years ago is news to nobody
WITH = ("wave__programme__tenant", "wave__edition__questionnaire", "enrolment__person")


def asking(now: datetime) -> set[int]:
    """Programmes of which somebody still has to answer: mostly those that are over."""
    today = now.date()
    rows = Invitation.objects.filter(state=State.WAITING, wave__opens__lte=today + AHEAD)
    rows = rows.filter(Q(wave__closes__gt=today) | Q(wave__closes=None, wave__opens__gt=today - FRESH))
    return set(rows.order_by().values_list("wave__programme", flat=True).distinct())


class Questions(Kind):
    """What both letters share. Nothing goes to who answered, began, refused, or took her consent back."""

    subject_type = "outcomes.invitation"
    hour, takes_hour = 9, True
    placeholders = ("person", "questionnaire", "programme", "organisation", "day")
    asked: tuple[str, ...] = (State.WAITING,)

    def day(self, rule: Rule, opens: date, closes: date | None) -> date | None:
        """On which it is due; none: never."""
        raise NotImplementedError

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Until the wave closes; where it never does, for some weeks."""
        zone = rule.programme.zone
        today = clock.local(now, zone).date()
        rows = Invitation.objects.filter(reachable(rule, "enrolment__person"), state__in=self.asked)
        rows = rows.filter(wave__programme=rule.programme, enrolment__isnull=False)
        rows = rows.filter(wave__opens__lte=today + AHEAD).exclude(wave__closes__lte=today)
        columns = ("pk", "revision", "enrolment__person", "wave__opens", "wave__closes")
        for pk, revision, person, opens, closes in rows.values_list(*columns):
            day = self.day(rule, opens, closes)
            if day is None or day > today + AHEAD:
                continue
            before = evening(closes or opens + FRESH, 0, zone)
            if before > now:
                yield Due(person, pk, revision, evening(day, rule.at_hour, zone), before)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Invitation.objects.filter(pk=reminder.subject_id).select_related("wave__programme").first()
        if row is None:
            return _("She is not asked any more.")
        if row.state not in self.asked:
            return _("She has answered, or does not want to be asked.")
        wave, today = row.wave, clock.local(now, row.wave.programme.zone).date()
        if wave.closes and wave.closes <= today:
            return _("The questions are closed.")
        return "" if wave.opens and wave.opens <= today else _("The questions open later.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Invitation]:
        return Invitation.objects.select_related(*WITH).in_bulk(ids)

    def about(self, row: Invitation) -> str:
        return row.wave.edition.questionnaire.title

    def values(self, row: Invitation, person: Person | None = None) -> dict[str, str]:
        wave = row.wave
        return {
            "person": str(person or ""),
            "questionnaire": wave.edition.questionnaire.title,
            "programme": wave.programme.title,
            "organisation": wave.programme.tenant.name,
            "day": date_format(wave.closes - timedelta(days=1)) if wave.closes else _("unknown"),
        }

    def words(self, row: Invitation, person: Person | None = None) -> Words:
        what = self.values(row, person)
        subject, lines = self.said(row, what)
        how = _("Open the link on your phone. You need not sign in; leave open what you do not want to say.")
        return Words(subject, [*lines, how], _("Answer"), links.answer_url(row))

    def said(self, row: Invitation, what: dict) -> tuple[str, list[str]]:
        raise NotImplementedError


class QuestionsOpen(Questions):
    def day(self, rule: Rule, opens: date, closes: date | None) -> date:
        return opens

    def said(self, row: Invitation, what: dict) -> tuple[str, list[str]]:
        first = _("%(organisation)s asks how it goes on after %(programme)s: %(questionnaire)s.") % what
        last = [_("We ask for your answers by %(day)s.") % what] if row.wave.closes else []
        return _("Some questions about %(programme)s") % what, [first, *last]


class QuestionsClosing(Questions):
    days, takes_days = 3, True
    days_mean = gettext_lazy("days before the questions close")
    asked = (State.WAITING, State.PARTIAL)

    def day(self, rule: Rule, opens: date, closes: date | None) -> date | None:
        """Never on the day of the first letter or before it."""
        day = closes and closes - timedelta(days=rule.after_days)
        return day if day and day > opens else None

    def said(self, row: Invitation, what: dict) -> tuple[str, list[str]]:
        begun = _("What you have answered is kept; say that it is complete, or go on.")
        not_begun = _("No answer of yours has come yet. Every one counts, also that it is closed.")
        lines = [begun if row.state == State.PARTIAL else not_begun]
        return _("Until %(day)s: questions about %(programme)s") % what, lines
