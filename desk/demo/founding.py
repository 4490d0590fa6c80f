"""The founding programme of 2017, finished: facts as published, people and what they did invented."""

from datetime import date, time, timedelta
from statistics import mean

from desk.demo import steps
from desk.demo.book import GIZ, HOUSE, RAS, Book
from desk.demo.frame import Frame, funding, issue, modules, project
from desk.demo.rows import at, chance, operation, rows
from desk.demo.steps import PRESENT, Day, Seen
from ideas import services as ideas
from ideas.models import Idea, Review, Round
from mentoring import conflicts
from mentoring import services as mentoring
from mentoring.models import Assignment
from people.models import Beneficiary, Programme
from training import hours
from training import services as training
from training.models import Enrolment, Session, Status

BENEFICIARIES = ("e04", "e06", "e09", "e10", "e11")  # hotel, law office, furniture, wire cores, food
ALSO_GUIDED = "e04"  # by the director of the partner that proposed her, in spite of it
MENTORED, CARRIED = 22, 26
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
    goals = steps.aims(programme)
    nominated = steps.nominate(book, "2017", taking_part, days, goals, book.who("trainer").user)
    _beneficiaries(book, frame)
    round = _reviews(book, programme)
    chosen = _mentoring(book, programme, taking_part, nominated, round)
    _what_became(book, nominated, chosen)
    _complete(book, programme, taking_part)
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
        training.close_session(by=trainer.user, session=session, now=later)
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


def _reviews(book: Book, programme: Programme) -> Round:
    """All ideas judged by three mentors each; one says herself that she may not."""
    opens = at(date(2017, 3, 20), "08:00")
    round = steps.open_round(book, programme, opens, at(date(2017, 4, 10), "22:00"), book.mentors.values())
    [declared] = steps.tasks_of(round)[:1]
    ideas.declare_conflict(
        by=declared.seat.reviewer.user,
        task=declared,
        reason="She is my sister-in-law's neighbour and asked me about it before.",
        now=opens + timedelta(days=1),
    )
    judge = steps.Judge(round)
    done: dict[int, int] = {}
    for task in steps.tasks_of(round):
        if task.state != task.State.WAITING:
            continue
        number = done[task.seat_id] = done.get(task.seat_id, -1) + 1
        judge.hand_in(task, steps.at_evening(date(2017, 3, 20) + timedelta(days=number // 6), number % 6))
    return round


def _mentoring(book, programme, enrolments, nominated, round: Round) -> dict[str, tuple[Idea, Assignment]]:
    """Her best idea decides who gets a mentor; the mentor is who knows the trade and has no conflict."""
    best = _best(enrolments, nominated, round)
    keys = sorted(best, key=lambda key: (key != ALSO_GUIDED, -best[key][0], key))[:MENTORED]
    day = date(2017, 4, 18)
    on_record = conflicts.between(
        [m.person for m in book.mentors.values()], [book.persons[k] for k in keys], day
    )
    loads = dict.fromkeys(book.mentors, 0)
    chosen = {}
    for key in keys:
        mentor_key = _mentor_for(book, key, on_record, loads)
        loads[mentor_key] += 1
        begun = at(day + timedelta(days=len(chosen) % 9), "11:00")
        assignment = mentoring.assign(
            by=book.coordinator,
            programme=programme,
            mentor=book.mentors[mentor_key],
            enrolment=enrolments[key],
            agreed_hours=chance("hours", key).choice([6, 8, 8, 10, 12]),
            start=begun.date(),
            conflict_accepted=(
                "No other mentor knows hotels; the partner and the agency were told in writing on 12 April."
                if key == ALSO_GUIDED
                else ""
            ),
            now=begun,
        )
        ideas.carry_on(by=book.coordinator, idea=best[key][1], assignment=assignment, now=begun)
        chosen[key] = best[key][1], assignment
    meetings(chosen, date(2017, 9, 30))
    return chosen


def _best(enrolments, nominated, round: Round) -> dict[str, tuple[float, Idea]]:
    """By key: the mean score of her best idea, and the idea."""
    scores: dict[int, list] = {}
    for idea, score in Review.objects.filter(task__seat__round=round).values_list("task__idea", "score"):
        scores.setdefault(idea, []).append(score)
    means = {idea: float(mean(found)) for idea, found in scores.items()}
    best: dict[str, tuple[float, Idea]] = {}
    for row in rows("ideas", edition="2017"):
        key, idea = row["nominators"].split(";")[0], nominated[row["n"]]
        if key in enrolments and means.get(idea.pk, 0) > best.get(key, (0, None))[0]:
            best[key] = means[idea.pk], idea
    return best


def _mentor_for(book: Book, key: str, on_record, loads: dict[str, int]) -> str:
    if key == ALSO_GUIDED:
        return "m2"
    person, enterprise = book.persons[key], book.enterprises[key]
    limits = {row["key"]: int(row["capacity"]) for row in rows("mentors")}

    def order(mentor_key: str) -> tuple:
        mentor = book.mentors[mentor_key]
        return enterprise.sector not in mentor.sectors, loads[mentor_key], mentor_key

    free = [
        m for m in loads if loads[m] < limits[m] and (book.mentors[m].person_id, person.pk) not in on_record
    ]
    return min(free, key=order)


def meetings(chosen: dict[str, tuple[Idea, Assignment]], last: date) -> None:
    """Three to five meetings of each pair, two to four weeks apart."""
    talks = list(rows("meetings"))
    place = 0
    for key, (_idea, assignment) in chosen.items():
        draw = chance("meetings", key)
        day = assignment.start
        for number in range(draw.choice([3, 4, 4, 5])):
            day += timedelta(days=draw.randint(9, 27))
            if day > last:
                break
            row = talks[place % len(talks)]
            place += 1
            mentoring.log_meeting(
                by=assignment.mentor.person.user,
                assignment=assignment,
                operation=operation("meeting", key, number),
                day=day,
                minutes=int(row["minutes"]),
                place=row["place"],
                topic=row["topic"],
                next_step=row["next_step"],
                now=at(day, "19:10"),
            )


def _what_became(book: Book, nominated: dict[str, Idea], chosen: dict[str, tuple[Idea, Assignment]]) -> None:
    """The end of each idea: carried on and launched or stopped, else put aside with a word why."""
    by, end = book.coordinator, at(date(2017, 12, 11), "13:00")
    _second_ideas(by, nominated, chosen)
    for place, (_idea, assignment) in enumerate(chosen.values()):
        stopped = place % 5 == 4
        mentoring.end_assignment(
            by=by,
            assignment=assignment,
            state=Assignment.State.ENDED if stopped else Assignment.State.COMPLETED,
            reason="she took up other work" if stopped else "",
            end=date(2017, 10, 15),
            now=at(date(2017, 10, 15), "12:00"),
        )
        for link in assignment.mentored.select_related("idea"):
            if stopped:
                ideas.set_idea_state(
                    by=by, idea=link.idea, state="stopped", reason="she took up other work", now=end
                )
            elif place % 7 != 6:
                ideas.set_idea_state(by=by, idea=link.idea, state="launched", reason="", now=end)
    _put_aside(by, nominated)


def _second_ideas(by, nominated, chosen) -> None:
    """Four women carry on a second idea with the same mentor."""
    carried = {idea.pk for idea, _assignment in chosen.values()}
    wanted = [key for key in chosen if key != ALSO_GUIDED][: CARRIED - MENTORED]
    for key in wanted:
        row = next(
            r
            for r in rows("ideas", edition="2017")
            if r["nominators"] == key and nominated[r["n"]].pk not in carried
        )
        assignment = chosen[key][1]
        ideas.carry_on(
            by=by, idea=nominated[row["n"]], assignment=assignment, now=at(date(2017, 5, 22), "12:00")
        )


def _put_aside(by, nominated: dict[str, Idea]) -> None:
    """Of the rest the best are shortlisted, the weakest declined with a reason, the others wait."""
    rest = Idea.objects.filter(pk__in=[idea.pk for idea in nominated.values()], state=Idea.State.IN_REVIEW)
    order = sorted(rest.with_reviews(), key=lambda idea: (-(idea.score or 0), idea.pk))
    now = at(date(2017, 4, 12), "15:00")
    for place, idea in enumerate(order):
        if place < 24:
            ideas.set_idea_state(by=by, idea=idea, state="shortlisted", reason="", now=now)
        elif place >= len(order) - 38:
            reason = "no customer was named; bring it again with one"
            ideas.set_idea_state(by=by, idea=idea, state="declined", reason=reason, now=now)
        else:
            ideas.set_idea_state(by=by, idea=idea, state="waiting", reason="", now=now)


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
