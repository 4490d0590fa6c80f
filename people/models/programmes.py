"""The frame people take part in: projects and their programmes, with partners and beneficiaries."""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.languages import Told, told, told_or
from lib.walls import Walled
from people.access import TenantQuerySet, access
from people.models.organisations import Enterprise, Organisation


class Project(models.Model):
    """The funded frame that one or more programmes belong to."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="projects")
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=300)
    name_sr = models.CharField(_("name in Serbian"), max_length=300, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="project_once_by_code")]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return self.title


class ProgrammeQuerySet(Walled):
    programme = "pk"

    def visible_to(self, user: User) -> "ProgrammeQuerySet":
        """The programmes that a person works inside of; an administrator has all of her tenant."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(tenant_id=user.tenant_id)
        return self.filter(pk__in=may.programmes("coordinator", "trainer", "mentor"))


class Programme(models.Model):
    """One edition of training, mentoring or an event, with dates, people, partners and funders."""

    class Participants(models.TextChoices):
        WOMEN = "women", _("women")
        ENTREPRENEURS = "entrepreneurs", _("entrepreneurs")
        PUPILS = "pupils", _("pupils")
        GUESTS = "guests", _("guests")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="programmes")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="programmes")
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_sr = models.CharField(_("name in Serbian"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    participants = models.CharField(
        _("who takes part"), max_length=16, choices=Participants, default=Participants.ENTREPRENEURS
    )
    start = models.DateField(_("first day"), null=True, blank=True)
    end = models.DateField(_("day after the last"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Belgrade")
    completion_share = models.PositiveSmallIntegerField(
        _("share of planned hours that completes it, in per cent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    description = models.TextField(_("what it is"), blank=True)
    description_sr = models.TextField(_("what it is, in Serbian"), blank=True)
    # ISO 3166-1: whose holidays are skipped
    country = models.CharField(_("country"), max_length=2, default="RS")
    language = models.CharField(
        _("language"), max_length=8, choices=User.Language, default=User.Language.SERBIAN_LATIN
    )
    second_language = models.CharField(
        _("second language"), max_length=8, choices=User.Language, default=User.Language.ENGLISH, blank=True
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    applies_from = models.DateField(_("first day of applying"), null=True, blank=True)
    applies_until = models.DateField(_("day after the last of applying"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = [F("start").desc(nulls_last=True), "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"],
                name="programme_once_by_code",
                violation_error_message=_("A programme with this code exists already."),
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gt=F("start")),
                name="programme_ends_after_start",
                violation_error_message=_("A programme ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(completion_share__range=(1, 100)), name="programme_completion_share"
            ),
        ]

    @property
    def title(self) -> str:
        """In the reader's language where it is given; else as it was named first."""
        return told(self.name, self.name_sr)

    @property
    def described(self) -> Told:
        """What it is, in the reader's language, or in the other one where only that was given."""
        return told_or(self.description, self.description_sr)

    @property
    def label(self) -> str:
        return self.short_name or self.title

    @property
    def last_day(self) -> date | None:
        return self.end - timedelta(days=1) if self.end else None

    def __str__(self) -> str:
        return self.title


class PartnerQuerySet(Walled):
    def visible_to(self, user: User) -> "PartnerQuerySet":
        """As the address book: seen by whoever works inside a programme of the same tenant."""
        mine = self.filter(project__tenant_id=user.tenant_id) if user.is_authenticated else self.none()
        return mine if access(user).is_inside else self.none()


class Partner(models.Model):
    """An organisation that carries a project together with the tenant."""

    class Role(models.TextChoices):
        INITIATOR = "initiator", _("initiator")
        PARTNER = "partner", _("partner")

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.PARTNER)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class BeneficiaryQuerySet(Walled):
    def visible_to(self, user: User) -> "BeneficiaryQuerySet":
        """A partner sees the beneficiaries that it proposed; staff those of its tenant."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        mine = self.filter(project__tenant_id=user.tenant_id)
        if may.is_administrator or may.programmes("coordinator"):
            return mine
        return mine.filter(proposed_by__in=may.partners)


class Beneficiary(models.Model):
    """An enterprise that a project supports, and the partner that proposed it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="beneficiaries")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="benefits")
    proposed_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed",
        verbose_name=_("proposed by"),
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "enterprise"], name="beneficiary_once")]

    def __str__(self) -> str:
        return str(self.enterprise)
