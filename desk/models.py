"""What was brought in from sheets: each import with its file, its preview, what it wrote, the way back."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, Tenant, User
from jobs.models import Job
from people.access import InProgramme
from people.models import Programme


class ImportQuerySet(InProgramme):
    """Seen by the coordinators of its programme and the administrator of the tenant."""

    roles = ("coordinator",)

    def of_this_file(self, digest: str) -> "ImportQuerySet":
        return self.filter(digest=digest)

    def with_refusals(self) -> "ImportQuerySet":
        parts = ImportPart.objects.filter(about=ImportPart.About.REFUSED)
        return self.prefetch_related(models.Prefetch("parts", parts, to_attr="refused_parts"))


class Import(models.Model):
    """One sheet on its way into a programme.

    Where it is follows from `state` and its last job (`standing`): a job that failed or was stopped leaves
    the state as it was. `columns` is what the chosen sheet holds, so that no page reads the file again;
    `outcomes` is a letter for each line of the sheet (desk/importing/outcomes.py).
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("its columns are not settled yet")
        READY = "ready", _("waits for your yes")
        RUNNING = "running", _("is being brought in")
        DONE = "done", _("brought in")
        FAILED = "failed", _("nothing was written")
        UNDONE = "undone", _("taken back")

    BEFORE = (State.UPLOADED, State.READY, State.FAILED, State.RUNNING)  # nothing of it is written

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="imports")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="imports")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="imports")
    kind = models.CharField(_("what the rows are"), max_length=30, blank=True)  # a key of KINDS; "" not said
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")  # gone after 30 days
    name = models.CharField(_("file"), max_length=255)
    digest = models.CharField(max_length=64)
    sheets = models.JSONField(default=list)  # of the file: [[name, is it hidden?], ...]
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    header_row = models.PositiveIntegerField(
        _("row of the headings"), null=True
    )  # null: the first with content
    source = models.CharField(_("source of its ids"), max_length=60, default="load")
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)  # as `desk.loading.engine.load` takes it
    where = models.JSONField(default=list)  # [[header, value], ...]: only these rows
    sums = models.JSONField(default=list)  # rows that look like a sum: [[row, what stands there], ...]
    leave_out = models.JSONField(default=list)  # numbers of rows that are none, like a sum at the end
    without_refused = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    counts = models.JSONField(default=dict)
    outcomes = models.TextField(blank=True)
    examples = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    differences = models.JSONField(default=list)  # what came otherwise than the preview said
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    previewed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "ready", "running", "done", "failed", "undone"]),
                name="import_state",
            )
        ]
        indexes = [models.Index(fields=["programme", "digest"], name="import_by_file")]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Is something going on: a preview, the import itself, the way back?"""
        return bool(self.job and self.job.is_open)

    @property
    def is_open(self) -> bool:
        """May its choices still be changed?"""
        return self.state in self.BEFORE and self.file_id is not None and not self.works

    @property
    def standing(self) -> str:
        """One word for where it is: a state, `working`, or `stopped` where a job ended without effect."""
        if self.works:
            return "working"
        return "stopped" if self.state == self.State.RUNNING else self.state


class ImportPart(models.Model):
    """A piece of what an import leaves behind, in order: rows refused, or the trail of what was written."""

    class About(models.TextChoices):
        REFUSED = "refused", _("rows refused")
        TRAIL = "trail", _("what was written")

    record = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    about = models.CharField(max_length=10, choices=About)
    place = models.PositiveIntegerField()
    said = models.JSONField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["record", "about", "place"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.about} {self.place}"


class ColumnMemory(models.Model):
    """Which field of ours a heading meant the last time, in this organisation."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    header = models.CharField(max_length=200)  # folded: script, diacritics and case do not matter
    field = models.CharField(max_length=40, blank=True)  # "": it was left out
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "header"], name="one_memory_of_a_column"),
        ]

    def __str__(self) -> str:
        return f"{self.header}: {self.field}"
