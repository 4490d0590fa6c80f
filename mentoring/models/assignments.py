"""A mentor for an entrepreneur: the states it goes through, what they agreed to reach."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.walls import Walled
from mentoring.models.profiles import Function, Mentor, Need
from people.access import InProgramme, access
from people.models import Programme
from training.models import Enrolment


class AssignmentQuerySet(InProgramme):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        """Coordinators see those of their programmes; a mentor whom she was asked about; an entrepreneur who
        guides or guided her."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(programme__tenant_id=user.tenant_id)
        return self.filter(
            Q(programme__in=may.programmes("coordinator"))
            | Q(mentor__person__user=user) & ~Q(state=Assignment.State.PROPOSED)
            | Q(enrolment__person__user=user, state__in=Assignment.COUNTED)
        )

    def alive(self) -> "AssignmentQuerySet":
        return self.filter(state__in=Assignment.ALIVE)

    def with_minutes(self) -> "AssignmentQuerySet":
        """A meeting that was cancelled counts nowhere."""
        counting = Q(meetings__cancelled_at=None)
        return self.annotate(
            met_minutes=Sum("meetings__minutes", filter=counting),
            met=models.Count("meetings", filter=counting),
            last_met=models.Max("meetings__day", filter=counting),
        ).in_order()


class Assignment(models.Model):
    """A mentor for an entrepreneur and her need, with agreed hours and a state."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        COMPLETED = "completed", _("completed")
        ENDED = "ended", _("ended")

    ALIVE = (State.ACCEPTED, State.ACTIVE, State.PAUSED)
    SILENT_DAYS = 21  # a pair that did not meet for so long is asked about
    COUNTED = (State.ACCEPTED, State.ACTIVE, State.PAUSED, State.COMPLETED, State.ENDED)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="assignments")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="assignments")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="assignments")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="assignments")
    agreed_hours = models.PositiveSmallIntegerField(
        _("agreed hours"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ACTIVE)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    offered_until = models.DateTimeField(_("to be answered until"), null=True, blank=True)
    share_on_premises = models.PositiveSmallIntegerField(  # percent of the agreed hours
        _("share on the premises"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    # the assignment of another mentor that this one goes on from
    goes_on_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="gone_on")
    run = models.ForeignKey("MatchingRun", models.PROTECT, null=True, blank=True, related_name="assignments")
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    # the coordinator read the conflict and went on all the same: her words, kept with the row
    conflict_accepted = models.CharField(_("why in spite of the conflict"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "enrolment"],
                condition=Q(
                    state__in=["proposed", "offered", "accepted", "active", "paused", "completed", "ended"]
                ),
                name="assignment_once",
                violation_error_message=_("This mentor guides this entrepreneur already."),
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} – {self.enrolment}"


class HungOn(Walled):
    """Rows of an assignment: whoever sees it sees them."""

    programme = "assignment__programme"

    def visible_to(self, user: User) -> "HungOn":
        return self.filter(assignment__in=Assignment.objects.visible_to(user).order_by().values("pk"))


class AssignmentChange(models.Model):
    """One step of an assignment's way, never changed: its state from then on, by whom and why."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="changes")
    state = models.CharField(_("state"), max_length=12, choices=Assignment.State)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = HungOn.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_state_display()}"


class Goal(models.Model):
    """What a pair agreed to reach, and until when."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        REACHED = "reached", _("reached")
        PARTLY = "partly", _("partly reached")
        DROPPED = "dropped", _("dropped")

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="goals")
    operation = models.UUIDField(unique=True, null=True, blank=True)  # a double tap is one goal
    text = models.CharField(_("goal"), max_length=300)
    function = models.CharField(_("business function"), max_length=13, choices=Function, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    remark = models.CharField(_("what came of it"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = HungOn.as_manager()

    class Meta:
        ordering = [F("due").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.text
