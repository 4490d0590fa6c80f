"""The letters to reviewers of a round: ideas wait, the round closes soon, today is the last day. None says
whose idea it is."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ideas.models import ReviewTask, Round, Seat
from lib import clock
from people.models import Person
from reminders.kinds.due import Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule

NONE_IN = "none_in"
MINUTE = 60  # seconds
LAST_CALL = timedelta(hours=2)


class ReviewLetter(Kind):
    """What the three share. A subclass says when it is due and what it says."""

    subject_type = "ideas.seat"
    hour, takes_hour = 9, True
    conditions = {NONE_IN: gettext_lazy("she has handed in no review yet")}
    placeholders = ("person", "programme", "round", "count", "day", "time")

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Each reviewer of an open round on whose desk something lies."""
        rounds = Round.objects.filter(programme=rule.programme, opens_at__lte=now, closes_at__gt=now)
        rounds = rounds.select_related("programme").in_bulk()
        moments = self.moments(rule, rounds.values()) if rounds else {}
        moments = {pk: at for pk, at in moments.items() if rounds[pk].opens_at <= at < rounds[pk].closes_at}
        if not moments:
            return
        desks = self.wanted(rule, ReviewTask.objects.on_desk().filter(seat__round__in=list(moments)))
        for seat, reviewer, key in desks.values_list("seat", "seat__reviewer", "seat__round").distinct():
            end = rounds[key].closes_at
            yield Due(reviewer, seat, self.revision(rounds[key]), moments[key], end)

    def wanted(self, rule: Rule, tasks: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
        if rule.condition != NONE_IN:
            return tasks.order_by()
        done = ReviewTask.objects.filter(seat=OuterRef("seat"), state=ReviewTask.State.DONE)
        return tasks.filter(~Exists(done)).order_by()

    def moments(self, rule: Rule, rounds: Iterable[Round]) -> dict[int, datetime]:
        return {one.pk: self.moment(rule, one) for one in rounds}

    def moment(self, rule: Rule, round_: Round) -> datetime:
        raise NotImplementedError

    def revision(self, round_: Round) -> int:
        """Once for each end that the round was given: moved, it is another promise."""
        return int(round_.closes_at.timestamp()) // MINUTE

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        seat = Seat.objects.filter(pk=reminder.subject_id).select_related("round").first()
        if seat is None or not seat.round.is_open(now):
            return _("The review round is closed.")
        if seat.left_at:
            return _("She judges no more in this round.")
        if self.revision(seat.round) != reminder.subject_revision:
            return _("The round closes at another time now.")
        if not seat.tasks.on_desk().exists():
            return _("All reviews are in.")
        has_begun = seat.tasks.filter(state=ReviewTask.State.DONE).exists()
        only_none = reminder.rule.condition == NONE_IN
        return _("Some of her reviews are in.") if only_none and has_begun else ""

    def subjects(self, ids: Iterable[int]) -> dict[int, Seat]:
        """With `waiting`: how many ideas lie on the desk."""
        seats = Seat.objects.select_related("round__programme", "reviewer").in_bulk(list(ids))
        for seat in seats.values():
            seat.waiting = 0
        waiting = ReviewTask.objects.on_desk().filter(seat__in=list(seats)).order_by()
        for pk in waiting.values_list("seat", flat=True):
            seats[pk].waiting += 1
        return seats

    def about(self, seat: Seat) -> str:
        return str(seat.round)

    def values(self, seat: Seat, person: Person | None = None) -> dict[str, str]:
        closes = _last_moment(seat.round)
        return {
            "person": str(person or seat.reviewer),
            "programme": seat.round.programme.title,
            "round": str(seat.round.number),
            "count": str(seat.waiting),
            "day": date_format(closes, "DATE_FORMAT"),
            "time": time_format(closes, "H:i"),
        }

    def letter(self, seat: Seat, subject: str, lines: list[str]) -> Words:
        why = _("You receive this because you judge ideas of %(programme)s.") % self.values(seat)
        return Words(subject, lines, _("Review the next one"), link("ideas:review_next", seat.round_id), why)


class ReviewWaiting(ReviewLetter):
    days, takes_days = 3, True
    days_mean = gettext_lazy("days after the round opened")

    def moments(self, rule: Rule, rounds: Iterable[Round]) -> dict[int, datetime]:
        """Not any more once the letter on its end is due: nobody needs both."""
        found = super().moments(rule, rounds)
        soon = Rule.objects.filter(programme=rule.programme, kind=Rule.Kind.REVIEW_DUE, is_on=True).first()
        ends = ReviewDue().moments(soon, rounds) if soon else {}
        return {pk: at for pk, at in found.items() if pk not in ends or at < ends[pk]}

    def moment(self, rule: Rule, round_: Round) -> datetime:
        return _hour(rule, round_, _day(round_.opens_at, round_) + timedelta(days=rule.after_days))

    def revision(self, round_: Round) -> int:
        return 1

    def words(self, seat: Seat, person: Person | None = None) -> Words:
        subject = _waiting(seat)
        closes = _("The round closes on %(day)s at %(time)s.") % self.values(seat, person)
        return self.letter(seat, subject, [subject + ".", closes])


class ReviewDue(ReviewLetter):
    days, takes_days = 2, True
    days_mean = gettext_lazy("days before the last day of the round")

    def moment(self, rule: Rule, round_: Round) -> datetime:
        return _hour(rule, round_, _last_moment(round_).date() - timedelta(days=rule.after_days))

    def words(self, seat: Seat, person: Person | None = None) -> Words:
        what = self.values(seat, person)
        subject = _("The round closes on %(day)s: please finish your reviews") % what
        closes = _("The round closes on %(day)s at %(time)s. Later nothing can be handed in.") % what
        return self.letter(seat, subject, [_waiting(seat) + ".", closes])


class ReviewOverdue(ReviewLetter):
    """On the morning of the last day. Once a round is closed nothing can be handed in any more: a letter to
    her would come too late; who runs the round sees on its page whose reviews are missing, and may move the
    end, from which these letters follow anew."""

    def moment(self, rule: Rule, round_: Round) -> datetime:
        """At its hour, or, where the round closes before that, two hours before it closes."""
        last = _last_moment(round_)
        at, early = _hour(rule, round_, last.date()), round_.closes_at - LAST_CALL
        is_today = _day(early, round_) == last.date()
        return early if at >= round_.closes_at and is_today else at

    def words(self, seat: Seat, person: Person | None = None) -> Words:
        what = self.values(seat, person)
        subject = _("Today is the last day for your reviews")
        closes = _("The round closes today at %(time)s. Later nothing can be handed in.") % what
        ask = _("If you cannot judge them, say so on the page: somebody else may have time.")
        return self.letter(seat, subject, [_waiting(seat) + ".", closes, ask])


def _waiting(seat: Seat) -> str:
    words = ngettext("%(n)s idea waits for your review", "%(n)s ideas wait for your review", seat.waiting)
    return words % {"n": seat.waiting}


def _day(at: datetime, round_: Round):
    return clock.local(at, round_.programme.zone).date()


def _hour(rule: Rule, round_: Round, day) -> datetime:
    return evening(day, rule.at_hour, round_.programme.zone)


def _last_moment(round_: Round) -> datetime:
    """When it closes on the clocks there; midnight belongs to the next day, which would mislead."""
    closes = clock.local(round_.closes_at, round_.programme.zone)
    return closes - timedelta(minutes=1) if closes.time() == time() else closes
