"""What a funder reads: reports over a funding, and their frozen issues.

A figure is a definition over rows (outcomes/indicators.py). Values are no table: they live in the frozen
payload of an issue.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import Job
from lib.walls import Walled
from people.access import access
from people.models import Funding


class ReportQuerySet(Walled):
    programme = "funding__scopes__programme"

    def visible_to(self, user: User) -> "ReportQuerySet":
        """Those of the fundings that the user may see: a funder's own, a coordinator's programmes'."""
        return self.filter(funding__in=Funding.objects.visible_to(user))


class Report(models.Model):
    """The impact summary of one funding over one period; its editions are issues."""

    funding = models.ForeignKey(Funding, models.PROTECT, related_name="reports")
    name = models.CharField(_("name"), max_length=200)
    start = models.DateField(_("first day"))
    end = models.DateField(_("day after the last"))
    due = models.DateField(_("due"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["funding", "start"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "start", "end"], name="report_once"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="report_ends_after_start",
                violation_error_message=_("A period ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)


class IssueQuerySet(Walled):
    programme = "report__funding__scopes__programme"

    def visible_to(self, user: User) -> "IssueQuerySet":
        """Staff see every edition of their reports, a funder what was issued to her."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        staff = self.filter(report__in=Report.objects.visible_to(user))
        if may.is_administrator or may.programmes("coordinator"):
            return staff.exclude(~Q(state=Issue.State.ISSUED), report__funding__in=may.fundings)
        return staff.filter(state=Issue.State.ISSUED)


class Issue(models.Model):
    """One frozen edition of a report. What a reader is given is `document`; the rows behind it stay here.

    It is written once: only how far its review went, and its release, change the row.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        ISSUED = "issued", _("issued")

    report = models.ForeignKey(Report, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    payload = models.JSONField()  # {"document": …, "rows": …}: outcomes/payload.py
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the canonical document
    row_key = models.CharField(max_length=64)  # which row an id in payload["rows"] stands for
    built_at = models.DateTimeField(default=timezone.now)
    built_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="issue_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "review", "returned", "approved"], issued_at=None)
                | Q(state="issued", issued_at__isnull=False),
                name="issue_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(_("An issue is frozen: build another one."))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(_("An issue is frozen and stays."))

    @property
    def document(self) -> dict:
        return self.payload["document"]

    @property
    def heading(self) -> str:
        return self.document["heading"]

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def short_fingerprint(self) -> str:
        return f"{self.fingerprint[:4]} {self.fingerprint[4:8]}"
