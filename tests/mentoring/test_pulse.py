"""The coordinator's page: what asks for her eye, and what every pair costs (nothing)."""

from datetime import timedelta
from time import perf_counter

import pytest
from django.urls import reverse

from mentoring.models import Assignment, Goal, Mentor, Offer
from mentoring.pairs import progress, pulse, pulse_words
from people.models import Membership, Person
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_meeting,
    make_mentor,
    make_person,
    make_programme,
    today_there,
)
from training.models import Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def coordinator(client, programme):
    return sign_in(client, make_coordinator(programme))


def pair(programme, mentor=None, **fields) -> Assignment:
    return make_assignment(mentor or make_mentor(programme), make_enrolment(programme), **fields)


def read(programme) -> list[Assignment]:
    rows = Assignment.objects.filter(programme=programme).with_minutes()
    return pulse.read(rows.select_related("mentor__person", "enrolment__person"), TODAY)


def days_ago(n: int):
    return TODAY - timedelta(days=n)


# --- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "start", "met", "silent"),
    [
        ("active", 22, None, True),
        ("active", 21, None, False),
        ("active", 60, 22, True),
        ("active", 60, 21, False),
        ("accepted", 60, None, True),
        ("active", None, None, False),  # nobody knows since when
        ("paused", 60, None, False),
        ("offered", 60, None, False),
        ("completed", 60, None, False),
        ("ended", 60, None, False),
    ],
)
def test_who_is_silent(programme, state, start, met, silent):
    row = pair(programme, state=state, start=start and days_ago(start))
    if met:
        make_meeting(row, day=days_ago(met))
    assert [one.is_silent for one in read(programme)] == [silent]


def test_a_cancelled_meeting_breaks_no_silence(programme):
    row = pair(programme, start=days_ago(60))
    make_meeting(row, cancelled_at=NOW)
    assert read(programme)[0].is_silent


def test_hours_against_agreement(programme):
    one, two, three, four = (
        pair(programme, agreed_hours=10),
        pair(programme, agreed_hours=None),
        pair(programme, agreed_hours=20, state="completed"),
        pair(programme, agreed_hours=30, state="declined"),
    )
    make_meeting(one, minutes=90, place="premises")
    make_meeting(two, minutes=60, place="online")
    make_meeting(three, minutes=30, place="premises")
    make_meeting(four, minutes=600)
    found = pulse.hours(read(programme))
    assert found == pulse.Hours(met=2.0, agreed=30, pairs=2, all_met=3.0, on_premises=2.0)


def offer(mentor, **said) -> None:
    Offer.objects.filter(mentor=mentor).update(**{"capacity": None, "hours": None} | said)


def busy(programme) -> list[tuple]:
    found = pulse.overloaded(programme, read(programme), TODAY)
    return [(one.mentor, one.is_over_capacity, one.is_over_hours) for one in found]


def test_over_her_capacity(programme):
    mentor = make_mentor(programme)
    offer(mentor, capacity=1)
    pair(programme, mentor)
    for state in ("ended", "completed", "offered", "declined"):
        pair(programme, mentor, state=state)
    assert busy(programme) == []
    pair(programme, mentor, state="paused")
    assert busy(programme) == [(mentor, True, False)]


@pytest.mark.parametrize(
    ("per", "day", "is_over"),
    [
        ("programme", days_ago(300), True),
        ("month", days_ago(300), False),
        ("month", TODAY.replace(day=1), True),
        ("month", TODAY.replace(day=1) - timedelta(days=1), False),
        ("week", days_ago(2), True),  # TODAY is a Wednesday
        ("week", days_ago(3), False),
    ],
)
def test_over_the_hours_she_offered(programme, per, day, is_over):
    mentor = make_mentor(programme)
    offer(mentor, hours=2, per=per)
    row = pair(programme, mentor)
    make_meeting(row, minutes=60)
    make_meeting(row, minutes=60, day=day)
    assert busy(programme) == []  # two hours of two
    make_meeting(row, minutes=1, day=day)
    assert busy(programme) == ([(mentor, False, True)] if is_over else [])


def test_who_offered_nothing_known_is_not_overloaded(programme):
    mentor = make_mentor(programme)
    offer(mentor)
    make_meeting(pair(programme, mentor), minutes=700)
    assert busy(programme) == []


def test_her_hours_elsewhere_do_not_count_here(programme):
    mentor = make_mentor(programme)
    offer(mentor, hours=1)
    make_meeting(pair(make_programme(programme.tenant), mentor), minutes=700)
    pair(programme, mentor)
    assert busy(programme) == []


def test_late_goals(programme):
    row = pair(programme)
    late = row.goals.create(text="Labels", due=days_ago(1))
    row.goals.create(text="Today", due=TODAY)
    row.goals.create(text="Some day")
    row.goals.create(text="Done", due=days_ago(9), state=Goal.State.REACHED)
    pair(programme, state="ended").goals.create(text="Of an ended one", due=days_ago(9))
    pair(make_programme()).goals.create(text="Of others", due=days_ago(9))
    assert pulse.late_goals(read(programme), TODAY) == [late]
    section = pulse_words.late_goals([late], TODAY)
    assert (section.counted, section.lines[0].when) == ("1 goal is late", "1 day late")


def test_meetings_that_were_objected_to(programme):
    row = pair(programme)
    said = make_meeting(row, objected_at=NOW, objection="It was half an hour")
    make_meeting(row, objected_at=NOW, cancelled_at=NOW)
    make_meeting(row)
    assert pulse.objected(read(programme)) == [said]
    assert pulse_words.objected([said]).lines[0].why == "It was half an hour"


def test_offers_without_an_answer(programme):
    later = pair(programme, state="offered", offered_until=NOW + timedelta(days=2))
    over = pair(programme, state="offered", offered_until=NOW - timedelta(days=1))
    unlimited = pair(programme, state="offered")
    pair(programme, state="proposed")
    found = pulse.unanswered(read(programme))
    assert found == [over, later, unlimited]
    lines = pulse_words.unanswered(found, NOW, programme.zone).lines
    assert [line.urgency for line in lines] == ["overdue", "soon", "soon"]
    assert lines[0].why == "The time to answer is over."


def test_people_without_a_mentor(programme):
    pair(programme)
    once = pair(programme, state="ended").enrolment
    pair(programme, state="offered")
    pair(programme, state="proposed")
    refused = pair(programme, state="declined").enrolment
    alone = make_enrolment(programme)
    make_enrolment(programme, state="withdrawn")
    assert once not in (found := list(pulse.without_mentor(programme)))
    assert found == [refused, alone]


def test_proposals_lead_to_where_all_of_them_are_offered(programme):
    row, other = pair(programme, state="proposed"), pair(programme, state="proposed")
    pair(programme, state="offered")
    found = pulse.proposed(read(programme))
    assert found == [row, other]
    section = pulse_words.proposed(found, programme.zone, "/offers/")
    assert section.counted == "2 proposals are not offered yet"
    assert [line.act_url for line in section.lines] == ["/offers/", ""]


# --- the page --------------------------------------------------------------------------------------


def everything(programme) -> Assignment:
    """One of each kind of thing that asks for attention."""
    row = pair(programme, start=days_ago(90))
    row.goals.create(text="Labels", due=days_ago(1))
    make_meeting(row, day=days_ago(60), objected_at=NOW)
    pair(programme, state="offered")
    pair(programme, state="proposed")
    offer(row.mentor, capacity=0)
    make_enrolment(programme)
    return row


def keys(page) -> list[str]:
    return [section.key for section in page.context["sections"]]


def test_all_that_asks_for_her_eye(coordinator, programme):
    everything(programme)
    page = coordinator.get(reverse("mentoring:assignment_list", args=[programme.code]))
    assert keys(page) == ["proposed", "without", "silent", "overloaded", "late", "offered", "objected"]
    words = page.content.decode()
    for said in (
        "1 pair is silent",
        "1 mentor has too much",
        "1 goal is late",
        "1 offer waits for an answer",
    ):
        assert said in words
    assert "1 person has no mentor yet" in words
    assert "1 proposal is not offered yet" in words
    assert "1 meeting was objected to" in words


def test_nothing_waits(coordinator, programme):
    row = pair(programme, start=today_there())
    page = coordinator.get(reverse("mentoring:assignment_list", args=[programme.code]))
    assert keys(page) == []
    assert "1 pair works together, and nothing waits" in page.content.decode()
    assert page.context["assignments"][0] == row


def test_a_narrowed_list_is_only_the_list(coordinator, programme):
    row = everything(programme)
    page = coordinator.get(
        reverse("mentoring:assignment_list", args=[programme.code]), {"q": str(row.mentor)}
    )
    assert (keys(page), list(page.context["assignments"])) == ([], [row])


def test_a_mentor_sees_her_own_and_no_comparison(client, programme):
    row = everything(programme)
    sign_in(client, row.mentor.person.user)
    page = client.get(reverse("mentoring:assignment_list", args=[programme.code]))
    assert keys(page) == ["silent", "late", "objected"]
    assert list(page.context["assignments"]) == [row]
    assert "no mentor yet" not in page.content.decode()


def test_the_share_of_pairs_that_still_meet_says_what_is_unknown(coordinator, client, programme):
    start = today_there() - timedelta(days=75)
    one, two, _three = (pair(programme, start=start) for _n in range(3))
    pair(programme, state="offered", start=start)
    make_meeting(one, day=start + timedelta(days=3))
    make_meeting(one, day=start + timedelta(days=70))
    make_meeting(two, day=start + timedelta(days=40))
    address = reverse("mentoring:assignment_list", args=[programme.code])
    page = coordinator.get(address)
    assert [(row["label"], row["said"]) for row in page.context["months"]] == [
        ("Month 1", "50 %: 1 of 2 · 1 unknown"),
        ("Month 2", "50 %: 1 of 2 · 1 unknown"),
        ("Month 3", "100 %: 1 of 1 · 2 unknown"),
    ]
    assert "Do the pairs still meet?" in page.content.decode()
    assert coordinator.get(address, {"q": str(one.mentor)}).context["months"] == []
    sign_in(client, one.mentor.person.user)
    assert client.get(address).context["months"] == []


def test_an_empty_programme(coordinator, programme):
    page = coordinator.get(reverse("mentoring:assignment_list", args=[programme.code]))
    assert "Nobody is guided here yet" in page.content.decode()


def test_a_stranger_sees_nothing(client, programme):
    everything(programme)
    sign_in(client, make_coordinator(make_programme()))
    assert client.get(reverse("mentoring:assignment_list", args=[programme.code])).status_code == 404


# --- the price -------------------------------------------------------------------------------------


def many(programme, n: int) -> None:
    """n pairs, each with a meeting, a late goal and an objection; every third mentor with too much."""
    tenant, start = programme.tenant, days_ago(90)
    people = Person.objects.bulk_create(Person(tenant=tenant, name=f"Person {i}") for i in range(2 * n))
    mentors = Mentor.objects.bulk_create(Mentor(person=person) for person in people[:n])
    Membership.objects.bulk_create(
        Membership(person=one.person, programme=programme, role="mentor") for one in mentors
    )
    Offer.objects.bulk_create(
        Offer(mentor=one, programme=programme, capacity=i % 3, hours=1) for i, one in enumerate(mentors)
    )
    enterprise = make_enterprise(tenant)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(programme=programme, person=person, enterprise=enterprise, row_code=f"R{i}")
        for i, person in enumerate(people[n:])
    )
    rows = Assignment.objects.bulk_create(
        Assignment(
            programme=programme, mentor=mentor, enrolment=enrolment, agreed_hours=10, start=start,
            state="offered" if i % 3 == 1 else "active",
        )
        for i, (mentor, enrolment) in enumerate(zip(mentors, enrolments, strict=True))
    )  # fmt: skip
    for row in rows[:20]:
        make_meeting(row, day=start, objected_at=NOW)
    Goal.objects.bulk_create(Goal(assignment=row, text="Labels", due=start) for row in rows)
    for _ in range(min(n, 20)):
        make_enrolment(programme, person=make_person(tenant))


@pytest.mark.parametrize("pairs", [3, 300])
def test_queries_at_3_and_300_pairs(coordinator, programme, pairs, django_assert_num_queries):
    many(programme, pairs)
    address = reverse("mentoring:assignment_list", args=[programme.code])
    coordinator.get(address)
    with django_assert_num_queries(14) as asked:
        begun = perf_counter()
        page = coordinator.get(address)
    took = (perf_counter() - begun) * 1000
    print(f"{pairs} pairs: {len(asked)} queries, {took:.0f} ms")
    assert len(page.context["page"].object_list) == min(pairs, 50)
    assert len(keys(page)) == 6


def test_progress_is_what_the_pairs_own_page_says(programme):
    row = pair(programme)
    make_meeting(row, minutes=45)
    assert read(programme)[0].progress == progress.of(row)
