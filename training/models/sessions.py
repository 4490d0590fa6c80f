"""Modules and their sessions: planned, led by trainers, written about."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import clock
from lib.languages import told
from people.access import InProgramme
from people.models import Funding, Person, Programme
from training.models.places import Venue
from training.models.statuses import THERE


class ModuleQuerySet(InProgramme):
    pass


class Module(models.Model):
    """A part of a programme with its own dates and venue."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="modules")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    name_sr = models.CharField(_("name in Serbian"), max_length=200, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="modules", verbose_name=_("venue")
    )
    start = models.DateField(_("first day"), null=True, blank=True)
    end = models.DateField(_("day after the last"), null=True, blank=True)
    fundings = models.ManyToManyField(Funding, blank=True, related_name="modules")

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="module_once_by_number"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gt=F("start")), name="module_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)


class SessionQuerySet(InProgramme):
    def scheduled(self) -> "SessionQuerySet":
        return self.exclude(starts_at=None).filter(cancelled_at=None)

    def on(self, day: date) -> "SessionQuerySet":
        return self.filter(day=day, cancelled_at=None)

    def led_by(self, user: User) -> "SessionQuerySet":
        return self.filter(trainers__user=user)

    def with_counts(self) -> "SessionQuerySet":
        """How many are on the roster, were there (present, late, left early), are not marked yet."""
        there = Q(roster__attendance__status__in=THERE)
        return self.annotate(
            on_roster=models.Count("roster", distinct=True),
            there=models.Count("roster", filter=there, distinct=True),
            marked=models.Count("roster__attendance", distinct=True),
        ).in_order()


class Fold(models.IntegerChoices):
    """Which of the two, where clocks go back and a time happens twice."""

    FIRST = 0, _("the first")
    SECOND = 1, _("the second")


class Session(models.Model):
    """One sitting: local day, start, end and zone; the instants are derived from them. Without a day it is
    not scheduled. Moving or cancelling it raises its revision, which is what reminders compare."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sessions")
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("module")
    )
    title = models.CharField(_("title"), max_length=300)
    title_sr = models.CharField(_("title in Serbian"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    start = models.TimeField(_("start"), null=True, blank=True)
    end = models.TimeField(_("end"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Belgrade")
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    fold = models.PositiveSmallIntegerField(_("which of the two"), choices=Fold, null=True, blank=True)
    breaks = models.JSONField(_("breaks"), default=list, blank=True)  # [["12:00", "12:30"], ...], local
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks"), default=0)
    minutes = models.PositiveSmallIntegerField(_("length in minutes, breaks out"), null=True, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    holds_venue = models.BooleanField(default=True, editable=False)  # nobody else may be there meanwhile
    trainers = models.ManyToManyField(
        Person,
        through="SessionTrainer",
        blank=True,
        related_name="led_sessions",
        verbose_name=_("trainers"),
    )
    agenda = models.TextField(_("agenda"), blank=True)
    agenda_sr = models.TextField(_("agenda in Serbian"), blank=True)
    by_invitation = models.BooleanField(
        _("by invitation only"), default=False, help_text=_("Nobody stands on its roster but who is invited.")
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    series = models.UUIDField(null=True, blank=True, editable=False)  # sessions that were planned together
    revision = models.PositiveIntegerField(default=1, editable=False)
    code_revision = models.PositiveIntegerField(default=1, editable=False)  # raising it kills the wall code
    cancelled_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    chain_head = models.CharField(
        max_length=64, blank=True, editable=False
    )  # of its marks, see training.chain
    chain_length = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = [F("starts_at").asc(nulls_last=True), F("day").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(day__isnull=False, start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="session_ends_after_start",
                violation_error_message=_("A session ends after it starts, on a day."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_instants_in_order",
                violation_error_message=_("A session ends after it starts."),
            ),
            models.UniqueConstraint(
                fields=["programme", "source", "source_id"],
                condition=~Q(source_id=""),
                name="session_once_per_source",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_by_start")]

    def __str__(self) -> str:
        return self.heading

    def derive(self) -> None:
        """The instants and the length (raises ValidationError for a time that does not exist on that day)."""
        timed = self.day and self.start and self.end
        self.starts_at = clock.instant(self.day, self.start, self.zone, fold=self.fold) if timed else None
        self.ends_at = clock.instant(self.day, self.end, self.zone, fold=self.fold) if timed else None
        if timed:
            length = int((self.ends_at - self.starts_at).total_seconds() // 60)
            self.minutes = max(0, length - self.break_minutes)

    def save(self, *args, **kwargs):
        self.derive()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "starts_at", "ends_at", "minutes"}
        super().save(*args, **kwargs)

    @property
    def heading(self) -> str:
        return told(self.title, self.title_sr)

    def local(self, moment: datetime) -> datetime:
        return clock.local(moment, self.zone)

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= now


class SessionTrainer(models.Model):
    """Who leads a session. The instants are the session's own, empty when it is cancelled, so that the
    database can refuse somebody who would lead two at a time."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="leads")
    person = models.ForeignKey(Person, models.CASCADE, related_name="leads")
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "training_session_trainers"
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="session_trainer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.session}"


class SessionChange(models.Model):
    """A session that people knew of is elsewhere, at another time or not at all: what it was before. Rows are
    added in the transaction that raises the revision, never changed; who was expected is told from them."""

    class Step(models.TextChoices):
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")
        RESTORED = "restored", _("takes place after all")

    session = models.ForeignKey(Session, models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()  # of the session, from now on
    step = models.CharField(max_length=9, choices=Step)
    was_day = models.DateField(null=True)
    was_start = models.TimeField(null=True)
    was_end = models.TimeField(null=True)
    was_zone = models.CharField(max_length=64)
    was_venue = models.ForeignKey(Venue, models.SET_NULL, null=True, related_name="+")
    was_starts_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["session", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["session", "revision"], name="session_change_once"),
        ]
        indexes = [models.Index(fields=["at"], name="session_change_by_time")]

    def __str__(self) -> str:
        return f"{self.session}: {self.get_step_display()}"


class SessionLogQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class SessionLog(models.Model):
    """What a trainer writes of a session; several entries, each with its person and time."""

    operation = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="log")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("note"), max_length=5000)

    objects = SessionLogQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
