"""Matching runs: proposals of assignments, kept with what they were computed from."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import Job
from lib.walls import Walled
from mentoring.models.profiles import Mentor, Need
from people.access import InProgramme
from people.models import Programme
from training.models import Enrolment


class MatchingRunQuerySet(InProgramme):
    roles = ("coordinator",)


class MatchingRun(models.Model):
    """One computed proposal for a whole programme. `facts` and `weights` are frozen when it is asked for;
    `result` and `fingerprint` follow from them alone."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="matching_runs")
    number = models.PositiveIntegerField(_("number"))  # from 1 in each programme
    weights = models.JSONField(default=dict)  # {factor: 0 to 100}
    facts = models.JSONField(default=dict)  # mentoring.matching.facts: what was known, by row key
    pinned = models.JSONField(default=list)  # [[enrolment, mentor]] that must come out
    result = models.JSONField(default=dict)  # mentoring.matching.solving: pairs, unplaced, totals
    facts_fingerprint = models.CharField(max_length=64, blank=True)  # of facts, weights and pins
    fingerprint = models.CharField(max_length=64, blank=True)  # of result too; "": not computed yet
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MatchingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="matching_run_once"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(fingerprint=""), name="matching_run_published_computed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.number}"


class ProposalQuerySet(Walled):
    programme = "run__programme"

    def visible_to(self, user: User) -> "ProposalQuerySet":
        return self.filter(run__in=MatchingRun.objects.visible_to(user).order_by().values("pk"))


class Proposal(models.Model):
    """One pair of a run, with the facts that counted."""

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="proposals")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="proposals")
    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="proposals")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="+")
    fit = models.PositiveIntegerField(_("fit"))
    factors = models.JSONField(default=dict)  # {factor: points}
    is_pinned = models.BooleanField(_("pinned"), default=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-fit", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "enrolment"], name="proposal_once")]

    def __str__(self) -> str:
        return f"{self.mentor} – {self.enrolment}"
