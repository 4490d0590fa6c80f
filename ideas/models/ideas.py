"""Business ideas, their words, and who put them forward. None is ever deleted."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.models.blindness import blind_tasks, recorded_by
from ideas.models.carrying import Mentored
from ideas.models.joining import Join
from ideas.models.judging import ReviewTask
from lib.folding import fold
from lib.languages import told
from lib.walls import Walled
from people.access import InProgramme, access
from people.models import Organisation, Programme
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
        entrepreneur: what she nominated, and what that stands under."""
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
            | Q(pk__in=Join.objects.open().filter(idea__in=nominated).values("into"))
        )

    def standing(self) -> "IdeaQuerySet":
        """Those that stand for themselves: not joined under another one now."""
        return self.filter(~models.Exists(Join.objects.open().filter(idea=models.OuterRef("pk"))))

    def of_group(self, idea: "Idea") -> "IdeaQuerySet":
        """The idea itself and what stands under it now."""
        under = Join.objects.open().filter(into=idea).values("idea")
        return self.filter(Q(pk=idea.pk) | Q(pk__in=under))

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

    def with_own_reviews(self) -> "IdeaQuerySet":
        """`asked`, `judged` and `score` as above, asked for row by row: for a page of a long list in the
        order of its keys, where the database stops after the last one shown."""
        tasks = ReviewTask.objects.filter(idea=models.OuterRef("pk")).order_by().values("idea")
        n, done = models.Count("pk"), tasks.filter(state="done")
        asked = tasks.filter(state__in=["waiting", "done"])
        return self.annotate(
            asked=Coalesce(models.Subquery(asked.annotate(n=n).values("n")), 0),
            judged=Coalesce(models.Subquery(done.annotate(n=n).values("n")), 0),
            score=models.Subquery(done.annotate(mean=models.Avg("review__score")).values("mean")),
        )

    def with_nominators(self) -> "IdeaQuerySet":
        """How many put the idea, or one that stands under it, forward. Never who; nobody counts twice."""
        own = Nomination.objects.filter(idea=models.OuterRef("pk")).order_by().values("idea")
        joined = Nomination.objects.filter(
            idea__joins__parted_at=None, idea__joins__into=models.OuterRef("pk")
        )
        before = Nomination.objects.filter(
            idea=models.OuterRef(models.OuterRef("pk")), enrolment=models.OuterRef("enrolment")
        )
        joined = joined.filter(~models.Exists(before))
        joined = joined.order_by().values("idea__joins__into")
        counted = models.Subquery(own.annotate(n=models.Count("pk")).values("n"))
        more = models.Subquery(joined.annotate(n=models.Count("enrolment", distinct=True)).values("n"))
        return self.annotate(nominators=Coalesce(counted, 0) + Coalesce(more, 0))

    def with_joined(self) -> "IdeaQuerySet":
        """How many ideas stand under it now, and the number of the one that it stands under itself."""
        rows = Join.objects.open().filter(into=models.OuterRef("pk")).order_by().values("into")
        counted = models.Subquery(rows.annotate(n=models.Count("pk")).values("n"))
        above = Join.objects.open().filter(idea=models.OuterRef("pk")).values("into__number")
        return self.annotate(under=Coalesce(counted, 0), head_number=models.Subquery(above))

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

    def with_note_for(self, user: User) -> "IdeaQuerySet":
        """`shown_note` is the private note for who records ideas and judges this one in no blind round now;
        None for everybody else."""
        may = access(user)
        records = Q(programme__in=may.programmes("coordinator", "trainer"))
        if may.is_administrator:
            records |= Q(programme__tenant_id=user.tenant_id)
        blind = ReviewTask.objects.waiting().filter(seat__round__is_blind=True, seat__reviewer__user=user)
        judges = models.Exists(blind.filter(idea=models.OuterRef("pk")))
        shown = models.Case(models.When(records & ~judges, then=F("note")), default=None)
        return self.annotate(shown_note=shown)

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
    cluster = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="ideas", verbose_name=_("cluster")
    )
    note = models.TextField(_("private note"), max_length=2_000, blank=True)  # read by who records ideas only
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


class HungOnIdea(Walled):
    """Rows of an idea: whoever sees it sees them."""

    programme = "idea__programme"

    def visible_to(self, user: User) -> "HungOnIdea":
        return self.filter(idea__in=Idea.objects.visible_to(user).order_by().values("pk"))


class IdeaChange(models.Model):
    """One step of an idea's way, never changed: its state from then on, by whom and why."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="changes")
    state = models.CharField(_("state"), max_length=12, choices=Idea.State)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = HungOnIdea.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.idea}: {self.get_state_display()}"


class NominationQuerySet(Walled):
    programme = "idea__programme"

    def of_group(self, idea: "Idea") -> "NominationQuerySet":
        """Those of the idea and of what stands under it now."""
        under = Join.objects.open().filter(into=idea).values("idea")
        return self.filter(Q(idea=idea) | Q(idea__in=under))

    def visible_to(self, user: User) -> "NominationQuerySet":
        """Who may see names, row by row as `ideas.rules.may_see_nominators` says it for one idea."""
        if not user.is_authenticated:
            return self.none()
        mine = ReviewTask.objects.filter(seat__reviewer__user=user, idea=models.OuterRef("idea"))
        blind, records = blind_tasks(user), recorded_by(user)
        own = Nomination.objects.filter(enrolment__person__user=user)
        under = Join.objects.open().filter(into=models.OuterRef(models.OuterRef("idea"))).values("idea")
        put = own.filter(Q(idea=models.OuterRef("idea")) | Q(idea__in=under))
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
