"""How the rules of a programme come out for its people: kept, each with the fact that was used."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from people.models import Programme
from training.eligibility.facts import facts_of
from training.eligibility.judging import judge
from training.eligibility.words import fact_words, rule_words
from training.models import EligibilityRule, Enrolment, Finding


def check(
    *,
    programme: Programme,
    enrolments: Collection[int] | None = None,
    answers: Mapping[tuple[int, int], bool] | None = None,
    now: datetime,
) -> None:
    """Look at the facts again, for these enrolments or all; `answers` are new ones, by (rule, enrolment). As
    many queries for a thousand people as for one. Exceptions stay."""
    rules = list(EligibilityRule.objects.filter(programme=programme).select_related("funding"))
    if not rules:
        return
    facts = facts_of(programme, enrolments, {rule.kind for rule in rules})
    known = Finding.objects.filter(rule__in=rules, enrolment__programme=programme).exclude(answer=None)
    if enrolments is not None:
        known = known.filter(enrolment__in=list(enrolments))
    said = {(rule, pk): answer for rule, pk, answer in known.values_list("rule_id", "enrolment_id", "answer")}
    said |= answers or {}
    rows = []
    for pk, hers in facts.items():
        for rule in rules:
            answer = said.get((rule.pk, pk))
            outcome, fact = judge(rule, hers, answer)
            rows.append(
                Finding(rule=rule, enrolment_id=pk, outcome=outcome, fact=fact, answer=answer, checked_at=now)
            )
    Finding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["rule", "enrolment"],
        update_fields=["outcome", "fact", "answer", "checked_at"],
        batch_size=2000,
    )


def fitting(enrolments: Collection[int]) -> set[int]:
    """Those for whom every binding rule is met or excepted, by what was found last."""
    rows = Enrolment.objects.filter(pk__in=list(enrolments)).with_eligibility()
    return set(rows.filter(eligibility__in=Enrolment.FITS).order_by().values_list("pk", flat=True))


def insist(*, enrolment: Enrolment, now: datetime) -> None:
    """Raises ValidationError naming each binding rule that is not met, or not known to be, and for which
    nobody made an exception."""
    check(programme=enrolment.programme, enrolments=[enrolment.pk], now=now)
    if words := [refusal(row) for row in open_findings(enrolment)]:
        raise ValidationError({"state": words}, code="eligibility")


def open_findings(enrolment: Enrolment) -> list[Finding]:
    """Binding rules that stand in her way."""
    rows = Finding.objects.filter(enrolment=enrolment, rule__funding=None, excepted_at=None)
    return list(rows.exclude(outcome=Finding.Outcome.MET).select_related("rule"))


def refusal(finding: Finding) -> str:
    what = {"rule": rule_words(finding.rule), "fact": fact_words(finding.rule, finding.fact)}
    if finding.outcome == Finding.Outcome.UNKNOWN:
        return _("“%(rule)s” is not known yet: find it out, or make an exception with its reason.") % what
    words = _("“%(rule)s” is not met (%(fact)s): without an exception and its reason she cannot take part.")
    return words % what
