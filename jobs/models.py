"""Background work that survives: one row a piece of work. The broker only says "look at job 7"."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from jobs.kinds import function_of
from lib.walls import Walled


class JobQuerySet(Walled):
    def visible_to(self, user: User) -> "JobQuerySet":
        """An administrator sees all work of her organisation, everybody else what she asked for."""
        if not user.is_authenticated:
            return self.none()
        mine = self.filter(tenant_id=user.tenant_id)
        return mine if user.is_administrator else mine.filter(by=user)

    def waiting(self) -> "JobQuerySet":
        return self.filter(state=Job.State.QUEUED)


class Job(models.Model):
    """A piece of background work. Every change of state is a compare-and-set UPDATE (jobs/services.py)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (State.QUEUED, State.RUNNING)
    MAX_ATTEMPTS = 3

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="jobs")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="jobs")
    kind = models.CharField(max_length=80)  # "room.function": a function in that room's tasks.py
    parameters = models.JSONField(default=dict)
    parameters_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_wanted_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # in words, why it failed or was cancelled
    result = models.JSONField(null=True)  # small: ids, an address; never a file
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "parameters_hash"],
                condition=Q(state__in=["queued", "running"]),
                name="job_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]), name="job_state"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def title(self) -> str:
        """What the work is, in words: the function that does it carries them (`jobs.kinds.job`)."""
        return str(function_of(self.kind).job_title)

    @property
    def said(self) -> str:
        """Where it is: its stage and how far, else its state."""
        if self.state == self.State.RUNNING and self.stage:
            return f"{self.stage} {self.done}/{self.total}" if self.total else self.stage
        return self.get_state_display()
