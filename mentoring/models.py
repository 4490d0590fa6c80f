"""Mentors, whom they guide, and the meetings that show it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.walls import Walled
from people.access import InProgramme, access
from people.models import Membership, Person, Programme
from training.models import Enrolment


class Function(models.TextChoices):
    """Business functions in which mentors help."""

    BUSINESS_PLAN = "business_plan", _("business plan")
    FINANCE = "finance", _("finance")
    MARKETING = "marketing", _("marketing and sales")
    EXPORT = "export", _("export")
    PRODUCTION = "production", _("production")
    LEGAL = "legal", _("law and registration")
    DIGITAL = "digital", _("digital tools")
    PRICING = "pricing", _("pricing")


class MentorQuerySet(Walled):
    programme = "person__memberships__programme"

    def visible_to(self, user: User) -> "MentorQuerySet":
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(person__tenant_id=user.tenant_id)
        members = Membership.objects.filter(role="mentor", programme__in=may.programmes("coordinator"))
        return self.filter(Q(person__user=user) | Q(person__in=members.values("person")))

    def active_in(self, programme: Programme) -> "MentorQuerySet":
        """Whoever is a mentor in this programme and still active."""
        member = Membership.objects.filter(programme=programme, role=Membership.Role.MENTOR)
        return self.filter(person__in=member.values("person"), state=Mentor.State.ACTIVE).select_related(
            "person"
        )


class Mentor(models.Model):
    """What is known of a person as a mentor. She may be an entrepreneur elsewhere."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("left")

    person = models.OneToOneField(Person, models.CASCADE, related_name="mentor")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    sectors = models.JSONField(_("sectors (NACE sections)"), default=list, blank=True)
    functions = models.JSONField(_("business functions"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    on_premises = models.BooleanField(_("comes to the premises"), null=True, blank=True)
    online = models.BooleanField(_("meets online"), null=True, blank=True)
    bio = models.TextField(_("about her"), blank=True)
    bio_sr = models.TextField(_("about her, in Serbian"), blank=True)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["person__name_key", "pk"]

    def __str__(self) -> str:
        return str(self.person)


class OfferQuerySet(InProgramme):
    roles = ("coordinator",)


class Offer(models.Model):
    """What a mentor offers in one programme: how many people, how many hours."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="offers")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="offers")
    capacity = models.PositiveSmallIntegerField(_("how many entrepreneurs"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "programme"], name="offer_once")]

    def __str__(self) -> str:
        return f"{self.mentor}, {self.programme}"


class NeedQuerySet(InProgramme):
    programme = "enrolment__programme"
    roles = ("coordinator",)


class Need(models.Model):
    """What an entrepreneur asks a mentor for."""

    class Place(models.TextChoices):
        PREMISES = "premises", _("on the premises")
        ONLINE = "online", _("online")
        EITHER = "either", _("either")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="needs")
    sector = models.CharField(_("sector (NACE section)"), max_length=1, blank=True)
    functions = models.JSONField(_("business functions"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=User.Language, blank=True)
    place = models.CharField(_("place"), max_length=8, choices=Place, default=Place.EITHER)
    text = models.CharField(_("in her words"), max_length=500, blank=True)

    objects = NeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.text}"


class AssignmentQuerySet(InProgramme):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        """Coordinators see those of their programmes; a mentor and an entrepreneur their own."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(programme__tenant_id=user.tenant_id)
        return self.filter(
            Q(programme__in=may.programmes("coordinator"))
            | Q(mentor__person__user=user)
            | Q(enrolment__person__user=user)
        )

    def alive(self) -> "AssignmentQuerySet":
        return self.filter(state__in=Assignment.ALIVE)

    def with_minutes(self) -> "AssignmentQuerySet":
        return self.annotate(
            met_minutes=Sum("meetings__minutes"),
            met=models.Count("meetings"),
            last_met=models.Max("meetings__day"),
        ).in_order()


class Assignment(models.Model):
    """A mentor for an entrepreneur and her need, with agreed hours and a state."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        COMPLETED = "completed", _("completed")
        ENDED = "ended", _("ended")

    ALIVE = (State.ACCEPTED, State.ACTIVE, State.PAUSED)
    SILENT_DAYS = 21  # a pair that did not meet for so long is asked about
    COUNTED = (State.ACCEPTED, State.ACTIVE, State.PAUSED, State.COMPLETED, State.ENDED)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="assignments")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="assignments")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="assignments")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="assignments")
    agreed_hours = models.PositiveSmallIntegerField(
        _("agreed hours"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ACTIVE)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    # the coordinator read the conflict and went on all the same: her words, kept with the row
    conflict_accepted = models.CharField(_("why in spite of the conflict"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "enrolment"],
                condition=Q(
                    state__in=["proposed", "offered", "accepted", "active", "paused", "completed", "ended"]
                ),
                name="assignment_once",
                violation_error_message=_("This mentor guides this entrepreneur already."),
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} – {self.enrolment}"


class MeetingQuerySet(Walled):
    programme = "assignment__programme"

    def visible_to(self, user: User) -> "MeetingQuerySet":
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class Meeting(models.Model):
    """One mentoring meeting that took place."""

    class Place(models.TextChoices):
        PREMISES = "premises", _("on the premises")
        ONLINE = "online", _("online")
        ELSEWHERE = "elsewhere", _("elsewhere")

    LONGEST = 720  # minutes: a day's visit; more is a slip of the finger

    operation = models.UUIDField(unique=True)  # a double tap is one meeting
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="meetings")
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.PREMISES)
    topic = models.CharField(_("topic"), max_length=200)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 720)),
                name="meeting_minutes",
                violation_error_message=_("A meeting lasts between 1 and 720 minutes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.topic}"
