"""What happened after the training of 2017 and can be shown; invented by us, one of it taken back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from desk.demo.book import GIZ, RAS, Book
from desk.demo.frame import Frame
from desk.demo.rows import at, operation
from mentoring import services as mentoring
from mentoring.models import Introduction
from outcomes import services as outcomes
from outcomes.models import Evidence, Result
from training.models import Enrolment

Kind, How = Result.Kind, Result.Attribution


class Told(NamedTuple):
    key: str  # of whom
    kind: str
    title: str
    title_sr: str
    day: date
    how: str
    number: Decimal | None = None
    party: str = ""
    countries: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # funders it was reported to


TOLD = (
    Told("e18", Kind.REGISTRATION, "Her shop was registered", "Registrovala je radnju", date(2017, 8, 14),
         How.CAUSED, also=(GIZ, RAS)),
    Told("e25", Kind.REGISTRATION, "Her workshop was registered", "Registrovala je radionicu",
         date(2017, 11, 20), How.CONTRIBUTED, also=(RAS,)),
    Told("e10", Kind.CONTRACT, "A year's supply of wire cores", "Godišnja isporuka žičanih jezgara",
         date(2017, 7, 3), How.CONTRIBUTED, party="Mirni san, Ljubljana",
         countries=("RS", "SI"), also=(GIZ, RAS)),
    Told("e11", Kind.CONTRACT, "Ajvar for a chain of shops", "Ajvar za lanac prodavnica", date(2017, 9, 11),
         How.CAUSED, party="Devet polica", countries=("RS",), also=(GIZ,)),
    Told("e04", Kind.AGREEMENT, "Rooms for the guests of the fair", "Sobe za goste sajma",
         date(2017, 10, 2), How.AFTER, party="Sajam na Moravi"),
    Told("e09", Kind.JOB, "A carpenter and half an accountant", "Stolar i knjigovođa na pola",
         date(2017, 9, 1), How.CONTRIBUTED, Decimal("1.5"), also=(GIZ, RAS)),
    Told("e27", Kind.JOB, "A seamstress", "Šnajderka", date(2017, 11, 6), How.CONTRIBUTED, Decimal(1)),
    Told("e05", Kind.JOB, "Two pickers for the season", "Dve beračice za sezonu", date(2017, 6, 12),
         How.AFTER, Decimal("0.5")),
)  # fmt: skip
AS_A_WHOLE = (  # what the programme did, of nobody alone: kind, titles, day, where, shown by
    (Kind.AGREEMENT, "Rooms for mentors and entrepreneurs, free of charge",
     "Prostor za mentore i preduzetnice, bez naknade", date(2017, 5, 15), "Kragujevac",
     "https://ugovori.primer.example/prostor"),
    (Kind.DECLARATION, "Declaration of a circle of women in business",
     "Deklaracija o krugu preduzetnica", date(2017, 12, 7), "Beograd", ""),
)  # fmt: skip
SHOWN = {  # where it can be seen: an address that leads nowhere, as all of the demo
    "e18": ("https://registar.primer.example/radnje/18", "entry in the register"),
    "e25": ("https://registar.primer.example/radnje/25", "entry in the register"),
    "e10": ("https://ugovori.primer.example/zicana-jezgra", "first page of the contract"),
}
TWICE = "e05"  # seasonal work had been told twice: taken back
GRANTS = (  # who, state, amounts, what for, day, as written
    ("e10", "paid", ((Decimal(1800), "EUR"),), "A second bending machine", date(2017, 7, 20), "1.800 EUR"),
    ("e11", "paid", ((Decimal(150_000), "RSD"), (Decimal(400), "EUR")), "Jars, and labels in German",
     date(2017, 8, 2), "150.000 din + 400 EUR"),
    ("e14", "granted", (), "A cooling room", date(2017, 9, 5), "half of the price, as agreed by telephone"),
    ("e19", "refused", (), "A vehicle", date(2017, 9, 5), ""),
)  # fmt: skip


def build(book: Book, frame: Frame, enrolments: Mapping[str, Enrolment]) -> None:
    now = at(date(2017, 12, 12), "10:00")
    for one in TOLD:
        made = _result(book, frame, enrolments[one.key], one, now)
        if one.key in SHOWN:
            address, caption = SHOWN[one.key]
            Evidence.objects.create(
                result=made, address=address, caption=caption, by=book.coordinator, at=now
            )
        if one.key == TWICE:
            why = "told twice: these are the two of last year's season"
            outcomes.withdraw_result(by=book.coordinator, result=made, reason=why, now=now)
    for one in AS_A_WHOLE:
        _as_a_whole(book, frame, one, now)
    _introduction(book, enrolments["e10"], now)
    for key, state, amounts, purpose, day, written in GRANTS:
        outcomes.save_grant(
            by=book.coordinator, programme=frame.programme, funding=frame.fundings[RAS],
            enrolment=enrolments[key], state=state, amounts=amounts, purpose=purpose, day=day,
            as_written=written,
        )  # fmt: skip


def _result(book: Book, frame: Frame, enrolment: Enrolment, one: Told, now) -> Result:
    return outcomes.save_result(
        by=book.coordinator,
        programme=frame.programme,
        parties=[{"name": one.party}] if one.party else [],
        now=now,
        kind=one.kind,
        title=one.title,
        title_sr=one.title_sr,
        day=one.day,
        number=one.number,
        countries=list(one.countries),
        enrolment=enrolment,
        enterprise=enrolment.enterprise,
        attribution=one.how,
        reported_to=[frame.fundings[name] for name in one.also],
    )


def _as_a_whole(book: Book, frame: Frame, one: tuple, now) -> None:
    kind, title, title_sr, day, place, address = one
    made = outcomes.save_result(
        by=book.coordinator,
        programme=frame.programme,
        parties=[{"name": "Gradska kuća, Kragujevac"}] if address else [],
        now=now,
        kind=kind,
        title=title,
        title_sr=title_sr,
        day=day,
        place=place,
        attribution=How.CAUSED,
        reported_to=list(frame.fundings.values()),
    )
    if address:
        Evidence.objects.create(
            result=made, address=address, caption="the agreement", by=book.coordinator, at=now
        )


def _introduction(book: Book, enrolment: Enrolment, now) -> None:
    """Her mentor brought her together with a buyer; half a year later they agreed."""
    made = mentoring.introduce(
        by=book.coordinator,
        operation=operation("introduction", "2017", "e10"),
        enrolment=enrolment,
        kind=Introduction.Kind.BUYER,
        name="Posteljina Drava",
        day=date(2017, 5, 29),
        came=Introduction.Came.AGREED,
        came_on=date(2017, 11, 14),
        remark="a first order of 200 cores",
        now=now,
    )
    outcomes.result_of_introduction(by=book.coordinator, introduction=made, now=now)
