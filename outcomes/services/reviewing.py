"""Verbs of the review of an issue: draft, in review, returned or approved, issued. What is wrong in it is
never mended in it: the records are, and another one is built."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from outcomes.document import key_of
from outcomes.models import Issue, IssueStep

State, Kind = Issue.State, IssueStep.Kind
# what a step leads to, from where, and its name in the trail
STEPS = {
    Kind.SUBMITTED: (State.REVIEW, (State.DRAFT, State.RETURNED), "submit_issue"),
    Kind.RETURNED: (State.RETURNED, (State.REVIEW, State.APPROVED), "return_issue"),
    Kind.APPROVED: (State.APPROVED, (State.REVIEW,), "approve_issue"),
    Kind.ISSUED: (State.ISSUED, (State.APPROVED,), "release_issue"),
}


@transaction.atomic
def submit_issue(*, by: User, issue: Issue, now: datetime, text: str = "") -> Issue:
    """Have a draft, or what was returned, read by somebody else before its funder does."""
    return step(by, issue, Kind.SUBMITTED, now=now, text=text)


@transaction.atomic
def comment_on_issue(*, by: User, issue: Issue, now: datetime, text: str, figure: str = "") -> IssueStep:
    """Say something of one figure (its key), or of all of it, until it is issued."""
    _insist_on(figure, issue)
    if not text.strip():
        raise ValidationError({"text": _("Say what is to be changed.")})
    # it is issued before this, or after it
    if Issue.objects.select_for_update().only("state").get(pk=issue.pk).is_issued:
        raise ValidationError(_("This issue was released already."))
    said = IssueStep.objects.create(
        issue=issue, kind=Kind.COMMENT, figure=figure, text=text.strip(), at=now, by=by
    )
    audit(by, "comment_on_issue", said, ["figure", "text"], tenant=issue.report.funding.project.tenant)
    return said


@transaction.atomic
def return_issue(*, by: User, issue: Issue, now: datetime, text: str = "", figure: str = "") -> Issue:
    """Say that it shall not be issued so; what is to be changed stands here, or in the comments."""
    _insist_on(figure, issue)
    if not (text.strip() or _comments_since_submitted(issue).exists()):
        raise ValidationError({"text": _("Say what is to be changed, here or in a comment on a figure.")})
    return step(by, issue, Kind.RETURNED, now=now, text=text, figure=figure)


@transaction.atomic
def approve_issue(*, by: User, issue: Issue, now: datetime, text: str = "") -> Issue:
    """Say that it may be issued. Whoever gave it to be reviewed does so only where there is nobody else."""
    if submitter_of(issue) == by.pk and others_who_may(issue, by).exists():
        raise ValidationError(_("Somebody else approves what you gave to be reviewed."))
    return step(by, issue, Kind.APPROVED, now=now, text=text)


def step(
    by: User, issue: Issue, kind: str, *, now: datetime, text: str = "", figure: str = "", **fields
) -> Issue:
    """One step on, compare-and-set: of two at once the second is told where the issue is."""
    state, before, verb = STEPS[kind]
    moved = Issue.objects.filter(pk=issue.pk, state__in=before).update(state=state, **fields)
    issue.refresh_from_db(fields=["state", "issued_at", "issued_by"])
    if not moved:
        raise ValidationError(_refused(issue, kind))
    issue.steps.create(kind=kind, figure=figure, text=text.strip(), at=now, by=by)
    audit(by, verb, issue, ["state"])
    return issue


def _insist_on(figure: str, issue: Issue) -> None:
    if figure and figure not in {key_of(one) for one in issue.document["figures"]}:
        raise ValidationError({"figure": _("This issue has no such figure.")})


def _refused(issue: Issue, kind: str) -> str:
    if issue.is_issued:
        return _("This issue was released already.")
    if kind == Kind.ISSUED:
        return _("Only an approved issue is released; this one is: %(state)s.") % {
            "state": issue.get_state_display()
        }
    return _("This cannot be done with an issue that is: %(state)s.") % {"state": issue.get_state_display()}


def submitter_of(issue: Issue) -> int | None:
    """Who gave it to be reviewed last."""
    return issue.steps.filter(kind=Kind.SUBMITTED).values_list("by", flat=True).last()


def others_who_may(issue: Issue, user: User) -> QuerySet[User]:
    """Everybody else who runs a programme that the funding pays for."""
    run = Q(
        person__memberships__role="coordinator",
        person__memberships__programme__in=issue.report.funding.scopes.values("programme"),
    )
    mine = User.objects.filter(is_active=True, tenant=issue.report.funding.project.tenant_id)
    return mine.filter(Q(is_administrator=True) | run).exclude(pk=user.pk).distinct()


def _comments_since_submitted(issue: Issue) -> QuerySet[IssueStep]:
    comments = issue.steps.filter(kind=Kind.COMMENT)
    last = issue.steps.filter(kind=Kind.SUBMITTED).last()
    return comments.filter(pk__gt=last.pk) if last else comments
