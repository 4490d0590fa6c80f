"""Hands that move, cancel and restore one session at once, while two planners and senders sweep."""

import random
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError

from reminders import services
from reminders.models import Reminder, Rule
from tests.factories import NOW, TODAY, make_enrolment, make_entry, make_person, make_programme, make_session
from tests.training.test_chain_races import at_once
from training import services as training
from training.models import Session, SessionChange

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
HANDS, ACTS, SWEEPS = 3, 8, 6


def test_no_change_is_lost_and_the_last_word_is_what_stands(smtp_sink):
    programme = make_programme(name="Start-up")
    session = make_session(programme, title="Pricing", day=TODAY + timedelta(days=2))
    her = make_person(programme.tenant, name="Mila Nova", language="en", email="mila@primer.example")
    make_entry(session, make_enrolment(programme, person=her))
    services.plan(NOW)

    def hand(n: int) -> None:
        dice = random.Random(n)
        for _act in range(ACTS):
            start = dice.randrange(8, 20)
            acts = [
                lambda: training.cancel_session(by=None, session=session, now=NOW),
                lambda: training.restore_session(by=None, session=session, now=NOW),
                lambda start=start: training.change_session(
                    by=None, session=session, now=NOW, start=time(start), end=time(start + 1)
                ),
            ]
            try:
                dice.choice(acts)()
            except ValidationError:
                continue  # a cancelled one is not moved

    def sweeper() -> None:
        for _sweep in range(SWEEPS):
            services.plan(NOW)
            services.send_due(NOW)

    at_once(*[lambda n=n: hand(n) for n in range(HANDS)], sweeper, sweeper)
    training.change_session(by=None, session=restored(session), now=NOW, start=time(6), end=time(7))
    services.plan(NOW)
    services.send_due(NOW)
    session.refresh_from_db()
    revisions = list(SessionChange.objects.order_by("revision").values_list("revision", flat=True))
    assert revisions == list(range(2, session.revision + 1))
    told = Reminder.objects.filter(rule__kind=Rule.Kind.SESSION_CHANGED, state="sent")
    numbers = sorted(told.values_list("subject_revision", flat=True))
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == session.revision
    assert len(smtp_sink.received) == len(numbers)
    assert str(smtp_sink.received[-1].subject) == "Moved: Pricing, now 14 March 2025, 06:00–07:00"


def restored(session: Session) -> Session:
    return training.restore_session(by=None, session=session, now=NOW)
