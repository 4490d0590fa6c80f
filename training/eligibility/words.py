"""Rules of who may take part, and the facts that they used, in the words of the reader."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.languages import told
from people.models import Funding, Organisation, Person
from people.regions import region_name
from people.sectors import sector_name
from training.models import EligibilityRule

Kind = EligibilityRule.Kind


def rule_words(rule: EligibilityRule) -> str:
    """“Business established at most 3 years before the first session”. Names of clusters are read: one query
    for a rule about clusters, none for the others."""
    if rule.kind == Kind.QUESTION:
        return _question(rule)
    if rule.kind == Kind.ESTABLISHED_WITHIN:
        sentence = ngettext(
            "Business established at most %(n)s year before the first session",
            "Business established at most %(n)s years before the first session",
            rule.years,
        )
        return sentence % {"n": rule.years}
    if rule.kind == Kind.WOMAN_OWNED:
        wanted = rule.funding.woman_owned if rule.funding_id else rule.values[0]
        return _("Owned by women: a woman %(definition)s") % {"definition": Funding.Rule(wanted).label}
    if rule.kind == Kind.CLUSTER and not rule.values:
        return _("Member of a cluster")
    return _among(rule)


def _question(rule: EligibilityRule) -> str:
    words = _("%(question)s Yes.") if rule.wanted else _("%(question)s No.")
    return words % {"question": told(rule.question, rule.question_sr)}


def _among(rule: EligibilityRule) -> str:
    """What is wanted is one of several values."""
    sentence = {
        Kind.SEX: _("Sex: %(values)s"),
        Kind.MUNICIPALITY: _("Municipality: %(values)s"),
        Kind.REGION: _("Region: %(values)s"),
        Kind.SECTOR: _("Sector: %(values)s"),
        Kind.CLUSTER: _("Member of a cluster: %(values)s"),
    }[rule.kind]
    return sentence % {"values": ", ".join(_values(rule))}


def _values(rule: EligibilityRule) -> list[str]:
    if rule.kind == Kind.SEX:
        return [str(Person.Sex(value).label) for value in rule.values]
    if rule.kind == Kind.SECTOR:
        return [str(sector_name(value)) for value in rule.values]
    if rule.kind == Kind.REGION:
        return [region_name(value) for value in rule.values]
    if rule.kind == Kind.CLUSTER:
        found = Organisation.objects.in_bulk(rule.values)
        return [found[pk].title for pk in rule.values if pk in found]
    return rule.values


def fact_words(rule: EligibilityRule, fact: dict) -> str:
    """What was looked at, as “established 1 February 2015”; that it is not known where nothing is."""
    return FACTS[rule.kind](fact) or _("nothing is known")


def _established(fact: dict) -> str:
    if not fact.get("established"):
        return ""
    what = {"day": _day(fact["established"])}
    if not fact.get("since"):
        return _("established on %(day)s; no session is planned") % what
    what["since"] = _day(fact["since"])
    return _("established on %(day)s; wanted is %(since)s or later") % what


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _answer(fact: dict) -> str:
    if fact.get("answer") is None:
        return ""
    return _("the answer is yes") if fact["answer"] else _("the answer is no")


def _clusters(fact: dict) -> str:
    found = Organisation.objects.in_bulk(fact.get("clusters", []))
    return ", ".join(row.title for row in found.values()) or _answer(fact)


def _owners(fact: dict) -> str:
    """Each owner in a few words. No names: the rule needs none."""
    return "; ".join(filter(None, (_owner(one) for one in fact.get("owners", []))))


def _owner(one: dict) -> str:
    parts = [Person.Sex(one["sex"]).label if one["sex"] else _("sex not known")]
    parts.append(_("%(share)s %%") % {"share": one["share"]} if one["share"] else _("share not known"))
    parts += [_("founder")] * bool(one["is_founder"]) + [_("manages it")] * bool(one["is_manager"])
    return ", ".join(map(str, parts))


FACTS = {
    Kind.ESTABLISHED_WITHIN: _established,
    Kind.SEX: lambda fact: str(Person.Sex(fact["sex"]).label) if fact.get("sex") else "",
    Kind.MUNICIPALITY: lambda fact: fact.get("municipality") or "",
    Kind.REGION: lambda fact: region_name(fact.get("region") or ""),
    Kind.SECTOR: lambda fact: str(sector_name(fact.get("sector") or "")),
    Kind.CLUSTER: _clusters,
    Kind.WOMAN_OWNED: _owners,
    Kind.QUESTION: _answer,
}
