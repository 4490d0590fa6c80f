"""The running edition, around the day of the first start: yesterday a session, today one, a module soon."""

from datetime import date, time, timedelta

from desk.demo import (
    applicants,
    asked_now,
    ideas_assigning,
    ideas_joined,
    ideas_nominating,
    mentoring_assignments,
    mentoring_conflicts,
    mentoring_matching,
    mentoring_meetings,
    mentoring_profiles,
    mentoring_slots,
    register,
    reminded,
    steps,
    twins,
    visible,
    wall,
)
from desk.demo.book import GIZ, RAS, Book
from desk.demo.frame import Frame, funding, modules, project
from desk.demo.rows import at, chance, operation, rows
from desk.demo.steps import PRESENT, Day, Seen
from mentoring import services as mentoring
from mentoring.models import Assignment
from people.models import Programme
from reminders import services as reminders
from training import services as training
from training.models import Enrolment, Session, Status

PUPIN = "Mihajlo Pupin Institute, small hall"
CENTRE = "Innovation Center of the Faculty of Mechanical Engineering"
THIRD_DAY = (
    "From idea to offer, day 3",
    "Od ideje do ponude, dan 3",
    "09:30 The offer on half a page;11:00 Coffee;11:15 Reading offers to each other;13:00 Lunch;"
    "14:00 Last nominations;15:30 Tasks until next week",
)
BREAKS = (("13:00", "14:00"),)  # lunch, as in each agenda
INVITED = ("e35", "e38", "e40", "e44", "e48", "e51")  # to the talks with buyers
ABSENT = {"e44": "", "e58": "child ill"}
LATE = {"e51": "09:55", "e57": "10:20", "e40": "09:45"}
LEFT = {"e64": "15:10"}
PAIRS = (  # who, her mentor, how many days ago they began, days ago they met, agreed hours
    ("e35", "m7", 34, (27, 9), 10),
    ("e38", "m3", 33, (20, 5), 8),
    ("e60", "m3", 33, (12,), 8),
    ("e41", "m2", 21, (8, 1), 8),  # she has not yet said whether they met yesterday
    ("e48", "m3", 36, (29,), 8),  # silent since
)
WORKED_UNTIL_NOW = {"m2": 4, "m3": 3, "m4": 9, "m5": 0, "m6": 5, "m7": 2, "m8": 7}  # reviews handed in


def build(book: Book) -> Programme:
    today = book.today
    frame = _frame(book)
    programme = frame.programme
    decided = at(today - timedelta(days=40), "12:00")
    enrolments = steps.enrol(book, programme, "now", today - timedelta(days=62), decided)
    taking_part = {key: row for key, row in enrolments.items() if row.state == Enrolment.State.ENROLLED}
    morning = at(today - timedelta(days=1), "09:00")
    steps.consents(programme, taking_part.values(), list(frame.fundings.values()), morning)
    mentoring_profiles.offer(book, programme)
    mentoring_matching.both(book, programme, taking_part, decided)
    _assignments(book, programme, taking_part)
    mentoring_assignments.build(book, programme, taking_part)
    mentoring_slots.build(book, programme, taking_part)
    yesterday, *_later = _sessions(book, frame)
    _yesterday(book, yesterday, taking_part)
    _talks(book, frame, [taking_part[key] for key in INVITED if key in taking_part])
    goals = wall.aims(programme)
    where = {"1": yesterday, "2": yesterday}
    wall.nominate(book, "now", taking_part, where, goals, book.who("trainer").user)
    ideas_nominating.label(book, programme)
    ideas_nominating.screen(book, programme, yesterday.ends_at)
    _reviews(book, programme)
    ideas_joined.decide(book, programme, yesterday)
    ideas_nominating.paste(book, yesterday)
    twins.plant(book, programme)
    applicants.build(book, programme)
    mentoring_profiles.apply(book, programme)
    mentoring_profiles.invite(book, programme)
    mentoring_conflicts.declare(book)
    mentoring_meetings.say(book, programme)
    ideas_nominating.ask(book, programme, yesterday.ends_at + timedelta(hours=1))
    mentoring_matching.run(book, programme, yesterday.ends_at + timedelta(hours=2))
    ideas_assigning.propose(book, programme)
    asked_now.build(book, programme, taking_part)
    mentor = book.who("mentor")
    reminders.feed_of(by=mentor.user, person=mentor, now=at(today, "08:00"))
    reminded.choose(book, at(today, "08:00"))
    reminders.plan(now=at(today, "12:00"))
    reminded.word(book, programme)
    reminded.tell(book, programme, at(today, "12:00"))
    return programme


def _frame(book: Book) -> Frame:
    today, year = book.today, book.today.year
    frame = project(
        book,
        "startup-now",
        f"Start-up training and mentoring for women, {year}",
        f"Start-up obuka i mentorstvo za žene, {year}",
    )
    start, end = today - timedelta(days=40), today + timedelta(days=120)
    frame.programme = Programme.objects.create(
        tenant=book.tenant,
        project=frame.project,
        code="startup-now",
        name=f"Start-up Training and Mentoring {year}",
        name_sr=f"Start-up obuka i mentorstvo {year}",
        short_name=f"Start-up {year}",
        participants=Programme.Participants.WOMEN,
        start=start,
        end=end,
    )
    modules(
        book,
        frame,
        [
            ("From idea to offer", "Od ideje do ponude", CENTRE, today - timedelta(days=1), 3),
            ("Price and first sale", "Cena i prva prodaja", PUPIN, today + timedelta(days=7), 2),
            ("Papers and partners", "Papiri i partneri", PUPIN, today + timedelta(days=21), 2),
        ],
    )
    first = date(start.year, start.month, 1)
    funding(book, frame, RAS, "ras", "sr-latn", first, end, {"OP-01": 30, "OP-09": 60, "OP-08": 200})
    funding(book, frame, GIZ, "giz", "en", first, end, {"OP-01": 30}, only_modules=True)
    trainers = [book.who("trainer"), book.persons["m5"]]
    visible.logos(book, frame)
    visible.described(frame)
    steps.members(book, frame.programme, frame.by_word(), trainers)
    steps.offers(book, frame.programme)
    return frame


def _sessions(book: Book, frame: Frame) -> list[Session]:
    """Three days around today, two next week, two two weeks after that."""
    first, second, third = frame.modules
    notes = [(row["title"], row["title_sr"], row["agenda"]) for row in rows("notes", edition="now")]
    said = [*notes[:2], THIRD_DAY, *notes[2:]]
    places = [(first, -1), (first, 0), (first, 1), (second, 7), (second, 8), (third, 21), (third, 22)]
    days = [
        Day(number, module, book.today + timedelta(days=away), *words)
        for number, (words, (module, away)) in enumerate(zip(said, places, strict=True), 1)
    ]
    days = [day._replace(breaks=BREAKS) for day in days]
    return steps.plan(book, frame.programme, days, [book.who("trainer"), book.persons["m5"]])


def _talks(book: Book, frame: Frame, invited: list[Enrolment]) -> None:
    """A part by invitation only, after the last day: eight seats, six women asked."""
    third = frame.modules[2]
    session = training.plan_session(
        by=book.coordinator,
        programme=frame.programme,
        module=third,
        title="Talks with buyers",
        title_sr="Razgovori sa kupcima",
        day=book.today + timedelta(days=22),
        start=time(17),
        end=time(19),
        breaks=[["17:50", "18:10"]],
        venue=third.venue,
        trainers=[book.who("trainer")],
        by_invitation=True,
        capacity=8,
        kind="talks",
        source="demo",
        source_id="talks",
    )
    training.fill_roster(by=book.coordinator, session=session, enrolments=invited)
    moved = at(book.today, "08:30")  # the buyers come later: whoever is invited is written to
    later = {"start": time(17, 30), "end": time(19, 30)}
    training.change_session(by=book.coordinator, session=session, now=moved, **later)


def _yesterday(book: Book, session: Session, enrolments: dict[str, Enrolment]) -> None:
    """The register is complete; the trainer's note is still missing."""
    seen = {}
    for key, enrolment in enrolments.items():
        seen[enrolment] = PRESENT
        if key in ABSENT:
            seen[enrolment] = Seen(Status.EXCUSED if ABSENT[key] else Status.ABSENT, reason=ABSENT[key])
        elif key in LATE:
            seen[enrolment] = Seen(Status.LATE, arrival=time.fromisoformat(LATE[key]))
        elif key in LEFT:
            seen[enrolment] = Seen(Status.LEFT_EARLY, leaving=time.fromisoformat(LEFT[key]))
    plain = {key: enrolment for key, enrolment in enrolments.items() if seen[enrolment] is PRESENT}
    by_code = dict(list(plain.items())[:9])
    register.by_code(session, by_code)
    trainer, differs = book.who("trainer").user, enrolments["e51"]
    register.two_phones(trainer, session, differs, seen[differs])
    done = {differs, *by_code.values()}
    steps.mark(trainer, session, {who: said for who, said in seen.items() if who not in done})


def _assignments(book: Book, programme: Programme, enrolments: dict[str, Enrolment]) -> None:
    """Some began with a mentor before the training; one pair has been silent since its first meeting."""
    talks = list(rows("meetings"))
    for key, mentor, ago, met, hours in PAIRS:
        begun = book.today - timedelta(days=ago)
        assignment = mentoring.assign(
            by=book.coordinator,
            programme=programme,
            mentor=book.mentors[mentor],
            enrolment=enrolments[key],
            agreed_hours=hours,
            start=begun,
            state=Assignment.State.ACTIVE,
            now=at(begun, "11:00"),
        )
        for days_ago in met:
            day = book.today - timedelta(days=days_ago)
            row = chance("talk", key, days_ago).choice(talks)
            mentoring.log_meeting(
                by=assignment.mentor.person.user,
                assignment=assignment,
                operation=operation("meeting", "now", key, days_ago),
                day=day,
                minutes=int(row["minutes"]),
                place=row["place"],
                topic=row["topic"],
                next_step=row["next_step"],
                function=row["function"],
                now=at(day, "19:10"),
            )


def _reviews(book: Book, programme: Programme) -> None:
    """A round that opened last evening: some have begun, one has not."""
    yesterday = book.today - timedelta(days=1)
    closes = at(book.today + timedelta(days=9), "18:00")
    reviewers = [book.mentors[key] for key in WORKED_UNTIL_NOW]
    round = wall.open_round(book, programme, at(yesterday, "18:00"), closes, reviewers)
    judge = wall.Judge(round)
    left = {book.mentors[key].person_id: count for key, count in WORKED_UNTIL_NOW.items()}
    for number, task in enumerate(wall.tasks_of(round)):
        if left[task.seat.reviewer_id]:
            left[task.seat.reviewer_id] -= 1
            judge.hand_in(task, wall.at_evening(yesterday, number))
