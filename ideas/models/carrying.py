"""Ideas that are carried on: the mentor asked for, and the assignment that works on them."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from mentoring.models import Assignment, Need
from people.access import InProgramme


class MentoredQuerySet(InProgramme):
    programme = "idea__programme"
    roles = ("coordinator",)


class Mentored(models.Model):
    """That an idea is carried on in an assignment: the idea points down to it."""

    idea = models.ForeignKey("Idea", models.PROTECT, related_name="mentored")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="mentored")

    objects = MentoredQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "assignment"], name="mentored_once")]

    def __str__(self) -> str:
        return f"{self.idea}: {self.assignment}"


class AskedQuerySet(InProgramme):
    programme = "idea__programme"
    roles = ("coordinator",)


class Asked(models.Model):
    """That a need for a mentor was made from an idea: an assignment for this need carries the idea on."""

    idea = models.ForeignKey("Idea", models.PROTECT, related_name="asked_for")
    need = models.OneToOneField(Need, models.CASCADE, related_name="asked_by")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.idea}: {self.need}"
