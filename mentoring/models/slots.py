"""Office hours: time that a mentor holds free, who booked it, and how a booking ended."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models.assignments import Assignment
from mentoring.models.meetings import Meeting
from mentoring.models.profiles import Mentor
from people.access import InProgramme
from people.models import Programme
from training.models import Enrolment


class SlotQuerySet(InProgramme):
    roles = ("coordinator",)

    def visible_to(self, user: User) -> "SlotQuerySet":
        """Coordinators see all of their programmes; a mentor her own; an entrepreneur the free ones of those
        who guide her or who hold them open to everybody of the programme, and what she booked."""
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        hers = Assignment.objects.alive().filter(enrolment__person__user=user)
        free = Q(booked_by=None, cancelled_at=None)
        open_to_her = Q(mentor__in=hers.values("mentor"), programme__in=hers.values("programme"))
        taking_part = Enrolment.objects.taking_part().filter(person__user=user, person__joined_to=None)
        open_to_her |= Q(is_open=True, programme__in=taking_part.values("programme"))
        return self.filter(
            Q(pk__in=inside)
            | Q(mentor__person__user=user)
            | Q(booked_by__person__user=user)
            | free & open_to_her
        )

    def free_for(self, enrolment: Enrolment, now: datetime) -> "SlotQuerySet":
        """What she may still book: of those who guide her, and what is open to everybody."""
        hers = Assignment.objects.alive().filter(enrolment=enrolment)
        rows = self.filter(programme=enrolment.programme_id, booked_by=None, cancelled_at=None)
        return rows.filter(Q(is_open=True) | Q(mentor__in=hers.values("mentor")), starts_at__gt=now)

    def to_log(self, now: datetime) -> "SlotQuerySet":
        """Somebody booked it, it is over, and no meeting that counts says so."""
        logged = Meeting.objects.filter(slot=models.OuterRef("pk"), cancelled_at=None)
        over = self.filter(cancelled_at=None, ends_at__lte=now).exclude(booked_by=None)
        return over.exclude(models.Exists(logged))


class Slot(models.Model):
    """An office hour: time that a mentor holds free, in wall time and zone; one person may have it."""

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="slots")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="slots")
    day = models.DateField(_("day"))
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))
    fold = models.PositiveSmallIntegerField(default=0)  # which of the two, where the hour happens twice
    zone = models.CharField(_("time zone"), max_length=40)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    place = models.CharField(_("place"), max_length=10, choices=Meeting.Place, default=Meeting.Place.ONLINE)
    where = models.CharField(_("where exactly, or the link"), max_length=300, blank=True)
    # also to those of the programme whom she does not guide
    is_open = models.BooleanField(_("open to everybody of the programme"), default=False)
    booked_by = models.ForeignKey(Enrolment, models.SET_NULL, null=True, blank=True, related_name="slots")
    booked_at = models.DateTimeField(null=True, blank=True)
    about = models.CharField(_("what about"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.mentor}, {self.day} {self.start:%H:%M}"


class SlotChange(models.Model):
    """A booking that does not stand any more, never changed: letters to the two of them go out from it. The
    slot itself forgets whom it was given back by, and may be somebody else's by now."""

    class Step(models.TextChoices):
        MOVED = "moved", _("moved")
        RELEASED = "released", _("given back")
        CANCELLED = "cancelled", _("cancelled")

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="changes")
    step = models.CharField(max_length=9, choices=Step)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="slot_changes")  # whose it was
    moved_to = models.ForeignKey(Slot, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.slot}: {self.get_step_display()}"
