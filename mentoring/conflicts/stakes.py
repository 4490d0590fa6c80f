"""What people have a stake in, on a day: their enterprises, organisations, clusters, proposers. Four queries,
whatever the number of people."""

from collections import defaultdict
from collections.abc import Collection, Hashable
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from lib.languages import told
from mentoring.conflicts.purposes import later
from people.models import Affiliation, Beneficiary, ClusterMembership, Ownership


class Stake(NamedTuple):
    """That a person has to do with something. `where` is its key; `said` are the names for the words."""

    person: int
    where: Hashable
    since: date | None
    said: dict[str, str]


class Stakes:
    """Every kind read once."""

    def __init__(self, people: Collection[int], on: date):
        self.owns = _owns(people, on)
        self.works = _works(people, on)
        owners = defaultdict(list)
        for stake in self.owns:
            owners[stake.where].append(stake)
        self.belongs, self.under = _clusters(owners, on)
        self.proposed = _proposed(owners, on)


def held(on: date) -> Q:
    """Half-open; an unknown day stands in the way of nothing."""
    return (Q(start=None) | Q(start__lte=on)) & (Q(end=None) | Q(end__gt=on))


def _owns(people: Collection[int], on: date) -> list[Stake]:
    rows = Ownership.objects.filter(held(on), person__in=people)
    rows = rows.values_list("person", "enterprise", "start", "enterprise__name")
    return [Stake(*row, {"enterprise": name}) for *row, name in rows]


def _works(people: Collection[int], on: date) -> list[Stake]:
    rows = Affiliation.objects.filter(held(on), person__in=people).values_list(
        "person", "organisation", "start", "role", "organisation__name", "organisation__name_sr"
    )
    return [
        Stake(person, organisation, start, {"role": role, "organisation": told(name, name_sr)})
        for person, organisation, start, role, name, name_sr in rows
    ]


def _clusters(owners: dict[int, list[Stake]], on: date) -> tuple[list[Stake], list[Stake]]:
    """The clusters that people's enterprises are in, and those with the unions above them."""
    rows = ClusterMembership.objects.filter(held(on), enterprise__in=list(owners))
    rows = rows.values_list(
        "enterprise", "start", "cluster", "cluster__umbrella", "cluster__name", "cluster__name_sr"
    )
    belongs, above = [], []
    for enterprise, start, cluster, union, *names in rows:
        for owner in owners[enterprise]:
            stake = Stake(owner.person, cluster, later(start, owner.since), {"cluster": told(*names)})
            belongs.append(stake)
            above += [stake._replace(where=union)] if union else []
    return belongs, belongs + above


def _proposed(owners: dict[int, list[Stake]], on: date) -> list[Stake]:
    """By whom people's enterprises were proposed. That does not end."""
    rows = Beneficiary.objects.filter(
        Q(proposed_on=None) | Q(proposed_on__lte=on), enterprise__in=list(owners)
    )
    rows = rows.exclude(proposed_by=None).values_list("enterprise", "proposed_by", "proposed_on")
    return [
        Stake(owner.person, partner, later(day, owner.since), {})
        for enterprise, partner, day in rows
        for owner in owners[enterprise]
    ]
