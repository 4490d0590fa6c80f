"""What a pair does: meetings, notes in three layers, introductions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.walls import Walled
from mentoring.models.assignments import Assignment, HungOn
from mentoring.models.profiles import Function
from people.access import InProgramme, access
from people.models import Organisation
from training.models import Enrolment


class MeetingQuerySet(HungOn):
    def counting(self) -> "MeetingQuerySet":
        """Those that took place. One that was logged by mistake stays on record and counts nowhere."""
        return self.filter(cancelled_at=None)

    def of_the_pair_of(self, user: User) -> "MeetingQuerySet":
        """Those in which she was one of the two."""
        is_mentor = Q(assignment__mentor__person__user=user)
        return self.filter(is_mentor | Q(assignment__enrolment__person__user=user))


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
    start = models.TimeField(_("from"), null=True, blank=True)  # wall time of the programme; often unsaid
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.PREMISES)
    topic = models.CharField(_("topic"), max_length=200)
    function = models.CharField(_("business function"), max_length=13, choices=Function, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    # the other side's word on it; neither is set: she has not said anything yet
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    objected_at = models.DateTimeField(null=True, blank=True)
    objected_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    objection = models.CharField(_("what is not right"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)  # logged by mistake: it counts no more
    cancelled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    cancelled_reason = models.CharField(_("why it does not count"), max_length=300, blank=True)
    slot = models.ForeignKey("Slot", models.SET_NULL, null=True, blank=True, related_name="meetings")
    revision = models.PositiveIntegerField(default=1, editable=False)

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


class NoteQuerySet(Walled):
    programme = "assignment__programme"

    def visible_to(self, user: User) -> "NoteQuerySet":
        """Mine: its author alone. Ours: the pair. The programme's: the pair and who runs the programme."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            staff = Q(assignment__programme__tenant_id=user.tenant_id)
        else:
            staff = Q(assignment__programme__in=may.programmes("coordinator"))
        hers = Q(assignment__enrolment__person__user=user, assignment__state__in=Assignment.COUNTED)
        pair = Q(assignment__mentor__person__user=user) | hers  # what is asked before a yes is not hers
        mine = Q(layer=Note.Layer.MINE, by=user)
        return self.filter(
            mine | Q(layer=Note.Layer.OURS) & pair | Q(layer=Note.Layer.PROGRAMME) & (pair | staff)
        )


class Note(models.Model):
    """What somebody wrote down about a pair's work, and who may read it. Funders read none."""

    class Layer(models.TextChoices):
        MINE = "mine", _("only I")
        OURS = "ours", _("the two of us")
        PROGRAMME = "programme", _("the two of us and the programme")

    operation = models.UUIDField(unique=True)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="notes")
    layer = models.CharField(_("who may read it"), max_length=9, choices=Layer)
    text = models.TextField(_("note"), max_length=4000)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.assignment}, {self.get_layer_display()}"


class IntroductionQuerySet(InProgramme):
    roles = ("coordinator",)
    programme = "enrolment__programme"

    def visible_to(self, user: User) -> "IntroductionQuerySet":
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        pair = Q(assignment__mentor__person__user=user) | Q(enrolment__person__user=user)
        return self.filter(Q(pk__in=inside) | pair)


class Introduction(models.Model):
    """Somebody was brought together with a buyer, a supplier, a financier, a cluster; what came of it."""

    class Kind(models.TextChoices):
        BUYER = "buyer", _("buyer")
        SUPPLIER = "supplier", _("supplier")
        FINANCIER = "financier", _("financier")
        CLUSTER = "cluster", _("cluster")
        OTHER = "other", _("other")

    class Came(models.TextChoices):
        UNKNOWN = "unknown", _("not known yet")
        TALKS = "talks", _("they are talking")
        AGREED = "agreed", _("they agreed on something")
        NOTHING = "nothing", _("nothing came of it")

    operation = models.UUIDField(unique=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="introductions")
    assignment = models.ForeignKey(
        Assignment, models.SET_NULL, null=True, blank=True, related_name="introductions"
    )
    kind = models.CharField(_("to whom"), max_length=9, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="introductions"
    )
    name = models.CharField(_("name"), max_length=200)
    day = models.DateField(_("day"))
    came = models.CharField(_("what came of it"), max_length=8, choices=Came, default=Came.UNKNOWN)
    came_on = models.DateField(_("since"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.name}"
