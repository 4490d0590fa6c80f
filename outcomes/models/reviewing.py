"""What was said and decided about an issue before its funder read it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.walls import Walled
from outcomes.models.reports import Issue
from people.access import access


class IssueStepQuerySet(Walled):
    programme = "issue__report__funding__scopes__programme"

    def visible_to(self, user: User) -> "IssueStepQuerySet":
        """Those who run what the funding pays for. Never its funder, not of what was issued either."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        rows = self.filter(issue__in=Issue.objects.visible_to(user).order_by().values("pk"))
        rows = rows.exclude(issue__report__funding__in=may.fundings)
        if may.is_administrator:
            return rows
        run = Issue.objects.filter(report__funding__scopes__programme__in=may.programmes("coordinator"))
        return rows.filter(issue__in=run.order_by().values("pk"))


class IssueStep(models.Model):
    """One step of the review of an issue, or a comment in it. It is written once."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("given to be reviewed")
        COMMENT = "comment", _("comment")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        ISSUED = "issued", _("issued")

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind)
    figure = models.CharField(_("on which figure"), max_length=60, blank=True)  # its key; none: on all of it
    text = models.TextField(_("what is to be said"), max_length=2_000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = IssueStepQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="comment", text=""),
                name="issue_comment_says_something",
                violation_error_message=_("Say what is to be changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.get_kind_display()}"
