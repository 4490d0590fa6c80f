"""Sessions and who was there. A mark is never changed; attendance is what the marks amount to."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib import clock
from lib.languages import told
from people.access import InProgramme
from people.models import Enterprise, Funding, Person, Programme, TenantQuerySet


class Venue(models.Model):
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="venues")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="venue_once_by_name")]

    def __str__(self) -> str:
        return self.name


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
        there = Q(roster__attendance__status__in=Attendance.THERE)
        return self.annotate(
            on_roster=models.Count("roster", distinct=True),
            there=models.Count("roster", filter=there, distinct=True),
            marked=models.Count("roster__attendance", distinct=True),
        ).in_order()


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
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks"), default=0)
    minutes = models.PositiveSmallIntegerField(_("length in minutes, breaks out"), null=True, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    trainers = models.ManyToManyField(
        Person, blank=True, related_name="led_sessions", verbose_name=_("trainers")
    )
    agenda = models.TextField(_("agenda"), blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    code_revision = models.PositiveIntegerField(default=1, editable=False)  # raising it kills the wall code
    cancelled_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
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

    def save(self, *args, **kwargs):
        """Derive the instants (raises ValidationError for a time that does not exist on that day)."""
        timed = self.day and self.start and self.end
        self.starts_at = clock.instant(self.day, self.start, self.zone) if timed else None
        self.ends_at = clock.instant(self.day, self.end, self.zone) if timed else None
        if timed:
            length = int((self.ends_at - self.starts_at).total_seconds() // 60)
            self.minutes = max(0, length - self.break_minutes)
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


class EnrolmentQuerySet(InProgramme):
    roles = ("coordinator", "trainer")

    def visible_to(self, user: User) -> "EnrolmentQuerySet":
        """Coordinators and trainers see those of their programmes; an entrepreneur who signs in her own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(pk__in=super().visible_to(user).order_by().values("pk")) | Q(person__user=user))

    def taking_part(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=Enrolment.TAKING_PART)


class Enrolment(models.Model):
    """An entrepreneur in a programme, with a state that has its date, person and reason."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        WAITLISTED = "waitlisted", _("on the waiting list")
        ENROLLED = "enrolled", _("enrolled")
        COMPLETED = "completed", _("completed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined")

    TAKING_PART = (State.ENROLLED, State.COMPLETED)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.APPLIED)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    row_code = models.CharField(_("row code"), max_length=6)  # on paper and at the wall: short, unique inside
    walk_in = models.BooleanField(_("came unannounced"), default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["person__name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                name="enrolment_once",
                violation_error_message=_("This person is enrolled in this programme already."),
            ),
            models.UniqueConstraint(fields=["programme", "row_code"], name="enrolment_row_code_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["applied", "waitlisted", "enrolled", "completed", "withdrawn", "declined"]
                ),
                name="enrolment_state",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class RosterEntryQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class RosterEntry(models.Model):
    """That somebody is expected in a session, and for how many minutes. No attendance without it."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="roster")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="roster")
    planned_minutes = models.PositiveSmallIntegerField(null=True)  # unknown where the session has no length

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="roster_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}, {self.session}"


class Status(models.TextChoices):
    """What a mark says of one person in one session."""

    PRESENT = "present", _("present")
    LATE = "late", _("late")
    LEFT_EARLY = "left_early", _("left early")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")
    CLEARED = "cleared", _("not marked")  # a mark that takes an earlier one back


class MarkQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class Mark(models.Model):
    """One act of marking. Append-only: a correction is another mark, the server's order counts."""

    class Source(models.TextChoices):
        TAP = "tap", _("tapped")
        CODE = "code", _("by code")
        PAPER = "paper", _("from paper")
        LOAD = "load", _("loaded")

    operation = models.UUIDField(unique=True)  # made on the device, at the tap
    session = models.ForeignKey(Session, models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="marks")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # none: she herself, by code
    source = models.CharField(max_length=8, choices=Source, default=Source.TAP)
    status = models.CharField(max_length=12, choices=Status)
    arrival = models.TimeField(null=True, blank=True)
    leaving = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at_device = models.DateTimeField(null=True)
    at_server = models.DateTimeField(default=timezone.now)
    # she was not, or no longer, on the roster: kept, counts for nothing until somebody settles it
    unsettled = models.BooleanField(default=False)

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.status}"


class AttendanceQuerySet(InProgramme):
    programme = "entry__session__programme"
    roles = ("coordinator", "trainer")


class Attendance(models.Model):
    """What the marks of one person in one session amount to. No row means not marked: unknown."""

    THERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)

    entry = models.OneToOneField(RosterEntry, models.CASCADE, related_name="attendance")
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="+")  # the one that decided
    status = models.CharField(max_length=12, choices=Status)
    arrival = models.TimeField(null=True)
    leaving = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)  # unknown where the session has no length
    planned_minutes = models.PositiveSmallIntegerField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes=None)
                | Q(planned_minutes__isnull=False, minutes__lte=F("planned_minutes")),
                name="attendance_within_session",
                violation_error_message=_("Nobody attends longer than the session lasts."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["present", "late", "left_early", "excused", "absent"]),
                name="attendance_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.status}"


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
