"""What happened and can be shown, and what it cost: results with their evidence, costs, grants."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, User
from lib.languages import told
from mentoring.models import Introduction
from outcomes.models.definitions import OfFunding
from people.access import InProgramme
from people.models import Enterprise, Funding, Organisation, Programme
from training.models import Enrolment, Module, Session


class ResultQuerySet(InProgramme):
    roles = ("coordinator", "trainer")

    def counting(self) -> "ResultQuerySet":
        return self.filter(withdrawn_at=None)


class Result(models.Model):
    """Something that happened and can be shown. It is taken back with a reason, never deleted."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        CONTRACT = "contract", _("contract")
        REGISTRATION = "registration", _("registration")
        JOB = "job", _("job")
        DECLARATION = "declaration", _("declaration")
        PROPOSAL = "proposal", _("proposal")
        INTRODUCTION = "introduction", _("introduction that led somewhere")
        VISIT = "visit", _("visit")
        NETWORK = "network", _("network or platform")
        OTHER = "other", _("something else")

    class Attribution(models.TextChoices):
        """How far the programme may say that it was its doing."""

        CAUSED = "caused", _("would not have happened without the programme")
        CONTRIBUTED = "contributed", _("the programme contributed")
        AFTER = "after", _("happened after the programme")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="results")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("what it is"), max_length=300)
    title_sr = models.CharField(_("what it is, in Serbian"), max_length=300, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    number = models.DecimalField(
        _("how many"), max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # of jobs: full-time equivalents  # fmt: skip
    place = models.CharField(_("place"), max_length=100, blank=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)  # ISO 3166-1, two letters
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="results", verbose_name=_("session")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("of whom")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="results",
        verbose_name=_("enterprise"),
    )  # fmt: skip
    introduction = models.OneToOneField(
        Introduction, models.SET_NULL, null=True, blank=True, related_name="result"
    )
    attribution = models.CharField(
        _("how far it is the programme's doing"), max_length=12, choices=Attribution, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    reported_to = models.ManyToManyField(
        Funding, blank=True, related_name="results", verbose_name=_("also reported to")
    )
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = [F("day").desc(nulls_last=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="result_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(reason=""),
                name="result_withdrawn_with_a_reason",
                violation_error_message=_("Say why it is taken back."),
            ),
        ]

    @property
    def heading(self) -> str:
        return told(self.title, self.title_sr)

    def __str__(self) -> str:
        return self.heading


class OfResult(InProgramme):
    programme = "result__programme"
    roles = ("coordinator", "trainer")


class Party(models.Model):
    """Who had a part in a result: an organisation of the address book, or a name."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="results"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True)

    objects = OfResult.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(name="") & Q(organisation=None)) | (Q(name="") & Q(organisation__isnull=False)),
                name="party_named_once",
                violation_error_message=_("A party is an organisation or a name."),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.organisation)


class Evidence(models.Model):
    """What shows a result: a file that is kept, or an address."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.URLField(_("address"), max_length=300, blank=True)
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfResult.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(address=""),
                name="evidence_shows_something",
                violation_error_message=_("Add a file or an address."),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.address


class Cost(models.Model):
    """Money of a funding, planned or spent, per currency. An amount that could not be read is kept as it was
    written and counts for nothing."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned")
        SPENT = "spent", _("spent")

    funding = models.ForeignKey(Funding, models.PROTECT, related_name="costs")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="costs")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="costs")
    kind = models.CharField(_("planned or spent"), max_length=8, choices=Kind)
    name = models.CharField(_("budget line"), max_length=200)
    day = models.DateField(_("day"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    as_written = models.CharField(_("as it was written"), max_length=500, blank=True)
    is_eligible = models.BooleanField(_("the funder pays it"), default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OfFunding.as_manager()

    class Meta:
        ordering = ["funding", "name", "kind", "day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["funding", "source", "source_id", "kind", "currency"],
                condition=~Q(source_id=""),
                name="cost_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__isnull=False) & ~Q(currency="")),
                name="cost_amount_has_currency",
                violation_error_message=_("An amount has a currency."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount} {self.currency}"


class GrantQuerySet(InProgramme):
    roles = ("coordinator",)


class Grant(models.Model):
    """Money given on to somebody who takes part. Its amounts are rows, one a currency; a grant whose amount
    could not be read has none, and says what was written."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="grants")
    funding = models.ForeignKey(Funding, models.PROTECT, null=True, blank=True, related_name="grants")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("to whom")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.GRANTED)
    purpose = models.TextField(_("what for"), blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    as_written = models.CharField(_("amount as it was written"), max_length=2000, blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = [F("day").desc(nulls_last=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="grant_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment or self.source_id}: {self.get_state_display()}"


class GrantAmountQuerySet(InProgramme):
    programme = "grant__programme"
    roles = ("coordinator",)


class GrantAmount(models.Model):
    """Money of one grant in one currency."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="amounts")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    objects = GrantAmountQuerySet.as_manager()

    class Meta:
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "currency"], name="grant_amount_once_a_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="grant_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
