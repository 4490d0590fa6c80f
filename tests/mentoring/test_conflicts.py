"""Conflicts come from facts with dates: each stands both ways, as long as it holds, in the way of what the
table of purposes says."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from mentoring.conflicts import BARS, PURPOSES, between, may_judge, missing_facts, on_record
from mentoring.conflicts.names import family_names
from mentoring.models import Assignment
from people.models import Affiliation, Beneficiary, ClusterMembership, Ownership
from tests.factories import (
    TODAY,
    make_assignment,
    make_attendance,
    make_declared,
    make_enrolment,
    make_enterprise,
    make_entry,
    make_hint,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    make_project,
    make_session,
    make_tenant,
)

pytestmark = pytest.mark.django_db
THEN = TODAY + timedelta(days=10)
ENDLESS = TODAY + timedelta(days=5000)


@pytest.fixture
def pair():
    tenant = make_tenant()
    return make_person(tenant), make_person(tenant)


def kinds(judge, person, on=TODAY, purpose="judge") -> list[str]:
    return [conflict.kind for conflict in may_judge(judge, person, on, purpose)]


def owned(person, start=None, end=None):
    enterprise = make_enterprise(person.tenant)
    Ownership.objects.create(person=person, enterprise=enterprise, start=start, end=end)
    return enterprise


def enterprise(one, other, start, end):
    Ownership.objects.create(person=one, enterprise=owned(other, start, end))


def organisation(one, other, start, end):
    place = make_organisation(one.tenant)
    Affiliation.objects.create(person=one, organisation=place, role="adviser")
    Affiliation.objects.create(person=other, organisation=place, role="clerk", start=start, end=end)


def cluster(one, other, start, end):
    place = make_organisation(one.tenant, kind="cluster")
    Affiliation.objects.create(person=one, organisation=place, role="secretary")
    ClusterMembership.objects.create(enterprise=owned(other), cluster=place, start=start, end=end)


def members(one, other, start, end):
    place = make_organisation(one.tenant, kind="cluster")
    ClusterMembership.objects.create(enterprise=owned(one), cluster=place)
    ClusterMembership.objects.create(enterprise=owned(other), cluster=place, start=start, end=end)


def proposed(one, other, start, end):
    partner = make_organisation(one.tenant)
    Affiliation.objects.create(person=one, organisation=partner, role="director", end=end)
    project = make_project(one.tenant)
    Beneficiary.objects.create(
        project=project, enterprise=owned(other), proposed_by=partner, proposed_on=start
    )


def mentors(one, other, start, end):
    programme = make_programme(one.tenant)
    mentor = one.mentor if hasattr(one, "mentor") else make_mentor(programme, person=one)
    make_assignment(mentor, make_enrolment(programme, person=other), start=start, end=end)


def declared(one, other, start, end):
    withdrawn = datetime(end.year, end.month, end.day, 12, tzinfo=UTC) if end else None
    make_declared(one, other, since=start, withdrawn_at=withdrawn)


def trained(one, other, start, end):
    """It ends by itself, three years after the last session: that is tested apart."""
    programme = make_programme(one.tenant)
    session = make_session(programme, trainers=[one], day=start or date(2025, 1, 15))
    make_attendance(make_entry(session, make_enrolment(programme, person=other)))


ENDING = (enterprise, organisation, cluster, members, proposed, mentors, declared)
FACTS = (*ENDING, trained)


@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_stands_both_ways_as_the_table_says(pair, fact):
    fact(*pair, None, None)
    for judge, person in (pair, pair[::-1]):
        found = {purpose: kinds(judge, person, purpose=purpose) for purpose in PURPOSES}
        assert found == {p: [fact.__name__] if p in BARS[fact.__name__] else [] for p in PURPOSES}


def test_the_table_of_purposes():
    assert {kind: sorted(bars) for kind, bars in BARS.items()} == dict.fromkeys(
        ("self", "enterprise", "organisation", "cluster", "proposed", "declared", "related", "family"),
        ["decide", "judge", "mentor"],
    ) | dict.fromkeys(("members", "trained", "mentors"), ["decide", "judge"])


def test_an_unknown_purpose_is_no_purpose(pair):
    with pytest.raises(ValueError, match="hire"):
        between(*[[person] for person in pair], TODAY, "hire")


@pytest.mark.parametrize("fact", ENDING)
def test_a_fact_counts_from_its_first_day_until_the_day_after_its_last(pair, fact):
    fact(*pair, TODAY, THEN)
    days = [TODAY - timedelta(days=1), TODAY, THEN - timedelta(days=1), THEN]
    found = [fact.__name__]
    for judge, person in (pair, pair[::-1]):
        assert [kinds(judge, person, on=day) for day in days] == [[], found, found, []]


@pytest.mark.parametrize("fact", FACTS)
def test_since_is_the_day_from_which_all_of_it_holds(pair, fact):
    fact(*pair, TODAY, None)
    assert [conflict.since for conflict in may_judge(*pair, THEN)] == [TODAY]


def test_training_counts_for_three_years_after_the_last_session(pair):
    first, last = date(2024, 1, 10), date(2024, 6, 10)
    for day in (first, last):
        trained(*pair, day, None)
    ends = last + timedelta(days=3 * 365)
    days = [first - timedelta(days=1), first, ends - timedelta(days=1), ends]
    assert [[c.since for c in may_judge(*pair, day)] for day in days] == [[], [first], [first], []]


def test_only_who_was_there_was_trained(pair):
    programme = make_programme(pair[0].tenant)
    session = make_session(programme, trainers=[pair[0], make_person(pair[0].tenant)])
    entry = make_entry(session, make_enrolment(programme, person=pair[1]))
    assert kinds(*pair, on=THEN) == []  # invited, not marked
    make_attendance(entry, status="absent")
    assert kinds(*pair, on=THEN) == []


def test_a_proposed_assignment_and_a_declined_one_are_no_conflict():
    row = make_assignment(state="proposed")
    for state in ("proposed", "offered", "declined", "expired"):
        Assignment.objects.update(state=state)
        assert kinds(row.mentor.person, row.enrolment.person) == []


def test_one_fact_known_twice_is_said_once_with_its_first_day(pair):
    place = make_organisation(pair[0].tenant)
    Affiliation.objects.create(person=pair[0], organisation=place, role="adviser")
    for start in (TODAY, TODAY - timedelta(days=9)):
        Affiliation.objects.create(person=pair[1], organisation=place, role="clerk", start=start)
    assert [c.since for c in may_judge(*pair, TODAY)] == [TODAY - timedelta(days=9)]


def test_two_clusters_under_one_union_are_strangers(pair):
    union = make_organisation(pair[0].tenant, kind="cluster")
    for person in pair:
        place = make_organisation(person.tenant, kind="cluster", umbrella=union)
        ClusterMembership.objects.create(enterprise=owned(person), cluster=place)
    assert kinds(*pair) == []


@pytest.mark.parametrize("seed", range(12))
def test_another_fact_never_removes_a_conflict(seed):
    """Whatever is learnt, in whatever order: what stood between two still stands."""
    chance, tenant = random.Random(seed), make_tenant()
    people = [make_person(tenant, name=name, municipality="Niš") for name in NAMED]
    before = set()
    for _step in range(8):
        fact, (one, other) = chance.choice([*FACTS, related, strangers]), chance.sample(people, 2)
        fact(one, other, chance.choice([None, TODAY]), chance.choice([None, ENDLESS]))
        found = {
            (pair, conflict.kind, purpose)
            for purpose in PURPOSES
            for pair, conflicts in between(people, people, TODAY, purpose).items()
            for conflict in conflicts
            if not conflict.is_hint
        }
        assert before <= found
        before = found
    assert len({kind for _pair, kind, _purpose in before}) > 2


NAMED = ("Ana Petrović", "Петровић Мила", "Lena Jović", "Vera Savić")


def related(one, other, _start, _end, answer="related"):
    make_hint(make_programme(one.tenant), one, other, answer=answer)


def strangers(one, other, start, end):
    related(one, other, start, end, "strangers")


def hinted(one: str, other: str, places=("Niš", "Ниш")) -> list:
    tenant = make_tenant()
    people = [make_person(tenant, name=n, municipality=m) for n, m in zip((one, other), places, strict=True)]
    found = between(people[:1], people[1:], TODAY)
    assert may_judge(*people, TODAY) == []  # a hint stands in nobody's way
    return [(c.kind, c.is_hint, c.bars) for conflicts in found.values() for c in conflicts]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Petrović", "Петровић Мила"), ("Ana Petrović-Savić", "Jovan Savić"), ("Eva Sabo", "Sabo Janoš")],
)
def test_the_same_family_name_and_municipality_is_a_hint(one, other):
    assert hinted(one, other) == [("family", True, [])]


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ("Ana Petrović", "Ana Jović", ("Niš", "Niš")),  # a given name is no family
        ("Ana Petrović", "Mila Petrović", ("Niš", "Bor")),
        ("Ana Petrović", "Mila Petrović", ("", "")),  # unknown is not equal
        ("", "", ("Niš", "Niš")),
        ("Ana", "Ana", ("Niš", "Niš")),
    ],
)
def test_what_is_no_hint(one, other, places):
    assert hinted(one, other, places) == []


def test_family_names_first_or_last():
    keys = ("petrovic ana", "ana petrovic", "eva sabo", "ana", "")
    found = [sorted(family_names(key)) for key in keys]
    assert found == [["petrovic"], ["petrovic"], ["eva", "sabo"], [], []]


def test_an_answer_settles_a_hint_and_related_ones_bar_each_other():
    programme = make_programme()
    pair = [make_person(programme.tenant, name=f"{n} Petrović", municipality="Niš") for n in ("Ana", "Mila")]
    hint = make_hint(programme, *pair)
    assert on_record(pair[:1], pair[1:], TODAY) == {}
    hint.answer = "related"
    hint.save()
    for one, other in (pair, pair[::-1]):
        assert [kinds(one, other, purpose=purpose) for purpose in PURPOSES] == [["related"]] * 3
    make_hint(make_programme(programme.tenant), *pair, answer="strangers")  # elsewhere: the graver one counts
    assert kinds(*pair) == ["related"]


def test_what_somebody_declared_about_her_she_does_not_read(pair):
    make_declared(*pair, words="We share a flat")
    found = [may_judge(*side, TODAY)[0].words for side in (pair, pair[::-1])]
    assert found == ["She declared: We share a flat", "The other declared a conflict of interest."]


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


def test_it_says_which_facts_are_missing(pair):
    known, unknown = pair
    for person in (make_person(known.tenant, municipality="Niš"), known):
        owned(person)
    known.municipality = "Niš"
    proposal = make_project(known.tenant).beneficiaries.create(enterprise=owned(known))
    assert missing_facts(pair) == {
        known.pk: ["not on record who proposed the enterprise"],
        unknown.pk: ["no enterprise or organisation on record", "name or municipality not on record"],
    }
    proposal.proposed_by = make_organisation(known.tenant)
    proposal.save()
    assert missing_facts([known]) == {}


def test_many_pairs_cost_as_many_queries_as_one(pair, django_assert_num_queries):
    tenant = pair[0].tenant
    for size in (1, 3, 30):
        judges = [make_person(tenant, name=f"Ana Petrović {n}", municipality="Niš") for n in range(size)]
        persons = [make_person(tenant, name=f"Mila Petrović {n}", municipality="Niš") for n in range(size)]
        for one, other in zip(judges, persons, strict=True):
            for fact in (enterprise, cluster, members, proposed, declared):
                fact(one, other, None, None)
        with django_assert_num_queries(9):
            found = between(judges, persons, TODAY)
        assert len(found) == size * size  # a hint at least
        with django_assert_num_queries(3):
            missing_facts([*judges, *persons])
