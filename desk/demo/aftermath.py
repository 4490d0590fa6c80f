"""After the training of 2017: reviews, mentors, meetings, and what became of 186 ideas."""

from datetime import date, timedelta
from statistics import mean

from desk.demo import ideas_decided, mentoring_matching, mentoring_meetings, wall
from desk.demo.book import Book
from desk.demo.rows import at, chance, operation, rows
from ideas import services as ideas
from ideas.models import Idea, Review, Round
from mentoring import conflicts
from mentoring import services as mentoring
from mentoring.models import Assignment
from people.models import Programme
from training.models import Enrolment

ALSO_GUIDED = "e04"  # by the director of the partner that proposed her, in spite of it
MENTORED, CARRIED = 22, 26


def build(
    book: Book, programme: Programme, enrolments: dict[str, Enrolment], nominated: dict[str, Idea]
) -> None:
    round = _reviews(book, programme)
    chosen = _mentoring(book, programme, enrolments, nominated, round)
    _what_became(book, nominated, chosen)


def _reviews(book: Book, programme: Programme) -> Round:
    """All ideas judged by three mentors each; one says herself that she may not."""
    opens = at(date(2017, 3, 20), "08:00")
    closes, asks = at(date(2017, 4, 10), "22:00"), {"asks_recommendation": True, "asks_confidence": True}
    round = wall.open_round(book, programme, opens, closes, book.mentors.values(), **asks)
    [declared] = wall.tasks_of(round)[:1]
    ideas.declare_conflict(
        by=declared.seat.reviewer.user,
        task=declared,
        reason="She is my sister-in-law's neighbour and asked me about it before.",
        now=opens + timedelta(days=1),
    )
    judge = wall.Judge(round)
    done: dict[int, int] = {}
    for task in wall.tasks_of(round):
        if task.state != task.State.WAITING:
            continue
        number = done[task.seat_id] = done.get(task.seat_id, -1) + 1
        judge.hand_in(task, wall.at_evening(date(2017, 3, 20) + timedelta(days=number // 6), number % 6))
    return round


def _mentoring(book, programme, enrolments, nominated, round: Round) -> dict[str, tuple[Idea, Assignment]]:
    """Her best idea decides who gets a mentor; the mentor is who knows the trade and has no conflict."""
    mentoring_matching.both(book, programme, enrolments, at(date(2017, 4, 12), "15:00"))
    best = _best(enrolments, nominated, round)
    keys = sorted(best, key=lambda key: (key != ALSO_GUIDED, -best[key][0], key))[:MENTORED]
    first = {key: best[key][1] for key in keys}
    ideas_decided.decide(book, round, list(first.values()), list(_seconds(first, nominated).values()))
    day = date(2017, 4, 18)
    on_record = conflicts.between(
        [m.person for m in book.mentors.values()], [book.persons[k] for k in keys], day, conflicts.MENTOR
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
    _meetings(chosen, date(2017, 9, 30))
    mentoring_meetings.confirm(programme)
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


def _meetings(chosen: dict[str, tuple[Idea, Assignment]], last: date) -> None:
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
                function=row["function"],
                now=at(day, "19:10"),
            )


def _what_became(book: Book, nominated: dict[str, Idea], chosen: dict[str, tuple[Idea, Assignment]]) -> None:
    """The end of each idea that was carried on: launched, stopped, or still worked on."""
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


def _seconds(first: dict[str, Idea], nominated: dict[str, Idea]) -> dict[str, Idea]:
    """Four women carry on a second idea with the same mentor."""
    carried = {idea.pk for idea in first.values()}
    return {
        key: next(
            nominated[r["n"]]
            for r in rows("ideas", edition="2017")
            if r["nominators"] == key and nominated[r["n"]].pk not in carried
        )
        for key in [key for key in first if key != ALSO_GUIDED][: CARRIED - MENTORED]
    }


def _second_ideas(by, nominated, chosen) -> None:
    first = {key: idea for key, (idea, _assignment) in chosen.items()}
    for key, idea in _seconds(first, nominated).items():
        now = at(date(2017, 5, 22), "12:00")
        ideas.carry_on(by=by, idea=idea, assignment=chosen[key][1], now=now)
