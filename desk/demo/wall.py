"""Ideas of the demo: nominated on the wall, judged in the evening."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects

from accounts.models import User
from desk.demo.book import Book
from desk.demo.ideas_rubric import CRITERIA, GUIDANCE, sure, would
from desk.demo.rows import at, chance, operation, rows
from ideas import services as ideas
from ideas.models import Aim, Idea, ReviewTask, Round
from mentoring.models import Mentor
from people.models import Programme
from training.models import Enrolment, Session

AIMS = (
    ("women", "Women's economic strength", "Ekonomsko osnaživanje žena"),
    ("equality", "Gender equality", "Rodna ravnopravnost"),
    ("export", "Export", "Izvoz"),
    ("green", "Less waste, cleaner air and water", "Manje otpada, čistiji vazduh i voda"),
    ("social", "Care and inclusion", "Briga i uključivanje"),
    ("supply_chain", "Part of a supply chain", "Uključivanje u lance snabdevanja"),
)


def aims(programme: Programme) -> dict[str, Aim]:
    return {
        code: Aim.objects.create(programme=programme, code=code, name=name, name_sr=name_sr)
        for code, name, name_sr in AIMS
    }


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
    book: Book,
    programme: Programme,
    opens: datetime,
    closes: datetime,
    mentors: Iterable[Mentor],
    **asks: bool,
) -> Round:
    return ideas.open_round(
        by=book.coordinator,
        programme=programme,
        opens_at=opens,
        closes_at=closes,
        coverage=3,
        criteria=CRITERIA,
        reviewers=[mentor.person for mentor in mentors],
        guidance=GUIDANCE,
        **asks,
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
        ideas.hand_in_review(
            by=task.seat.reviewer.user, task=task, scores=scores, comment=comment,
            recommendation=would(scores.values()) if self.round.asks_recommendation else "",
            confidence=sure(draw) if self.round.asks_confidence else None, now=now,
        )  # fmt: skip


def at_evening(day: date, number: int) -> datetime:
    """Reviews are written in the evening, one every seven minutes."""
    return at(day, "18:30") + timedelta(minutes=7 * (number % 32))
