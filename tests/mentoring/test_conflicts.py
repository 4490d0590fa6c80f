"""Conflicts come from facts with dates."""

from datetime import date, timedelta

import pytest

from mentoring.conflicts import between, may_judge, missing_facts
from people.models import Affiliation, Beneficiary, ClusterMembership, Ownership
from tests.factories import (
    TODAY,
    make_assignment,
    make_enterprise,
    make_organisation,
    make_person,
    make_project,
    make_tenant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    tenant = make_tenant()
    return make_person(tenant), make_person(tenant)


def kinds(judge, person, on=TODAY) -> list[str]:
    return [conflict.kind for conflict in may_judge(judge, person, on)]


def test_strangers_have_none(pair):
    assert kinds(*pair) == []


def test_nobody_judges_herself(pair):
    assert kinds(pair[0], pair[0]) == ["self"]


def test_one_enterprise_of_both(pair):
    enterprise = make_enterprise(pair[0].tenant)
    for person in pair:
        Ownership.objects.create(person=person, enterprise=enterprise)
    assert kinds(*pair) == ["enterprise"]


def test_the_director_of_the_partner_that_proposed_her(pair):
    judge, person = pair
    partner = make_organisation(judge.tenant)
    Affiliation.objects.create(person=judge, organisation=partner, role="director", start=date(2010, 1, 1))
    enterprise = make_enterprise(judge.tenant)
    Ownership.objects.create(person=person, enterprise=enterprise)
    Beneficiary.objects.create(
        project=make_project(judge.tenant),
        enterprise=enterprise,
        proposed_by=partner,
        proposed_on=date(2017, 2, 1),
    )
    (conflict,) = may_judge(judge, person, TODAY)
    assert (conflict.kind, conflict.since) == ("proposed", date(2017, 2, 1))
    assert conflict.words == f"She is director of {partner}, which proposed the enterprise."


def test_the_union_above_her_cluster_counts(pair):
    judge, person = pair
    union = make_organisation(judge.tenant, kind="cluster")
    cluster = make_organisation(judge.tenant, kind="cluster", umbrella=union)
    Affiliation.objects.create(person=judge, organisation=union, role="secretary")
    enterprise = make_enterprise(judge.tenant)
    Ownership.objects.create(person=person, enterprise=enterprise)
    ClusterMembership.objects.create(enterprise=enterprise, cluster=cluster)
    assert kinds(*pair) == ["cluster"]


def test_a_fact_counts_only_while_it_holds(pair):
    organisation = make_organisation(pair[0].tenant)
    for person in pair:
        Affiliation.objects.create(
            person=person,
            organisation=organisation,
            role="adviser",
            start=TODAY,
            end=TODAY + timedelta(days=10),
        )
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=10)]
    assert [kinds(*pair, on=day) for day in days] == [[], ["organisation"], ["organisation"], []]


def test_who_mentors_her_may_not_judge_her():
    row = make_assignment()
    assert kinds(row.mentor.person, row.enrolment.person) == ["mentors"]


def test_it_says_which_facts_are_missing(pair):
    Ownership.objects.create(person=pair[0], enterprise=make_enterprise(pair[0].tenant))
    assert missing_facts(pair) == {pair[1].pk: ["no enterprise or organisation on record"]}


def test_many_pairs_cost_as_many_queries_as_one(pair, django_assert_num_queries):
    tenant = pair[0].tenant
    for size in (1, 3):
        judges = [make_person(tenant) for _n in range(size)]
        persons = [make_person(tenant) for _n in range(size)]
        for person in [*judges, *persons]:
            Ownership.objects.create(person=person, enterprise=make_enterprise(tenant))
        with django_assert_num_queries(5):
            between(judges, persons, TODAY)
