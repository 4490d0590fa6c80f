"""What both programmes of the demo go through with their people, by the rooms' own services."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from accounts.models import User
from desk.demo.book import HOUSE, Book
from desk.demo.rows import chance, operation, rows
from mentoring.models import Offer
from people.models import Consent, Funding, Membership, Person, Programme
from training import services as training
from training.models import Enrolment, Module, Session, Status

STATES = {
    "enrolled": Enrolment.State.ENROLLED,
    "withdrawn": Enrolment.State.WITHDRAWN,
    "declined": Enrolment.State.DECLINED,
    "waitlisted": Enrolment.State.WAITLISTED,
}
TOLD = {"declined": "her business is older than three years", "withdrawn": "took up a job in another town"}


class Day(NamedTuple):
    """One session day: its number in notes.csv, or its own words where that has none."""

    number: int
    module: Module
    day: date
    title: str
    title_sr: str
    agenda: str
    breaks: tuple[tuple[str, str], ...] = ()  # where they are known, else an hour somewhere


def members(
    book: Book, programme: Programme, fundings: dict[str, Funding], trainers: Iterable[Person]
) -> None:
    """What opens the programme to whom."""
    rows_ = [(book.who("coordinator"), "coordinator", {})]
    rows_ += [(person, "trainer", {}) for person in trainers]
    rows_ += [(mentor.person, "mentor", {}) for mentor in book.mentors.values()]
    house = book.organisations[HOUSE]
    rows_.append((book.who("partner"), "partner", {"partner": house}))
    rows_ += [
        (book.who("funder", name), "funder", {"funding": funding}) for name, funding in fundings.items()
    ]
    Membership.objects.bulk_create(
        Membership(person=person, programme=programme, role=role, **more) for person, role, more in rows_
    )


def offers(book: Book, programme: Programme) -> None:
    Offer.objects.bulk_create(
        Offer(
            mentor=book.mentors[row["key"]],
            programme=programme,
            capacity=int(row["capacity"]),
            hours=int(row["hours"]),
        )
        for row in rows("mentors")
    )


def enrol(
    book: Book, programme: Programme, edition: str, applied: date, decided: datetime
) -> dict[str, Enrolment]:
    """Everybody of an edition, by key, in the state that her line says."""
    found = {}
    for number, row in enumerate(rows("entrepreneurs", edition=edition)):
        found[row["key"]] = training.enrol(
            by=book.coordinator,
            programme=programme,
            person=book.persons[row["key"]],
            enterprise=book.enterprises.get(row["key"]),
            state=STATES[row["state"]],
            applied_on=applied + timedelta(days=number // 2),
            reason=TOLD.get(row["state"], ""),
            now=decided,
        )
    return found


def consents(
    programme: Programme, enrolments: Iterable[Enrolment], fundings: Sequence[Funding], given: datetime
) -> None:
    """All agreed to be recorded, most to photographs and to being passed on, some to the contact list."""
    made = []
    for enrolment in enrolments:
        draw = chance("consent", programme.code, enrolment.person.source_id)
        said = [(Consent.Purpose.TAKING_PART, None)]
        said += [(Consent.Purpose.PHOTO, None)] * (draw.random() < 0.85)
        said += [(Consent.Purpose.CONTACT_LIST, None)] * (draw.random() < 0.6)
        said += [(Consent.Purpose.FUNDER, funding) for funding in fundings if draw.random() < 0.9]
        made += [
            Consent(
                person=enrolment.person,
                programme=programme,
                purpose=purpose,
                funding=funding,
                text_version="1",
                given_at=given,
            )
            for purpose, funding in said
        ]
    Consent.objects.bulk_create(made)


def plan(book: Book, programme: Programme, days: Iterable[Day], trainers: Sequence[Person]) -> list[Session]:
    """A session a day, six hours of work around an hour of breaks, from the first line of its agenda on.
    Those of a module are a series."""
    found = []
    for one in days:
        start = time.fromisoformat(one.agenda.split(" ")[0])
        end = (datetime.combine(one.day, start) + timedelta(hours=7)).time()
        found.append(
            training.plan_session(
                by=book.coordinator,
                programme=programme,
                title=one.title,
                title_sr=one.title_sr,
                day=one.day,
                start=start,
                end=end,
                module=one.module,
                venue=one.module.venue,
                trainers=trainers,
                break_minutes=60,
                breaks=[list(one) for one in one.breaks],
                kind="training day",
                agenda=one.agenda.replace(";", "\n"),
                source="demo",
                source_id=f"day-{one.number}",
                series=operation("series", programme.code, one.module.number),
            )
        )
    return found


class Seen(NamedTuple):
    """What the trainer saw of one person on one day."""

    status: str
    arrival: time | None = None
    leaving: time | None = None
    reason: str = ""


def mark(by: User, session: Session, seen: dict[Enrolment, Seen]) -> None:
    """Marks as a trainer taps them, one after the other, from ten minutes after the start on."""
    begun = session.starts_at + timedelta(minutes=10)
    marks = [
        {
            "operation": operation(
                "mark", session.programme.code, session.source_id, enrolment.person.source_id
            ),
            "enrolment": enrolment.pk,
            "at_device": begun + timedelta(seconds=4 * place),
            **one._asdict(),
        }
        for place, (enrolment, one) in enumerate(seen.items())
    ]
    results = training.record_marks(by=by, session=session, marks=marks, now=session.ends_at)
    refused = [result for result in results if result.outcome != "saved"]
    if refused:
        raise RuntimeError(f"the demo's marks of {session} are refused: {refused[0]}")


PRESENT = Seen(Status.PRESENT)
