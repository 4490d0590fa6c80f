"""What is handed out in the end: certificates for people, packs of evidence for funders."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, Tenant, User
from jobs.models import Job
from lib.languages import told
from lib.walls import Walled
from people.access import InProgramme, access
from people.models import Funding, Programme
from training.models.enrolments import Enrolment
from training.models.sessions import Module


class SignatoryQuerySet(InProgramme):
    pass


class Signatory(models.Model):
    """Who signs the certificates of a programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="signatories")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    role_sr = models.CharField(_("role in Serbian"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.name}, {told(self.role, self.role_sr)}".strip(", ")


class CertificateQuerySet(Walled):
    programme = "enrolment__programme"

    def visible_to(self, user: User) -> "CertificateQuerySet":
        """Coordinators and trainers those of their programmes, an administrator all, everybody her own."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(tenant_id=user.tenant_id)
        inside = may.programmes("coordinator", "trainer")
        return self.filter(Q(enrolment__programme__in=inside) | Q(enrolment__person__user=user))

    def shown_by(self, user: User) -> "CertificateQuerySet":
        """Of those visible, the ones whose check page is hers to choose: her own, and those she issues."""
        may = access(user)
        if may.is_administrator:
            return self
        mine = may.programmes("coordinator")
        return self.filter(Q(enrolment__programme__in=mine) | Q(enrolment__person__user=user))


class Certificate(models.Model):
    """That somebody completed a programme. Its number stays over all editions; revoking is a date and a
    reason."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="certificates")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    number = models.CharField(_("number"), max_length=40)
    # what the check page may say, as the holder chose: name, hours, modules, days
    shows = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)  # of the check link
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="certificate_number_once")]

    def __str__(self) -> str:
        return self.number


class CertificateEdition(models.Model):
    """What one edition says, frozen: names, hours, modules, signatories, the rule as it was met."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="editions")
    edition = models.PositiveSmallIntegerField(default=1)
    said = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["edition"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "edition"], name="certificate_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate}, {self.edition}"


class CheckInvitation(models.Model):
    """Somebody whom the holder, or who issued it, asks to check a certificate: a bank, an employer."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    language = models.CharField(
        _("language"), max_length=8, choices=User.Language, default=User.Language.ENGLISH
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "email"], condition=~Q(email=""), name="check_invitation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.email}"


class EvidencePackQuerySet(InProgramme):
    roles = ("coordinator",)


class EvidencePack(models.Model):
    """One archive of what proves a module, or a funder's period: registers, corrections, log, agenda,
    photographs by consent, hashes of all."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="packs")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="packs")
    funding = models.ForeignKey(Funding, models.PROTECT, null=True, blank=True, related_name="packs")
    language = models.CharField(_("language"), max_length=8, choices=User.Language)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = EvidencePackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(module=None) | ~Q(funding=None),
                name="pack_of_something",
                violation_error_message=_("A pack is of a module, or for a funder."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
