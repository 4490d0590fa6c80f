"""What a person chose for herself: by which way, how often, and the secret address of her calendar."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.walls import Walled
from people.models import Person
from reminders.models.rules import Channel, Rule


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("each by itself")
    DAILY = "daily", _("together, once a day")
    WEEKLY = "weekly", _("together, once a week")


class PreferenceQuerySet(Walled):
    """Nobody reads another's: the services ask for one person's."""

    def visible_to(self, user) -> "PreferenceQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class Preference(models.Model):
    """Her choice for one kind, or, without a kind, for all that have no choice of their own. What is
    essential is sent whatever she chose here, by the way she chose."""

    NOTHING = "none"
    WAYS = [(NOTHING, _("nothing")), *(one for one in Channel.choices if one[0] != Channel.BY_HAND)]

    person = models.ForeignKey(Person, models.CASCADE, related_name="preferences")
    kind = models.CharField(_("kind"), max_length=30, choices=Rule.Kind, blank=True)
    channel = models.CharField(_("way"), max_length=7, choices=WAYS, blank=True)  # empty: as the rule says
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.AT_ONCE)
    at = models.DateTimeField(default=timezone.now)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["person", "kind"]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="reading_preference_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display() or '*'}"


class FeedQuerySet(Walled):
    def visible_to(self, user) -> "FeedQuerySet":
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class Feed(models.Model):
    """The private calendar of a person. Its address is signed over the revision and never stored: raising the
    revision makes the old address nobody's."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="feed")
    revision = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)  # when this address was made
    read_at = models.DateTimeField(null=True)  # when a calendar last asked for it

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(revision__gte=1), name="feed_revision")]

    def __str__(self) -> str:
        return str(self.person)
