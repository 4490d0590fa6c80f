"""The one place that answers: may A judge, mentor or decide about B; if not, by which fact, since when.

Facts come from what the tracker already knows: affiliations, clusters, ownership, who proposed a beneficiary,
who trained, who mentors. What a reviewer declares about an idea the ideas room adds.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from mentoring.models import Assignment
from people.models import Affiliation, Beneficiary, ClusterMembership, Ownership, Person


class Conflict(NamedTuple):
    """One fact that stands between two persons. `since` is None where nobody wrote down when."""

    kind: str  # self, enterprise, organisation, proposed, cluster, mentors
    words: str
    since: date | None


Pairs = dict[tuple[int, int], list[Conflict]]


def between(judges: Iterable[Person], persons: Iterable[Person], on: date) -> Pairs:
    """All conflicts between each judge and each person on a day, by (judge.pk, person.pk). Pairs without one
    are absent. A constant number of queries, whatever the number of people."""
    judges, persons = {j.pk: j for j in judges}, {p.pk: p for p in persons}
    found: Pairs = defaultdict(list)
    for pk in judges.keys() & persons.keys():
        found[pk, pk].append(Conflict("self", _("It is herself."), None))
    facts = _Facts(judges, persons, on)
    for rule in (_enterprises, _organisations, _proposals, _mentoring):
        for judge, person, conflict in rule(facts):
            if judge != person:
                found[judge, person].append(conflict)
    return dict(found)


def may_judge(judge: Person, person: Person, on: date) -> list[Conflict]:
    """The conflicts of one pair; an empty list means that she may."""
    return between([judge], [person], on).get((judge.pk, person.pk), [])


def missing_facts(persons: Iterable[Person]) -> dict[int, list[str]]:
    """What is not known of a person and could hide a conflict, in words, by person."""
    persons = list(persons)
    owners = set(Ownership.objects.filter(person__in=persons).values_list("person", flat=True))
    affiliated = set(Affiliation.objects.filter(person__in=persons).values_list("person", flat=True))
    return {
        p.pk: [_("no enterprise or organisation on record")]
        for p in persons
        if p.pk not in owners | affiliated
    }


class _Facts:
    """What is on record about both sides, each kind read once."""

    def __init__(self, judges: dict[int, Person], persons: dict[int, Person], on: date):
        self.judges, self.persons, self.on = judges, persons, on
        everybody = [*judges, *persons]
        held = _held(on)
        self.owned = _by_person(
            Ownership.objects.filter(held, person__in=everybody).select_related("enterprise")
        )
        self.roles = _by_person(
            Affiliation.objects.filter(held, person__in=everybody).select_related("organisation")
        )
        enterprises = [row.enterprise_id for rows in self.owned.values() for row in rows]
        self.clusters = defaultdict(list)
        for row in ClusterMembership.objects.filter(held, enterprise__in=enterprises).select_related(
            "cluster"
        ):
            self.clusters[row.enterprise_id].append(row)
        self.proposals = defaultdict(list)
        for row in Beneficiary.objects.filter(enterprise__in=enterprises).exclude(proposed_by=None):
            self.proposals[row.enterprise_id].append(row)


def _held(on: date) -> Q:
    return (Q(start=None) | Q(start__lte=on)) & (Q(end=None) | Q(end__gt=on))


def _by_person(rows) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _enterprises(facts: _Facts):
    """Both own, founded or run the same enterprise."""
    for judge in facts.judges:
        hers = {row.enterprise_id: row for row in facts.owned[judge]}
        for person in facts.persons:
            for row in facts.owned[person]:
                if row.enterprise_id in hers:
                    words = _("Both have a share in %(enterprise)s.") % {"enterprise": row.enterprise}
                    yield (
                        judge,
                        person,
                        Conflict("enterprise", words, _later(row.start, hers[row.enterprise_id].start)),
                    )


def _organisations(facts: _Facts):
    """Both work for the same organisation, or the judge for a cluster that the person's enterprise is in."""
    for judge in facts.judges:
        for role in facts.roles[judge]:
            what = {"role": role.role, "organisation": role.organisation}
            for person in facts.persons:
                for other in facts.roles[person]:
                    if other.organisation_id == role.organisation_id:
                        words = _("Both work for %(organisation)s.") % what
                        yield judge, person, Conflict("organisation", words, _later(role.start, other.start))
                for owned in facts.owned[person]:
                    for membership in facts.clusters[owned.enterprise_id]:
                        if role.organisation_id in (membership.cluster_id, membership.cluster.umbrella_id):
                            words = _(
                                "She is %(role)s of %(organisation)s; the enterprise belongs to its cluster."
                            )
                            since = _later(role.start, membership.start)
                            yield judge, person, Conflict("cluster", words % what, since)


def _proposals(facts: _Facts):
    """The judge works for the partner that proposed the person's enterprise as a beneficiary."""
    for judge in facts.judges:
        for role in facts.roles[judge]:
            for person in facts.persons:
                for owned in facts.owned[person]:
                    for proposal in facts.proposals[owned.enterprise_id]:
                        if proposal.proposed_by_id == role.organisation_id:
                            words = _(
                                "She is %(role)s of %(organisation)s, which proposed the enterprise."
                            ) % {
                                "role": role.role,
                                "organisation": role.organisation,
                            }
                            yield judge, person, Conflict("proposed", words, proposal.proposed_on)


def _mentoring(facts: _Facts):
    """The judge guides the person as her mentor."""
    rows = Assignment.objects.filter(
        state__in=Assignment.COUNTED, mentor__person__in=facts.judges, enrolment__person__in=facts.persons
    ).filter(_held(facts.on))
    for judge, person, since in rows.values_list("mentor__person", "enrolment__person", "start"):
        yield judge, person, Conflict("mentors", _("Already her mentor."), since)


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other
