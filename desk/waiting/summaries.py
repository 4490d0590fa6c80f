"""Summaries that wait for those who run programmes: to be built, read before a funder does, and issued."""

from datetime import timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.waiting.items import Item, Scope, words
from desk.waiting.words import When, date_words, until
from lib import clock
from outcomes.models import Issue, IssueStep, Report


def summaries(scope: Scope) -> list[Item]:
    """Those in the hands of reviewers, and those that are due within a month, or were."""
    reviewed = list(_in_review(scope))
    due = _due(scope).exclude(pk__in=[row.report_id for row in reviewed])
    return [_to_read(scope, row) for row in reviewed] + [_owed(scope, row) for row in due]


def _in_review(scope: Scope) -> QuerySet[Issue]:
    """What somebody else gave to be reviewed, and what was returned to her and not built anew."""
    given = IssueStep.objects.filter(issue=OuterRef("pk"), kind=IssueStep.Kind.SUBMITTED).order_by("-pk")
    newer = Issue.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number")).order_by()
    hers = Q(by=scope.user.pk)
    rows = Issue.objects.filter(report__in=_run(scope).values("pk")).defer("payload")
    rows = rows.annotate(by=Subquery(given.values("by")[:1]), since=Subquery(given.values("at")[:1]))
    review = Q(state=Issue.State.REVIEW) & ~hers
    rows = rows.filter(review | (Q(state=Issue.State.RETURNED) & hers & ~Exists(newer)))
    return rows.select_related("report__funding__funder").order_by("since", "pk")


def _run(scope: Scope) -> QuerySet[Report]:
    """Reports over what pays for a programme that she runs."""
    return Report.objects.filter(funding__scopes__programme__in=scope.run).order_by()


def _to_read(scope: Scope, row: Issue) -> Item:
    url = reverse("outcomes:issue_detail", args=[row.pk])
    day = clock.local(row.since, scope.user.tenant.zone).date()
    edition = _("issue %(number)s") % {"number": row.number}
    why = words(edition, str(row.report.funding.funder))
    if row.state == Issue.State.RETURNED:
        why = words(why, _("it was returned to you with comments"))
    act = _("Read the comments") if row.state == Issue.State.RETURNED else _("Read and approve")
    return Item("approval", When(date_words(day), ""), day, row.report.name, url, why, act, url)


def _due(scope: Scope) -> QuerySet[Report]:
    """Of which no edition was issued."""
    rows = Report.objects.filter(
        funding__scopes__programme__in=scope.run, due__lte=scope.today() + timedelta(days=30)
    )
    rows = rows.exclude(Exists(Issue.objects.filter(report=OuterRef("pk"), state=Issue.State.ISSUED)))
    newest = Issue.objects.filter(report=OuterRef("pk")).order_by("-number").values("state")[:1]
    rows = rows.annotate(
        programme=Min("funding__scopes__programme", filter=Q(funding__scopes__programme__in=scope.run)),
        state=Subquery(newest),
    )
    return rows.select_related("funding__funder").order_by("due", "pk")


def _owed(scope: Scope, row: Report) -> Item:
    url = reverse("outcomes:report_list", args=[scope.programmes[row.programme].code])
    state, act = {
        None: (_("not built yet"), _("Build it")),
        Issue.State.DRAFT: (_("a draft is ready to be read"), _("Read it")),
        Issue.State.REVIEW: (_("it is in review"), _("Read it")),
        Issue.State.RETURNED: (_("it was returned with comments"), _("Read it")),
        Issue.State.APPROVED: (_("approved: it can be issued"), _("Issue it")),
    }[row.state]
    why = words(scope.label(row.programme), str(row.funding.funder), state)
    return Item("report", until(row.due, scope.today()), row.due, row.name, url, why, act, url)
