"""What a mark may say of one person in one session."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PRESENT = "present", _("present")
    LATE = "late", _("late")
    LEFT_EARLY = "left_early", _("left early")
    HALF_DAY = "half_day", _("half a day")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")
    CLEARED = "cleared", _("not marked")  # a mark that takes an earlier one back


THERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY, Status.HALF_DAY)
