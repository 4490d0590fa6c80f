"""Twenty people tap the same free slot at once: one has it. Real threads, connections and locks, on both
databases (SQLite in a file takes its one write lock at BEGIN)."""

from collections import Counter
from datetime import time
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import AuditEntry
from mentoring import services
from mentoring.models import Slot
from mentoring.slots import apart
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_mentor,
    make_programme,
    make_slot,
)

pytestmark = pytest.mark.django_db(transaction=True)
TAPS = 20


def at_once(acts) -> list[str]:
    """What each of them came to: "done", or the code of its refusal; an error of another kind is its name."""
    barrier, said = Barrier(len(acts)), []

    def one(act):
        try:
            barrier.wait(20)
            act()
            said.append("done")
        except ValidationError as error:
            said.append(getattr(error, "code", None) or "refused")
        except Exception as error:
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return said


def test_twenty_bookings_of_one_slot():
    programme = make_programme()
    mentor = make_mentor(programme)
    people = [make_enrolment(programme) for _ in range(TAPS)]
    slot = make_slot(mentor, is_open=True)

    def book(enrolment):
        services.book_slot(by=None, slot=Slot.objects.get(pk=slot.pk), enrolment=enrolment, now=NOW)

    said = Counter(at_once([lambda one=one: book(one) for one in people]))
    print(f"{connection.vendor}: {TAPS} parallel bookings of one slot: {dict(said)}")
    assert said == {"done": 1, "taken": TAPS - 1}
    slot.refresh_from_db()
    assert slot.booked_by in people
    assert slot.revision == 2
    assert AuditEntry.objects.filter(verb="book").count() == 1


def test_one_person_twenty_slots_of_the_same_hour():
    programme = make_programme()
    her = make_enrolment(programme)
    slots = [make_slot(make_mentor(programme), is_open=True) for _ in range(TAPS)]
    acts = [lambda one=one: services.book_slot(by=None, slot=one, enrolment=her, now=NOW) for one in slots]
    assert Counter(at_once(acts)) == {"done": 1, "clash": TAPS - 1}
    assert Slot.objects.filter(booked_by=her).count() == 1


def test_past_the_services_the_database_refuses_it():
    """No lock, no look: twenty plain UPDATEs that would put one person into twenty slots at once."""
    programme = make_programme()
    her = make_enrolment(programme)
    slots = [make_slot(make_mentor(programme)) for _ in range(TAPS)]

    def put(slot):
        try:
            with transaction.atomic():
                Slot.objects.filter(pk=slot.pk).update(booked_by=her)
        except IntegrityError as error:
            raise ValidationError("no", code=apart.refused(error)) from error

    assert Counter(at_once([lambda one=one: put(one) for one in slots])) == {"done": 1, "person": TAPS - 1}


def test_twenty_openings_of_the_same_hour():
    mentor = make_mentor()
    programme = mentor.offers.get().programme
    hour = {"day": TODAY, "start": time(17), "end": time(18)}
    plain = {"by": None, "mentor": mentor, "programme": programme, "now": NOW}
    said = at_once([lambda: services.open_slots(**plain, **hour)] * TAPS)
    assert Counter(said) == {"done": 1, "clash": TAPS - 1}
    assert Slot.objects.count() == 1


def test_booking_against_cancelling():
    """The mentor cancels her free slot while somebody books it: one of the two happens, never both."""
    for _turn in range(5):
        pair = make_assignment()
        slot = make_slot(pair.mentor)
        seen = [Slot.objects.get(pk=slot.pk) for _ in range(2)]
        said = at_once(
            [
                lambda pair=pair, seen=seen: services.book_slot(
                    by=None, slot=seen[0], enrolment=pair.enrolment, now=NOW
                ),
                lambda seen=seen: services.cancel_slot(by=None, slot=seen[1], now=NOW),
            ]
        )
        assert said.count("done") == 1
        slot.refresh_from_db()
        assert (slot.booked_by is None) == (slot.cancelled_at is not None)


def test_two_who_swap_their_slots_at_once_end_with_one_each():
    programme = make_programme()
    mentor = make_mentor(programme)
    pairs = [make_assignment(mentor, make_enrolment(programme)) for _ in range(2)]
    slots = [make_slot(mentor, start=time(17 + n), end=time(18 + n)) for n in range(2)]
    for slot, pair in zip(slots, pairs, strict=True):
        services.book_slot(by=None, slot=slot, enrolment=pair.enrolment, now=NOW)
    move = [
        lambda n=n: services.book_slot(
            by=None, slot=slots[1 - n], enrolment=pairs[n].enrolment, instead=slots[n], now=NOW
        )
        for n in range(2)
    ]
    at_once(move)
    booked = list(Slot.objects.values_list("booked_by", flat=True))
    assert sorted(booked) == sorted(pair.enrolment_id for pair in pairs)
