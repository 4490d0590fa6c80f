"""What was decided after a round: frozen with what it was decided from."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.models.ideas import Idea
from ideas.models.judging import Round
from people.access import InProgramme


class SelectionQuerySet(InProgramme):
    programme = "round__programme"
    roles = ("coordinator",)


class Selection(models.Model):
    """The decision of a round, once: method, cut-off and the data they rest on, with a fingerprint."""

    class Method(models.TextChoices):
        MEAN = "mean", _("weighted mean")
        ADJUSTED = "adjusted", _("adjusted for how strict reviewers are")

    round = models.OneToOneField(Round, models.PROTECT, related_name="selection")
    method = models.CharField(_("method"), max_length=8, choices=Method)
    shortlisted = models.PositiveIntegerField(_("ideas on the short list"))
    waiting = models.PositiveIntegerField(_("ideas that wait"), default=0)
    ranking = models.JSONField(default=dict)  # ideas.ranking: the data and the ranking, by row key; no names
    fingerprint = models.CharField(max_length=64)  # SHA-256 of `ranking`, method and cut-off
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.round)


class DecisionQuerySet(InProgramme):
    programme = "selection__round__programme"
    roles = ("coordinator",)


class Decision(models.Model):
    """What was decided on one idea, and where it stood. Its nominators are told later (reminders)."""

    class Verdict(models.TextChoices):
        SHORTLISTED = "shortlisted", _("shortlisted")
        WAITING = "waiting", _("waiting")
        DECLINED = "declined", _("declined")

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="decisions")
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="decisions")
    verdict = models.CharField(_("decision"), max_length=11, choices=Verdict)
    place = models.PositiveIntegerField(_("place"), null=True)  # none: nobody judged it
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=3, null=True)  # by the method chosen
    by_hand = models.BooleanField(_("against the order"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["selection", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["selection", "idea"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.idea}: {self.get_verdict_display()}"
