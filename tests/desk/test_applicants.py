"""Applications wait on the day of whoever runs the programme, with their action; the sweep fills seats."""

from datetime import timedelta

import pytest
from django.urls import reverse

from desk.tasks import sweep_applications
from desk.today import today
from tests.factories import (
    NOW,
    make_candidate,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_programme,
    make_trainer,
)

pytestmark = pytest.mark.django_db


def test_applications_wait_for_who_runs_the_programme_and_for_nobody_else():
    programme = make_programme(code="p1")
    for n in range(3):
        make_enrolment(programme, state="applied", state_at=NOW - timedelta(days=n))
    make_enrolment(programme, state="waitlisted")
    (item,) = [i for i in today(make_coordinator(programme), NOW).items if i.kind == "application"]
    assert (item.what, item.act, item.act_url, item.when) == (
        "3 applications wait for you",
        "Decide",
        reverse("training:applicant_list", args=["p1"]),
        "since 10 March",
    )
    for other in (make_trainer(programme), make_coordinator(make_programme())):
        assert [i for i in today(other, NOW).items if i.kind == "application"] == []


def test_mentors_who_offer_themselves_wait_once_their_mail_confirmed_it():
    programme = make_programme(code="p1")
    for n in range(2):
        make_candidate(programme, confirmed_at=NOW - timedelta(days=n))
    make_candidate(programme, confirmed_at=None)
    make_candidate(programme, confirmed_at=NOW, state="declined")
    (item,) = [i for i in today(make_coordinator(programme), NOW).items if i.kind == "candidate"]
    assert (item.what, item.act, item.act_url, item.when) == (
        "2 people offer themselves as mentors",
        "Decide",
        reverse("mentoring:candidate_list", args=["p1"]),
        "since 11 March",
    )
    for other in (make_trainer(programme), make_mentor(programme).person.user):
        assert [i for i in today(other, NOW).items if i.kind == "candidate"] == []
    assert not today(make_coordinator(make_programme()), NOW).items


def test_the_sweep_gives_free_seats_to_who_waits():
    programme = make_programme(capacity=1)
    one = make_enrolment(programme, state="waitlisted")
    sweep_applications()
    one.refresh_from_db()
    assert (one.state, one.state_by) == ("enrolled", None)
