"""The running edition: asked at the beginning, asked about the first module now, and later once more."""

from collections.abc import Mapping
from datetime import timedelta

from desk.demo.asking import Asking
from desk.demo.book import Book
from desk.demo.rows import at, chance
from outcomes import services as outcomes
from outcomes.models import Wave
from people.models import Programme
from training.models import Enrolment

NOT_ASKED_TWICE = ("e52", "e57", "e63")  # said nothing at the beginning
QUICK = ("e36", "e39", "e45", "e50", "e61")  # told at once what they think of the first days
SOLD = (60, 85, 110, 140, 180, 240, 320)  # thousands of dinars in a month
PRACTICES = ("customers", "records", "own_account", "costing", "advertising", "online")


def build(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    today, by = book.today, book.coordinator
    asking = Asking(by, programme, at(today - timedelta(days=14), "10:00"))
    first, week = today - timedelta(days=9), timedelta(days=8)
    baseline = asking.wave("baseline", Wave.Kind.BASELINE, first, first + week)
    asking.answers(baseline, enrolments, [_line(key, first) for key in enrolments])
    module = programme.modules.get(number=1)
    reaction = asking.wave("reaction", Wave.Kind.REACTION, today, today + week, module=module)
    for row in asking.invite(reaction, enrolments.values()):
        key = row.enrolment.person.source_id
        if key in QUICK:
            said = {"satisfaction": chance("first", key).choice([4, 5]), "recommend": 9}
            begun = at(today, "00:20")
            outcomes.save_answers(by=None, invitation=row, said=said, now=begun)
            outcomes.hand_in(by=None, invitation=row, now=begun + timedelta(minutes=2))
    later = programme.end + timedelta(days=182)
    asking.wave("f6", Wave.Kind.FOLLOW_UP, later, later + timedelta(days=28), months=6)


def _line(key: str, first) -> dict:
    """What she said at the beginning, as a line of answers.csv."""
    if key in NOT_ASKED_TWICE:
        return {"key": key, "state": "waiting", "day": "", "mode": "", "late": ""}
    draw = chance("baseline", key)
    runs = draw.random() < 0.7
    said = {
        "operating": "yes" if runs else "no",
        "registered": "registered" if runs else draw.choice(["not_registered", "in_process"]),
        "education": draw.choice(["secondary", "tertiary"]),
        "employment": "self_employed" if runs else draw.choice(["employed", "unemployed"]),
        "practices": ";".join(draw.sample(PRACTICES, draw.randint(1, 4))),
        "knowledge": str(draw.randint(2, 7)),
        "confidence": str(draw.randint(3, 8)),
        "finance_applied": "no",
    }
    if runs:
        sold = draw.choice(SOLD)
        said |= {"fte_women": draw.choice("0012"), "fte_men": draw.choice("0001"), "fte_young": "0"}
        said |= {"turnover_month": f"{sold}000 RSD", "profit_month": f"{sold // 5}000 RSD"}
        said |= {"income_say": draw.choice(["alone", "together", "others"])}
    day = first + timedelta(days=draw.randint(0, 6))
    return {"key": key, "state": "answered", "day": day.isoformat(), "mode": "link", "late": "", **said}
