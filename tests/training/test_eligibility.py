"""Who may take part: rules that are data, each outcome with the fact it used."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from people.models import Funding
from people.woman_owned import Owner, woman_owned
from tests.factories import (
    NOW,
    TODAY,
    make_eligibility,
    make_enrolment,
    make_enterprise,
    make_funding,
    make_organisation,
    make_person,
    make_programme,
)
from training import services
from training.eligibility.judging import MET, NOT_MET, UNKNOWN, Facts, judge, years_before
from training.eligibility.words import fact_words, rule_words
from training.models import EligibilityRule, Enrolment, Finding

Kind, Rule, State = EligibilityRule.Kind, Funding.Rule, Enrolment.State
DAY = date(2025, 3, 12)


def rule(kind, values=(), **more):
    return EligibilityRule(kind=kind, values=list(values), **more)


@pytest.mark.parametrize(
    ("established", "outcome"),
    [
        (date(2022, 3, 11), NOT_MET),
        (date(2022, 3, 12), MET),  # three years to the day
        (date(2025, 3, 12), MET),
        (date(2025, 3, 13), NOT_MET),
        (None, UNKNOWN),
    ],
)
def test_established_within_three_years_before_the_first_session(established, outcome):
    found = judge(rule(Kind.ESTABLISHED_WITHIN, years=3), Facts(first_day=DAY, established=established))
    assert found.outcome == outcome
    assert found.fact["established"] == (established.isoformat() if established else None)


def test_without_a_first_day_nothing_is_known():
    facts = Facts(established=date(2024, 1, 1))
    assert judge(rule(Kind.ESTABLISHED_WITHIN, years=3), facts).outcome == UNKNOWN
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("one", "facts", "outcome"),
    [
        (rule(Kind.SEX, ["female"]), Facts(sex="female"), MET),
        (rule(Kind.SEX, ["female"]), Facts(sex="another"), NOT_MET),
        (rule(Kind.SEX, ["female"]), Facts(sex="not_said"), UNKNOWN),
        (rule(Kind.SEX, ["female"]), Facts(), UNKNOWN),
        (rule(Kind.MUNICIPALITY, ["Požega", "Čajetina"]), Facts(municipality="ПОЖЕГА"), MET),
        (rule(Kind.MUNICIPALITY, ["Požega"]), Facts(municipality="Bor"), NOT_MET),
        (rule(Kind.MUNICIPALITY, ["Požega"]), Facts(), UNKNOWN),
        (rule(Kind.REGION, ["Belgrade"]), Facts(region="Belgrade"), MET),
        (rule(Kind.REGION, ["Belgrade"]), Facts(), UNKNOWN),
        (rule(Kind.SECTOR, ["A", "C"]), Facts(sector="C"), MET),
        (rule(Kind.SECTOR, ["A"]), Facts(sector="C"), NOT_MET),
        (rule(Kind.SECTOR, ["A"]), Facts(), UNKNOWN),
        (rule(Kind.CLUSTER), Facts(clusters={4: set()}), MET),
        (rule(Kind.CLUSTER, [4]), Facts(clusters={4: set()}), MET),
        (rule(Kind.CLUSTER, [9]), Facts(clusters={4: {9}}), MET),  # the union above it
        (rule(Kind.CLUSTER, [5]), Facts(clusters={4: {9}}), NOT_MET),
        (rule(Kind.CLUSTER, [5]), Facts(), UNKNOWN),
    ],
)
def test_every_kind_met_not_met_unknown(one, facts, outcome):
    assert judge(one, facts).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        (Kind.QUESTION, True, MET),
        (Kind.QUESTION, False, NOT_MET),
        (Kind.QUESTION, None, UNKNOWN),
        (Kind.CLUSTER, False, NOT_MET),  # she says she is in none
        (Kind.CLUSTER, True, MET),
    ],
)
def test_what_she_says(kind, answer, outcome):
    assert judge(rule(kind, wanted=True), Facts(), answer).outcome == outcome


def her(share=None, **more):
    return Owner("female", share and Decimal(share), **more)


@pytest.mark.parametrize(
    ("owners", "wanted", "found"),
    [
        ([her("50"), Owner("male", Decimal(50))], Rule.HALF, True),
        ([her("50"), Owner("male", Decimal(50))], Rule.MAJORITY, False),
        ([her("51")], Rule.MAJORITY, True),
        ([her("30"), Owner(None, Decimal(70))], Rule.HALF, None),  # who owns 70 did not say
        ([Owner("male", Decimal("50.01"))], Rule.HALF, False),  # no woman can have half any more
        ([her()], Rule.HALF, None),
        ([her("25.01", is_manager=True)], Rule.QUARTER_MANAGES, True),
        ([her("25", is_manager=True), Owner("male", Decimal(75))], Rule.QUARTER_MANAGES, False),
        ([her("40", is_manager=None)], Rule.QUARTER_MANAGES, None),
        ([her(is_founder=True)], Rule.FOUNDER, True),
        ([Owner("male", is_founder=True), her(is_founder=False)], Rule.FOUNDER, False),
        ([], Rule.HALF, None),
    ],
)
def test_owned_by_women_as_the_funding_defines_it(owners, wanted, found):
    assert woman_owned(owners, wanted) is found


@pytest.fixture
def young(world, plan):
    """A programme whose first session is TODAY and that wants businesses of at most three years."""
    plan()
    return make_eligibility(world.programme, kind=Kind.ESTABLISHED_WITHIN, years=3, values=[])


def applied(world, name="Ana", established=None, **more):
    firm = make_enterprise(world.programme.tenant, established=established) if established else None
    person = make_person(world.programme.tenant, name=name)
    said = {"state": State.APPLIED, "applied_on": TODAY} | more
    return services.enrol(
        by=world.coordinator, programme=world.programme, person=person, enterprise=firm, now=NOW, **said
    )


def fate(programme) -> list[tuple[str, str]]:
    rows = programme.enrolments.with_eligibility().order_by("pk")
    return [(row.state, row.eligibility) for row in rows]


def set_state(world, one, state, reason="", now=NOW):
    return services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=state, reason=reason, now=now
    )


def test_each_applicant_shows_the_outcome_and_the_fact_used(world, young):
    one = applied(world, established=date(2019, 5, 1))
    found = one.findings.get()
    assert (found.outcome, found.checked_at) == (NOT_MET, NOW)
    assert found.fact == {"established": "2019-05-01", "first_day": "2025-03-12", "since": "2022-03-12"}
    assert rule_words(young) == "Business established at most 3 years before the first session"
    assert fact_words(young, found.fact) == "established on 1 May 2019; wanted is 12 March 2022 or later"


def test_enrolling_is_refused_by_the_name_of_the_rule_until_a_person_makes_an_exception(world, young):
    one = applied(world, established=date(2019, 5, 1))
    with pytest.raises(ValidationError, match="at most 3 years before the first session” is not met"):
        set_state(world, one, State.ENROLLED)
    with pytest.raises(ValidationError, match="needs a reason"):
        services.make_exception(by=world.coordinator, finding=one.findings.get(), reason=" ", now=NOW)
    found = services.make_exception(
        by=world.coordinator, finding=one.findings.get(), reason="traded since 2023 only", now=NOW
    )
    assert (found.excepted_by, found.excepted_at, found.exception) == (
        world.coordinator,
        NOW,
        "traded since 2023 only",
    )
    assert set_state(world, one, State.ENROLLED).state == "enrolled"
    assert fate(world.programme) == [("enrolled", "excepted")]
    assert AuditEntry.objects.filter(verb="except").values_list("by", "object_id").get() == (
        world.coordinator.pk,
        found.pk,
    )
    with pytest.raises(ValidationError, match="already"):
        services.make_exception(by=world.coordinator, finding=found, reason="again", now=NOW)
    services.take_back_exception(by=world.coordinator, finding=found)
    assert fate(world.programme) == [("enrolled", "not_met")]  # what was done stays done


def test_what_is_not_known_asks_for_an_exception_too(world, young):
    one = applied(world)
    with pytest.raises(ValidationError, match="is not known yet"):
        set_state(world, one, State.ENROLLED)
    services.make_exception(by=world.coordinator, finding=one.findings.get(), reason="papers seen", now=NOW)
    set_state(world, one, State.ENROLLED)
    assert fate(world.programme) == [("enrolled", "excepted")]


def test_enrolling_somebody_new_whom_a_rule_refuses_leaves_nothing(world, young):
    with pytest.raises(ValidationError, match="is not known yet"):
        applied(world, state=State.ENROLLED)
    assert (world.programme.enrolments.count(), Finding.objects.count()) == (0, 0)


def test_a_funders_rule_is_its_own_view_and_binds_nobody(world, plan):
    funding = make_funding(world.programme, woman_owned=Rule.MAJORITY)
    firm = make_enterprise(world.programme.tenant)
    person = make_person(world.programme.tenant)
    person.ownerships.create(enterprise=firm, share=50)
    services.save_eligibility_rule(
        by=world.coordinator, programme=world.programme, kind=Kind.WOMAN_OWNED, funding=funding, values=[],
        now=NOW,
    )  # fmt: skip
    one = services.enrol(
        by=world.coordinator, programme=world.programme, person=person, enterprise=firm, now=NOW
    )
    assert one.state == "enrolled"
    assert one.findings.get().outcome == UNKNOWN  # 50 are hers, nobody knows whose the rest is
    assert fate(world.programme) == [("enrolled", "none")]


def test_facts_that_are_mended_are_looked_at_when_she_is_enrolled(world, young):
    one = applied(world, established=date(2019, 5, 1))
    one.enterprise.established = date(2024, 1, 1)
    one.enterprise.save()
    assert set_state(world, one, State.ENROLLED).state == "enrolled"
    assert one.findings.get().outcome == MET


def test_a_rule_looks_at_everybody_when_it_is_saved_and_goes_with_its_findings(world, enrol):
    enrol("Ana", sex="female")
    enrol("Marko", sex="male")
    kept = services.save_eligibility_rule(
        by=world.coordinator, programme=world.programme, kind=Kind.SEX, values=["female"], now=NOW
    )
    assert fate(world.programme) == [("enrolled", "met"), ("enrolled", "not_met")]
    services.save_eligibility_rule(
        by=world.coordinator, programme=world.programme, rule=kept, values=["female", "male"], now=NOW
    )
    assert fate(world.programme) == [("enrolled", "met"), ("enrolled", "met")]
    services.remove_eligibility_rule(by=world.coordinator, rule=kept, now=NOW)
    assert fate(world.programme) == [("enrolled", "none"), ("enrolled", "none")]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "sex", "values": []}, "values"),
        ({"kind": "sex", "values": ["x"]}, "values"),
        ({"kind": "sex", "values": "female"}, "values"),
        ({"kind": "sector", "values": ["Z"]}, "values"),
        ({"kind": "cluster", "values": [999]}, "values"),
        ({"kind": "cluster", "values": ["1"]}, "values"),
        ({"kind": "woman_owned", "values": []}, "values"),
        ({"kind": "woman_owned", "values": ["half", "founder"]}, "values"),
        ({"kind": "established_within", "years": 0}, "years"),
        ({"kind": "established_within"}, "years"),
        ({"kind": "question", "question": " "}, "question"),
        ({"kind": "gone"}, "kind"),
    ],
)
def test_a_rule_that_says_nothing_is_refused_at_its_field(world, said, field):
    with pytest.raises(ValidationError) as caught:
        services.save_eligibility_rule(by=world.coordinator, programme=world.programme, now=NOW, **said)
    assert list(caught.value.message_dict) == [field]
    assert EligibilityRule.objects.count() == 0


def test_a_cluster_or_a_funding_of_somebody_else_is_refused(world):
    theirs = make_organisation(kind="cluster")
    other = make_funding(make_programme(world.programme.tenant))
    for said in (
        {"kind": "cluster", "values": [theirs.pk]},
        {"kind": "sex", "values": ["female"], "funding": other},
    ):
        with pytest.raises(ValidationError):
            services.save_eligibility_rule(by=world.coordinator, programme=world.programme, now=NOW, **said)


def test_an_answer_settles_a_question_and_only_a_question(world, young):
    ask = make_eligibility(
        world.programme, kind=Kind.QUESTION, question="Will you come to all six days?", values=[]
    )
    one = applied(world, established=date(2024, 1, 1))
    assert fate(world.programme) == [("applied", "unknown")]
    mine = one.findings.get(rule=ask)
    services.answer_eligibility(by=world.coordinator, finding=mine, answer=True, now=NOW)
    assert fate(world.programme) == [("applied", "met")]
    services.answer_eligibility(by=world.coordinator, finding=mine, answer=None, now=NOW)
    assert fate(world.programme) == [("applied", "unknown")]
    with pytest.raises(ValidationError, match="asks nothing"):
        services.answer_eligibility(
            by=world.coordinator, finding=one.findings.get(rule=young), answer=True, now=NOW
        )


def test_clusters_are_found_up_to_the_union_while_membership_lasts(world, plan):
    plan()
    tenant = world.programme.tenant
    union = make_organisation(tenant, kind="cluster")
    cluster = make_organisation(tenant, kind="cluster", umbrella=union)
    make_eligibility(world.programme, kind=Kind.CLUSTER, values=[union.pk])
    for end, outcome in ((None, MET), (TODAY, UNKNOWN), (TODAY + timedelta(days=1), MET)):
        one = applied(world, established=date(2024, 1, 1))
        one.enterprise.cluster_memberships.create(cluster=cluster, end=end)
        services.check_eligibility(by=world.coordinator, programme=world.programme, now=NOW)
        assert one.findings.get().outcome == outcome


@pytest.mark.postgres  # SQLite writes rows in parts of a hundred
def test_checking_costs_the_same_for_one_and_for_many(world, young, django_assert_num_queries):
    from training.services.findings import check

    for kind in (Kind.CLUSTER, Kind.SEX):
        make_eligibility(world.programme, kind=kind, values=["female"] if kind == Kind.SEX else [])
    make_eligibility(world.programme, kind=Kind.WOMAN_OWNED, values=["half"])
    for n in (1, 30):
        for _ in range(n):
            make_enrolment(world.programme, enterprise=make_enterprise(world.programme.tenant))
        with django_assert_num_queries(8):
            check(programme=world.programme, now=NOW)
    assert Finding.objects.count() == 31 * 4
