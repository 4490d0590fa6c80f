"""What opens a programme to a person, and what a person agreed to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.walls import Walled
from people.access import InProgramme, access
from people.models.fundings import Funding
from people.models.organisations import Organisation
from people.models.persons import Person
from people.models.programmes import Programme


class MembershipQuerySet(Walled):
    programme = "programme"

    def visible_to(self, user: User) -> "MembershipQuerySet":
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(person__tenant_id=user.tenant_id)
        return self.filter(programme__in=may.programmes("coordinator"))


class Membership(models.Model):
    """What opens a programme to a person: her role in it. A funder's points at her funding, a partner's at
    the organisation she speaks for."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        TRAINER = "trainer", _("trainer")
        MENTOR = "mentor", _("mentor")
        PARTNER = "partner", _("partner")
        FUNDER = "funder", _("funder")

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    funding = models.ForeignKey(Funding, models.CASCADE, null=True, blank=True, related_name="memberships")
    partner = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "role"],
                condition=Q(role__in=["coordinator", "trainer", "mentor"]),
                name="membership_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "funding"],
                condition=Q(role="funder"),
                name="membership_funder_once",
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "partner"],
                condition=Q(role="partner"),
                name="membership_partner_once",
            ),
            models.CheckConstraint(
                condition=(Q(role="funder") & ~Q(funding=None)) | (~Q(role="funder") & Q(funding=None)),
                name="membership_funding",
                violation_error_message=_("A funder's membership names her funding, and only hers does."),
            ),
            models.CheckConstraint(
                condition=(Q(role="partner") & ~Q(partner=None)) | (~Q(role="partner") & Q(partner=None)),
                name="membership_partner",
                violation_error_message=_(
                    "A partner's membership names the organisation, and only a partner's does."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.programme}"


class ConsentQuerySet(InProgramme):
    roles = ("coordinator",)


class Consent(models.Model):
    """What a person agreed to, in which wording, when, for whom; withdrawing is a date, not a deletion."""

    class Purpose(models.TextChoices):
        TAKING_PART = "taking_part", _("taking part and being recorded")
        CONTACT_LIST = "contact_list", _("standing on the contact list")
        PHOTO = "photo", _("photographs")
        FUNDER = "funder", _("passing on to the funder")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    funding = models.ForeignKey(Funding, models.CASCADE, null=True, blank=True, related_name="+")
    text_version = models.CharField(_("version of the text"), max_length=40)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "purpose"],
                condition=Q(withdrawn_at=None, funding=None),
                name="consent_once_while_held",
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "purpose", "funding"],
                condition=Q(withdrawn_at=None) & ~Q(funding=None),
                name="consent_once_per_funding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"
