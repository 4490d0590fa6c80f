"""Why an idea left a desk is read by everybody in her own language."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from ideas import services
from ideas.models import ReviewTask
from tests.factories import (
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_round,
    make_seat,
    make_task,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    programme, now = make_programme(), timezone.now()
    days = timedelta(days=7)
    round_ = make_round(programme, opens_at=now - days, closes_at=now + days)
    seat = make_seat(round_, make_mentor(programme).person)
    return make_task(seat, make_idea(programme, state="in_review", enrolments=[make_enrolment(programme)]))


def read(client, task, language) -> str:
    client.force_login(make_coordinator(task.seat.round.programme, language=language))
    return client.get(reverse("ideas:round_detail", args=[task.seat.round_id])).content.decode()


def test_not_my_field(client, task):
    user = task.seat.reviewer.user
    user.language = "sr-latn"
    user.save()
    client.force_login(user)
    client.post(reverse("ideas:review_refusal", args=[task.pk]), {"not_my_field": "1"})
    assert ReviewTask.objects.get(pk=task.pk).state == "cannot"
    assert ": Not my field<" in read(client, task, "en")
    with override("sr-latn"):
        words = ReviewTask.objects.get(pk=task.pk).reason
    assert words != "Not my field"
    assert f": {words}<" in read(client, task, "sr-latn")


def test_her_own_words_stay_hers(client, task):
    client.force_login(task.seat.reviewer.user)
    client.post(reverse("ideas:review_refusal", args=[task.pk]), {"reason": "Ne znam ništa o tome"})
    assert ": Ne znam ništa o tome<" in read(client, task, "en")


def test_a_conflict_that_the_sweep_found(client, task):
    enrolment = task.idea.nominations.get().enrolment
    make_assignment(task.seat.reviewer.mentor, enrolment)
    with override("sr"):
        assert services.clear_desks(now=timezone.now()) == 1
    assert ": Already her mentor.<" in read(client, task, "en")
