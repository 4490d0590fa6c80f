"""How the founding round was decided, and what of the mentors' comments the nominators may read."""

from datetime import date

from desk.demo.book import Book
from desk.demo.rows import at
from ideas import services
from ideas.models import Idea, ReviewTask, Round
from ideas.ranking import ADJUSTED, Choice, cut
from ideas.ranking.kept import ranked

SHORTLISTED, KEPT = 47, 148  # by the order, of 186: so many at most on the short list, so many not declined
DECIDED = at(date(2017, 4, 12), "15:00")
HER_BEST = "the best idea of each woman who asked for a mentor goes on"
SECOND = "her second idea goes on in May, with the mentor of her first one"
DECLINED = "no customer was named; bring it again with one"


def decide(book: Book, round: Round, best: list[Idea], second: list[Idea]) -> None:
    """By the adjusted order, except that nothing falls out that goes on with a mentor."""
    found = ranked(round, ADJUSTED)
    first = _untied(found.found, SHORTLISTED)
    choice = Choice(ADJUSTED, first, _untied(found.found, KEPT) - first)
    line = cut(found.found, shortlisted=choice.shortlisted, waiting=choice.waiting)
    wanted = {idea.pk: HER_BEST for idea in best} | {idea.pk: SECOND for idea in second}
    by_hand = {pk: ("shortlisted", why) for pk, why in wanted.items() if line.verdicts[pk] != "shortlisted"}
    services.decide(
        by=book.coordinator,
        round=round,
        choice=choice,
        seen=found.seen,
        exceptions=by_hand,
        declined_reason=DECLINED,
        conflict_reason="The whole panel judged it; the agency was told in writing on 12 April.",
        now=DECIDED,
    )
    _share(book, round)


def _untied(found: dict, most: int) -> int:
    """The last line up to there that parts no two ideas of the same score."""
    return next(line for line in range(most, 0, -1) if not cut(found, shortlisted=line).tied)


def _share(book: Book, round: Round) -> None:
    """Most comments as they were written, one in other words; the last reviewer's are still to be read."""
    done = ReviewTask.objects.filter(seat__round=round, state=ReviewTask.State.DONE).exclude(
        review__comment=""
    )
    last = round.seats.order_by("pk").last()
    now = at(date(2017, 4, 13), "10:00")
    keys = list(done.exclude(seat=last).order_by("pk").values_list("pk", flat=True))
    services.clear_comments(by=book.coordinator, round=round, tasks=keys[1:], now=now)
    first = done.select_related("review", "seat__round__programme__tenant").get(pk=keys[0])
    words = f"{first.review.comment} Show it to three customers before you buy anything."
    services.clear_comment(by=book.coordinator, task=first, words=words, now=now)
