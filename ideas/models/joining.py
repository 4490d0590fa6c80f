"""Ideas that say the same: joined under one of them, or said to be different."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.access import InProgramme


class JoinQuerySet(InProgramme):
    programme = "idea__programme"
    roles = ("coordinator", "trainer")

    def open(self) -> "JoinQuerySet":
        """Those that were not parted again."""
        return self.filter(parted_at=None)


class Join(models.Model):
    """That an idea stands under another one that says the same. Neither row is changed by it, so parting them
    brings back what was. An idea stands under one that stands for itself: what stood under `idea` moves along
    (`along` names the join that moved it) and comes back when that one is parted."""

    idea = models.ForeignKey("Idea", models.PROTECT, related_name="joins")
    into = models.ForeignKey("Idea", models.PROTECT, related_name="joined")
    along = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="moved")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    parted_at = models.DateTimeField(null=True, blank=True)
    parted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = JoinQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea"],
                condition=Q(parted_at=None),
                name="join_once",
                violation_error_message=_("This idea is joined to another one already."),
            ),
            models.CheckConstraint(condition=~Q(idea=F("into")), name="join_two"),
        ]

    def __str__(self) -> str:
        return f"{self.idea} → {self.into}"


class ComparedQuerySet(InProgramme):
    programme = "one__programme"
    roles = ("coordinator", "trainer")


class Compared(models.Model):
    """What somebody said of two ideas that sound alike: not the same (they are not proposed again), or later.
    `one` was nominated before `other`."""

    class Says(models.TextChoices):
        NOT_SAME = "not_same", _("not the same")
        LATER = "later", _("later")

    one = models.ForeignKey("Idea", models.CASCADE, related_name="+")
    other = models.ForeignKey("Idea", models.CASCADE, related_name="+")
    says = models.CharField(max_length=8, choices=Says)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ComparedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="compared_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="compared_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one}, {self.other}: {self.get_says_display()}"
