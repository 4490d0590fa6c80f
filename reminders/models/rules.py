"""Which reminders a programme sends, to whom, when and in what words."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.access import InProgramme
from people.models import Programme
from training.models import Module


class Channel(models.TextChoices):
    """By which way a word reaches somebody."""

    EMAIL = "email", _("e-mail")
    MESSAGE = "message", _("SMS or chat message")  # handed to the organisation's own gateway
    BY_HAND = "by_hand", _("told by a person")  # nothing is sent: it stands on the plan to be copied


class RuleQuerySet(InProgramme):
    roles = ("coordinator",)


class Rule(models.Model):
    """One kind of reminder in one programme: on or off, to whom of those it knows, when relative to its
    subject, under which condition, by which channel. What its fields mean is said by its kind."""

    class Kind(models.TextChoices):
        SESSION_TOMORROW = "session_tomorrow", _("session tomorrow")
        SESSION_TODAY = "session_today", _("session today")
        SESSION_CHANGED = "session_changed", _("session moved or cancelled")
        ENROLLED = "enrolled", _("enrolled")
        WAITLISTED = "waitlisted", _("on the waiting list")
        PLACE_FREE = "place_free", _("a place became free")
        ATTENDANCE_LOW = "attendance_low", _("attendance in danger")
        CERTIFICATE_READY = "certificate_ready", _("certificate ready")
        CERTIFICATE_CHECK = "certificate_check", _("invitation to check a certificate")
        IDEA_RECEIVED = "idea_received", _("idea received")
        REVIEW_WAITING = "review_waiting", _("review waiting")
        REVIEW_DUE = "review_due", _("review due")
        REVIEW_OVERDUE = "review_overdue", _("review overdue")
        DECISION = "decision", _("decision with feedback")
        MEETING_UPCOMING = "meeting_upcoming", _("meeting upcoming")
        MEETING_NOT_LOGGED = "meeting_not_logged", _("meeting not logged")
        MEETING_TO_CONFIRM = "meeting_to_confirm", _("meeting to confirm")
        GOAL_DUE = "goal_due", _("goal due")
        OFFER_WAITING = "offer_waiting", _("mentor asked")
        APPLICATION_UNCONFIRMED = "application_unconfirmed", _("application not confirmed")
        BOOKING_OVER = "booking_over", _("booked time cancelled")
        BOOKING_OVER_MENTOR = "booking_over_mentor", _("booked time moved or given back")
        MENTOR_FOUND = "mentor_found", _("mentor found")
        MENTOR_INVITED = "mentor_invited", _("mentor invited")
        MENTOR_UNCONFIRMED = "mentor_unconfirmed", _("mentor's application not confirmed")
        REPORT_DUE = "report_due", _("report due for a funder")
        REPORT_READY = "report_ready", _("report ready")
        QUESTIONS_OPEN = "questions_open", _("questions to answer")
        QUESTIONS_CLOSING = "questions_closing", _("questions close soon")

    ASKING = (Kind.QUESTIONS_OPEN, Kind.QUESTIONS_CLOSING)
    ALWAYS_ON = (Kind.APPLICATION_UNCONFIRMED, Kind.MENTOR_UNCONFIRMED)  # nobody could apply without

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="rules")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    is_on = models.BooleanField(_("on"), default=True)
    # meaning by kind: hour of the evening before; days a review waited; days since the last meeting
    at_hour = models.PositiveSmallIntegerField(_("local hour"), default=18)
    after_days = models.PositiveSmallIntegerField(_("after so many days"), default=3)
    audience = models.CharField(_("who"), max_length=20, blank=True)  # empty: everybody whom its kind knows
    condition = models.CharField(_("only if"), max_length=20, blank=True)  # empty: always
    module = models.ForeignKey(
        Module,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only of this module"),
    )
    channel = models.CharField(_("way"), max_length=7, choices=Channel, default=Channel.EMAIL)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="rule_once"),
            models.CheckConstraint(condition=Q(at_hour__lt=24), name="rule_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.programme}"


class RuleTextQuerySet(InProgramme):
    programme = "rule__programme"
    roles = ("coordinator",)


class RuleText(models.Model):
    """A programme's own words of a rule in one language, instead of ours. Placeholders stand in braces, as
    `reminders.texts` lists them; the link and why she gets it are added to every message."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, choices=User.Language)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=3000)  # paragraphs, between empty lines

    objects = RuleTextQuerySet.as_manager()

    class Meta:
        ordering = ["rule", "language"]
        constraints = [models.UniqueConstraint(fields=["rule", "language"], name="rule_text_once")]

    def __str__(self) -> str:
        return self.subject


class QuietHoursQuerySet(InProgramme):
    roles = ("coordinator",)


class QuietHours(models.Model):
    """When nothing may reach anybody, by the recipient's clock. Without a row: STARTS to ENDS. Equal: never
    quiet."""

    STARTS, ENDS = time(21), time(8)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="quiet_hours")
    starts = models.TimeField(_("from"), default=STARTS)
    ends = models.TimeField(_("until"), default=ENDS)

    objects = QuietHoursQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
