"""Assigning, ending, logging a meeting: what is refused, and in which words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from mentoring import services
from mentoring.models import Assignment, Meeting, Offer
from people.models import Affiliation, Ownership
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_mentor,
    make_organisation,
    make_programme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


def assign(programme, by, **fields):
    plain = {"mentor": None, "enrolment": None, "agreed_hours": 25, "start": TODAY, "now": NOW}
    plain |= fields
    plain["mentor"] = plain["mentor"] or make_mentor(programme)
    plain["enrolment"] = plain["enrolment"] or make_enrolment(programme)
    return services.assign(by=by, programme=programme, **plain)


def log(assignment, by, **fields):
    plain = {
        "operation": uuid4(),
        "day": TODAY,
        "minutes": 90,
        "place": "premises",
        "topic": "Prices",
        "now": NOW,
    }
    return services.log_meeting(by=by, assignment=assignment, **plain | fields)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value.messages


def test_an_assignment_is_made_and_audited(programme, by):
    row = assign(programme, by)
    assert (row.state, row.state_by, row.agreed_hours) == ("active", by, 25)
    assert list(AuditEntry.objects.values_list("verb", "object_type", "object_id")) == [
        ("assign", "mentoring.assignment", row.pk)
    ]


def test_the_same_pair_twice_is_refused(programme, by):
    row = assign(programme, by)
    assert refusal(assign, programme, by, mentor=row.mentor, enrolment=row.enrolment) == [
        "This mentor guides this entrepreneur already."
    ]


def test_somebody_of_another_programme_is_refused(programme, by):
    assert refusal(assign, programme, by, enrolment=make_enrolment()) == [
        "She takes part in another programme."
    ]


def test_a_mentor_of_another_organisation_is_refused(programme, by):
    assert refusal(assign, programme, by, mentor=make_mentor()) == [
        "This mentor belongs to another organisation."
    ]


def test_a_conflict_needs_words(programme, by):
    mentor, enrolment = make_mentor(programme), make_enrolment(programme)
    enterprise = make_enterprise(programme.tenant, name="Suvara")
    for person in (mentor.person, enrolment.person):
        Ownership.objects.create(person=person, enterprise=enterprise)
    assert refusal(assign, programme, by, mentor=mentor, enrolment=enrolment) == [
        "Both have a share in Suvara."
    ]
    assert Assignment.objects.count() == 0
    row = assign(
        programme, by, mentor=mentor, enrolment=enrolment, conflict_accepted="the only one who knows drying"
    )
    assert row.conflict_accepted == "the only one who knows drying"


def test_the_offered_capacity_holds(programme, by):
    mentor = make_mentor(programme)
    Offer.objects.update(capacity=1)
    assign(programme, by, mentor=mentor)
    assert refusal(assign, programme, by, mentor=mentor) == ["She guides 1 already and offered no more."]


def test_a_meeting_is_logged_once_however_often_it_is_tapped(by):
    row = make_assignment()
    operation = uuid4()
    assert log(row, by, operation=operation) == log(row, by, operation=operation)
    assert list(Meeting.objects.values_list("minutes", "topic")) == [(90, "Prices")]
    row.refresh_from_db()
    assert row.revision == 2


def test_an_operation_belongs_to_one_assignment(by):
    meeting = log(make_assignment(), by)
    assert refusal(log, make_assignment(), by, operation=meeting.operation) == [
        "This entry was sent for another assignment already."
    ]


@pytest.mark.parametrize("minutes", [0, 721, 1800])
def test_a_meeting_has_a_length_that_can_be(by, minutes):
    refusal(log, make_assignment(), by, minutes=minutes)
    assert Meeting.objects.count() == 0


def test_a_meeting_lies_in_the_past_and_in_the_assignment(by):
    row = make_assignment(start=TODAY)
    refusal(log, row, by, day=TODAY + timedelta(days=1))
    refusal(log, row, by, day=TODAY - timedelta(days=1))
    assert log(row, by, day=TODAY).day == TODAY


def test_the_database_refuses_thirty_hours():
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(
            operation=uuid4(), assignment=make_assignment(), day=TODAY, minutes=1800, topic="x"
        )


def test_ending_needs_a_reason_and_happens_once(by):
    row = make_assignment()
    plain = {"by": by, "assignment": row, "end": TODAY, "now": NOW}
    assert refusal(services.end_assignment, state="ended", reason=" ", **plain) == ["Say why it ends."]
    services.end_assignment(state="ended", reason="moved abroad", **plain)
    assert refusal(services.end_assignment, state="completed", reason="", **plain) == [
        "This assignment has ended already."
    ]


def test_an_affiliation_that_ended_is_no_conflict(programme, by):
    mentor, enrolment = make_mentor(programme), make_enrolment(programme)
    organisation = make_organisation(programme.tenant)
    for person in (mentor.person, enrolment.person):
        Affiliation.objects.create(person=person, organisation=organisation, role="member", end=TODAY)
    assert assign(programme, by, mentor=mentor, enrolment=enrolment).pk
