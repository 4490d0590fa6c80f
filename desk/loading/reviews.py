"""Reviews that were written elsewhere: one row, what one reviewer gave one idea in one round."""

import re
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from desk.loading.criteria import OVERALL, Rubric, criterion_in, ideas_said, weight_in
from desk.loading.fields import Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, only
from desk.loading.review_fields import FIELDS
from ideas import conflicts, services
from ideas.models import Criterion, Idea, Review, ReviewTask, Round, Score, Seat, Selection
from lib import clock
from people.models import Membership

SAID = ("comment", "recommendation", "confidence", "handed_in_at")
SCALE = ("lowest", "highest", "step", "better")
NAMED = re.compile(r"score|mark|criteri|ocena|kriterij|bodov", re.I)


class Reviews(Kind):
    """A round is found by its number, or made as one that was judged elsewhere. Where an overall score is
    given, it alone counts, and the criteria beside it are kept to be read."""

    name = "reviews"
    words = "reviews review scores recenzije ocene ocenjivanje"
    identity = ("idea", "reviewer")
    fields = FIELDS

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.zone = ZoneInfo(target.programme.zone)
        self.ideas: dict[str, Idea] = {}

    @classmethod
    def of_their_own(cls, columns, sure):
        """Columns of numbers whose heading says that they are scores, or gives a weight in brackets."""
        return [head for head in columns if head in sure and (NAMED.search(head) or weight_in(head))]

    @classmethod
    def choices_of_columns(cls, programme):
        rows = Criterion.objects.filter(round__programme=programme).order_by("-round__number", "position")
        return [(name, name) for name in dict.fromkeys(row.name for row in rows)] or None

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if guessed.keys() & {"score", "scores"} else 3

    @classmethod
    def check(cls, origins, target):
        names = {origin.field.name for origin in origins}
        if not names & {"score", "scores"}:
            raise Refused(_("Say which column is the overall score, or which columns are a criterion each."))

    def look_up(self, rows):
        self.target.people.learn(row["reviewer"] for row in rows)
        self.ideas |= ideas_said(self.target, {row["idea"] for row in rows})

    def key(self, row):
        idea = self.ideas.get(row["idea"])
        return row.get("round"), idea.pk if idea else row["idea"], self.target.people.key(row["reviewer"])

    def repeats_are_one(self, row):
        return False  # two reviews by one person of one idea in one round

    def prepare(self, entries):
        programme, people = self.target.programme, self.target.people.known()
        mentors = Membership.objects.filter(programme=programme, role="mentor", person__in=people)
        self.mentors = set(mentors.values_list("person", flat=True))
        rounds = Round.objects.filter(programme=programme).prefetch_related("criteria")
        self.rubrics = {row.number: Rubric(row) for row in rounds}
        self.mine = {row.source_id: row.number for row in rounds if row.source == self.target.source}
        self.decided = set(Selection.objects.filter(round__in=rounds).values_list("round", flat=True))
        ideas = [self.ideas[e.row["idea"]] for e in entries if e.row["idea"] in self.ideas]
        tasks = ReviewTask.objects.filter(seat__round__in=rounds, seat__reviewer__in=people, idea__in=ideas)
        tasks = tasks.select_related("seat", "review").prefetch_related("review__scores")
        self.tasks = {(t.seat.round_id, t.seat.reviewer_id, t.idea_id): t for t in tasks}
        own = any(not rubric.round.source_id for rubric in self.rubrics.values())
        day = clock.local(self.target.now, programme.zone).date()
        self.barred = conflicts.found(people, ideas, day) if own and people and ideas else {}

    def write(self, entry):
        row = entry.row
        idea, person = self._idea(row), self.target.people.find(row["reviewer"], "reviewer")
        if person.pk not in self.mentors:
            words = _("This person is no mentor of the programme: load the mentors first.")
            raise Refused(words, "reviewer", row["reviewer"])
        rubric = self._rubric(row)
        given = self._given(rubric, row)
        self.is_touched = True
        task = self.tasks.get((rubric.round.pk, person.pk, idea.pk))
        if task and task.state == ReviewTask.State.DONE:
            return self._again(rubric, task.review, given, row)
        return self._new(rubric, idea, person, given, row)

    def _new(self, rubric, idea, person, given, row) -> str:
        if not rubric.round.source_id and (words := self.barred.get((person.pk, idea.pk))):
            raise Refused(_("A conflict of interest is on record: %(why)s") % {"why": words[0]}, "reviewer")
        seats = set(rubric.round.seats.values_list("pk", flat=True))
        before = self.tasks.get((rubric.round.pk, person.pk, idea.pk))
        review = services.record_review(
            by=self.target.by, round=rubric.round, idea=idea, reviewer=person, given=given,
            now=self.target.now, **self._said(row),
        )  # fmt: skip
        task = review.task
        self.tasks[rubric.round.pk, person.pk, idea.pk] = task
        if task.seat_id not in seats:
            self.trail.made(Seat, [task.seat_id])
        if before:
            changed = {"state": [before.state, task.state], "state_at": [before.state_at, task.state_at]}
            self.trail.changed(ReviewTask, {task.pk: changed})
        else:
            self.trail.made(ReviewTask, [task.pk])
        self.trail.made(Review, [review.pk])
        self.trail.made(Score, review.scores.values_list("pk", flat=True))
        if rubric.round.source_id:
            self._widen(rubric.round, idea, review)
        return CREATED

    def _again(self, rubric, review, given, row) -> str:
        said = self._said(row)
        there = {score.criterion_id: score for score in review.scores.all()}
        old = {one: there[one.pk].value for one in given if one.pk in there}
        changed = {name: [getattr(review, name), v] for name, v in said.items() if getattr(review, name) != v}
        if not changed and old == given:
            return UNCHANGED
        if not rubric.round.source_id:
            raise Refused(_("This review was handed in here; a file does not change it."), "idea")
        before = review.score
        services.rerecord_review(
            by=self.target.by, round=rubric.round, review=review, given=given, now=self.target.now, **said
        )
        if review.score != before:
            changed["score"] = [before, review.score]
        self.trail.changed(Review, {review.pk: changed} if changed else {})
        values = {
            there[one.pk].pk: {"value": [old[one], value]}
            for one, value in given.items() if one in old and old[one] != value
        }  # fmt: skip
        self.trail.changed(Score, values)
        self.trail.made(
            Score, review.scores.exclude(pk__in=[s.pk for s in there.values()]).values_list("pk", flat=True)
        )
        return UPDATED

    def _idea(self, row) -> Idea:
        if row["idea"] not in self.ideas:
            words = _("The programme has no idea with this id, number or title: load the ideas first.")
            raise Refused(words, "idea", row["idea"])
        return self.ideas[row["idea"]]

    def _rubric(self, row) -> Rubric:
        """The round that is meant, with its criteria. Made when the file is its source."""
        said = row.get("round")
        number = said if said is not None else self.mine.get("", self.mine.get("1"))
        if number in self.rubrics:
            rubric = self.rubrics[number]
            if rubric.round.pk in self.decided:
                raise Refused(_("This round is decided on; no review can be added."), "round", said)
            return rubric
        self.is_touched = True
        at = self._moment(row) or self.target.now
        made = services.record_round(
            by=self.target.by,
            programme=self.target.programme,
            source=self.target.source,
            source_id=str(said) if said is not None else "1",
            number=said,
            opens_at=min(at, self.target.now) - timedelta(days=1),
            closes_at=min(at + timedelta(seconds=1), self.target.now),
            now=self.target.now,
            **only(row, *SCALE),
        )
        self.trail.made(Round, [made.pk])
        self.mine[made.source_id] = made.number
        self.rubrics[made.number] = Rubric(made)
        return self.rubrics[made.number]

    def _given(self, rubric: Rubric, row) -> dict[Criterion, Decimal]:
        """The scores by criterion. Raises Refused with the column for one that is not on the scale."""
        overall = row.get("score")
        said = [(name, value, name) for name, value in row.get("scores") or ()]
        said += [(OVERALL, overall, "")] if overall is not None else []
        given, is_own = {}, not rubric.round.source_id
        for name, value, column in said:
            field = "scores" if column else "score"
            if not rubric.round.takes(value):
                words = _("%(value)s is not on the scale of round %(number)s: %(scale)s.")
                told = {"value": value, "number": rubric.round.number, "scale": rubric.round.spoken_scale}
                raise Refused(words % told, field, value, column=column)
            one = rubric.find(criterion_in(name))
            if one is None and is_own:
                words = _("Round %(number)s has no criterion “%(name)s”.")
                raise Refused(words % {"number": rubric.round.number, "name": name}, field, column=column)
            given[one or self._criterion(rubric, name, row)] = value
        missing = [one.title for one in rubric.counting if one not in given]
        if missing and (is_own or not any(one.retired_at is None for one in given)):
            words = _("No score for: %(names)s.") % {"names": ", ".join(missing)}
            raise Refused(words, "score" if "score" in row else "scores")
        if not given:
            raise Refused(_("A review has a score."), "score" if "score" in row else "scores")
        return given

    def _criterion(self, rubric: Rubric, name: str, row) -> Criterion:
        """A line of the rubric of a round judged elsewhere, named as its column is."""
        self.is_touched = True
        beside = "score" in row and name != OVERALL
        made = services.record_criterion(
            round=rubric.round,
            name=_("Overall score") if name == OVERALL else criterion_in(name),
            weight=100 if name == OVERALL else weight_in(name) or 1,
            retired_at=self.target.now if beside else None,
        )
        self.trail.made(Criterion, [made.pk])
        rubric.add(made)
        return made

    def _said(self, row) -> dict:
        """What the row says beside its numbers. Unknown is left out, so that it takes nothing away."""
        said = only(row, *SAID)
        if "handed_in_at" in said:
            said["handed_in_at"] = self._moment(row)
        if said.get("confidence") not in (None, *Review.Confidence.values):
            raise Refused(_("Say 1, 2 or 3."), "confidence", said["confidence"])
        return said

    def _moment(self, row):
        at = row.get("handed_in_at")
        return at.replace(tzinfo=self.zone) if at and at.tzinfo is None else at

    def _widen(self, round: Round, idea: Idea, review: Review) -> None:
        """A round of a file lasts as long as its reviews, and asks what they answer."""
        judged = ReviewTask.objects.filter(seat__round=round, idea=idea, state=ReviewTask.State.DONE).count()
        wanted = {
            "coverage": max(round.coverage, judged),
            "opens_at": min(round.opens_at, review.handed_in_at),
            "closes_at": max(round.closes_at, review.handed_in_at + timedelta(microseconds=1)),
            "asks_recommendation": round.asks_recommendation or bool(review.recommendation),
            "asks_confidence": round.asks_confidence or review.confidence is not None,
        }
        changed = {name: [getattr(round, name), v] for name, v in wanted.items() if getattr(round, name) != v}
        if changed:
            Round.objects.filter(pk=round.pk).update(**wanted)
            self.trail.changed(Round, {round.pk: changed})
            for name, value in wanted.items():
                setattr(round, name, value)
