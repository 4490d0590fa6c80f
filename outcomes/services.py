"""Verbs of summaries: ask for one, keep it, release it to its funder."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from outcomes.models import Issue, Report
from outcomes.payload import Built


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
    """Issue a draft: from now on its funder sees it, and nothing changes in it. Once."""
    draft = Issue.objects.filter(pk=issue.pk, state=Issue.State.DRAFT)
    if not draft.update(state=Issue.State.ISSUED, issued_at=now, issued_by=by):
        raise ValidationError(_("This issue was released already."))
    issue.refresh_from_db()
    audit(by, "release_issue", issue, ["state"])
    return issue
