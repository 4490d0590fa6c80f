"""The events around the programme, as published: Cluster Day, the Days of Clusters before it, a journey."""

from collections.abc import Sequence
from datetime import date, time

from desk.demo.book import HOUSE, UNION, Book
from desk.demo.rows import at
from outcomes import services as outcomes
from outcomes.models import Result
from people.models import Membership, Programme
from training import services as training
from training.models import Module, Session

Kind = Result.Kind
DAY = date(2017, 5, 11)
AGENDA = (  # from, until, part, by invitation only
    (time(10, 30), time(13), "Registration and round table", "Registracija i okrugli sto", False),
    (time(13), time(14, 30), "Lunch", "Ručak", True),
    (time(15), time(16, 15), "Visit to a company", "Poseta firmi", True),
    (time(16, 30), time(18), "Public lecture", "Javno predavanje", False),
)
CAME_OUT = (  # kind, what, in Serbian, the part of the agenda, parties, countries
    (Kind.AGREEMENT, "Agreement between science and practice", "Sporazum nauke i prakse", 0, (HOUSE,), ()),
    (Kind.AGREEMENT, "Agreement on heritage projects", "Sporazum o projektima baštine", 0, (HOUSE,), ()),
    (Kind.DECLARATION, "Declaration sent to the government", "Deklaracija upućena Vladi", 0,
     (HOUSE, "Government of the Republic of Serbia"), ()),
    (Kind.PROPOSAL, "A cluster of producing business women", "Klaster poslovnih žena proizvođača", 0,
     (HOUSE,), ()),
    (Kind.PROPOSAL, "A training centre for young people in Leskovac",
     "Centar za obuku mladih u Leskovcu", 0, (HOUSE,), ()),
    (Kind.VISIT, "A food producer not yet on the Danish market, to find buyers",
     "Proizvođač hrane koji još nije na danskom tržištu, radi kupaca", 2, (HOUSE,), ("DK", "RS")),
)  # fmt: skip
YEARS = range(2010, 2017)
# thirty-three on five continents are published; which they were is invented by us
COUNTRIES = [
    "AL", "AT", "BA", "BE", "BG", "CZ", "DE", "DK", "ES", "FR", "GR", "HR", "HU", "IT", "ME", "MK", "NL",
    "NO", "PL", "RO", "RS", "SE", "SI", "TR", "GB", "CN", "IN", "JP", "BR", "MX", "US", "EG", "AU",
]  # fmt: skip


def build(book: Book) -> None:
    _cluster_day(book)
    _days_of_clusters(book)
    _journey(book)


def programme(book: Book, code: str, name: str, name_sr: str, start, end, **more) -> Programme:
    made = Programme.objects.create(
        tenant=book.tenant, code=code, name=name, name_sr=name_sr, start=start, end=end,
        **({"participants": Programme.Participants.GUESTS} | more),
    )  # fmt: skip
    Membership.objects.create(person=book.who("coordinator"), programme=made, role="coordinator")
    return made


def _cluster_day(book: Book) -> None:
    made = programme(
        book, "cluster-day-2017", "Serbian Cluster Day", "Dan klastera Srbije", DAY, date(2017, 5, 12),
        short_name="Cluster Day 2017",
    )  # fmt: skip
    parts = [
        training.plan_session(
            by=book.coordinator, programme=made, title=title, title_sr=title_sr, day=DAY, start=start,
            end=end, venue=book.venues["Hall in Niš"], by_invitation=invited, kind="part of the day",
        )
        for start, end, title, title_sr, invited in AGENDA
    ]  # fmt: skip
    for part in parts:
        training.close_session(by=book.coordinator, session=part, now=part.ends_at)
    _count(book, made, [(150, "participants", "more than 150, as published")])
    for kind, title, title_sr, part, parties, countries in CAME_OUT:
        _result(book, made, kind, title, title_sr, parties, parts[part], day=DAY, countries=list(countries))


def _days_of_clusters(book: Book) -> None:
    """Seven conferences. On which days they were is not published: unknown is not a date."""
    words = "Days of Clusters 2010–2016", "Dani klastera 2010–2016"
    made = programme(book, "clusters-2010-2016", *words, date(2010, 1, 1), date(2017, 1, 1))
    for number, year in enumerate(YEARS, 1):
        names = {"name": f"Days of Clusters {year}", "name_sr": f"Dani klastera {year}"}
        Module.objects.create(programme=made, number=number, **names)
    rows = [(None, f"participants in {year}", "not published") for year in YEARS if year != 2014]
    rows += [
        (250, "professionals in 2014", "over 250, as published"),
        (17, "countries in 2014", "as published"),
        (33, "countries 2010–2016", "as published"),
        (5, "continents 2010–2016", "as published"),
    ]
    _count(book, made, rows)
    words = "A network of clusters from 33 countries", "Mreža klastera iz 33 zemlje"
    note = "The number is as published; which countries they were is invented for the demo."
    _result(book, made, Kind.NETWORK, *words, (HOUSE, UNION), countries=COUNTRIES, note=note)


def _journey(book: Book) -> None:
    """Travel and speaking are activities too: our director was a speaker far away."""
    words = "Journey to the 13th INSME annual meeting", "Put na 13. godišnji skup INSME"
    made = programme(
        book, "insme-2017", *words, date(2017, 5, 15), date(2017, 5, 18), zone="America/Mexico_City",
        country="MX", short_name="INSME 2017",
    )  # fmt: skip
    director = book.mentors["m2"].person
    for number, day in enumerate((15, 16, 17), 1):
        one = training.plan_session(
            by=book.coordinator, programme=made, title=f"Annual meeting in Puerto Vallarta, day {number}",
            title_sr=f"Godišnji skup u Puerto Valjarti, {number}. dan", day=date(2017, 5, day),
            start=time(9), end=time(17), trainers=[director] if number == 2 else [], kind="meeting",
        )  # fmt: skip
        training.close_session(by=book.coordinator, session=one, now=one.ends_at)
    _count(book, made, [(700, "participants", "as published"), (68, "countries", "as published")])
    words = "Our director spoke at the annual meeting", "Naš direktor je govorio na godišnjem skupu"
    where = {"place": "Puerto Vallarta", "countries": ["MX", "RS"], "day": date(2017, 5, 16)}
    _result(book, made, Kind.OTHER, *words, (HOUSE, "INSME"), **where)


def _count(book: Book, made: Programme, said: Sequence[tuple]) -> None:
    rows = [
        {"number": number, "of_what": of_what, "how": "published", "evidence": evidence}
        for number, of_what, evidence in said
    ]
    training.keep_headcounts(by=book.coordinator, programme=made, rows=rows, now=at(DAY, "20:00"))


def _result(
    book: Book, made: Programme, kind: str, title: str, title_sr: str, parties: Sequence[str],
    session: Session | None = None, **more,
) -> None:  # fmt: skip
    named = [
        {"organisation": book.organisations[one]} if one in book.organisations else {"name": one}
        for one in parties
    ]
    said = {"kind": kind, "title": title, "title_sr": title_sr, "session": session, **more}
    now = at(date(2017, 6, 1), "10:00")
    outcomes.save_result(by=book.coordinator, programme=made, parties=named, now=now, **said)
