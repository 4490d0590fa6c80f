"""Does somebody fit a rule of who may take part? Facts in, an outcome and the fact that was used out.

What is not known is `unknown`, never `not met`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lib.folding import fold
from people.models import Person
from people.woman_owned import Owner, woman_owned
from training.models import EligibilityRule, Finding

Kind = EligibilityRule.Kind
MET, NOT_MET, UNKNOWN = Finding.Outcome.MET, Finding.Outcome.NOT_MET, Finding.Outcome.UNKNOWN
YES_NO = (Kind.QUESTION, Kind.CLUSTER)  # kinds to which somebody may say yes or no


@dataclass(frozen=True)
class Facts:
    """What is known of a person and her enterprise. Blank, None, empty: unknown."""

    first_day: date | None = None  # of the first session
    established: date | None = None
    sex: str | None = None
    municipality: str = ""  # of the enterprise, else her own
    region: str = ""
    sector: str = ""
    clusters: Mapping[int, Collection[int]] = field(default_factory=dict)  # each with what stands above it
    owners: tuple[Owner, ...] = ()


class Verdict(NamedTuple):
    outcome: str
    fact: dict  # plain JSON: what was looked at


def judge(rule: EligibilityRule, facts: Facts, answer: bool | None = None) -> Verdict:
    """How one rule comes out. `answer` is what somebody said to its question."""
    return JUDGES[rule.kind](rule, facts, answer)


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _established(rule, facts, answer) -> Verdict:
    """From that day so many years before the first session on, to that session's day itself."""
    fact = {"established": _said(facts.established), "first_day": _said(facts.first_day)}
    if facts.established is None or facts.first_day is None:
        return Verdict(UNKNOWN, fact)
    since = years_before(facts.first_day, rule.years)
    fits = since <= facts.established <= facts.first_day
    return Verdict(MET if fits else NOT_MET, fact | {"since": since.isoformat()})


def _sex(rule, facts, answer) -> Verdict:
    if facts.sex in (None, "", Person.Sex.NOT_SAID):
        return Verdict(UNKNOWN, {"sex": facts.sex or None})
    return _among({"sex": facts.sex}, facts.sex in rule.values)


def _municipality(rule, facts, answer) -> Verdict:
    return _place(rule, "municipality", facts.municipality)


def _region(rule, facts, answer) -> Verdict:
    return _place(rule, "region", facts.region)


def _place(rule, name: str, place: str) -> Verdict:
    """Places are compared in any script."""
    if not place:
        return Verdict(UNKNOWN, {name: None})
    return _among({name: place}, fold(place) in {fold(one) for one in rule.values})


def _sector(rule, facts, answer) -> Verdict:
    if not facts.sector:
        return Verdict(UNKNOWN, {"sector": None})
    return _among({"sector": facts.sector}, facts.sector in rule.values)


def _cluster(rule, facts, answer) -> Verdict:
    """A member of one of these, of a cluster below one of these, or of any. That no membership is written
    down says nothing; that she says she is in none does."""
    fact = {"clusters": sorted(facts.clusters), "answer": answer}
    if not facts.clusters:
        return Verdict(
            UNKNOWN if answer is None else MET if answer and not rule.values else _no(answer), fact
        )
    reached = set(facts.clusters).union(*facts.clusters.values())
    return _among(fact, not rule.values or not reached.isdisjoint(rule.values))


def _no(answer: bool) -> str:
    """She says yes, and of which one is not known; or she says no."""
    return UNKNOWN if answer else NOT_MET


def _woman_owned(rule, facts, answer) -> Verdict:
    wanted = rule.funding.woman_owned if rule.funding_id else rule.values[0]
    found = woman_owned(facts.owners, wanted)
    owners = [
        {
            "sex": one.sex,
            "share": None if one.share is None else str(one.share),
            "is_founder": one.is_founder,
            "is_manager": one.is_manager,
        }
        for one in facts.owners
    ]
    fact = {"definition": wanted, "owners": owners}
    return Verdict(UNKNOWN, fact) if found is None else _among(fact, found)


def _question(rule, facts, answer) -> Verdict:
    if answer is None:
        return Verdict(UNKNOWN, {"answer": None})
    return _among({"answer": answer}, answer == rule.wanted)


def _among(fact: dict, fits: bool) -> Verdict:
    return Verdict(MET if fits else NOT_MET, fact)


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None


JUDGES = {
    Kind.ESTABLISHED_WITHIN: _established,
    Kind.SEX: _sex,
    Kind.MUNICIPALITY: _municipality,
    Kind.REGION: _region,
    Kind.SECTOR: _sector,
    Kind.CLUSTER: _cluster,
    Kind.WOMAN_OWNED: _woman_owned,
    Kind.QUESTION: _question,
}
