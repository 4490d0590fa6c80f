"""One rule: the register, the alerts, the certificate and the report say the same of everybody.

Random programmes on the database against a reckoning of our own, in fractions.
"""

import random
from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from outcomes.indicators import who_completed
from outcomes.scope import Scope
from tests.factories import (
    NOW,
    TODAY,
    make_attendance,
    make_enrolment,
    make_entry,
    make_funding,
    make_person,
    make_programme,
    make_report,
    make_session,
)
from training import hours
from training.certificates import content
from training.exports import PEOPLE, people
from training.filters import PeopleFilter
from training.models import Enrolment, Status
from training.register import sheet

pytestmark = pytest.mark.django_db
STATES = ["enrolled"] * 5 + ["completed", "completed", "withdrawn", "applied", "declined"]


def programme_of(chance: random.Random) -> SimpleNamespace:
    """Sessions with and without a length, some cancelled; people with every state, marked or not; every
    second one is moved to the very edge of the share, or one minute below it."""
    share = chance.choice([1, 33, 50, 66, 75, 80, 80, 80, 99, 100])
    programme = make_programme(completion_share=share, end=TODAY + timedelta(days=60))
    sessions = []
    for n in range(chance.randint(1, 6)):
        fields = {"day": TODAY - timedelta(days=20 - n)}
        if chance.random() < 0.2:
            fields |= {"start": None, "end": None, "minutes": None}
        else:
            fields |= {"break_minutes": chance.choice([0, 7, 30, 45])}
        if chance.random() < 0.2:
            fields["cancelled_at"] = NOW
        sessions.append(make_session(programme, **fields))
    everybody = [person_of(chance, programme, sessions) for _n in range(6)]
    return SimpleNamespace(programme=programme, sessions=sessions, people=everybody, share=share)


def person_of(chance: random.Random, programme, sessions) -> Enrolment:
    row = make_enrolment(programme, person=make_person(programme.tenant), state=chance.choice(STATES))
    entries = [make_entry(session, row) for session in sessions if chance.random() < 0.85]
    known = [entry for entry in entries if entry.planned_minutes and not entry.session.cancelled_at]
    wanted = edge(chance, sum(entry.planned_minutes for entry in known), programme.completion_share)
    for entry in entries:
        if wanted is not None and entry in known:
            minutes = min(wanted, entry.planned_minutes)
            wanted -= minutes
            make_attendance(entry, status=Status.LATE if minutes else Status.ABSENT, minutes=minutes)
        elif chance.random() < 0.8:
            marked(chance, entry)
    return row


def edge(chance: random.Random, planned: int, share: int) -> int | None:
    """Exactly what is needed, a minute less, a minute more; or nothing in particular."""
    needed = -(-share * planned // 100)
    return max(0, min(planned, needed + chance.choice([-1, 0, 1]))) if chance.random() < 0.5 else None


def marked(chance: random.Random, entry) -> None:
    status = chance.choice([status for status in Status if status != Status.CLEARED])
    planned = entry.planned_minutes
    if planned is None:
        return make_attendance(entry, status=status, minutes=None)
    minutes = {
        Status.PRESENT: planned,
        Status.HALF_DAY: planned // 2,
        Status.LATE: chance.choice([None, chance.randint(0, planned)]),
        Status.LEFT_EARLY: chance.choice([None, chance.randint(0, planned)]),
    }.get(status, 0)
    return make_attendance(entry, status=status, minutes=minutes)


def reckoned(row: Enrolment, share: int) -> SimpleNamespace:
    """From the rows alone, in fractions, without any of our own rule."""
    planned = past = attended = 0
    for entry in row.roster.filter(session__cancelled_at=None).exclude(planned_minutes=None):
        seen = getattr(entry, "attendance", None)
        planned += entry.planned_minutes
        if seen and seen.minutes is not None:
            past, attended = past + entry.planned_minutes, attended + seen.minutes
    part, wanted = row.state in ("enrolled", "completed"), Fraction(share, 100)
    return SimpleNamespace(
        completes=part and planned > 0 and Fraction(attended, planned) >= wanted,
        lost=part and planned > 0 and Fraction(attended + planned - past, planned) < wanted,
        under=part and past > 0 and Fraction(attended, past) < wanted,
    )


def of_register(world) -> dict[int, set[str]]:
    """What the register says beside each person, over all its sessions."""
    said = {row.pk: set() for row in world.people}
    for session in world.sessions:
        for row in sheet.rows(session):
            said[row.enrolment.pk].add(row.consequence)
    return said


def of_list(world, which: str) -> set[int]:
    rows = Enrolment.objects.filter(programme=world.programme)
    return {row.pk for row in PeopleFilter({"hours": which}, rows, of=world.programme).qs}


def of_report(world) -> set[int]:
    report = make_report(make_funding(world.programme))
    return who_completed(Scope.of(report, NOW + timedelta(days=90)))[1]


@pytest.mark.parametrize("seed", range(30))
def test_register_alert_certificate_and_report_agree_for_everybody(seed):
    world = programme_of(random.Random(seed))
    truth = {row.pk: reckoned(row, world.share) for row in world.people}
    completes = {pk for pk, one in truth.items() if one.completes}
    lost = {pk for pk, one in truth.items() if one.lost}
    under = {pk for pk, one in truth.items() if one.under}
    standings = content.standings(world.programme)
    everybody = Enrolment.objects.filter(programme=world.programme)

    assert {one.enrolment.pk for one in standings if not one.refusal} == completes
    assert of_report(world) == {row.person_id for row in world.people if row.pk in completes}
    assert (of_list(world, "lost"), of_list(world, "under")) == (lost, under)
    assert {row.pk for row in hours.completing(everybody)} == completes
    known = hours.progress(world.programme)
    assert {pk for pk, one in known.items() if one.completes} == completes
    assert {pk for pk, one in known.items() if one.is_lost} == lost

    words = of_register(world)
    for pk, said in words.items():
        is_lost, is_reached = f"{world.share} % no longer reachable", f"{world.share} % reached"
        assert (is_lost in said) <= (pk in lost)
        assert (is_reached in said) <= (pk in completes)
        assert (f"can still reach {world.share} %" in said) <= (pk not in completes | lost)
        on_a_roster = bool(said)
        assert (pk in lost) <= (said == {is_lost}) and (on_a_roster or pk not in lost)


@pytest.mark.parametrize("seed", range(30, 36))
def test_the_list_to_take_along_says_the_same(seed):
    world = programme_of(random.Random(seed))
    rows = people(Enrolment.objects.filter(programme=world.programme), NOW)
    columns = {column.key: column for column in PEOPLE.columns}
    for row in rows.values("pk", "planned", "past", "attended", "programme__completion_share", "state"):
        truth = reckoned(Enrolment.objects.get(pk=row.pop("pk")), world.share)
        sums = tuple(row.values())
        assert columns["under_so_far"].made(*sums) == truth.under


@pytest.mark.parametrize(("attended", "completes"), [(7999, False), (8000, True), (8001, True)])
def test_79_99_per_cent_never_completes(attended, completes):
    programme = make_programme(completion_share=80)
    enrolment = make_enrolment(programme)
    entries = []
    for n in range(20):
        session = make_session(programme, day=TODAY - timedelta(days=n), start=None, end=None, minutes=500)
        entries.append(make_entry(session, enrolment))
    for entry in entries:
        minutes = min(attended, 500)
        attended -= minutes
        make_attendance(entry, status=Status.LATE, minutes=minutes)
    [standing] = content.standings(programme)
    assert (standing.hours.planned, standing.hours.completes) == (10_000, completes)
    assert hours.completing(Enrolment.objects.all()).exists() == completes
    assert (standing.refusal == "") == completes
