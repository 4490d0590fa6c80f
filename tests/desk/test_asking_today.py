"""What waits of questions: her own to answer, and the waves of whoever runs the programme."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from desk.today import today
from outcomes.links import answer_link
from outcomes.models import Invitation, Wave
from tests.factories import make_coordinator, make_enrolment, make_user
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    day = timezone.localdate()
    return sheet_of_all(opens=day - timedelta(days=20), closes=day + timedelta(days=4))


def waiting(user, kind: str) -> list:
    return [item for item in today(user, timezone.now()).items if item.kind == kind]


def test_her_own_open_questions_wait_for_her_until_she_hands_them_in(asked):
    asked.her.user = make_user(asked.programme.tenant)
    asked.her.save()
    (item,) = waiting(asked.her.user, "question")
    assert (item.what, item.url) == ("Six months after", answer_link(asked.invitation))
    assert waiting(make_user(asked.programme.tenant), "question") == []
    Invitation.objects.update(state="answered")
    assert waiting(asked.her.user, "question") == []


def test_a_wave_that_closes_soon_with_few_answers_waits_for_who_runs_it(asked):
    by = make_coordinator(asked.programme)
    (item,) = waiting(by, "wave")
    assert "0 of 1 have answered" in item.why
    assert item.url == reverse("outcomes:wave_detail", args=[asked.wave.pk])
    for state in ("answered", "partial", "withdrawn"):  # 2 of 3; who may not be asked is left out
        asked.wave.invitations.create(enrolment=make_enrolment(asked.programme), state=state)
    assert waiting(by, "wave") == []
    Wave.objects.update(closes=timezone.localdate() + timedelta(days=20))
    Invitation.objects.update(state="waiting")
    assert waiting(by, "wave") == []


def test_a_wave_that_opens_soon_and_asks_nobody_waits_for_who_runs_it(asked):
    by, day = make_coordinator(asked.programme), timezone.localdate()
    Wave.objects.update(opens=day + timedelta(days=5), closes=None)
    assert waiting(by, "wave") == []
    Invitation.objects.all().delete()
    (item,) = waiting(by, "wave")
    assert "nobody is asked in it yet" in item.why
    Wave.objects.update(opens=day + timedelta(days=9))
    assert waiting(by, "wave") == []
