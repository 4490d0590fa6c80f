"""What is counted and what for: the organisation's own definitions, a funder's logframe, targets, narratives,
and the locks of periods. (The definitions that ship with the product: outcomes/library/.)"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.languages import told
from lib.walls import Walled
from people.access import InProgramme, TenantQuerySet
from people.models import Funding, Programme


class Level(models.TextChoices):
    """The place in the results chain."""

    ACTIVITY = "activity", _("activity")
    OUTPUT = "output", _("output")
    OUTCOME = "outcome", _("outcome")
    IMPACT = "impact", _("impact")


class IndicatorVersion(models.Model):
    """A definition that this organisation made, or its own version of one that ships with the product.

    Rows are added, never changed: a definition that somebody edits is the next number, with the reason.
    `spec` says how it is counted, in the terms of outcomes/counting/spec.py.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="indicators")
    code = models.CharField(_("code"), max_length=20)
    number = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=200)
    name_sr = models.CharField(_("name in Serbian"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    numerator = models.TextField(_("what is counted"))
    numerator_sr = models.TextField(_("what is counted, in Serbian"), blank=True)
    denominator = models.TextField(_("of what"), blank=True)
    denominator_sr = models.TextField(_("of what, in Serbian"), blank=True)
    spec = models.JSONField(_("how it is counted"))
    disaggregations = models.JSONField(_("taken apart by"), default=list, blank=True)
    standard = models.CharField(_("the same figure in published catalogues"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.OUTPUT)
    kirkpatrick = models.PositiveSmallIntegerField(_("Kirkpatrick level"), null=True, blank=True)
    reason = models.CharField(_("why it was changed"), max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code", "number"], name="indicator_version_once"),
            models.CheckConstraint(
                condition=Q(kirkpatrick=None) | Q(kirkpatrick__range=(1, 4)), name="indicator_kirkpatrick"
            ),
        ]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class OfFunding(Walled):
    """Rows of a funding: seen by who sees it."""

    programme = "funding__scopes__programme"

    def visible_to(self, user: User):
        """Those of the fundings that the user may see."""
        return self.filter(funding__in=Funding.objects.visible_to(user).order_by())


class LogframeLine(models.Model):
    """A line of the funder's own logframe: its code, its wording (in the funding's language), its level and
    order, and the definition that counts it, in one version (none: the newest). A line without a definition
    is counted by nobody here: it has a target and no actual."""

    funding = models.ForeignKey(Funding, models.CASCADE, related_name="lines")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="lines")
    code = models.CharField(_("the funder's code"), max_length=80)
    wording = models.CharField(_("wording"), max_length=500)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.OUTPUT)
    position = models.PositiveSmallIntegerField(default=0)
    indicator = models.CharField(_("definition"), max_length=20, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)  # of a line without a definition
    is_cumulative = models.BooleanField(_("counted from the first day of the funding on"), default=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)

    objects = OfFunding.as_manager()

    class Meta:
        ordering = ["funding", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["funding", "code"],
                name="logframe_line_once_by_code",
                violation_error_message=_("This logframe has such a line already."),
            ),
            models.CheckConstraint(
                condition=Q(version=None) | ~Q(indicator=""),
                name="logframe_line_version",
                violation_error_message=_("Only a definition has a version."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.wording}"


class Target(models.Model):
    """What a funding plans: for one indicator, or for one line of its logframe; over its whole period, or
    over a part of it. One of the few things that are typed. A baseline that is not known is not zero."""

    funding = models.ForeignKey(Funding, models.CASCADE, related_name="targets")
    indicator = models.CharField(_("indicator"), max_length=20, blank=True)
    line = models.ForeignKey(LogframeLine, models.CASCADE, null=True, blank=True, related_name="targets")
    start = models.DateField(_("first day"), null=True, blank=True)
    end = models.DateField(_("day after the last"), null=True, blank=True)
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("baseline of"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)

    objects = OfFunding.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["funding", "indicator"],
                condition=Q(line=None, start=None),
                name="target_once",
                violation_error_message=_("This indicator has a target already."),
            ),
            models.UniqueConstraint(
                fields=["funding", "indicator", "start", "end"],
                condition=Q(line=None, start__isnull=False),
                name="target_once_a_period",
                violation_error_message=_("This indicator has a target for this period already."),
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(start=None),
                name="target_once_a_line",
                violation_error_message=_("This line has a target already."),
            ),
            models.UniqueConstraint(
                fields=["line", "start", "end"],
                condition=Q(start__isnull=False),
                name="target_once_a_line_and_period",
                violation_error_message=_("This line has a target for this period already."),
            ),
            models.CheckConstraint(
                condition=(~Q(indicator="") & Q(line=None)) | (Q(indicator="") & Q(line__isnull=False)),
                name="target_of_one",
                violation_error_message=_("A target is for an indicator or for a line of the logframe."),
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="target_period",
                violation_error_message=_("A period has a first and a last day, in this order."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(baseline__isnull=False),
                name="target_says_something",
                violation_error_message=_("Give a target or a baseline."),
            ),
        ]

    @property
    def last_day(self) -> date | None:
        return self.end and self.end - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.indicator or self.line}: {self.value}"


class Narrative(models.Model):
    """What is told of a figure (or, without an indicator, of the whole) in a period, in the funding's
    language."""

    funding = models.ForeignKey(Funding, models.CASCADE, related_name="narratives")
    indicator = models.CharField(_("indicator"), max_length=20, blank=True)
    start = models.DateField(_("first day"))
    end = models.DateField(_("day after the last"))
    happened = models.TextField(_("what happened"), blank=True)
    went_wrong = models.TextField(_("what went wrong"), blank=True)
    changes_next = models.TextField(_("what changes next"), blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = OfFunding.as_manager()

    class Meta:
        ordering = ["funding", "start", "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["funding", "indicator", "start", "end"],
                name="narrative_once",
                violation_error_message=_("There is a text for this period already."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="narrative_ends_after_start",
                violation_error_message=_("A period ends after it starts."),
            ),
        ]

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.funding}: {self.indicator}"


class PeriodLockQuerySet(InProgramme):
    roles = ("coordinator",)

    def holding(self) -> "PeriodLockQuerySet":
        return self.filter(unlocked_at=None)


class PeriodLock(models.Model):
    """A time of a programme whose facts stay as they are: nobody of the staff adds or changes an answer, a
    result, a cost, a grant of it. Unlocking needs a reason; locking again is another row."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="locks")
    start = models.DateField(_("first day"))
    end = models.DateField(_("day after the last"))
    locked_at = models.DateTimeField(default=timezone.now)
    locked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    unlocked_at = models.DateTimeField(null=True)
    unlocked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("why it was unlocked"), max_length=300, blank=True)

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "start", "end"],
                condition=Q(unlocked_at=None),
                name="period_locked_once",
                violation_error_message=_("This period is locked already."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="period_lock_ends_after_start",
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(unlocked_at=None) | ~Q(reason=""),
                name="period_unlocked_with_a_reason",
                violation_error_message=_("Say why it is unlocked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.start} – {self.end}"
