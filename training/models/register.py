"""Who is expected and who was there. A mark is never changed; attendance is what the marks amount to."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, User
from people.access import InProgramme
from training.models.enrolments import Enrolment
from training.models.sessions import Session
from training.models.statuses import THERE, Status


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


class MarkQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")

    def open_differences(self) -> "MarkQuerySet":
        """Those that decide and overrode a mark which they had not seen: nobody has settled it since."""
        later = Mark.objects.filter(
            session=models.OuterRef("session"),
            enrolment=models.OuterRef("enrolment"),
            unsettled=False,
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(later), differs_from__isnull=False, unsettled=False)


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
    minutes = models.PositiveSmallIntegerField(
        null=True
    )  # where the source knows only how long she was there
    reason = models.CharField(max_length=300, blank=True)
    at_device = models.DateTimeField(null=True)
    at_server = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=60, blank=True)  # which phone; how she checked in
    # what the marker had before her eyes: the operation that decided then, empty: not marked, none: not said
    seen = models.CharField(max_length=36, null=True)
    # the mark of somebody else that this one overrode without having seen it: a difference, until settled
    differs_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey("training.PaperSheet", models.PROTECT, null=True, related_name="marks")
    # the chain of the session: `reason_digest` is salted, so that erasing the reason breaks nothing
    salt = models.CharField(max_length=32, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64, blank=True)
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

    THERE = THERE

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
                condition=Q(status__in=["present", "late", "left_early", "half_day", "excused", "absent"]),
                name="attendance_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.status}"


class PaperSheetQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class PaperSheet(models.Model):
    """A signed sheet of paper, photographed, from which marks were keyed in."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="papers")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.session}, {self.at:%Y-%m-%d}"


class TurnedAwayQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class TurnedAway(models.Model):
    """A try to check in that was refused: counted for the trainer, without a word of who it was."""

    class Why(models.TextChoices):
        LATE = "late", _("the code is no longer on the wall")
        OTHER = "other", _("the code of another session")
        UNKNOWN = "unknown", _("nobody on the roster fits")
        TWICE = "twice", _("this phone checked in somebody else")

    session = models.ForeignKey(Session, models.CASCADE, related_name="turned_away")
    why = models.CharField(max_length=8, choices=Why)
    at = models.DateTimeField(default=timezone.now)

    objects = TurnedAwayQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.get_why_display())
