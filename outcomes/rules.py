"""Who may do what with a funding's reports. Asked after `visible_to`: what is not visible is a 404."""

import rules

from outcomes.models import Issue, Report
from people.access import access


@rules.predicate
def coordinates(user, row: Report | Issue) -> bool:
    """Coordinator of a programme that the funding pays for, or administrator of its tenant."""
    funding = row.funding if isinstance(row, Report) else row.report.funding
    mine = access(user)
    if mine.is_administrator:
        return funding.project.tenant_id == user.tenant_id
    return funding.scopes.filter(programme__in=mine.programmes("coordinator")).exists()


rules.add_perm("outcomes.keep_reports", coordinates)
rules.add_perm("outcomes.build_issue", coordinates)
rules.add_perm("outcomes.release_issue", coordinates)
rules.add_perm("outcomes.open_rows", coordinates)


def may(user, verb: str, row: Report | Issue) -> bool:
    """`may(user, "build_issue", report)`"""
    return rules.has_perm(f"outcomes.{verb}", user, row)
