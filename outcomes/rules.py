"""Who may do what with a funding's reports. Asked after `visible_to`: what is not visible is a 404."""

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.models import User
from outcomes.models import Issue, Report
from people.access import access
from people.models import Funding, FundingScope, Programme


@rules.predicate
def coordinates(user, row: Report | Issue) -> bool:
    """Coordinator of a programme that the funding pays for, or administrator of its tenant."""
    funding = row.funding if isinstance(row, Report) else row.report.funding
    mine = access(user)
    if mine.is_administrator:
        return funding.project.tenant_id == user.tenant_id
    return funding.scopes.filter(programme__in=mine.programmes("coordinator")).exists()


@rules.predicate
def runs_programme(user, programme: Programme) -> bool:
    return access(user).runs(programme.pk, programme.tenant_id)


@rules.predicate
def keeps_funding(user, funding: Funding) -> bool:
    return coordinates(user, Report(funding=funding))


rules.add_perm("outcomes.read_tables", runs_programme)
rules.add_perm("outcomes.keep_results", runs_programme)
rules.add_perm("outcomes.keep_grants", runs_programme)
rules.add_perm("outcomes.keep_locks", runs_programme)
rules.add_perm("outcomes.keep_answers", runs_programme)
rules.add_perm("outcomes.keep_definitions", runs_programme)  # the organisation's, as its questions are
rules.add_perm("outcomes.keep_money", keeps_funding)
rules.add_perm("outcomes.keep_narratives", keeps_funding)
rules.add_perm("outcomes.keep_logframe", keeps_funding)
rules.add_perm("outcomes.keep_reports", coordinates)
rules.add_perm("outcomes.build_issue", coordinates)
rules.add_perm("outcomes.review_issue", coordinates)
rules.add_perm("outcomes.release_issue", coordinates)
rules.add_perm("outcomes.open_rows", coordinates)


def may(user, verb: str, row: Report | Issue | Programme | Funding) -> bool:
    """`may(user, "build_issue", report)`, `may(user, "keep_results", programme)`"""
    return rules.has_perm(f"outcomes.{verb}", user, row)


def insist(user, verb: str, row) -> None:
    """Raises PermissionDenied."""
    if not may(user, verb, row):
        raise PermissionDenied


def kept_fundings(user: User) -> QuerySet[Funding]:
    """Those whose money and texts she keeps: not the one that she reads of as its funder."""
    rows = Funding.objects.visible_to(user)
    mine = access(user)
    if mine.is_administrator:
        return rows
    scopes = FundingScope.objects.filter(programme__in=mine.programmes("coordinator"))
    return rows.filter(pk__in=scopes.values("funding"))
