"""Where somebody stands in a programme: each rule with the fact it used, and every step of her state."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from training.eligibility.judging import UNKNOWN, YES_NO
from training.eligibility.words import fact_words, rule_words
from training.models import EligibilityRule, Enrolment, Finding


@dataclass(frozen=True)
class Said:
    """One rule as her page shows it. Without a finding nobody looked yet: unknown."""

    words: str
    fact: str
    outcome: str
    funder: str = ""
    asks: bool = False
    pk: int | None = None  # of the finding
    excepted_at: datetime | None = None
    excepted_by: User | None = None
    exception: str = ""


def of(enrolment: Enrolment, *, is_staff: bool) -> dict:
    """For her page. Rules and exceptions are for staff; her history is hers too."""
    changes = enrolment.changes.select_related("by").order_by("-pk")
    rows = _rules(enrolment) if is_staff else []
    open_ones = [row for row in rows if not row.funder and row.outcome != "met" and not row.excepted_at]
    return {"changes": changes, "rules_said": rows, "pending": bool(open_ones)}


def _rules(enrolment: Enrolment) -> list[Said]:
    rules = EligibilityRule.objects.filter(programme=enrolment.programme).select_related("funding__funder")
    found = {row.rule_id: row for row in enrolment.findings.select_related("excepted_by")}
    rows = [_said(rule, found.get(rule.pk)) for rule in rules]
    return sorted(rows, key=lambda row: bool(row.funder))


def _said(rule: EligibilityRule, finding: Finding | None) -> Said:
    funder = rule.funding.funder.title if rule.funding_id else ""
    if finding is None:
        return Said(rule_words(rule), fact_words(rule, {}), UNKNOWN, funder)
    return Said(
        words=rule_words(rule),
        fact=fact_words(rule, finding.fact),
        outcome=finding.outcome,
        funder=funder,
        asks=rule.kind in YES_NO,
        pk=finding.pk,
        excepted_at=finding.excepted_at,
        excepted_by=finding.excepted_by,
        exception=finding.exception,
    )
