"""What funders read: months, minutes, places, topics, functions; of what they pay for; nobody's name."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from mentoring.meetings import places, summed
from tests.factories import (
    make_administrator,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_funder,
    make_funding,
    make_meeting,
    make_mentor,
    make_note,
    make_person,
    make_programme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def pair(programme):
    person = make_person(programme.tenant, name="Đurđa Đorđević")
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person), start=None)


@pytest.fixture
def funder(client, programme):
    user = make_funder(programme, funding=make_funding(programme))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def meet(pair):
    make_meeting(pair, day=date(2025, 2, 3), minutes=90, topic="Etikete", function="marketing")
    make_meeting(pair, day=date(2025, 3, 3), minutes=30, place="online", topic="Cene", next_step="Pita Milu")
    make_meeting(pair, day=date(2025, 3, 9), minutes=60, topic="Banka", function="finance")
    make_meeting(pair, day=date(2025, 3, 9), minutes=600, topic="Greška", cancelled_at="2025-03-10T08:00Z")
    make_note(pair, layer="programme", text="Beleška")


def test_the_sums_are_those_of_the_meetings_that_count(pair):
    meet(pair)
    found = summed.summed(pair.programme, places.told(pair.programme))
    assert (found.meetings, found.minutes, found.hours) == (3, 180, 3.0)
    assert [part.length for part in found.months] == ["1 h 30 min", "1 h 30 min"]
    assert [tuple(part) for part in found.months] == [(date(2025, 2, 1), 1, 90), (date(2025, 3, 1), 2, 90)]
    assert found.places == []  # one woman: where she was met is told nowhere
    assert [tuple(map(str, part)) for part in found.functions] == [
        ("marketing and sales", "1", "90"),
        ("finance", "1", "60"),
        ("", "1", "30"),
    ]


def test_a_funder_reads_topics_and_no_names(funder, pair):
    meet(pair)
    answer = funder.get(reverse("mentoring:meeting_summary", args=[pair.programme.code]))
    page = answer.content.decode()
    assert "3 meetings, 3 h of mentoring" in page
    assert [word for word in ("Etikete", "Cene", "Banka") if word not in page] == []
    secret = ("Đurđa", str(pair.mentor), "Pita Milu", "Beleška", "Greška", "2025-03-03", "assignments/")
    assert [word for word in secret if word in page] == []


def test_what_she_takes_along_says_the_same(funder, pair):
    meet(pair)
    answer = funder.get(reverse("mentoring:hours_export", args=[pair.programme.code, "csv"]) + "?raw=1")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["month", "minutes", "place", "topic", "function"],
        ["2025-03", "60", "[c]", "Banka", "finance"],
        ["2025-03", "30", "[c]", "Cene", ""],
        ["2025-02", "90", "[c]", "Etikete", "marketing"],
    ]


def met(programme, month: int, **people: int) -> None:
    """So many women were met at each place in the month."""
    mentor = make_mentor(programme)
    for place, count in people.items():
        for _n in range(count):
            pair = make_assignment(mentor, make_enrolment(programme))
            make_meeting(pair, day=date(2025, month, 5), minutes=60, place=place, topic="Cene")


def shown(funder, programme) -> tuple[str, list[list[str]]]:
    """The sums by place as they stand on the page; month and place of each line taken along."""
    page = funder.get(reverse("mentoring:meeting_summary", args=[programme.code])).content.decode()
    answer = funder.get(reverse("mentoring:hours_export", args=[programme.code, "csv"]) + "?raw=1")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = {(row["month"], row["place"]) for row in csv.DictReader(io.StringIO(text))}
    return page.partition('id="by-place"')[2].partition("</section>")[0], sorted(lines)


def test_places_of_enough_people_are_told(funder, programme):
    met(programme, 2, premises=6, online=5)
    sums, lines = shown(funder, programme)
    assert "on the premises" in sums and "online" in sums and "[c]" not in sums
    assert lines == [("2025-02", "online"), ("2025-02", "premises")]


def test_a_place_of_few_is_told_neither_by_month_nor_by_subtraction(funder, programme):
    """Four women online in March: without March, February would tell of them by the sums."""
    met(programme, 2, premises=6, online=5)
    met(programme, 3, premises=6, online=4)
    sums, lines = shown(funder, programme)
    assert "Withheld: too few people were met at one of the places." in sums
    assert "online" not in sums and "[c]" in sums
    assert lines == [("2025-02", "online"), ("2025-02", "premises"), ("2025-03", "[c]")]


def test_months_of_few_are_told_together_when_they_are_enough(funder, programme):
    met(programme, 2, premises=3, online=3)
    met(programme, 3, premises=3, online=3)
    sums, lines = shown(funder, programme)
    assert "online" in sums and "[c]" not in sums
    assert lines == [("2025-02", "[c]"), ("2025-03", "[c]")]


def test_a_funding_asks_for_more_people_and_never_for_fewer(funder, programme):
    met(programme, 2, premises=6, online=5)
    programme.fundings.update(threshold=6)
    assert shown(funder, programme)[1] == [("2025-02", "[c]")]


def test_a_programme_that_she_does_not_pay_for_is_none_of_hers(funder, programme):
    others = make_programme(programme.tenant), make_programme()
    for one in others:
        make_funding(one)
        for name, more in (("meeting_summary", []), ("hours_export", ["csv"])):
            assert funder.get(reverse(f"mentoring:{name}", args=[one.code, *more])).status_code == 404


def test_who_runs_it_sees_what_funders_see(client, pair):
    meet(pair)
    address = reverse("mentoring:meeting_summary", args=[pair.programme.code])
    for user in (make_coordinator(pair.programme), make_administrator(pair.programme.tenant)):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(address).status_code == 200
    stranger = make_coordinator(make_programme())
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 404


def test_it_costs_the_same_for_one_and_for_three(funder, pair, django_assert_num_queries):
    address = reverse("mentoring:meeting_summary", args=[pair.programme.code])
    make_meeting(pair)
    funder.get(address)
    with django_assert_num_queries(10):
        funder.get(address)
    make_meeting(pair)
    make_meeting(pair)
    with django_assert_num_queries(10):
        funder.get(address)
