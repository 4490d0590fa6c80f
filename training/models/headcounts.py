"""People counted without names."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, User
from people.access import InProgramme
from people.models import Programme
from training.models.sessions import Session


class HeadcountQuerySet(InProgramme):
    pass


class Headcount(models.Model):
    """How many there were of what, and how that is known. Never mixed with figures over persons."""

    class How(models.TextChoices):
        COUNTED = "counted", _("counted")
        ESTIMATED = "estimated", _("estimated")
        PUBLISHED = "published", _("published")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="headcounts")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="headcounts", verbose_name=_("session")
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)  # unknown is unknown
    of_what = models.CharField(_("of what"), max_length=60)
    country = models.CharField(_("country"), max_length=2, blank=True)  # ISO 3166-1; blank: not by country
    how = models.CharField(_("how it is known"), max_length=10, choices=How, default=How.COUNTED)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = HeadcountQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="headcount_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.of_what}"
