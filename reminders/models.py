"""What is due to whom. The row is the record: planned from the records, checked again, sent once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.access import InProgramme
from people.models import Person, Programme


class RuleQuerySet(InProgramme):
    roles = ("coordinator",)


class Rule(models.Model):
    """One kind of reminder in one programme: on or off, and when relative to its subject."""

    class Kind(models.TextChoices):
        SESSION_TOMORROW = "session_tomorrow", _("session tomorrow")
        REVIEW_WAITING = "review_waiting", _("review waiting")
        MEETING_NOT_LOGGED = "meeting_not_logged", _("meeting not logged")
        MEETING_TO_CONFIRM = "meeting_to_confirm", _("meeting to confirm")
        OFFER_WAITING = "offer_waiting", _("mentor asked")
        APPLICATION_UNCONFIRMED = "application_unconfirmed", _("application not confirmed")
        BOOKING_OVER = "booking_over", _("booked time cancelled")
        BOOKING_OVER_MENTOR = "booking_over_mentor", _("booked time moved or given back")
        MENTOR_FOUND = "mentor_found", _("mentor found")
        MENTOR_INVITED = "mentor_invited", _("mentor invited")
        MENTOR_UNCONFIRMED = "mentor_unconfirmed", _("mentor's application not confirmed")

    ALWAYS_ON = (Kind.APPLICATION_UNCONFIRMED, Kind.MENTOR_UNCONFIRMED)  # nobody could apply without

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="rules")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    is_on = models.BooleanField(_("on"), default=True)
    # meaning by kind: hour of the evening before; days a review waited; days since the last meeting
    at_hour = models.PositiveSmallIntegerField(_("local hour"), default=18)
    after_days = models.PositiveSmallIntegerField(_("after so many days"), default=3)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="rule_once"),
            models.CheckConstraint(condition=Q(at_hour__lt=24), name="rule_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.programme}"


class ReminderQuerySet(InProgramme):
    programme = "rule__programme"
    roles = ("coordinator",)

    def due(self, now) -> "ReminderQuerySet":
        """Planned, its hour has come, and no earlier try asked to wait."""
        rows = self.filter(state=Reminder.State.PLANNED, due_at__lte=now)
        return rows.filter(Q(try_after=None) | Q(try_after__lte=now))

    def not_gone(self) -> "ReminderQuerySet":
        """What a person has to look at."""
        return self.filter(state__in=Reminder.TROUBLE)


class Reminder(models.Model):
    """A message that is due to one person because of one fact, once for each revision of that fact. Without a
    person it goes to the address that its subject knows: somebody who applied is nobody here yet.

    planned → claimed → handing over → sent | failed | uncertain | dropped | expired | held; every step is a
    compare-and-set UPDATE. A claimed row whose worker died is certainly unsent; only one that was being
    handed over is uncertain.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CLAIMED = "claimed", _("being prepared")
        HANDING_OVER = "handing_over", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("uncertain")
        HELD = "held", _("held for a person")
        DROPPED = "dropped", _("no longer true")
        EXPIRED = "expired", _("too late")

    TROUBLE = (State.FAILED, State.UNCERTAIN, State.HELD)

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="reminders")
    subject_type = models.CharField(max_length=60)  # "training.session"
    subject_id = models.BigIntegerField()
    subject_revision = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    send_before = models.DateTimeField(null=True)  # after that it is no use to anybody
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)  # the mail server asked for patience
    unsure = models.PositiveSmallIntegerField(default=0)  # times it may have gone without an answer
    reason = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "person", "subject_type", "subject_id", "subject_revision"],
                name="reminder_once",
            ),
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id", "subject_revision"],
                condition=Q(person=None),
                name="reminder_once_to_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="reminder_due"),
            models.Index(fields=["subject_type", "subject_id"], name="reminder_by_subject"),
        ]

    @property
    def message_id(self) -> str:
        """The same over all tries, so that a mailbox can drop a second copy."""
        return f"<reminder-{self.pk}.{self.subject_revision}@rasadnik>"

    def __str__(self) -> str:
        return f"{self.rule}: {self.person or self.subject_id}"


class Attempt(models.Model):
    """One try to hand a reminder over, with the mail server's words."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    address = models.EmailField()
    outcome = models.CharField(max_length=12)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.words}"
