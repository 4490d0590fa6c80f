"""Matching in the demo: what everybody asked a mentor for, some wishes, and two runs with other weights."""

from collections.abc import Mapping
from datetime import datetime

from desk.demo.book import Book
from desk.demo.rows import chance
from jobs import services as jobs
from mentoring import services as mentoring
from mentoring.models import Function, MatchingRun
from people.models import Programme
from training.models import Enrolment

ASKED = {  # by sector: what people of it ask for first
    "A": ("production", "pricing"), "C": ("production", "export"), "G": ("marketing", "pricing"),
    "I": ("marketing", "finance"), "J": ("digital", "business_plan"), "M": ("legal", "business_plan"),
    "P": ("business_plan", "digital"), "Q": ("finance", "business_plan"),
}  # fmt: skip
EVENINGS = [{"weekday": day, "start": "17:00", "end": "20:00"} for day in range(5)]
WISHES = (  # whose wish, of whom: of entrepreneurs and of mentors
    ("entrepreneur", 0, "m1", "wish"), ("entrepreneur", 3, "m4", "wish"), ("entrepreneur", 5, "m7", "no"),
    ("mentor", 8, "m5", "wish"), ("mentor", 2, "m3", "no"),
)  # fmt: skip
BY_FUNCTIONS = {"sector": 10, "functions": 80, "wish": 40}


def needs(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment], now: datetime) -> None:
    """What each asks for, where nobody wrote it down yet; and what some wish."""
    for key, row in enrolments.items():
        if not row.needs.exists():
            mentoring.save_need(by=book.coordinator, enrolment=row, **_asked(book, key, row))
    order = list(enrolments.values())
    for side, place, mentor, says in WISHES:
        if place < len(order):
            said = {"mentor": book.mentors[mentor], "enrolment": order[place], "side": side, "says": says}
            mentoring.prefer(by=book.coordinator, now=now, **said)


def _asked(book: Book, key: str, row: Enrolment) -> dict:
    draw, sector = chance("need", key), row.enterprise.sector if row.enterprise else ""
    first = ASKED.get(sector, ("business_plan", "marketing"))
    more = draw.choice([name for name in Function.values if name not in first])
    return {
        "sector": sector,
        "functions": sorted({*first[: draw.choice([1, 2])], more}),
        "place": draw.choice(["premises", "either", "either", "online"]),
        "windows": draw.sample(EVENINGS, 2) if draw.random() < 0.6 else [],
    }


def run(book: Book, programme: Programme, now: datetime, **said) -> MatchingRun:
    """A run as a coordinator asks for it, and as the worker computes it."""
    found = mentoring.request_run(by=book.coordinator, programme=programme, now=now, **said)
    jobs.run(found.job_id)
    found.refresh_from_db()
    return found


def both(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment], now: datetime) -> None:
    """One run with the usual weights, one that looks at business functions first."""
    needs(book, programme, enrolments, now)
    run(book, programme, now)
    run(book, programme, now, weights=BY_FUNCTIONS)
