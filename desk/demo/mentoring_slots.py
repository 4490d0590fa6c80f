"""Office hours and introductions in the running programme of the demo."""

from collections.abc import Mapping
from datetime import time, timedelta

from desk.demo.book import Book
from desk.demo.rows import at, operation
from mentoring import services as mentoring
from mentoring.models import Assignment, Slot
from people.models import Programme
from training.models import Enrolment

ROOM = "https://sastanak.primer.example/rasadnik"
INTRODUCED = (  # who, to whom, the name, how many days ago, what came of it, since how many days ago, remark
    ("e35", "buyer", "Prodavnica zdrave hrane „Zrno“", 17, "agreed", 6, "Forty jars a month, from December"),
    ("e35", "financier", "Фонд за развој малих радионица", 8, "talks", 5, ""),
    ("e38", "supplier", "Ambalaža Morava", 4, "unknown", None, ""),
    ("e48", "cluster", "Klaster za drvo i nameštaj", 28, "nothing", 14, "They take no new members this year"),
)


def build(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    _took_place(book, programme, enrolments["e38"])
    _ahead(book, programme, enrolments["e35"])
    _introduce(book, enrolments)


def _open(book: Book, pair: Assignment, days: int, *, before: int = 3, **said) -> list[Slot]:
    """By the pair's mentor, so many days before the first of them."""
    day = book.today + timedelta(days=days)
    now = at(min(day, book.today) - timedelta(days=before), "09:00")
    plain = {"start": time(17), "end": time(18), "each": 30, "day": day, "where": ROOM}
    by = {"by": pair.mentor.person.user, "mentor": pair.mentor, "programme": pair.programme}
    return mentoring.open_slots(**by, now=now, **plain | said)


def _pair(enrolment: Enrolment) -> Assignment:
    rows = Assignment.objects.alive().select_related("mentor__person", "programme__tenant")
    return rows.filter(enrolment=enrolment).latest("pk")


def _book(book: Book, slot: Slot, enrolment: Enrolment, about: str, ago: int) -> Slot:
    now = at(book.today - timedelta(days=ago), "20:15")
    return mentoring.book_slot(by=enrolment.person.user, slot=slot, enrolment=enrolment, about=about, now=now)


def _took_place(book: Book, programme: Programme, enrolment: Enrolment) -> None:
    """The day before yesterday; nobody logged it yet."""
    slots = _open(book, _pair(enrolment), -2, before=5)
    _book(book, slots[0], enrolment, "Ponuda za pakovanje", 4)


def _ahead(book: Book, programme: Programme, enrolment: Enrolment) -> None:
    """Each week an hour for whom she guides; one is booked, one was cancelled; and one open to everybody."""
    pair = _pair(enrolment)
    slots = _open(book, pair, 2, until=book.today + timedelta(days=23))
    _book(book, slots[0], enrolment, "Cene za praznike", 1)
    off = _book(book, slots[3], enrolment, "Ugovor sa prodavnicom", 1)
    reason = {"reason": "I am at a fair that day", "now": at(book.today, "00:05")}
    mentoring.cancel_slot(by=pair.mentor.person.user, slot=off, **reason)
    _open(book, pair, 5, start=time(9), end=time(10), each=None, is_open=True, zone="Europe/London")


def _introduce(book: Book, enrolments: Mapping[str, Enrolment]) -> None:
    for number, (key, kind, name, ago, came, since, remark) in enumerate(INTRODUCED):
        pair = _pair(enrolments[key])
        mentoring.introduce(
            by=pair.mentor.person.user,
            operation=operation("introduction", "now", number),
            enrolment=pair.enrolment,
            assignment=pair,
            kind=kind,
            name=name,
            day=book.today - timedelta(days=ago),
            came=came,
            came_on=None if since is None else book.today - timedelta(days=since),
            remark=remark,
            now=at(book.today, "00:10"),
        )
