"""Rules of who may take part, answers to their questions, and exceptions from them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from people.models import Funding, Organisation, Person, Programme
from people.sectors import SECTORS
from training.eligibility.judging import YES_NO, Kind
from training.models import EligibilityRule, Finding
from training.services.findings import check
from training.services.seats import move_up
from training.services.states import held

MOST_YEARS = 50


@transaction.atomic
def save_eligibility_rule(
    *, by: User | None, programme: Programme, rule: EligibilityRule | None = None, now: datetime, **said
) -> EligibilityRule:
    """Add a rule, or change one; everybody's facts are looked at again. What was excepted stays so."""
    programme, row = held(programme), rule or EligibilityRule(programme=programme)
    whole = {name: said.get(name, getattr(row, name)) for name in ("kind", "funding", "values", "years")}
    whole["question"] = said.get("question", row.question).strip()
    if row.pk and whole["kind"] != row.kind:
        raise ValidationError({"kind": _("A rule keeps its kind: remove it and add another.")})
    _check_funding(programme, whole["funding"])
    said |= _checked(programme, **whole)
    if not row.pk and "position" not in said:
        said["position"] = programme.eligibility.count() + 1
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    check(programme=programme, now=now)
    move_up(programme, now)
    return row


@transaction.atomic
def remove_eligibility_rule(*, by: User, rule: EligibilityRule, now: datetime) -> None:
    """It binds nobody any more. Its findings and exceptions go with it; the trail tells that it was."""
    programme = held(rule.programme)
    audit(by, "remove", rule, ["kind", "values"], tenant=programme.tenant)
    rule.delete()
    move_up(programme, now)


@transaction.atomic
def check_eligibility(*, by: User, programme: Programme, now: datetime) -> None:
    """Look at everybody's facts again, because they may have been mended."""
    programme = held(programme)
    check(programme=programme, now=now)
    move_up(programme, now)
    audit(by, "check eligibility", programme, ["findings"], tenant=programme.tenant)


@transaction.atomic
def answer_eligibility(*, by: User, finding: Finding, answer: bool | None, now: datetime) -> Finding:
    """What she says to the question of a rule; None: it is not known after all."""
    if finding.rule.kind not in YES_NO:
        raise ValidationError({"answer": _("This rule asks nothing: it looks at what is recorded.")})
    programme = held(finding.enrolment.programme)
    Finding.objects.filter(pk=finding.pk).update(answer=answer)
    check(programme=programme, enrolments=[finding.enrolment_id], now=now)
    audit(by, "answer", finding, ["answer"], tenant=programme.tenant)
    move_up(programme, now)
    finding.refresh_from_db()
    return finding


@transaction.atomic
def make_exception(*, by: User, finding: Finding, reason: str, now: datetime) -> Finding:
    """She may take part although this rule is not met, or not known to be: a person says why."""
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say why: an exception needs a reason.")})
    if finding.outcome == Finding.Outcome.MET:
        raise ValidationError(_("This rule is met: it needs no exception."))
    programme = held(finding.enrolment.programme)
    fresh = Finding.objects.filter(pk=finding.pk, excepted_at=None)
    if not fresh.update(excepted_at=now, excepted_by=by, exception=reason[:300]):
        raise ValidationError(_("Somebody made this exception already."))
    audit(by, "except", finding, ["exception"], tenant=programme.tenant)
    move_up(programme, now)
    finding.refresh_from_db()
    return finding


@transaction.atomic
def take_back_exception(*, by: User, finding: Finding) -> Finding:
    """The rule stands again. Whoever is enrolled by it stays enrolled: changing that is a step of its own."""
    held = Finding.objects.filter(pk=finding.pk).exclude(excepted_at=None)
    if held.update(excepted_at=None, excepted_by=None, exception=""):
        audit(by, "take back exception", finding, ["exception"], tenant=finding.enrolment.programme.tenant)
    finding.refresh_from_db()
    return finding


def _check_funding(programme: Programme, funding: Funding | None) -> None:
    if funding and not funding.scopes.filter(programme=programme).exists():
        raise ValidationError({"funding": _("This funding does not pay for this programme.")})


def _checked(programme: Programme, *, kind: str, funding, values, years, question: str) -> dict:
    """What a rule of this kind holds; the rest is empty. Raises ValidationError by field."""
    if kind not in Kind.values:
        raise ValidationError({"kind": _("There is no such rule: %(kind)s.") % {"kind": kind}})
    if kind == Kind.ESTABLISHED_WITHIN:
        if not years or not 0 < years <= MOST_YEARS:
            raise ValidationError({"years": _("Say within how many years: 1 to 50.")})
        return {"values": [], "years": years, "question": "", "question_sr": ""}
    if kind == Kind.QUESTION:
        if not question:
            raise ValidationError({"question": _("Write the question.")})
        return {"values": [], "years": None, "question": question}
    return {
        "values": _values(programme, kind, funding, values),
        "years": None,
        "question": "",
        "question_sr": "",
    }


def _values(programme: Programme, kind: str, funding, values) -> list:
    if not isinstance(values, list):
        raise ValidationError({"values": _("Give a list of values.")})
    if kind == Kind.CLUSTER:
        return _clusters(programme, values)
    if kind == Kind.WOMAN_OWNED and funding:
        return []  # the funding's own definition, also when that changes
    if not values:
        raise ValidationError({"values": _("Say which of them fit.")})
    allowed = {
        Kind.SEX: {Person.Sex.FEMALE, Person.Sex.MALE, Person.Sex.ANOTHER},
        Kind.SECTOR: set(SECTORS),
        Kind.WOMAN_OWNED: set(Funding.Rule.values),
    }.get(kind)
    wrong = [v for v in values if not isinstance(v, str) or len(v) > 100 or (allowed and v not in allowed)]
    if wrong or (kind == Kind.WOMAN_OWNED and len(values) != 1):
        raise ValidationError(
            {"values": _("This does not fit: %(value)s.") % {"value": (wrong or values)[0]}}
        )
    return list(dict.fromkeys(" ".join(v.split()) for v in values))


def _clusters(programme: Programme, values: list) -> list[int]:
    """Keys of clusters of the programme's organisation; none: any cluster."""
    if any(not isinstance(value, int) or isinstance(value, bool) for value in values):
        raise ValidationError({"values": _("Give the numbers of clusters.")})
    known = Organisation.objects.filter(
        tenant=programme.tenant_id, kind=Organisation.Kind.CLUSTER, pk__in=values
    )
    if known.count() != len(set(values)):
        raise ValidationError({"values": _("This organisation is no cluster.")})
    return sorted(set(values))
