"""Business ideas: nominated, judged by mentors without a conflict, carried on. None is ever deleted."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.folding import fold
from lib.languages import told
from lib.walls import Walled
from mentoring.models import Assignment
from people.access import InProgramme, access
from people.models import Person, Programme
from training.models import Enrolment, Session


class AimQuerySet(InProgramme):
    pass


class Aim(models.Model):
    """What ideas of a programme may serve; a list kept by the programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="aims")
    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    name_sr = models.CharField(_("name in Serbian"), max_length=100, blank=True)

    objects = AimQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="aim_once")]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return self.title


class IdeaQuerySet(InProgramme):
    def visible_to(self, user: User) -> "IdeaQuerySet":
        """Coordinators and trainers: all of their programmes. A mentor: what she reviews or guides. An
        entrepreneur: what she nominated."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(programme__tenant_id=user.tenant_id)
        reviewed = ReviewTask.objects.filter(seat__reviewer__user=user).values("idea")
        guided = Mentored.objects.filter(assignment__mentor__person__user=user).values("idea")
        nominated = Nomination.objects.filter(enrolment__person__user=user).values("idea")
        return self.filter(
            Q(programme__in=may.programmes("coordinator", "trainer"))
            | Q(pk__in=reviewed)
            | Q(pk__in=guided)
            | Q(pk__in=nominated)
        )

    def with_reviews(self) -> "IdeaQuerySet":
        """Reviews in, reviews asked for, the mean weighted score (none while nobody judged) with the lowest
        and highest that it is made of."""
        done = Q(tasks__state="done")
        return self.annotate(
            asked=models.Count("tasks", filter=Q(tasks__state__in=["waiting", "done"])),
            judged=models.Count("tasks", filter=done),
            score=models.Avg("tasks__review__score", filter=done),
            lowest=models.Min("tasks__review__score", filter=done),
            highest=models.Max("tasks__review__score", filter=done),
        ).in_order()

    def with_nominators(self) -> "IdeaQuerySet":
        """How many put the idea forward. Never who."""
        rows = Nomination.objects.filter(idea=models.OuterRef("pk")).order_by().values("idea")
        counted = models.Subquery(rows.annotate(n=models.Count("pk")).values("n"))
        return self.annotate(nominators=Coalesce(counted, 0))

    def with_sight_of(self, user: User) -> "IdeaQuerySet":
        """Whether this reader may see the scores: whoever judges sees none before her own are in; who runs
        the programme sees them, a mentor only where she has judged. `shown_score` is None for the others."""
        mine = ReviewTask.objects.filter(idea=models.OuterRef("pk"), seat__reviewer__user=user)
        may = access(user)
        runs = Q(programme__in=may.programmes("coordinator"))
        if may.is_administrator:
            runs |= Q(programme__tenant_id=user.tenant_id)
        return self.annotate(
            owes=models.Exists(mine.filter(state="waiting")), gave=models.Exists(mine.filter(state="done"))
        ).annotate(
            sees_scores=models.Case(
                models.When(owes=True, then=False), models.When(runs | Q(gave=True), then=True), default=False
            ),
            shown_score=models.Case(models.When(sees_scores=True, then=F("score")), default=None),
        )

    def delete(self):
        raise models.ProtectedError(_("An idea is never deleted."), set(self))


class Idea(models.Model):
    """A business idea nominated by one or more entrepreneurs. Its texts are versions (IdeaText)."""

    class State(models.TextChoices):
        NOMINATED = "nominated", _("nominated")
        SCREENED = "screened", _("screened")
        IN_REVIEW = "in_review", _("in review")
        SHORTLISTED = "shortlisted", _("shortlisted")
        WAITING = "waiting", _("waiting")
        DECLINED = "declined", _("declined")
        IN_MENTORING = "in_mentoring", _("in mentoring")
        LAUNCHED = "launched", _("launched")
        STOPPED = "stopped", _("stopped")
        UNKNOWN = "unknown", _("unknown")  # a loaded idea whose end nobody wrote down

    class Stage(models.TextChoices):
        IDEA = "idea", _("idea")
        PROTOTYPE = "prototype", _("prototype")
        FIRST_CUSTOMERS = "first_customers", _("first customers")
        SELLING = "selling", _("selling")

    CARRIED_ON = (State.IN_MENTORING, State.LAUNCHED, State.STOPPED)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="ideas")
    number = models.PositiveIntegerField(_("number"))
    text = models.OneToOneField(
        "IdeaText", models.PROTECT, null=True, related_name="current_of"
    )  # the newest
    sector = models.CharField(_("sector (NACE section)"), max_length=1, blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, null=True, blank=True)
    aims = models.ManyToManyField(Aim, blank=True, related_name="ideas", verbose_name=_("aims"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NOMINATED)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="idea_once_by_number"),
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="idea_once_per_source",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="idea_by_state")]

    @property
    def title(self) -> str:
        return self.text.title if self.text else ""

    def delete(self, *args, **kwargs):
        raise models.ProtectedError(_("An idea is never deleted."), {self})

    def __str__(self) -> str:
        return self.title or f"#{self.number}"


class IdeaText(models.Model):
    """One version of an idea's words. A change is a new version; old ones stay."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("title"), max_length=300)
    title_key = models.CharField(max_length=600, editable=False)  # folded: found and compared in any script
    text_key = models.TextField(editable=False)  # title and all that follows, folded
    summary = models.TextField(_("in one or two sentences"), max_length=10_000, blank=True)
    problem = models.TextField(_("problem"), max_length=5_000, blank=True)
    customer = models.TextField(_("customer"), max_length=5_000, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=User.Language, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["idea", "version"]
        constraints = [models.UniqueConstraint(fields=["idea", "version"], name="idea_text_once")]

    def save(self, *args, **kwargs):
        self.title_key = fold(self.title)[:600]
        self.text_key = fold("\n".join([self.title, self.summary, self.problem, self.customer]))
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.title


class NominationQuerySet(Walled):
    programme = "idea__programme"

    def visible_to(self, user: User) -> "NominationQuerySet":
        """Who may see names, row by row as `ideas.rules.may_see_nominators` says it for one idea."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        mine = ReviewTask.objects.filter(idea=models.OuterRef("idea"), seat__reviewer__user=user)
        blind = mine.filter(seat__round__is_blind=True)
        records = Q(idea__programme__in=may.programmes("coordinator", "trainer"))
        if may.is_administrator:
            records |= Q(idea__programme__tenant_id=user.tenant_id)
        put = Nomination.objects.filter(idea=models.OuterRef("idea"), enrolment__person__user=user)
        guided = Mentored.objects.filter(idea=models.OuterRef("idea"), assignment__mentor__person__user=user)
        knows = models.Exists(put) | models.Exists(guided) | models.Exists(mine)
        return self.filter(
            (records & ~models.Exists(blind.filter(state="waiting")))
            | (~records & ~models.Exists(blind) & knows)
        )


class Nomination(models.Model):
    """Who put an idea forward, when, in which session. An idea may have several."""

    operation = models.UUIDField(unique=True)  # a double tap nominates once
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="nominations")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="nominations")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="nominations")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # none: she herself, by code
    at = models.DateTimeField(default=timezone.now)

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "enrolment"], name="nomination_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.idea}"


class RoundQuerySet(InProgramme):
    roles = ("coordinator", "mentor")


class Round(models.Model):
    """A dated phase of judging: its rubric, its reviewers, how many reviews an idea gets."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    coverage = models.PositiveSmallIntegerField(_("reviews per idea"), default=3)
    is_blind = models.BooleanField(_("nominators are hidden"), default=True)
    lowest = models.SmallIntegerField(_("lowest score"), default=1)
    highest = models.SmallIntegerField(_("highest score"), default=5)

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
        ]

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    @property
    def last_moment(self) -> datetime:
        """The end is not part of it: a round that closes at midnight is last judged the day before."""
        return self.closes_at - timedelta(microseconds=1)

    @property
    def scale(self) -> range:
        """The numbers that a criterion may be given."""
        return range(self.lowest, self.highest + 1)

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


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
    retired_at = models.DateTimeField(null=True, blank=True)

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

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """A reviewer in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seats")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    cap = models.PositiveSmallIntegerField(_("at most so many ideas"), null=True, blank=True)

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

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tasks")
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="tasks")
    place = models.PositiveIntegerField()  # in the reviewer's own random order
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

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

    task = models.OneToOneField(ReviewTask, models.PROTECT, related_name="review")
    comment = models.TextField(_("comment"), max_length=10_000, blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=3, null=True)  # weighted mean, once handed in
    saved_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.task)


class Score(models.Model):
    """One number of one review, inside the round's scale (checked by the service; here its outer bounds)."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.SmallIntegerField()

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
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="declared_conflicts")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "idea"], name="declared_conflict_once")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.idea}"


class MentoredQuerySet(InProgramme):
    programme = "idea__programme"
    roles = ("coordinator",)


class Mentored(models.Model):
    """That an idea is carried on in an assignment: the idea points down to it."""

    idea = models.ForeignKey(Idea, models.PROTECT, related_name="mentored")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="mentored")

    objects = MentoredQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "assignment"], name="mentored_once")]

    def __str__(self) -> str:
        return f"{self.idea}: {self.assignment}"
