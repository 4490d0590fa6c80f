"""What is due to whom. The row is the record: planned from the records, checked again, sent once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.access import InProgramme
from people.models import Person
from reminders.models.readers import Rhythm
from reminders.models.rules import Channel, Rule


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

    planned → claimed → handing over → sent | failed | uncertain | dropped | expired | held | told; every step
    is a compare-and-set UPDATE. A claimed row whose worker died is certainly unsent; only one that was being
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
        TOLD = "told", _("told by a person")

    TROUBLE = (State.FAILED, State.UNCERTAIN, State.HELD)

    class How(models.TextChoices):
        WHATSAPP = "whatsapp", _("by WhatsApp")
        VIBER = "viber", _("by Viber")
        SMS = "sms", _("by SMS")
        CALL = "call", _("by telephone")
        FACE = "face", _("face to face")

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="reminders")
    subject_type = models.CharField(max_length=60)  # "training.session"
    subject_id = models.BigIntegerField()
    subject_revision = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True)  # what the rule says, where quiet hours moved it
    channel = models.CharField(max_length=7, choices=Channel, default=Channel.EMAIL)
    rhythm = models.CharField(max_length=7, choices=Rhythm, default=Rhythm.AT_ONCE)
    # the one in whose message it goes along (daily or weekly); that one carries itself
    carrier = models.ForeignKey("self", models.SET_NULL, null=True, related_name="carried")
    send_before = models.DateTimeField(null=True)  # after that it is no use to anybody
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)  # the mail server asked for patience
    unsure = models.PositiveSmallIntegerField(default=0)  # times it may have gone without an answer
    reason = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    told_how = models.CharField(max_length=8, choices=How, blank=True)
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
    address = models.CharField(max_length=254)  # or the telephone number
    outcome = models.CharField(max_length=12)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.words}"
