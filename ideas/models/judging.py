"""Judging: rounds with their rubric, who judges what, and what she said."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import Job
from lib.languages import told
from lib.saying import SaidField
from lib.walls import Walled
from people.access import InProgramme, access
from people.models import Person, Programme

STEP = Decimal("0.01")  # the finest scale
MOST_NUMBERS = 11  # so many can be chosen one by one; a longer or finer scale is typed


def plain(value: Decimal) -> int | float:
    """A score as people write it: 4, 3.5."""
    return int(value) if value == value.to_integral_value() else float(value)


class RoundQuerySet(InProgramme):
    roles = ("coordinator", "mentor")


class Round(models.Model):
    """A dated phase of judging: its rubric, its reviewers, how many reviews an idea gets."""

    class Better(models.TextChoices):
        HIGH = "high", _("a high number is good")
        LOW = "low", _("a low number is good")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    coverage = models.PositiveSmallIntegerField(_("reviews per idea"), default=3)
    is_blind = models.BooleanField(_("nominators are hidden"), default=True)
    lowest = models.SmallIntegerField(_("lowest score"), default=1)
    highest = models.SmallIntegerField(_("highest score"), default=5)
    step = models.DecimalField(
        _("step of the scale"),
        max_digits=4,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(STEP)],
    )
    better = models.CharField(_("direction of the scale"), max_length=4, choices=Better, default=Better.HIGH)
    guidance = models.TextField(_("what reviewers should know"), max_length=2_000, blank=True)
    asks_recommendation = models.BooleanField(_("a recommendation is asked for"), default=False)
    asks_confidence = models.BooleanField(_("reviewers say how sure they are"), default=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="round_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_opening",
                violation_error_message=_("A round closes after it opens."),
            ),
            models.CheckConstraint(condition=Q(highest__gt=F("lowest")), name="round_scale"),
            models.CheckConstraint(condition=Q(step__gte=STEP), name="round_step"),
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="round_once_per_source",
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    @property
    def last_moment(self) -> datetime:
        """The end is not part of it: a round that closes at midnight is last judged the day before."""
        return self.closes_at - timedelta(microseconds=1)

    @property
    def scale(self) -> range:
        """The numbers that a criterion may be given, to choose from; none where they are too many or too fine
        for that (`takes`)."""
        if self.step != int(self.step):
            return range(0)
        numbers = range(self.lowest, self.highest + 1, int(self.step))
        return numbers if len(numbers) <= MOST_NUMBERS else range(0)

    def takes(self, value: int | float | Decimal) -> bool:
        """Is this number on the scale?"""
        value = Decimal(str(value))
        return self.lowest <= value <= self.highest and (value - self.lowest) % self.step == 0

    @property
    def spoken_scale(self) -> str:
        """Its numbers in words, with the direction: stands on form, desk, board and in exports."""
        said = {"lowest": self.lowest, "highest": self.highest, "step": plain(Decimal(self.step))}
        if self.step != 1:
            words = (
                _("%(lowest)s is worst, %(highest)s is best, in steps of %(step)s")
                if self.better == self.Better.HIGH
                else _("%(lowest)s is best, %(highest)s is worst, in steps of %(step)s")
            )
        elif self.better == self.Better.HIGH:
            words = _("%(lowest)s is worst, %(highest)s is best")
        else:
            words = _("%(lowest)s is best, %(highest)s is worst")
        return str(words % said)

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class CriterionQuerySet(InProgramme):
    programme = "round__programme"
    roles = ("coordinator", "mentor")


class Criterion(models.Model):
    """One weighted line of the rubric. With scores on it, it is retired, never deleted."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=100)
    name_sr = models.CharField(_("name in Serbian"), max_length=100, blank=True)
    help = models.CharField(_("what the numbers mean"), max_length=300, blank=True)
    help_sr = models.CharField(_("what the numbers mean, in Serbian"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # what a number of the scale stands for: {"1": {"en": "nobody asked", "sr": "niko nije tražio"}}
    described = models.JSONField(_("described numbers"), default=dict, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="criterion_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="criterion_weight"),
        ]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    @property
    def anchors(self) -> str:
        return told(self.help, self.help_sr)

    def meaning(self, number: int) -> str:
        """What a number of the scale stands for, in the reader's language; "" where nobody said."""
        said = self.described.get(str(number), {})
        return told(said.get("en", "") or said.get("sr", ""), said.get("sr", ""))

    def __str__(self) -> str:
        return self.title


class SeatQuerySet(Walled):
    programme = "round__programme"

    def visible_to(self, user: User) -> "SeatQuerySet":
        """Her own; those of the programmes that she runs."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(round__programme__tenant_id=user.tenant_id)
        return self.filter(Q(reviewer__user=user) | Q(round__programme__in=may.programmes("coordinator")))


class Seat(models.Model):
    """A reviewer in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seats")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    cap = models.PositiveSmallIntegerField(_("at most so many ideas"), null=True, blank=True)
    left_at = models.DateTimeField(_("judges no more since"), null=True, blank=True)
    left_reason = models.CharField(_("why she judges no more"), max_length=300, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "reviewer"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.round}"


class ReviewTaskQuerySet(Walled):
    programme = "seat__round__programme"

    def visible_to(self, user: User) -> "ReviewTaskQuerySet":
        """A reviewer sees her own; coordinators those of their programmes."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(seat__round__programme__tenant_id=user.tenant_id)
        return self.filter(
            Q(seat__reviewer__user=user) | Q(seat__round__programme__in=may.programmes("coordinator"))
        )

    def waiting(self) -> "ReviewTaskQuerySet":
        return self.filter(state=ReviewTask.State.WAITING)

    def on_desk(self) -> "ReviewTaskQuerySet":
        """Those that wait to be judged. One whose idea stands under another now waits out of sight: parting
        them brings it back."""
        ideas = self.model.idea.field.related_model.objects
        return self.waiting().filter(idea__in=ideas.standing().order_by().values("pk"))

    def with_sight_of(self, user: User) -> "ReviewTaskQuerySet":
        """`is_mine`, and `is_open_to_her`: a review that is in, of an idea whose scores this reader may see
        (as `ideas.rules.may_see_scores` says it for one idea)."""
        mine = ReviewTask.objects.filter(idea=models.OuterRef("idea"), seat__reviewer__user=user)
        may = access(user)
        runs = Q(idea__programme__in=may.programmes("coordinator"))
        if may.is_administrator:
            runs |= Q(idea__programme__tenant_id=user.tenant_id)
        return self.annotate(
            is_mine=models.Case(models.When(seat__reviewer__user=user, then=True), default=False),
            owes=models.Exists(mine.filter(state="waiting")),
            gave=models.Exists(mine.filter(state="done")),
        ).annotate(
            is_open_to_her=models.Case(
                models.When(Q(owes=True) | ~Q(state="done"), then=False),
                models.When(runs | Q(gave=True), then=True),
                default=False,
            )
        )


class ReviewTask(models.Model):
    """One idea on the desk of one reviewer. One mentor judges an idea once in a round."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        CONFLICT = "conflict", _("conflict of interest")
        CANNOT = "cannot", _("cannot judge")
        WITHDRAWN = "withdrawn", _("taken back")  # by who runs the round: a reviewer left it

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tasks")
    idea = models.ForeignKey("Idea", models.PROTECT, related_name="tasks")
    place = models.PositiveIntegerField()  # in the reviewer's own random order
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    reason = SaidField(_("reason"), max_length=300, blank=True)
    run = models.ForeignKey("AssigningRun", models.PROTECT, null=True, blank=True, related_name="tasks")
    points = models.JSONField(default=dict, blank=True)  # {factor: points}: why it lies on this desk

    objects = ReviewTaskQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "idea"],
                name="review_once",
                violation_error_message=_("One mentor judges an idea once in a round."),
            )
        ]
        indexes = [models.Index(fields=["seat", "state", "place"], name="review_queue")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.idea}"


class Review(models.Model):
    """One mentor's scores and comment on one idea; a draft until it is handed in."""

    class Recommendation(models.TextChoices):
        YES = "yes", _("carry it on")
        MAYBE = "maybe", _("carry it on with changes")
        NO = "no", _("do not carry it on")

    class Confidence(models.IntegerChoices):
        LOW = 1, _("not very sure")
        MEDIUM = 2, _("fairly sure")
        HIGH = 3, _("sure")

    task = models.OneToOneField(ReviewTask, models.PROTECT, related_name="review")
    comment = models.TextField(_("comment"), max_length=10_000, blank=True)
    recommendation = models.CharField(_("recommendation"), max_length=8, choices=Recommendation, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("how sure she is"), choices=Confidence, null=True, blank=True
    )
    # what of the comment the entrepreneur may read: worded and cleared by who runs the round
    shared_comment = models.TextField(_("comment for the entrepreneur"), max_length=10_000, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    score = models.DecimalField(max_digits=6, decimal_places=3, null=True)  # weighted mean, once handed in
    saved_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.task)


class Score(models.Model):
    """One number of one review, inside the round's scale (checked by the service; here its outer bounds)."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=6, decimal_places=2)

    @property
    def number(self) -> int | float:
        return plain(self.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__range=(0, 100)), name="score_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class DeclaredConflict(models.Model):
    """A reviewer says herself that she may not judge an idea, and why."""

    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="declared_conflicts")
    idea = models.ForeignKey("Idea", models.PROTECT, related_name="declared_conflicts")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "idea"], name="declared_conflict_once")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.idea}"


class AssigningRunQuerySet(InProgramme):
    programme = "round__programme"
    roles = ("coordinator",)


class AssigningRun(models.Model):
    """One computed proposal of who judges what in a round. `facts` are frozen when it is asked for; `result`
    and `fingerprint` follow from them alone."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(_("number"))  # from 1 in each round
    facts = models.JSONField(default=dict)  # ideas.assigning.facts: what was known, by row key
    result = models.JSONField(default=dict)  # ideas.assigning.solving: pairs with reasons, short ones, totals
    facts_fingerprint = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the result too; "": not computed yet
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    laid_at = models.DateTimeField(_("laid on the desks"), null=True, blank=True)
    laid_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = AssigningRunQuerySet.as_manager()

    class Meta:
        ordering = ["round", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="assigning_run_once"),
            models.CheckConstraint(
                condition=Q(laid_at=None) | ~Q(fingerprint=""), name="assigning_run_laid_computed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.number}"
