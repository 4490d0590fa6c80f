"""What both programmes of the demo go through, by the rooms' own services."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from accounts.models import User
from desk.demo.book import HOUSE, Book
from desk.demo.rows import at, chance, operation, rows
from ideas import services as ideas
from ideas.models import Aim, Idea, ReviewTask, Round
from mentoring.models import Mentor, Offer
from people.models import Consent, Funding, Membership, Person, Programme
from training import services as training
from training.models import Enrolment, Module, Session, Status

CRITERIA = (
    {
        "name": "Customer need",
        "name_sr": "Potreba kupca",
        "help": "1 nobody asked for it · 3 some asked · 5 somebody pays already",
        "help_sr": "1 niko nije tražio · 3 neki su tražili · 5 neko već plaća",
        "weight": 40,
    },
    {
        "name": "Feasible in 12 months",
        "name_sr": "Izvodljivo za 12 meseci",
        "help": "1 not with what is there · 3 with help · 5 could begin tomorrow",
        "help_sr": "1 ne sa onim što postoji · 3 uz pomoć · 5 može da počne sutra",
        "weight": 35,
    },
    {
        "name": "Women's economic strength",
        "name_sr": "Ekonomsko osnaživanje žena",
        "help": "1 no change for women · 3 work for one · 5 work and say for several",
        "help_sr": "1 ništa se ne menja za žene · 3 posao za jednu · 5 posao i odlučivanje za više njih",
        "weight": 25,
    },
)
AIMS = (
    ("women", "Women's economic strength", "Ekonomsko osnaživanje žena"),
    ("equality", "Gender equality", "Rodna ravnopravnost"),
    ("export", "Export", "Izvoz"),
    ("green", "Less waste, cleaner air and water", "Manje otpada, čistiji vazduh i voda"),
    ("social", "Care and inclusion", "Briga i uključivanje"),
    ("supply_chain", "Part of a supply chain", "Uključivanje u lance snabdevanja"),
)
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


def aims(programme: Programme) -> dict[str, Aim]:
    return {
        code: Aim.objects.create(programme=programme, code=code, name=name, name_sr=name_sr)
        for code, name, name_sr in AIMS
    }


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
    """A session a day, six hours of work around an hour of breaks, from the first line of its agenda on."""
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
                kind="training day",
                agenda=one.agenda.replace(";", "\n"),
                source="demo",
                source_id=f"day-{one.number}",
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


def nominate(
    book: Book,
    edition: str,
    enrolments: dict[str, Enrolment],
    sessions: dict[str, Session],
    goals: dict[str, Aim],
    by: User,
) -> dict[str, Idea]:
    """The ideas of an edition in the order in which they were put on the wall, by number."""
    found: dict[str, Idea] = {}
    for row in rows("ideas", edition=edition):
        session = sessions[row["session"]]
        hers = [enrolments[key] for key in row["nominators"].split(";")]
        now = session.starts_at + timedelta(minutes=90 + 4 * (len(found) % 75))
        own = chance("who typed", row["n"]).random() < 0.6  # she herself, by the wall code
        found[row["n"]] = idea = ideas.nominate(
            by=None if own else by,
            enrolment=hers[0],
            session=session,
            title=row["title"],
            summary=row["summary"],
            problem=row["problem"],
            customer=row["customer"],
            sector=row["sector"],
            aims=[goals[code] for code in row["aims"].split(";") if code],
            stage=row["stage"] or None,
            language=row["language"],
            operation=operation("idea", row["n"], 0),
            now=now,
            source="demo",
            source_id=row["n"],
        )
        for place, enrolment in enumerate(hers[1:], 1):
            ideas.add_nominator(
                by=by,
                idea=idea,
                enrolment=enrolment,
                session=session,
                operation=operation("idea", row["n"], place),
                now=now + timedelta(minutes=place),
            )
    return found


def open_round(
    book: Book, programme: Programme, opens: datetime, closes: datetime, mentors: Iterable[Mentor]
) -> Round:
    return ideas.open_round(
        by=book.coordinator,
        programme=programme,
        opens_at=opens,
        closes_at=closes,
        coverage=3,
        criteria=CRITERIA,
        reviewers=[mentor.person for mentor in mentors],
        now=opens,
    )


def tasks_of(round: Round) -> list[ReviewTask]:
    """All reviews asked for, each reviewer's in her own order, with what handing one in looks at."""
    tasks = ReviewTask.objects.filter(seat__round=round).order_by("seat", "place")
    tasks = list(tasks.select_related("seat__reviewer__user", "idea__text"))
    prefetch_related_objects([round], "criteria")
    for task in tasks:
        task.seat.round = round
    return tasks


class Judge:
    """Scores and comments: an idea is as good as it is, each reviewer sees it a little differently."""

    def __init__(self, round: Round):
        self.round, self.criteria = round, list(round.criteria.all())
        self.comments: dict[str, list[str]] = {}
        for row in rows("comments"):
            self.comments.setdefault(row["sector"], []).append(row["comment"])

    def hand_in(self, task: ReviewTask, now: datetime) -> None:
        draw = chance("review", task.seat.reviewer.source_id, self.round.programme.code, task.idea.source_id)
        worth = chance("worth", task.idea.source_id)
        scores = {}
        for criterion in self.criteria:
            value = worth.gauss(3.3, 0.8) + draw.gauss(0, 0.6)
            scores[criterion.pk] = min(5, max(1, round(value)))
        said = self.comments.get(task.idea.sector) or [""]
        comment = draw.choice(said) if draw.random() < 0.7 else ""
        ideas.hand_in_review(by=task.seat.reviewer.user, task=task, scores=scores, comment=comment, now=now)


def at_evening(day: date, number: int) -> datetime:
    """Reviews are written in the evening, one every seven minutes."""
    return at(day, "18:30") + timedelta(minutes=7 * (number % 32))


PRESENT = Seen(Status.PRESENT)
