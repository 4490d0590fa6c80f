"""The way of an assignment: proposed, offered, answered, begun, handed over, ended; every step told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import AuditEntry
from mentoring import services
from mentoring.matching import facts
from mentoring.models import Assignment, AssignmentChange, Offer
from mentoring.pairs import offering, progress
from people.models import Affiliation
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_goal,
    make_meeting,
    make_mentor,
    make_need,
    make_organisation,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db
UNTIL = NOW + timedelta(days=7)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def proposed(programme, by):
    return propose(programme, by)


def propose(programme, by, **fields):
    plain = {"mentor": None, "enrolment": None} | fields
    plain["mentor"] = plain["mentor"] or make_mentor(programme)
    plain["enrolment"] = plain["enrolment"] or make_enrolment(programme)
    return services.propose(by=by, programme=programme, now=NOW, **plain)


def ask(row, by, **fields):
    return services.offer(by=by, assignment=row, **{"until": UNTIL, "now": NOW} | fields)


def answer(row, accept, **fields):
    who = row.mentor.person.user
    return services.answer_offer(by=who, assignment=row, accept=accept, **{"now": NOW} | fields)


def step(row, by, state, **fields):
    return services.change_assignment_state(by=by, assignment=row, state=state, **{"now": NOW} | fields)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value.messages


def told(row) -> list[tuple]:
    return list(row.changes.values_list("state", "by", "reason"))


def test_the_whole_way_is_told_step_by_step(proposed, by):
    mentor = proposed.mentor.person.user
    ask(proposed, by)
    answer(proposed, True)
    step(proposed, by, "active")
    step(proposed, by, "paused", reason="She gave birth")
    step(proposed, by, "active")
    step(proposed, by, "completed")
    assert told(proposed) == [
        ("proposed", by.pk, ""),
        ("offered", by.pk, ""),
        ("accepted", mentor.pk, ""),
        ("active", by.pk, ""),
        ("paused", by.pk, "She gave birth"),
        ("active", by.pk, ""),
        ("completed", by.pk, ""),
    ]
    assert (proposed.state, proposed.start, proposed.end, proposed.revision) == ("completed", TODAY, TODAY, 7)
    verbs = AuditEntry.objects.filter(object_type="mentoring.assignment").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["assign"] + ["step"] * 6


WAYS = {
    "proposed": {"active", "declined"},
    "offered": {"declined"},
    "accepted": {"active", "paused", "completed", "ended"},
    "active": {"paused", "completed", "ended"},
    "paused": {"active", "completed", "ended"},
    "declined": set(),
    "expired": set(),
    "completed": set(),
    "ended": set(),
}


@pytest.mark.parametrize("before", WAYS)
def test_what_may_follow_what_by_hand(programme, by, before):
    for state in Assignment.State.values:
        row = make_assignment(make_mentor(programme), make_enrolment(programme), state=before)
        try:
            step(row, by, state, reason="because")
        except ValidationError:
            assert state not in WAYS[before]
            row.refresh_from_db()
            assert (row.state, row.changes.count()) == (before, 0)
        else:
            assert state in WAYS[before]
            assert told(row) == [(state, by.pk, "because")]


@pytest.mark.parametrize(
    ("state", "words"), [("paused", "Say why it pauses."), ("ended", "Say why it ends.")]
)
def test_pausing_and_ending_say_why(by, state, words):
    assert refusal(step, make_assignment(), by, state, reason=" ") == [words]


def test_it_ends_after_it_begins(by):
    row = make_assignment(start=TODAY)
    early = {"reason": "x", "end": TODAY - timedelta(days=1)}
    assert refusal(step, row, by, "ended", **early) == ["It ends after it begins."]


def test_an_offer_needs_time_to_answer(proposed, by):
    assert refusal(ask, proposed, by, until=NOW) == ["This has passed already: give her time to answer."]


def test_the_same_offer_twice_is_one(proposed, by):
    ask(proposed, by)
    ask(proposed, by)
    assert [state for state, *_more in told(proposed)] == ["proposed", "offered"]
    said = refusal(ask, proposed, by, until=UNTIL + timedelta(days=1))
    assert said == ["What is “offered” cannot become “offered”."]


def test_the_same_answer_twice_is_one(proposed, by):
    ask(proposed, by)
    answer(proposed, True)
    answer(proposed, True)
    assert proposed.changes.count() == 3
    assert refusal(answer, proposed, False, reason="x") == ["This offer was answered already."]


def test_nothing_is_answered_that_was_not_asked(proposed):
    assert refusal(answer, proposed, True) == ["This was not offered yet."]


def test_a_no_says_why_and_until_when(proposed, by):
    ask(proposed, by)
    assert refusal(answer, proposed, False) == ["Say why."]
    assert refusal(answer, proposed, False, reason="I travel", away_until=TODAY) == ["Give a day to come."]
    until = TODAY + timedelta(days=40)
    answer(proposed, False, reason="I travel", away_until=until)
    proposed.mentor.refresh_from_db()
    assert (proposed.state, proposed.reason, proposed.mentor.away_until) == ("declined", "I travel", until)


def test_who_is_away_is_not_asked(programme, by):
    mentor = make_mentor(programme, away_until=TODAY + timedelta(days=3))
    row = propose(programme, by, mentor=mentor)
    assert refusal(ask, row, by) == [f"{mentor} is not available until 15 March 2025."]
    assert ask(row, by, now=NOW + timedelta(days=3)).state == "offered"


def test_who_left_is_not_asked(programme, by):
    row = propose(programme, by, mentor=make_mentor(programme, state="left"))
    assert refusal(ask, row, by) == [f"{row.mentor} is “left” as a mentor: nobody can be offered to her now."]


def test_who_went_away_is_offered_to_nobody(proposed, by):
    proposed.enrolment.state = "withdrawn"
    proposed.enrolment.save()
    assert refusal(ask, proposed, by) == ["She does not take part in this programme any more."]


def test_a_conflict_that_came_later_stops_the_yes(programme, proposed, by):
    ask(proposed, by)
    both = make_organisation(programme.tenant, name="Savez")
    for person in (proposed.mentor.person, proposed.enrolment.person):
        Affiliation.objects.create(person=person, organisation=both, role="member")
    assert refusal(answer, proposed, True) == ["Both work for Savez."]
    proposed.refresh_from_db()
    assert proposed.state == "offered"


def test_offers_expire_by_themselves_once(proposed, by):
    ask(proposed, by)
    assert services.expire_offers(UNTIL - timedelta(seconds=1)) == 0
    assert refusal(answer, proposed, True, now=UNTIL) == ["The time to answer is over."]
    assert [services.expire_offers(UNTIL), services.expire_offers(UNTIL)] == [1, 0]
    proposed.refresh_from_db()
    assert (proposed.state, proposed.state_by) == ("expired", None)
    assert told(proposed)[-1] == ("expired", None, "")
    assert refusal(answer, proposed, True) == ["The time to answer is over."]


def test_a_yes_takes_one_of_her_places(programme, by):
    mentor = make_mentor(programme)
    first, second = (propose(programme, by, mentor=mentor) for _n in "ab")
    Offer.objects.update(capacity=1)
    for row in (first, second):
        ask(row, by)
    answer(first, True)
    assert refusal(answer, second, True) == ["She guides 1 already and offered no more."]
    second.refresh_from_db()
    assert second.state == "offered"


def test_two_mentors_only_where_both_were_offered_on_purpose(programme, by):
    hers = make_enrolment(programme)
    one, other, third = (propose(programme, by, enrolment=hers) for _n in "abc")
    ask(one, by)
    words = f"{one.mentor} is asked about {hers} already: say so if she shall have both."
    assert refusal(ask, other, by) == [words]
    ask(other, by, beside=True)
    for row in (one, other):
        answer(row, True)
    assert sorted(Assignment.objects.alive().values_list("pk", flat=True)) == [one.pk, other.pk]
    words = f"{one.mentor} guides {hers} already: say so if she shall have both."
    assert refusal(ask, third, by) == [words]


def test_an_offer_goes_on_to_the_next_best(programme, by):
    hers = make_enrolment(programme)
    need = make_need(hers, functions=["pricing"])
    best, second = make_mentor(programme, functions=["pricing"]), make_mentor(programme)
    row = propose(
        programme, by, mentor=best, enrolment=hers, need=need, agreed_hours=25, share_on_premises=75
    )
    ask(row, by)
    answer(row, False, reason="No time")
    found = offering.next_best(facts.gather(programme, NOW), {hers.pk: {best.pk}})
    assert found[hers.pk].mentor == second.pk
    said = {"by": by, "assignment": row, "mentor": second, "until": UNTIL, "now": NOW}
    made = services.offer_on(**said)
    assert (made.state, made.need, made.agreed_hours, made.share_on_premises) == ("offered", need, 25, 75)
    assert refusal(services.offer_on, **said) == ["This mentor guides this entrepreneur already."]
    assert offering.next_best(facts.gather(programme, NOW), {hers.pk: {best.pk}}) == {}


def test_only_what_was_in_vain_is_offered_on(proposed, by, programme):
    said = {"by": by, "assignment": proposed, "mentor": make_mentor(programme), "until": UNTIL, "now": NOW}
    assert refusal(services.offer_on, **said) == ["Only what was declined or left unanswered is offered on."]


def test_the_first_meeting_begins_what_was_accepted(proposed, by):
    ask(proposed, by)
    answer(proposed, True)
    make = {"day": TODAY, "minutes": 60, "place": "online", "topic": "Prices", "now": NOW}
    who = proposed.mentor.person.user
    operation = "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0005"
    services.log_meeting(by=who, assignment=proposed, operation=operation, **make)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.start, told(proposed)[-1]) == ("active", TODAY, ("active", who.pk, ""))


def test_handing_over_at_once_keeps_the_history(programme, by):
    old = make_assignment(make_mentor(programme), make_enrolment(programme), agreed_hours=25)
    meeting, goal = make_meeting(old), make_goal(old)
    said = {"by": by, "assignment": old, "mentor": make_mentor(programme), "now": NOW}
    assert refusal(services.hand_over, reason=" ", **said) == ["Say why she hands over."]
    made = services.hand_over(reason="Illness", **said)
    assert (old.state, old.end, old.reason) == ("ended", TODAY, "Illness")
    assert (made.state, made.start, made.goes_on_from, made.agreed_hours) == ("active", TODAY, old, 25)
    assert (list(old.meetings.all()), list(old.goals.all())) == ([meeting], [goal])
    assert refusal(services.hand_over, reason="x", **said) == ["Only what goes on can be handed over."]


def test_handing_over_by_asking_leaves_all_until_she_says_yes(programme, by):
    old = make_assignment(make_mentor(programme), make_enrolment(programme))
    said = {"by": by, "assignment": old, "reason": "Illness", "until": UNTIL, "now": NOW}
    no, yes = make_mentor(programme), make_mentor(programme)
    first = services.hand_over(mentor=no, **said)
    assert (first.state, old.state) == ("offered", "active")
    answer(first, False, reason="No time")
    old.refresh_from_db()
    assert old.state == "active"
    second = services.offer_on(by=by, assignment=first, mentor=yes, until=UNTIL, now=NOW)
    answer(second, True)
    old.refresh_from_db()
    assert (second.state, second.goes_on_from, old.state, old.end) == ("accepted", old, "ended", TODAY)


def test_handing_over_to_the_same_or_to_a_stranger_is_refused(programme, by):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    said = {"by": by, "assignment": row, "reason": "x", "now": NOW}
    assert refusal(services.hand_over, mentor=row.mentor, **said) == ["She guides her already."]
    other = make_mentor(make_programme(programme.tenant))
    assert refusal(services.hand_over, mentor=other, **said) == [
        f"{other} takes nobody in this programme now."
    ]
    assert Assignment.objects.count() == 1


def test_hours_and_share_as_agreed(programme, by):
    row = make_assignment(make_mentor(programme), make_enrolment(programme), agreed_hours=2)
    assert progress.of(row) == (0, 2, 0, None, None)
    services.change_agreement(by=by, assignment=row, share_on_premises=75)
    make_meeting(row, minutes=61, place="online")
    make_meeting(row, minutes=179, place="premises")
    make_meeting(row, minutes=600, place="online", cancelled_at=NOW)
    found = progress.of(row)
    assert found == (4.0, 2, pytest.approx(179 / 60), 74, 75)
    assert (found.is_reached, found.is_short_of_share, found.left) == (True, True, 0)


def test_progress_of_many_costs_one_query(programme, django_assert_num_queries):
    rows = [make_meeting(make_assignment(make_mentor(programme), make_enrolment(programme))).assignment]
    with django_assert_num_queries(1):
        progress.of_many(rows)
    rows += [make_assignment(make_mentor(programme), make_enrolment(programme)) for _n in range(2)]
    with django_assert_num_queries(1):
        assert [one.hours for one in progress.of_many(rows).values()] == [1, 0, 0]


@pytest.mark.parametrize("share", [-1, 101])
def test_a_share_is_a_part_of_the_whole(by, share):
    with pytest.raises(ValidationError):
        services.change_agreement(by=by, assignment=make_assignment(), share_on_premises=share)


def test_who_sees_what(programme, by):
    mentor, hers = make_mentor(programme), make_enrolment(programme)
    hers.person.user = make_user(programme.tenant)
    hers.person.save()
    for state in Assignment.State.values:
        Assignment.objects.all().delete()
        row = make_assignment(mentor, hers, state=state)
        seen = [
            Assignment.objects.visible_to(user).filter(pk=row.pk).exists()
            for user in (by, mentor.person.user, hers.person.user, make_coordinator(make_programme()))
        ]
        assert seen == [True, state != "proposed", state in Assignment.COUNTED, False], state


@pytest.mark.django_db(transaction=True)
def test_the_history_of_old_rows_begins_with_their_state():
    executor = MigrationExecutor(connection)
    row = make_assignment(state="paused", reason="illness", state_at=NOW)
    newer = make_assignment()
    AssignmentChange.objects.create(assignment=newer, state="active", at=NOW)
    operation = executor.loader.get_migration("mentoring", "0004_changes").operations[0]
    with connection.schema_editor() as editor:
        operation.code(executor.loader.project_state().apps, editor)
    assert told(row) == [("paused", None, "illness")]
    assert newer.changes.count() == 1
