"""Who takes part, and the frame they take part in: persons, organisations, programmes, fundings."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.folding import fold
from lib.languages import told
from people.access import access


class TenantQuerySet(models.QuerySet):
    """Rows of the address book: seen by whoever works inside a programme of the same tenant."""

    def visible_to(self, user: User) -> "TenantQuerySet":
        return self.filter(tenant_id=user.tenant_id) if access(user).is_inside else self.none()


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PersonQuerySet":
        """An administrator sees the whole address book; a coordinator who has a role in her programmes;
        everybody herself. Whom one meets in a programme comes from there (`training.persons.met_by`)."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(tenant_id=user.tenant_id)
        members = Membership.objects.filter(programme__in=may.programmes("coordinator"))
        return self.filter(Q(user=user) | Q(pk__in=members.values("person")))

    def named_like(self, text: str) -> "PersonQuerySet":
        """Found in any script, with or without diacritics."""
        return self.filter(name_key__contains=fold(text))


class Person(models.Model):
    """Somebody the organisation knows: entrepreneur, trainer, mentor, contact of a funder. Not a User.

    The name may be unknown (a loaded programme has ids only); it is stored as typed, with a folded key.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        ANOTHER = "another", _("another")
        NOT_SAID = "not_said", _("not said")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="persons")
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    source = models.CharField(max_length=60, blank=True)  # where a loaded person came from
    source_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, null=True, blank=True)
    born = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=User.Language, default=User.Language.SERBIAN_LATIN
    )
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source", "source_id"],
                condition=~Q(source_id=""),
                name="person_once_per_source",
                violation_error_message=_("This person of this source is known already."),
            ),
            models.CheckConstraint(
                condition=Q(born=None) | Q(born__range=(1900, 2100)),
                name="person_born",
                violation_error_message=_("The year of birth must lie between 1900 and 2100."),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name_key"], name="person_by_name")]

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)[:200]
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name or self.source_id or f"#{self.pk}"


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
        return self.name


class Dated(models.Model):
    """A fact that holds from a day on, until a day (half-open); unknown days are unknown."""

    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def held_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


class Affiliation(Dated):
    """A person's role in an organisation: the director of a partner is a fact that conflicts come from."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    role = models.CharField(_("role"), max_length=100)

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


class ClusterMembership(Dated):
    """An enterprise in a cluster, from a day until a day."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="cluster_memberships")
    cluster = models.ForeignKey(Organisation, models.PROTECT, related_name="cluster_memberships")

    def __str__(self) -> str:
        return f"{self.enterprise}, {self.cluster}"


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
        return self.name


class ProgrammeQuerySet(models.QuerySet):
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
    def label(self) -> str:
        return self.short_name or self.title

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """An organisation that carries a project together with the tenant."""

    class Role(models.TextChoices):
        INITIATOR = "initiator", _("initiator")
        PARTNER = "partner", _("partner")

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.PARTNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class BeneficiaryQuerySet(models.QuerySet):
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


class FundingQuerySet(models.QuerySet):
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
    wording = models.TextField(_("wording for visibility"), blank=True)
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


class MembershipQuerySet(models.QuerySet):
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
