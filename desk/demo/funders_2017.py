"""What the two funders of 2017 want to see: their own logframes, money, words, and the closed periods.
One reads English and euros, the other Serbian and dinars."""

from datetime import date
from decimal import Decimal

from desk.demo.book import GIZ, RAS, Book
from desk.demo.frame import Frame
from desk.demo.rows import at
from outcomes import services as outcomes
from outcomes.models import Cost, Level, LogframeLine, Target
from people.models import Funding

HALF, YEAR = date(2017, 7, 1), date(2018, 1, 1)
LINES = {  # code, the line above, wording, level, definition, target, until the half of the year
    GIZ: (
        ("OC", "", "Women entrepreneurs run viable businesses", Level.OUTCOME, "OC-07", 70, None),
        ("OC.1", "OC", "Women who use new business practices", Level.OUTCOME, "OC-04", 50, None),
        ("OP 1", "OC", "Women who took part in the training", Level.OUTPUT, "OP-01", 30, 30),
        ("OP 1.1", "OP 1", "Hours of training received", Level.OUTPUT, "OP-05", 1000, 1000),
        ("OP 1.2", "OP 1", "Women who completed the training", Level.OUTPUT, "OP-07", 80, 80),
        ("A 1", "OP 1", "Two modules of three days held", Level.ACTIVITY, "", 2, 2),
    ),
    RAS: (
        ("SC", "", "Žene uključene u lance snabdevanja", Level.OUTCOME, "OC-09", 40, None),
        ("SC/1", "SC", "Neto radna mesta u podržanim firmama", Level.IMPACT, "IM-01", 10, None),
        ("R1", "SC", "Predložene poslovne ideje", Level.OUTPUT, "OP-09", 150, 150),
        ("R2", "SC", "Preduzetnice na obuci", Level.OUTPUT, "OP-01", 30, 30),
        ("R3", "SC", "Sati mentorstva", Level.OUTPUT, "OP-08", 120, 20),
    ),
}
COSTS = {  # budget line, planned, spent, day, of which module, does the funder pay it
    GIZ: ("EUR", (
        ("Trainer and materials, module 1", 3200, 3050, date(2017, 3, 8), 1, True),
        ("Trainer and materials, module 2", 3200, 3310, date(2017, 3, 18), 2, True),
        ("Travel of the participants", 1500, 1184, date(2017, 3, 20), None, True),
        ("Closing dinner", None, 240, date(2017, 3, 18), 2, False),
    )),
    RAS: ("RSD", (
        ("Mentori", 480_000, 451_500, date(2017, 10, 31), None, True),
        ("Vođenje projekta", 360_000, 360_000, date(2017, 12, 15), None, True),
        ("Ocenjivanje ideja", 90_000, 90_000, date(2017, 4, 10), None, True),
        ("Štampa vodiča", 60_000, 72_000, date(2017, 11, 20), None, True),
    )),
}  # fmt: skip
UNREAD = ("Gorivo", date(2017, 9, 1), "oko 12 hiljada, račun kod vozača")
NARRATIVES = {
    GIZ: (
        ("", date(2017, 2, 1), YEAR,
         "Both modules were held as planned; more women came than seats had been planned.",
         "Four women missed too many hours to complete: markets and fairs fall on the same days in March.",
         "The next edition asks for market days before the dates are set."),
        ("OC-07", HALF, YEAR,
         "Most of those who answered still run their business.",
         "Six months later some could not be reached; what became of them is not known.",
         "A second telephone number is asked for at the beginning."),
    ),
    RAS: (
        ("", date(2017, 1, 1), YEAR,
         "Ideje su predložene, ocenjene i najbolje su nastavile sa mentorima.",
         "Direktor partnera je bio i mentor jedne korisnice: sukob interesa je prijavljen i zapisan.",
         "Mentori se biraju tek kad se proveri ko je koga predložio."),
    ),
}  # fmt: skip


def build(book: Book, frame: Frame) -> None:
    for name, funding in frame.fundings.items():
        _logframe(funding, name)
        _costs(book, frame, funding, *COSTS[name])
        for code, start, end, happened, went_wrong, changes_next in NARRATIVES[name]:
            outcomes.save_narrative(
                by=book.coordinator, funding=funding, indicator=code, start=start, end=end,
                happened=happened, went_wrong=went_wrong, changes_next=changes_next,
                now=at(date(2018, 1, 9), "14:00"),
            )  # fmt: skip


def lock(book: Book, frame: Frame) -> None:
    """Both halves of the year are closed; the second was opened once more and closed again."""
    by, programme = book.coordinator, frame.programme
    first = {"by": by, "programme": programme, "start": date(2017, 1, 1), "end": HALF}
    outcomes.lock_period(now=at(date(2017, 7, 20), "09:00"), **first)
    second = {"by": by, "programme": programme, "start": HALF, "end": YEAR}
    early = outcomes.lock_period(now=at(date(2018, 1, 8), "09:00"), **second)
    why = "The invoice of the printing house came late"
    outcomes.unlock_period(by=by, lock=early, reason=why, now=at(date(2018, 1, 11), "11:00"))
    outcomes.lock_period(now=at(date(2018, 1, 12), "09:00"), **second)


def _logframe(funding: Funding, name: str) -> None:
    made: dict[str, LogframeLine] = {}
    for place, (code, above, wording, level, indicator, value, half) in enumerate(LINES[name], 1):
        made[code] = LogframeLine.objects.create(
            funding=funding, code=code, parent=made.get(above), wording=wording, level=level,
            position=place, indicator=indicator,
        )  # fmt: skip
        Target.objects.create(funding=funding, line=made[code], value=value)
        if half is not None:
            Target.objects.create(
                funding=funding, line=made[code], start=funding.start, end=HALF, value=half, baseline=0,
                baseline_on=funding.start,
            )  # fmt: skip


def _costs(book: Book, frame: Frame, funding: Funding, currency: str, lines) -> None:
    base = {"by": book.coordinator, "funding": funding, "programme": frame.programme}
    for name, planned, spent, day, number, is_eligible in lines:
        module = frame.modules[number - 1] if number else None
        for kind, amount in ((Cost.Kind.PLANNED, planned), (Cost.Kind.SPENT, spent)):
            if amount is not None:
                outcomes.save_cost(
                    kind=kind, name=name, amount=Decimal(amount), currency=currency, module=module,
                    day=funding.start if kind == Cost.Kind.PLANNED else day, is_eligible=is_eligible,
                    **base,
                )  # fmt: skip
    if currency == "RSD":
        name, day, written = UNREAD
        outcomes.save_cost(kind=Cost.Kind.SPENT, name=name, day=day, as_written=written, **base)
