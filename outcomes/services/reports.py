"""Verbs of summaries: ask for one, keep it, release it to its funder."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from outcomes.models import Issue, IssueStep, Report, Target
from outcomes.payload import Built
from outcomes.registry import definitions
from outcomes.released import told_meanwhile
from outcomes.services.reviewing import step
from people.models import Funding, Organisation


@transaction.atomic
def request_issue(*, by: User, report: Report) -> Job:
    """Have the summary built. Asking again while that is going on gives the same job."""
    job = enqueue("outcomes.build_issue", tenant=report.funding.project.tenant, by=by, report=report.pk)
    audit(by, "request_issue", report)
    return job


@transaction.atomic
def add_issue(*, by: User | None, report: Report, job: Job, built: Built) -> Issue:
    """Keep what was built as the next number, a draft."""
    last = report.issues.aggregate(last=Max("number"))["last"] or 0
    issue = Issue.objects.create(
        report=report,
        number=last + 1,
        job=job,
        payload=built.payload,
        fingerprint=built.fingerprint,
        row_key=built.row_key,
        built_by=by,
    )
    audit(by, "build_issue", issue, ["payload"], tenant=report.funding.project.tenant)
    return issue


@transaction.atomic
def release_issue(*, by: User, issue: Issue, now: datetime) -> Issue:
    """Issue what was approved: from now on its funder sees it, and nothing changes in it. Once. What she was
    given since it was built may make it tell too much beside that: then it is built again."""
    funder = issue.report.funding.funder
    Organisation.objects.select_for_update().get(pk=funder.pk)  # one after the other: each sees the last
    if told := told_meanwhile(issue):
        words = _(
            "Build it again: %(funder)s was given more since, and beside that this would tell of too few "
            "people (%(what)s)."
        )
        raise ValidationError(words % {"funder": funder, "what": ", ".join(told)})
    return step(by, issue, IssueStep.Kind.ISSUED, now=now, issued_at=now, issued_by=by)


@transaction.atomic
def save_report(*, by: User, report: Report | None = None, funding: Funding | None = None, **said) -> Report:
    """What a funder is owed. Its period stays as it is once an issue was built over it."""
    row = report or Report(funding=funding)
    moved = {name for name in ("start", "end") if name in said and said[name] != getattr(row, name)}
    if report and moved and row.issues.exists():
        words = _("Issues were built over this period: make another report.")
        raise ValidationError(dict.fromkeys(moved, words))
    keep(by=by, row=row, said=said, tenant=row.funding.project.tenant)
    return row


@transaction.atomic
def save_target(*, by: User, target: Target | None = None, funding: Funding | None = None, **said) -> Target:
    """What a funding plans for one indicator, or for one line of its logframe."""
    row = target or Target(funding=funding)
    line, code = said.get("line", row.line), said.get("indicator", row.indicator)
    if line is not None and line.funding_id != row.funding_id:
        raise ValidationError({"line": _("This line is of another funding.")})
    if line is None and code not in definitions(row.funding.project.tenant):
        raise ValidationError({"indicator": _("There is no such indicator.")})
    keep(by=by, row=row, said=said, tenant=row.funding.project.tenant)
    return row
