"""A funder's share in a project, and what it pays for."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, User
from lib.walls import Walled
from people.access import access
from people.models.organisations import Organisation
from people.models.programmes import Programme, Project


class FundingQuerySet(Walled):
    programme = "scopes__programme"

    def visible_to(self, user: User) -> "FundingQuerySet":
        """A funder sees her own funding only; staff of the programmes it pays for see it."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(project__tenant_id=user.tenant_id)
        return self.filter(
            Q(pk__in=may.fundings)
            | Q(
                pk__in=FundingScope.objects.filter(programme__in=may.programmes("coordinator")).values(
                    "funding"
                )
            )
        )


class Funding(models.Model):
    """A funder's share in a project: what it pays for, and how it wants to read of it."""

    class Rule(models.TextChoices):
        HALF = "half", _("owns at least half")
        MAJORITY = "majority", _("owns at least 51 per cent")
        QUARTER_MANAGES = "quarter_manages", _("owns more than a quarter and manages")
        FOUNDER = "founder", _("founded it")

    project = models.ForeignKey(Project, models.PROTECT, related_name="fundings")
    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="fundings")
    code = models.SlugField(_("code"), max_length=60)
    language = models.CharField(
        _("language"), max_length=8, choices=User.Language, default=User.Language.ENGLISH
    )
    start = models.DateField(_("first day of the period"))
    end = models.DateField(_("day after the period"))
    threshold = models.PositiveSmallIntegerField(
        _("smallest cell"), default=5, validators=[MinValueValidator(5), MaxValueValidator(50)]
    )
    woman_owned = models.CharField(
        _("what counts as owned by women"), max_length=16, choices=Rule, default=Rule.HALF
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")  # ISO 4217
    wording = models.TextField(_("wording for visibility"), blank=True)
    disclaimer = models.TextField(_("disclaimer"), blank=True)
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    programmes = models.ManyToManyField(Programme, through="FundingScope", related_name="fundings")

    objects = FundingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="funding_once_by_code"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="funding_ends_after_start",
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=5),
                name="funding_threshold_floor",
                violation_error_message=_(
                    "No cell smaller than 5 may be shown: the floor cannot be lowered."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.funder)


class FundingScope(models.Model):
    """A programme that a funding pays for. (A module of it: training.ModuleFunding.)"""

    funding = models.ForeignKey(Funding, models.CASCADE, related_name="scopes")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="scopes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["funding", "programme"], name="funding_scope_once")]

    def __str__(self) -> str:
        return f"{self.funding}: {self.programme}"
