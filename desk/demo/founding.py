"""The founding programme of 2017, finished: facts as published, people and what they did invented."""

from datetime import date, time, timedelta

from desk.demo import (
    aftermath,
    applicants,
    asked_2017,
    certificates,
    funders_2017,
    ideas_joined,
    ideas_nominating,
    photographs,
    register,
    results_2017,
    steps,
    visible,
    wall,
)
from desk.demo.book import GIZ, HOUSE, RAS, Book
from desk.demo.frame import Frame, funding, issue, modules, project
from desk.demo.rows import at, chance, operation, rows
from desk.demo.steps import PRESENT, Day, Seen
from people.models import Beneficiary, Programme
from training import hours
from training import services as training
from training.models import Enrolment, Session, Status

BENEFICIARIES = ("e04", "e06", "e09", "e10", "e11")  # hotel, law office, furniture, wire cores, food
MODULES = (
    (
        "Business model",
        "Poslovni model",
        "Innovation Center of the Faculty of Mechanical Engineering",
        date(2017, 3, 6),
    ),
    ("Growth and markets", "Rast i tržišta", "Mihajlo Pupin Institute, small hall", date(2017, 3, 16)),
)
AWAY = {  # by day: who was not there at all; four of them miss too much to complete
    2: {"e18": "child ill", "e29": "", "e13": "own market day"},
    3: {"e13": "", "e24": "guests in the house", "e31": ""},
    4: {"e18": "child ill", "e31": "border queue", "e07": "delivery from the cold store"},
    5: {"e18": "", "e29": "wedding", "e27": ""},
    6: {"e13": "trade fair", "e29": "", "e31": "", "e02": ""},
}
LATE = {1: ("e31", "e24", "e26"), 2: ("e05", "e09"), 4: ("e01", "e17", "e22"), 5: ("e16",)}
LEFT = {3: ("e26", "e28"), 5: ("e08",)}  # two for the last bus on day 3


def build(book: Book) -> Programme:
    frame = _frame(book)
    programme = frame.programme
    enrolments = steps.enrol(book, programme, "2017", date(2017, 2, 1), at(date(2017, 2, 24), "12:00"))
    taking_part = {key: row for key, row in enrolments.items() if row.state == Enrolment.State.ENROLLED}
    steps.consents(
        programme, taking_part.values(), list(frame.fundings.values()), at(date(2017, 3, 6), "09:00")
    )
    sessions = _sessions(book, frame, taking_part)
    days = {str(number): session for number, session in enumerate(sessions, 1)}
    goals = wall.aims(programme)
    nominated = wall.nominate(book, "2017", taking_part, days, goals, book.who("trainer").user)
    _beneficiaries(book, frame)
    visible.headcounts(book, frame, at(date(2017, 12, 18), "10:00"))
    aftermath.build(book, programme, taking_part, nominated)
    ideas_nominating.label(book, programme)
    ideas_joined.keep_apart(book, programme)
    applicants.founding_rules(book, programme)
    _complete(book, programme, taking_part)
    certificates.build(book, programme)
    photographs.take(sessions[0], book.who("trainer").user)
    photographs.pack(programme, book.coordinator, at(date(2017, 12, 20), "10:00"))
    asked_2017.build(book, programme, taking_part)
    results_2017.build(book, frame, taking_part)
    funders_2017.build(book, frame)
    funders_2017.lock(book, frame)
    asked_2017.corrected(programme, taking_part)
    for report in frame.reports:
        issue(book, report, at(date(2018, 1, 15), "10:00"))
    return programme


def _frame(book: Book) -> Frame:
    frame = project(
        book,
        "supply-chains",
        "Raising the innovation capacity of SMEs and business for inclusion in supply chains",
        "Podizanje inovacionih kapaciteta MSP i biznisa za uključivanje u lance snabdevanja",
    )
    frame.programme = Programme.objects.create(
        tenant=book.tenant,
        project=frame.project,
        code="startup-2017",
        name="Start-up Training for Women Entrepreneurship",
        name_sr="Start-up obuka za žensko preduzetništvo",
        short_name="Start-up 2017",
        participants=Programme.Participants.WOMEN,
        start=date(2017, 3, 6),
        end=date(2017, 12, 16),
    )
    modules(book, frame, [(name, name_sr, venue, day, 3) for name, name_sr, venue, day in MODULES])
    funding(
        book, frame, RAS, "ras", "sr-latn", date(2017, 1, 1), date(2018, 1, 1), {"OP-01": 30, "OP-09": 150}
    )
    funding(
        book, frame, GIZ, "giz", "en", date(2017, 2, 1), date(2018, 1, 1), {"OP-01": 30}, only_modules=True
    )
    visible.logos(book, frame)
    visible.described(frame)
    steps.members(book, frame.programme, frame.by_word(), [book.who("trainer")])
    steps.offers(book, frame.programme)
    return frame


def _sessions(book: Book, frame: Frame, enrolments: dict[str, Enrolment]) -> list[Session]:
    trainer = book.who("trainer")
    notes = list(rows("notes", edition="2017"))
    days = [
        Day(
            int(row["day"]),
            frame.modules[(int(row["day"]) - 1) // 3],
            MODULES[(int(row["day"]) - 1) // 3][3] + timedelta(days=(int(row["day"]) - 1) % 3),
            row["title"],
            row["title_sr"],
            row["agenda"],
        )
        for row in notes
    ]
    sessions = steps.plan(book, frame.programme, days, [trainer])
    for number, (session, row) in enumerate(zip(sessions, notes, strict=True), 1):
        seen = {enrolment: _seen(number, key, session) for key, enrolment in enrolments.items()}
        steps.mark(trainer.user, session, seen)
        later = session.ends_at + timedelta(minutes=25)
        training.write_log(
            by=trainer.user,
            session=session,
            operation=operation("note", "2017", number),
            text=row["note"],
            now=later,
        )
        session = training.close_session(by=trainer.user, session=session, now=later)
        register.corrected(trainer.user, session, "brought the doctor's note")
    return sessions


def _seen(number: int, key: str, session: Session) -> Seen:
    if key in AWAY.get(number, {}):
        reason = AWAY[number][key]
        return Seen(Status.EXCUSED if reason else Status.ABSENT, reason=reason)
    draw = chance("day", number, key)
    if key in LATE.get(number, ()):
        return Seen(
            Status.LATE, arrival=time(session.start.hour, session.start.minute + draw.choice([8, 12, 20, 25]))
        )
    if key in LEFT.get(number, ()):
        return Seen(Status.LEFT_EARLY, leaving=time(14, 50))
    return PRESENT


def _beneficiaries(book: Book, frame: Frame) -> None:
    for key in BENEFICIARIES:
        Beneficiary.objects.create(
            project=frame.project,
            enterprise=book.enterprises[key],
            proposed_by=book.organisations[HOUSE],
            proposed_on=date(2017, 1, 20),
        )


def _complete(book: Book, programme: Programme, enrolments: dict[str, Enrolment]) -> None:
    found = hours.progress(programme)
    for enrolment in enrolments.values():
        if found[enrolment.pk].completes:
            training.set_enrolment_state(
                by=book.coordinator,
                enrolment=enrolment,
                state=Enrolment.State.COMPLETED,
                reason="",
                now=at(date(2017, 3, 20), "10:00"),
            )
