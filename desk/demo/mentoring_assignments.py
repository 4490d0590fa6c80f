"""Offers, answers, goals and a change of mentor in the running programme of the demo."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError

from desk.demo.book import Book
from desk.demo.rows import at, operation
from mentoring import services as mentoring
from mentoring.models import Assignment, Mentor
from people.models import Programme
from training.models import Enrolment

HOURS, SHARE = 25, 75
GOALS = (  # whose, what, in how many days it is due, business function, what came of it, in words
    ("e35", "A price for every jar, with the hours of work in it", -6, "pricing", "reached", "Twelve prices"),
    ("e35", "Cenovnik i uzorci za tri prodavnice", 12, "export", "open", ""),
    ("e38", "Nacrt linije za pakovanje", 9, "production", "open", ""),
    ("e48", "Десет позива купцима", -10, "marketing", "open", ""),  # late
)
AWAY = timedelta(days=45)


def build(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    _goals(book, programme, enrolments)
    alone = _without_mentor(enrolments)
    _declined(book, programme, alone)
    for mentor in ("m3", "m5"):
        _ask(book, _proposed(book, programme, alone, book.mentors[mentor]))
    _hand_over(book, programme, enrolments["e60"])


def _pair(programme: Programme, enrolment: Enrolment) -> Assignment:
    return Assignment.objects.select_related("mentor__person").get(programme=programme, enrolment=enrolment)


def _goals(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    for number, (key, text, days, function, state, remark) in enumerate(GOALS):
        pair = _pair(programme, enrolments[key])
        agreed = at(book.today - timedelta(days=25), "18:00")
        goal = mentoring.add_goal(
            by=pair.mentor.person.user,
            assignment=pair,
            operation=operation("goal", "now", number),
            text=text,
            due=book.today + timedelta(days=days),
            function=function,
            now=agreed,
        )
        if state != "open":
            said = {"state": state, "remark": remark, "now": at(book.today - timedelta(days=6), "19:00")}
            mentoring.set_goal_state(by=pair.mentor.person.user, goal=goal, **said)
        mentoring.change_agreement(by=book.coordinator, assignment=pair, share_on_premises=SHARE)


def _without_mentor(enrolments: Mapping[str, Enrolment]) -> Iterator[Enrolment]:
    """From the end of the alphabet: those at its beginning choose theirs on the page."""
    guided = set(Assignment.objects.values_list("enrolment", flat=True))
    yield from (row for _key, row in sorted(enrolments.items(), reverse=True) if row.pk not in guided)


def _proposed(book: Book, programme: Programme, alone: Iterator[Enrolment], mentor: Mentor) -> Assignment:
    """The first of them with whom this mentor has no conflict on record."""
    for enrolment in alone:
        try:
            return mentoring.propose(
                by=book.coordinator,
                programme=programme,
                mentor=mentor,
                enrolment=enrolment,
                need=enrolment.needs.first(),
                agreed_hours=HOURS,
                share_on_premises=SHARE,
                now=at(book.today - timedelta(days=3), "10:00"),
            )
        except ValidationError:
            continue
    raise LookupError(f"nobody is left for {mentor}")


def _ask(book: Book, row: Assignment) -> Assignment:
    until = at(book.today + timedelta(days=5), "00:00")
    now = at(book.today - timedelta(days=2), "09:00")
    return mentoring.offer(by=book.coordinator, assignment=row, until=until, now=now)


def _declined(book: Book, programme: Programme, alone: Iterator[Enrolment]) -> None:
    """She takes nobody for six weeks, and somebody else has to be asked."""
    row = _ask(book, _proposed(book, programme, alone, book.mentors["m4"]))
    mentoring.answer_offer(
        by=row.mentor.person.user,
        assignment=row,
        accept=False,
        reason="Putujem do proleća i ne bih stigao.",
        away_until=book.today + AWAY,
        now=at(book.today - timedelta(days=1), "20:15"),
    )


def _hand_over(book: Book, programme: Programme, enrolment: Enrolment) -> None:
    """The mentor of before found that somebody else knows the trade; her meetings stay hers."""
    mentoring.hand_over(
        by=book.coordinator,
        assignment=_pair(programme, enrolment),
        mentor=book.mentors["m8"],
        reason="Potreban joj je neko ko poznaje finansije usluga.",
        now=at(book.today - timedelta(days=4), "12:00"),
    )
