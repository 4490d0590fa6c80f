"""Figures from answers: what counts, whom, of how many, and what is not known."""

from dataclasses import replace
from datetime import date

import pytest

from outcomes.counting import behind, measured
from outcomes.definitions import Definition
from outcomes.library.indicators import LIBRARY
from outcomes.models import Answer, Invitation
from outcomes.values import Amount, Claim, Reason, State
from tests import factories as f
from tests.outcomes.counted import NOW, ask, asking, at, say, scope_of
from training.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return asking()


def women(world, n: int) -> list:
    return [f.make_enrolment(world.programme, applied_on=date(2025, 1, 1)) for _ in range(n)]


def count(world, code: str, **scope):
    return measured(LIBRARY[code], scope_of(world, **scope))


def own(spec: dict, **more) -> Definition:
    return Definition("X-01", "X", more.pop("unit", "persons"), "x", spec={"count": "answers"} | spec, **more)


# --- a share, and what is said beside it


def test_19_of_24_of_30(world):
    """The example of the design: 79 %, 63 to 83 of all, Wilson 60 to 91, corrected 71 to 86."""
    everybody = women(world, 30)
    for n, who in enumerate(everybody):
        say(world, who, "baseline", operating="yes")
        if n < 24:
            say(world, who, "f6", operating="yes" if n < 19 else "no")
        else:
            ask(world, "f6", who)
    found = count(world, "OC-07")
    assert (found.value, found.numerator, found.denominator, found.n) == (79.2, 19, 24, 24)
    assert (found.asked, found.answered, found.response, found.counts_only) == (30, 24, 80.0, False)
    assert found.bounds == (63.3, 83.3)
    assert [round(end) for end in found.interval] == [60, 91]
    assert [round(end) for end in found.finite] == [71, 86]
    rows = behind(LIBRARY["OC-07"], scope_of(world))
    assert rows.kind == "respondent"
    assert rows.numerator == sorted(who.person_id for who in everybody[:19])
    assert rows.denominator == sorted(who.person_id for who in everybody[:24])


def test_below_60_per_cent_only_counts_are_told_and_the_value_is_kept(world):
    everybody = women(world, 10)
    for n, who in enumerate(everybody):
        say(world, who, "f6", operating="yes") if n < 5 else ask(world, "f6", who)
    found = count(world, "OC-07")
    assert (found.value, found.response, found.counts_only) == (100.0, 50.0, True)
    assert found.as_dict()["counts_only"] is True
    say(world, everybody[5], "f6", operating="no")  # she had none: not of those it is of
    assert (count(world, "OC-07").denominator, count(world, "OC-07").counts_only) == (5, False)


def test_who_cannot_be_of_it_leaves_nothing_open(world):
    """Of five who are silent two had a business at the beginning: they cannot have started one."""
    everybody = women(world, 10)
    for n, who in enumerate(everybody):
        say(world, who, "baseline", operating="yes" if n in (8, 9) else "no")
        say(world, who, "f6", operating="yes" if n < 4 else "no") if n < 5 else ask(world, "f6", who)
    found = count(world, "OC-06")
    assert (found.numerator, found.denominator, found.asked) == (4, 5, 10)
    assert found.bounds == (50.0, 87.5)  # 4 of 8 to 7 of 8


# --- unknown is no "no"


def test_silence_is_no_no(world):
    one, two = women(world, 2)
    say(world, one, "f6", confidence=4)
    say(world, two, "f6", operating="no")
    spec = {"aggregation": "share", "values": {"now": {"question": "operating", "at": ["f6"]}}}
    found = measured(own(spec | {"numerator": ["not", ["is", "now", "yes"]]}), scope_of(world))
    assert (found.numerator, found.denominator) == (1, 1)


def test_text_in_a_number_counts_for_nothing(world):
    (one,) = women(world, 1)
    row = say(world, one, "baseline", knowledge=5)
    say(world, one, "exit", knowledge=8)
    assert count(world, "OC-02").denominator == 1
    Answer.objects.filter(invitation=row).update(number=None, text="about five", is_unread=True)
    assert count(world, "OC-02").reason is Reason.NOBODY


def test_five_states_and_never_a_zero(world):
    assert count(world, "OC-07", now=at(2)).reason is Reason.NOT_ASKED_YET
    assert count(world, "OC-07", now=at(2)).state is State.NOT_YET_DUE
    assert count(world, "OC-07").reason is Reason.NOBODY_ASKED
    ask(world, "f6", *women(world, 1))
    found = count(world, "OC-07")
    assert (found.state, found.reason, found.as_dict()) == (
        State.MISSING, Reason.NO_ANSWERS, {"state": "missing", "reason": "no_answers"},
    )  # fmt: skip
    world.waves["f6"].invitations.all().delete()
    world.waves["f6"].delete()
    assert count(world, "OC-07").state is State.NOT_APPLICABLE
    assert count(world, "EF-01.2").reason is Reason.NO_WAVE


# --- persons


def test_two_rows_of_one_person_count_once(world):
    one, two = women(world, 2)
    say(world, one, "f6", operating="no")
    say(world, two, "f6", at(10, 20), operating="yes")
    two.person.joined_to = one.person
    two.person.save()
    found = count(world, "OC-07")
    assert (found.numerator, found.denominator, found.asked) == (1, 1, 1)  # the newest of hers


def test_an_answer_that_names_nobody_is_a_unit_of_its_own(world):
    rows = [say(world, None, "exit", at(4, day), satisfaction=day) for day in (3, 4, 5)]
    found = count(world, "OC-01")
    assert (found.numerator, found.denominator) == (2, 3)
    assert behind(LIBRARY["OC-01"], scope_of(world)).numerator == sorted(-row.pk for row in rows[1:])


def test_a_control_group_is_compared_and_not_counted(world):
    control = Group.objects.create(programme=world.programme, code="c", name="C", is_control=True)
    one, two = women(world, 2)
    two.group = control
    two.save()
    say(world, one, "f6", operating="yes")
    say(world, two, "f6", operating="yes")
    found = count(world, "OC-07")
    assert (found.denominator, found.claim) == (1, Claim.COMPARED)


def test_another_programmes_answers_are_not_counted(world):
    other = asking()
    say(other, *women(other, 1), "f6", operating="yes")
    say(world, *women(world, 1), "f6", operating="yes")
    assert count(world, "OC-07").denominator == 1


def test_who_took_her_consent_back_is_not_asked(world):
    one, two = women(world, 2)
    say(world, one, "f6", operating="yes")
    ask(world, "f6", two, state="withdrawn")
    assert (count(world, "OC-07").asked, count(world, "OC-07").answered) == (1, 1)
    Invitation.objects.filter(enrolment=one).update(state="withdrawn")  # what she said stays
    assert (count(world, "OC-07").asked, count(world, "OC-07").answered) == (1, 1)


# --- numbers


def test_a_closed_business_employs_nobody_and_losses_are_taken_off(world):
    gained, closed, silent = women(world, 3)
    for who in (gained, closed, silent):
        say(world, who, "baseline", operating="yes", fte_women=1, fte_men=0.5)
    say(world, gained, "f6", operating="yes", fte_women=2.5, fte_men=0.5)
    say(world, closed, "f6", operating="no")
    say(world, silent, "f6", operating="yes", fte_women=3)  # the men are not known
    found = count(world, "IM-01")
    assert (found.value, found.n, found.sides) == (0.0, 2, (2,))
    assert count(world, "IM-02").value == 83.3  # 2.5 of 3


def test_money_of_two_currencies_is_not_compared_nor_added(world):
    everybody = women(world, 4)
    pairs = [((100, "EUR"), (150, "EUR")), ((100, "EUR"), (50, "EUR")), ((100, "EUR"), (9000, "RSD"))]
    for who, (then, now) in zip(everybody, pairs, strict=False):
        say(world, who, "baseline", turnover_month=then, operating="yes")
        say(world, who, "f6", turnover_month=now, finance_amount=now, operating="yes")
    say(world, everybody[3], "baseline", turnover_month=(80, "EUR"), operating="yes")
    say(world, everybody[3], "f6", operating="no")
    grew, change = count(world, "OC-11"), count(world, "OC-11.2")
    assert (grew.numerator, grew.denominator) == (1, 3)
    assert (change.value, change.n) == (-50.0, 3)  # +50, -50, -100
    found = count(world, "OC-10.3")
    assert (found.value, found.amounts) == (None, (Amount("EUR", 200.0, 2), Amount("RSD", 9000.0, 1)))
    assert found.as_dict()["amounts"][1] == {"currency": "RSD", "amount": 9000.0, "n": 1}


def test_means_and_medians(world):
    for who, points in zip(women(world, 4), (2, 4, 5, 9), strict=True):
        say(world, who, "exit", knowledge=points)
    spec = {"values": {"now": {"question": "knowledge", "at": ["exit"]}}, "value": ["now"]}
    found = {
        kind: measured(own(spec | {"aggregation": kind}), scope_of(world))
        for kind in ("mean", "median", "sum")
    }
    assert {kind: one.value for kind, one in found.items()} == {"mean": 5.0, "median": 4.5, "sum": 20.0}


def test_new_practices(world):
    one, two = women(world, 2)
    say(world, one, "baseline", practices=["books"])
    say(world, one, "f6", practices=["books", "plan", "price", "stock"])
    say(world, two, "baseline", practices=["none"])
    say(world, two, "f6", practices=["plan"])
    assert (count(world, "OC-04").numerator, count(world, "OC-04").denominator) == (1, 2)
    assert count(world, "OC-04.2").value == 2.0


# --- when


def test_the_newest_of_several_waves_counts(world):
    (one,) = women(world, 1)
    say(world, one, "application", operating="yes")
    say(world, one, "baseline", operating="no")
    say(world, one, "f6", operating="yes")
    assert count(world, "OC-06").numerator == 1
    assert count(world, "OC-06", end=date(2025, 10, 6)).denominator is None  # she answered on the 6th


def test_a_person_counts_in_the_period_in_which_she_first_fits(world):
    ever = own({
        "aggregation": "distinct",
        "values": {"now": {"question": "operating", "at": ["exit", "f3", "f6"]}},
        "numerator": ["is", "now", "yes"],
    })  # fmt: skip
    one, two = women(world, 2)
    say(world, one, "exit", operating="yes")
    say(world, one, "f6", operating="no")
    say(world, two, "exit", operating="no")
    say(world, two, "f6", operating="yes")
    half = date(2025, 7, 1)
    first = measured(ever, scope_of(world, end=half))
    second = scope_of(world, start=half)
    assert (first.value, measured(ever, second).value) == (1, 1)
    assert measured(ever, second.since_the_beginning()).value == 2  # who closed since had one
    assert behind(ever, second).numerator == [two.person_id]


def test_before_the_funding_began_is_not_its_doing(world):
    (one,) = women(world, 1)
    say(world, one, "exit", satisfaction=5)
    late = replace(scope_of(world), since=date(2025, 6, 1), start=date(2025, 6, 1))
    assert measured(LIBRARY["OC-01"], late).state is State.MISSING


# --- claims


def test_claims_from_a_to_d(world):
    (one,) = women(world, 1)
    say(world, one, "baseline", knowledge=3, operating="yes", registered="not_registered")
    say(world, one, "exit", knowledge=5, satisfaction=5)
    assert count(world, "OC-01").claim is Claim.AFTER
    assert count(world, "OC-02").claim is Claim.BEFORE_AND_AFTER
    row = say(world, one, "f6", registered="registered", anyway="not_at_all")
    assert count(world, "OC-08").claim is Claim.SAID
    assert count(world, "OC-02").claim is Claim.BEFORE_AND_AFTER  # asked at another time
    row.answers.filter(question__code="anyway").delete()
    assert count(world, "OC-08").claim is Claim.BEFORE_AND_AFTER


def test_every_definition_can_be_counted(world):
    everybody = women(world, 2)
    for who in everybody:
        say(world, who, "baseline", operating="yes")
        say(world, who, "f6", operating="yes")
    scope = scope_of(world)
    for definition in LIBRARY.values():
        assert measured(definition, scope, 0).state in State
        behind(definition, scope)
    assert scope.now == NOW
