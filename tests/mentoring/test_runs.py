"""Matching runs: frozen facts, the same twice, kept, pinned, cancelled, published once, stale."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from jobs import services as jobs
from mentoring import services
from mentoring.matching import facts as frozen
from mentoring.matching import standing
from mentoring.models import Assignment, MatchingRun, Mentor, Offer, Preference
from tests.factories import (
    NOW,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_mentor,
    make_need,
    make_organisation,
    make_person,
    make_programme,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


def person(programme, name, sector="C", functions=("finance",), **fields):
    """Somebody who looks for a mentor, with an enterprise and a need."""
    who = make_person(programme.tenant, name=name, language="sr-latn", **fields)
    enterprise = make_enterprise(programme.tenant, name=f"{name} d.o.o.", sector=sector)
    row = make_enrolment(programme, person=who, enterprise=enterprise, state="enrolled")
    make_need(row, sector=sector, functions=list(functions), place="either")
    return row


def mentor(programme, capacity=1, sectors=("C",), functions=("finance",), **fields):
    row = make_mentor(programme, sectors=list(sectors), functions=list(functions), online=True, **fields)
    Offer.objects.filter(mentor=row).update(capacity=capacity)
    return row


def computed(by, programme, now=NOW, **said):
    run = services.request_run(by=by, programme=programme, now=now, **said)
    jobs.run(run.job_id)
    run.refresh_from_db()
    assert run.fingerprint, run.job.reason
    return run


def pairs(run):
    return {p.enrolment_id: p.mentor_id for p in run.proposals.all()}


def test_facts_hold_keys_and_no_name(programme):
    one, guide = person(programme, "Mila Milić"), mentor(programme)
    found = frozen.gather(programme, NOW)
    assert [row["enrolment"] for row in found["people"]] == [one.pk]
    assert [row["mentor"] for row in found["mentors"]] == [guide.pk]
    text = json.dumps(found)
    assert not any(name in text for name in ("Mila", "Milić", str(guide)))


def test_facts_cost_the_same_for_one_and_for_three(programme):
    counts = []
    for _round in range(2):
        for number in range(1 if not counts else 2):
            person(programme, f"Ana {len(counts)}{number}"), mentor(programme)
        with CaptureQueriesContext(connection) as asked:
            frozen.gather(programme, NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_has_a_mentor_looks_for_none_and_a_load_takes_places(programme):
    has, looks, guide = person(programme, "Ana"), person(programme, "Eva"), mentor(programme, 2)
    make_assignment(guide, has, state="proposed")
    found = frozen.gather(programme, NOW)
    assert [row["enrolment"] for row in found["people"]] == [looks.pk]
    assert (found["mentors"][0]["capacity"], found["mentors"][0]["load"]) == (2, 1)


def test_mentors_who_are_away_or_paused_are_not_asked(programme):
    away, paused = mentor(programme), mentor(programme)
    Mentor.objects.filter(pk=away.pk).update(away_until=NOW.date() + timedelta(days=9))
    Mentor.objects.filter(pk=paused.pk).update(state="paused")
    found = frozen.gather(programme, NOW)
    assert found["mentors"] == []
    until = (NOW.date() + timedelta(days=9)).isoformat()
    assert found["absent"] == [[away.pk, "active", until], [paused.pk, "paused", None]]


def test_conflicts_and_noes_become_facts(programme):
    one, guide, other = person(programme, "Ana"), mentor(programme), mentor(programme)
    house = make_organisation(programme.tenant)
    for who in (one.person, guide.person):
        who.affiliations.create(organisation=house, role="member")
    Preference.objects.create(mentor=other, enrolment=one, side="entrepreneur", says="no")
    found = frozen.gather(programme, NOW)
    assert found["conflicts"] == [[one.pk, guide.pk, "organisation", None]]
    assert found["people"][0]["noes"] == [other.pk]


def test_the_same_run_twice_is_equal(by, programme):
    for number in range(4):
        person(programme, f"Ana {number}"), mentor(programme)
    one = computed(by, programme)
    two = computed(by, programme, now=NOW + timedelta(days=1))
    assert (one.number, two.number) == (1, 2)
    assert (one.facts_fingerprint, one.fingerprint) == (two.facts_fingerprint, two.fingerprint)
    assert pairs(one) == pairs(two)
    assert len(pairs(one)) == 4


def test_an_open_question_asked_again_is_the_same_run(by, programme):
    person(programme, "Ana"), mentor(programme)
    one = services.request_run(by=by, programme=programme, now=NOW)
    assert services.request_run(by=by, programme=programme, now=LATER).pk == one.pk
    other = services.request_run(by=by, programme=programme, weights={"sector": 99}, now=LATER)
    assert (other.number, other.weights["sector"]) == (2, 99)


def test_a_run_is_computed_once(by, programme):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    services.keep_result(by=by, run=run, result={"pairs": [], "unplaced": []})
    assert run.result["placed"] == 1
    assert run.proposals.count() == 1


@pytest.mark.parametrize(
    "weights", [{"colour": 3}, {"sector": 101}, {"sector": -1}, {"sector": "5"}, {"sector": True}]
)
def test_weights_are_known_numbers(by, programme, weights):
    with pytest.raises(ValidationError):
        services.request_run(by=by, programme=programme, weights=weights, now=NOW)


def test_nobody_and_no_mentors_and_no_room(by, programme):
    assert computed(by, programme).result["pairs"] == []
    one = person(programme, "Ana")
    assert computed(by, programme, now=LATER).result["unplaced"] == [one.pk]
    mentor(programme, capacity=0)
    assert computed(by, programme, now=LATER).result["unplaced"] == [one.pk]


def test_all_in_conflict_places_nobody(by, programme):
    one, guide = person(programme, "Ana"), mentor(programme)
    house = make_organisation(programme.tenant)
    for who in (one.person, guide.person):
        who.affiliations.create(organisation=house, role="member")
    run = computed(by, programme)
    assert (run.result["placed"], run.result["unplaced"]) == (0, [one.pk])
    tried = {"lifted": [[one.pk, guide.pk, "conflict"]]}
    again = computed(by, programme, tried=tried, now=LATER)
    assert pairs(again) == {one.pk: guide.pk}
    with pytest.raises(ValidationError) as caught:
        services.publish(by=by, run=again, now=LATER)
    assert caught.value.error_dict["conflict_accepted"][0].code == "conflict"
    [row] = services.publish(by=by, run=again, conflict_accepted="Nobody else knows hotels.", now=LATER)
    assert row.conflict_accepted == "Nobody else knows hotels."


def test_a_lifted_language_is_lifted_for_its_pair_only(by, programme):
    one, other = person(programme, "Ana"), person(programme, "Eva")
    guide = mentor(programme, capacity=2, languages=["en"])
    assert computed(by, programme).result["placed"] == 0
    run = computed(by, programme, tried={"lifted": [[one.pk, guide.pk, "language"]]}, now=LATER)
    assert (pairs(run), run.result["unplaced"]) == ({one.pk: guide.pk}, [other.pk])
    assert len(services.publish(by=by, run=run, now=LATER)) == 1


def test_a_rule_that_is_not_lifted_still_binds(by, programme):
    one, guide = person(programme, "Ana"), mentor(programme, languages=["en"])
    Preference.objects.create(mentor=guide, enrolment=one, side="mentor", says="no")
    run = computed(by, programme, tried={"lifted": [[one.pk, guide.pk, "language"]]})
    assert run.result["placed"] == 0


def test_a_pinned_pair_comes_out_and_an_impossible_one_is_refused(by, programme):
    one, other = person(programme, "Ana"), person(programme, "Eva", sector="A", functions=("legal",))
    good, odd = mentor(programme), mentor(programme, sectors=["A"], functions=["legal"])
    first = computed(by, programme)
    assert pairs(first) == {one.pk: good.pk, other.pk: odd.pk}
    second = computed(by, programme, pinned=[(one.pk, odd.pk)], now=LATER)
    assert pairs(second) == {one.pk: odd.pk, other.pk: good.pk}
    assert services.pins_of(second) == [(one.pk, odd.pk)]
    services.pin(by=by, proposal=second.proposals.get(enrolment=one), is_pinned=False)
    assert services.pins_of(second) == []
    Preference.objects.create(mentor=odd, enrolment=one, side="entrepreneur", says="no")
    with pytest.raises(ValidationError, match="are pinned, and cannot be"):
        services.request_run(by=by, programme=programme, pinned=[(one.pk, odd.pk)], now=LATER)
    with pytest.raises(ValidationError, match="More people are pinned"):
        services.request_run(
            by=by, programme=programme, pinned=[(one.pk, good.pk), (other.pk, good.pk)], now=LATER
        )


def test_published_are_proposed_assignments_and_again_the_same(by, programme):
    one, guide = person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    said = {"agreed_hours": 25, "share_on_premises": 75}
    made = services.publish(by=by, run=run, now=LATER, **said)
    assert [(row.enrolment_id, row.mentor_id, row.state) for row in made] == [(one.pk, guide.pk, "proposed")]
    assert (made[0].run_id, made[0].need_id, made[0].agreed_hours) == (run.pk, one.needs.get().pk, 25)
    again = services.publish(by=make_coordinator(programme), run=run, now=LATER)
    assert [row.pk for row in again] == [row.pk for row in made]
    assert Assignment.objects.count() == 1
    run.refresh_from_db()
    assert (run.published_at, run.published_by) == (LATER, by)
    assert AuditEntry.objects.filter(verb="publish", object_id=run.pk).count() == 1


def test_another_run_is_refused_after_one_was_published(by, programme):
    person(programme, "Ana"), mentor(programme), mentor(programme)
    one, two = computed(by, programme), computed(by, programme, weights={"sector": 1})
    services.publish(by=by, run=one, now=LATER)
    with pytest.raises(ValidationError, match="published run 1 on .*, after this one was made"):
        services.publish(by=make_coordinator(programme), run=two, now=LATER)
    assert Assignment.objects.count() == 1


def test_a_stale_run_says_what_changed_and_wants_to_be_confirmed(by, programme):
    one, other = person(programme, "Ana"), person(programme, "Eva")
    guide = mentor(programme, capacity=2)
    run = computed(by, programme)
    assert not standing.standing(run, NOW + timedelta(days=3)).is_stale
    make_assignment(make_mentor(programme), other)
    stand = standing.standing(run, LATER)
    assert stand.is_stale
    assert ("person", other.pk, False) in {(d.what, d.enrolment, d.after) for d in stand.changed}
    assert [line.barriers[0].kind for line in stand.left_out] == ["gone"]
    with pytest.raises(ValidationError) as caught:
        services.publish(by=by, run=run, now=LATER)
    assert caught.value.error_dict["confirmed"][0].code == "stale"
    Offer.objects.filter(mentor=guide).update(hours=9)  # counts for nothing in matching
    made = services.publish(by=by, run=run, confirmed=stand.fingerprint, now=LATER)
    assert [(row.enrolment_id, row.mentor_id) for row in made] == [(one.pk, guide.pk)]


def test_what_was_confirmed_counts_for_what_was_shown_only(by, programme):
    one, guide = person(programme, "Ana"), mentor(programme, capacity=2)
    run = computed(by, programme)
    person(programme, "Eva")
    shown = standing.standing(run, LATER).fingerprint
    person(programme, "Iva")
    with pytest.raises(ValidationError, match="The records have changed"):
        services.publish(by=by, run=run, confirmed=shown, now=LATER)
    Offer.objects.filter(mentor=guide).update(capacity=0)
    with pytest.raises(ValidationError, match="No pair of this run is possible any more"):
        services.publish(by=by, run=run, confirmed=standing.standing(run, LATER).fingerprint, now=LATER)
    assert not one.assignments.exists()


def test_a_tried_capacity_that_is_not_offered_leaves_the_worse_fit_out(by, programme):
    one, other = person(programme, "Ana"), person(programme, "Eva", sector="A")
    guide = mentor(programme, capacity=1)
    run = computed(by, programme, tried={"capacities": [[guide.pk, 2]]})
    assert pairs(run) == {one.pk: guide.pk, other.pk: guide.pk}
    stand = standing.standing(run, LATER)
    assert [(line.proposal.enrolment_id, line.barriers[0].kind) for line in stand.left_out] == [
        (other.pk, "full")
    ]
    assert len(services.publish(by=by, run=run, now=LATER)) == 1


def test_a_cancelled_run_has_no_result_and_is_not_published(by, programme):
    person(programme, "Ana"), mentor(programme)
    run = services.request_run(by=by, programme=programme, now=NOW)
    jobs.cancel(run.job, now=NOW)
    jobs.run(run.job_id)
    run.refresh_from_db()
    assert (run.fingerprint, run.job.state) == ("", "cancelled")
    with pytest.raises(ValidationError, match="not computed yet"):
        services.publish(by=by, run=run, now=NOW)


def test_the_command_says_what_the_run_says(by, programme, capsys):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    call_command("match", programme.code, "--json", tenant=programme.tenant.slug)
    said = json.loads(capsys.readouterr().out)
    assert (said["fingerprint"], said["result"], said["run"]) == (run.fingerprint, run.result, None)
    assert MatchingRun.objects.count() == 1
    call_command("match", programme.code, "--keep", "--weight", "sector=1")
    assert f"{run.proposals.get().enrolment.row_code}  mentor" in capsys.readouterr().out
    assert MatchingRun.objects.get(number=2).weights["sector"] == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_publish_at_once_and_one_wins():
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    programme = make_programme()
    users = [make_coordinator(programme), make_coordinator(programme)]
    for number in range(6):
        person(programme, f"Ana {number}"), mentor(programme)
    runs = [computed(users[0], programme), computed(users[1], programme, weights={"sector": 1})]
    together = Barrier(2)

    def publish(which):
        try:
            together.wait(10)
            return len(services.publish(by=users[which], run=runs[which], now=LATER))
        except ValidationError as error:
            return error.messages
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        came = list(both.map(publish, (0, 1)))
    assert sorted(map(type, came), key=str) == [int, list]
    assert 6 in came
    assert Assignment.objects.count() == 6
    assert MatchingRun.objects.exclude(published_at=None).count() == 1
