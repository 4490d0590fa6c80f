"""The address book of organisations and enterprises, and how persons belong to them, with dates."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.folding import fold
from lib.languages import told
from lib.walls import Walled
from people.access import TenantQuerySet, access
from people.models.persons import Person


class Organisation(models.Model):
    """The tenant's address book: implementer, partner, funder, cluster. A union is a cluster of clusters."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        FUNDER = "funder", _("funder")
        CLUSTER = "cluster", _("cluster")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="organisations")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ORGANISATION)
    name = models.CharField(_("name"), max_length=200)
    name_sr = models.CharField(_("name in Serbian"), max_length=200, blank=True)
    name_key = models.CharField(max_length=200, editable=False)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    umbrella = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="clusters", verbose_name=_("union")
    )

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name_key"], name="organisation_once_by_name"),
        ]

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)[:200]
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return self.title


class Dated(models.Model):
    """A fact that holds from a day on, until a day (half-open); unknown days are unknown."""

    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def held_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


class FactQuerySet(Walled):
    """Facts about persons: seen by who sees the person."""

    programme = ("person__memberships__programme", "person__enrolments__programme")

    def visible_to(self, user: User) -> "FactQuerySet":
        return self.filter(person__in=Person.objects.visible_to(user).order_by())


class Affiliation(Dated):
    """A person's role in an organisation: the director of a partner is a fact that conflicts come from."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    role = models.CharField(_("role"), max_length=100)

    objects = FactQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person}, {self.role}, {self.organisation}"


class Enterprise(models.Model):
    """An entrepreneur's business, perhaps not yet registered."""

    class Registered(models.TextChoices):
        NOT_REGISTERED = "not_registered", _("not registered")
        IN_PROCESS = "in_process", _("being registered")
        REGISTERED = "registered", _("registered")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="enterprises")
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    registered = models.CharField(_("registration"), max_length=16, choices=Registered, null=True, blank=True)
    established = models.DateField(_("established"), null=True, blank=True)
    sector = models.CharField(_("sector (NACE section)"), max_length=1, blank=True)
    activity = models.CharField(_("activity"), max_length=200, blank=True)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    exports = models.BooleanField(_("exports"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)[:200]
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name


class Ownership(Dated):
    """Who owns, founded, runs an enterprise."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="ownerships")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="ownerships")
    share = models.DecimalField(_("share in per cent"), max_digits=5, decimal_places=2, null=True, blank=True)
    is_founder = models.BooleanField(_("founder"), null=True, blank=True)
    is_manager = models.BooleanField(_("manages it"), null=True, blank=True)
    is_representative = models.BooleanField(_("legal representative"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gte=0, share__lte=100),
                name="ownership_share",
                violation_error_message=_("A share lies between 0 and 100 per cent."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.enterprise}"


class ClusterMembershipQuerySet(Walled):
    def visible_to(self, user: User) -> "ClusterMembershipQuerySet":
        """As the address book: seen by whoever works inside a programme of the same tenant."""
        mine = self.filter(enterprise__tenant_id=user.tenant_id) if user.is_authenticated else self.none()
        return mine if access(user).is_inside else self.none()


class ClusterMembership(Dated):
    """An enterprise in a cluster, from a day until a day."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="cluster_memberships")
    cluster = models.ForeignKey(Organisation, models.PROTECT, related_name="cluster_memberships")

    objects = ClusterMembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.enterprise}, {self.cluster}"
