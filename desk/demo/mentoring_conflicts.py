"""Conflicts of interest that mentors declared themselves; one was withdrawn. (A hint waits: two of one family
name in Niš.)"""

from datetime import date, timedelta

from desk.demo.book import Book
from desk.demo.rows import at
from mentoring import services as mentoring

DECLARED = (  # who, about whom, in her words, since, how many days ago
    ("m3", "e55", "Our daughters share a flat in Belgrade.", date(2023, 9, 1), 30),
    ("m4", "e36", "I wrote the software of her shop and am still paid for it.", date(2022, 3, 1), 12),
    ("m6", "e57", "Њен адвокат сам од прошле године.", None, 11),
    ("m3", "e45", "She rented a workshop from my brother.", None, 29),
)
WITHDRAWN = ("m3", "e45")  # the rent ended


def declare(book: Book) -> None:
    for mentor, about, words, since, ago in DECLARED:
        person = book.mentors[mentor].person
        said = {"person": person, "about": book.persons[about], "words": words, "since": since}
        day = book.today - timedelta(days=ago)
        row = mentoring.declare(by=person.user, now=at(day, "19:00"), **said)
        if (mentor, about) == WITHDRAWN:
            mentoring.withdraw(by=person.user, declared=row, now=at(day + timedelta(days=20), "19:00"))
