"""What may stand in the log of meetings, the other side's word, and a slip that is taken out again."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from mentoring import exports, services
from mentoring.meetings.prefilled import prefilled
from mentoring.models import Assignment, Meeting, Slot
from outcomes.indicators import INDICATORS
from outcomes.scope import Scope
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_person,
    make_programme,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def pair(programme):
    """A pair of two who both sign in."""
    person = make_person(user=make_user(programme.tenant))
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person))


def log(assignment, **fields) -> Meeting:
    plain = {"operation": uuid4(), "day": TODAY, "minutes": 90, "place": "premises", "topic": "Prices"}
    plain |= {"by": assignment.mentor.person.user, "now": NOW}
    return services.log_meeting(assignment=assignment, **plain | fields)


def refusal(call, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"minutes": 1800}, {"minutes": ["A meeting lasts 12 hours at most: 1800 minutes cannot be."]}),
        ({"minutes": 0}, {"minutes": ["A meeting lasts between 1 and 720 minutes."]}),
        ({"day": TODAY - timedelta(days=1)}, {"day": ["The assignment began on 12 March 2025 only."]}),
        (
            {"day": TODAY + timedelta(days=1)},
            {"day": ["This day has not come yet: log a meeting after it took place."]},
        ),
        (
            {"start": time(23)},
            {"start": ["This hour has not come yet: log a meeting after it took place."]},
        ),
    ],
)
def test_what_cannot_have_been_is_refused_at_its_field(pair, said, words):
    assert refusal(log, pair, **said) == words
    assert Meeting.objects.count() == 0


def test_a_day_after_the_end_is_refused(pair):
    Assignment.objects.filter(pk=pair.pk).update(state="ended", end=TODAY)
    later = NOW + timedelta(days=3)
    assert refusal(log, pair, day=TODAY + timedelta(days=1), now=later) == {
        "day": ["The assignment lasted until 12 March 2025 only."]
    }
    assert log(pair, day=TODAY, now=later).pk


def test_a_declined_assignment_has_no_meetings(pair):
    Assignment.objects.filter(pk=pair.pk).update(state="declined")
    assert refusal(log, pair) == {"": ["No meeting can be logged: the assignment was not accepted."]}


def test_nobody_is_in_two_meetings_at_once(programme, pair):
    log(pair, start=time(7), minutes=60)
    of_mentor = make_assignment(pair.mentor, make_enrolment(programme))
    of_person = make_assignment(make_mentor(programme), pair.enrolment)
    clash = {"start": time(7, 30), "minutes": 60}
    when = "on 12 March 2025 from 07:00"
    assert [refusal(log, row, **clash)["start"] for row in (pair, of_mentor, of_person)] == [
        [f"The two met {when} for 60 minutes already."],
        [f"The mentor has another meeting then: {when}, 60 minutes."],
        [f"The entrepreneur has another meeting then: {when}, 60 minutes."],
    ]
    assert log(of_mentor, start=time(8), minutes=30).pk  # half-open: one ends where the next begins
    assert log(pair, minutes=60).pk  # without an hour nothing is known of a clash
    assert log(make_assignment(), start=time(7, 30)).pk


def test_the_mentor_of_two_programmes_is_in_one_place(programme, pair):
    """Wall times of two zones are compared as instants: 07:00 in Belgrade is 06:00 in London."""
    other = make_programme(programme.tenant, zone="Europe/London")
    there = make_assignment(pair.mentor, make_enrolment(other))
    log(pair, start=time(7), minutes=60)
    assert list(refusal(log, there, start=time(6, 15), minutes=30)) == ["start"]
    assert log(there, start=time(7, 15), minutes=30).pk


def test_a_cancelled_meeting_is_no_clash(pair):
    row = log(pair, start=time(7), minutes=60)
    services.cancel_meeting(by=pair.mentor.person.user, meeting=row, reason="wrong day", now=NOW)
    assert log(pair, start=time(7), minutes=60).pk


def test_an_hour_that_the_clocks_leave_out_is_refused_in_words(programme):
    day = datetime(2025, 3, 30, tzinfo=UTC).date()  # in Belgrade 02:00 to 03:00 does not exist
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    words = "02:30 does not exist on 30 March 2025 in Europe/Belgrade: the clocks change."
    assert refusal(log, row, day=day, start=time(2, 30), now=NOW + timedelta(days=40)) == {"start": [words]}


def test_she_confirms_or_objects_and_the_last_word_stands(pair):
    row, her = log(pair), pair.enrolment.person.user
    services.object_to_meeting(by=her, meeting=row, objection="It was an hour", now=NOW)
    assert (row.objection, row.objected_by, row.confirmed_at) == ("It was an hour", her, None)
    services.confirm_meeting(by=her, meeting=row, now=NOW)
    assert (row.objection, row.objected_by, row.confirmed_by, row.revision) == ("", None, her, 3)
    services.confirm_meeting(by=her, meeting=row, now=NOW)
    assert row.revision == 3
    verbs = AuditEntry.objects.filter(object_type="mentoring.meeting").values_list("verb", flat=True)
    assert sorted(verbs) == ["confirm", "log", "object"]


def test_an_objection_and_a_cancellation_need_words(pair):
    row = log(pair)
    whose = {"by": pair.enrolment.person.user, "meeting": row, "now": NOW}
    assert refusal(services.object_to_meeting, objection=" ", **whose) == {
        "objection": ["Say what is not right."]
    }
    assert refusal(services.cancel_meeting, reason=" ", **whose) == {"reason": ["Say why it does not count."]}
    services.cancel_meeting(reason="twice", **whose)
    assert refusal(services.cancel_meeting, reason="twice", **whose) == {
        "": ["This meeting was cancelled already."]
    }
    assert refusal(services.confirm_meeting, **whose) == {"": ["This meeting was cancelled."]}


def test_a_cancelled_meeting_counts_nowhere(programme):
    report = make_report()
    programme = report.funding.programmes.get()
    pair = make_assignment(make_mentor(programme), make_enrolment(programme), start=None)
    kept, slip = (make_meeting(pair, day=TODAY, minutes=minutes) for minutes in (60, 600))
    by = make_coordinator(programme)
    services.cancel_meeting(by=by, meeting=slip, reason="typed twice", now=NOW)
    row = Assignment.objects.with_minutes().get(pk=pair.pk)
    assert (row.met, row.met_minutes, row.last_met) == (1, 60, TODAY)
    assert row.revision == 2  # a reminder of before is no longer true
    assert list(exports.meetings(by, Assignment.objects.all())) == [kept]
    report.start, report.end = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
    scope = Scope.of(report, NOW)
    assert list(scope.meetings()) == [kept]
    assert INDICATORS["OP-08"].measure(scope).value == 1


def test_the_form_knows_how_the_two_met_last(pair):
    assert prefilled(pair, NOW).initial == {"day": TODAY, "minutes": 60, "place": "premises"}
    make_meeting(pair, minutes=45, place="online", topic="Labels")
    make_meeting(pair, minutes=500, topic="A slip", cancelled_at=NOW, cancelled_reason="x")
    assert prefilled(pair, NOW) == ({"day": TODAY, "minutes": 45, "place": "online"}, ["Labels"], "")


def test_the_form_offers_the_office_hour_that_is_over(programme, pair):
    slot = Slot.objects.create(
        mentor=pair.mentor, programme=programme, booked_by=pair.enrolment, about="My prices",
        day=TODAY, start=time(7), end=time(7, 45), zone="Europe/Belgrade", place="online",
        starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=2, minutes=15),
    )  # fmt: skip
    known = prefilled(pair, NOW)
    assert (known.initial["slot"], known.initial["minutes"], known.initial["place"]) == (
        slot.pk,
        45,
        "online",
    )
    # funders read a topic: what she wrote stands beside the field, neither in it nor among what it offers
    assert (known.topics, known.about, "topic" in known.initial) == ([], "My prices", False)
    log(pair, slot=slot)
    assert "slot" not in prefilled(pair, NOW).initial


def test_an_office_hour_of_others_is_refused(programme, pair):
    slot = Slot.objects.create(
        mentor=make_mentor(programme), programme=programme, booked_by=pair.enrolment, day=TODAY,
        start=time(7), end=time(8), zone="UTC", starts_at=NOW - timedelta(hours=2), ends_at=NOW,
    )  # fmt: skip
    assert refusal(log, pair, slot=slot) == {"slot": ["This office hour is not theirs."]}


# --- pages


def enter(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_entrepreneur_confirms_on_her_page(client, pair):
    row = log(pair)
    enter(client, pair.enrolment.person.user)
    page = client.get(reverse("mentoring:meeting_detail", args=[row.pk])).content.decode()
    assert "Did you meet like this on 12 March 2025?" in page
    answer = client.post(reverse("mentoring:meeting_confirm", args=[row.pk]))
    assert answer.url == reverse("mentoring:meeting_detail", args=[row.pk])
    row.refresh_from_db()
    assert row.confirmed_by == pair.enrolment.person.user
    assert client.post(reverse("mentoring:meeting_cancel", args=[row.pk]), {"reason": "x"}).status_code == 403


def test_the_mentor_does_not_confirm_her_own_word_and_cancels_a_slip(client, pair):
    row = log(pair)
    enter(client, pair.mentor.person.user)
    assert client.post(reverse("mentoring:meeting_confirm", args=[row.pk])).status_code == 403
    assert client.post(reverse("mentoring:meeting_cancel", args=[row.pk]), {"reason": ""}).status_code == 400
    client.post(reverse("mentoring:meeting_cancel", args=[row.pk]), {"reason": "typed twice"})
    assert Meeting.objects.counting().count() == 0
    page = client.get(reverse("mentoring:assignment_detail", args=[pair.pk])).content.decode()
    assert "cancelled, counts nowhere" in page
    assert "typed twice" in page


def test_an_objection_without_words_is_asked_again_and_one_with_words_is_shown(client, pair):
    row = log(pair)
    enter(client, pair.enrolment.person.user)
    address = reverse("mentoring:meeting_object", args=[row.pk])
    assert client.post(address, {"objection": ""}).status_code == 400
    client.post(address, {"objection": "It was an hour"})
    enter(client, pair.mentor.person.user)
    page = client.get(reverse("mentoring:meeting_detail", args=[row.pk])).content.decode()
    assert "It was an hour" in page
    assert f"{pair.enrolment} objects to the meeting on" in page


@pytest.mark.parametrize("action", ["detail", "confirm", "object", "cancel"])
def test_a_stranger_finds_no_meeting(client, pair, action):
    enter(client, make_coordinator(make_programme()))
    address = reverse(f"mentoring:meeting_{action}", args=[log(pair).pk])
    answer = client.get(address) if action == "detail" else client.post(address)
    assert answer.status_code in (404, 403)
    assert "Prices" not in answer.content.decode()


def test_the_page_costs_the_same(client, pair, django_assert_num_queries):
    row = log(pair)
    enter(client, pair.enrolment.person.user)
    client.get(reverse("mentoring:meeting_detail", args=[row.pk]))
    with django_assert_num_queries(5):
        client.get(reverse("mentoring:meeting_detail", args=[row.pk]))
