"""Two in one place, one trainer in two: said in words, and refused by the database itself."""

import threading
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from desk.loading.door import KINDS
from desk.loading.engine import load
from desk.loading.kinds import Target
from lib.sheets import Row, Sheet
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_programme,
    make_session,
    make_trainer,
    make_venue,
)
from training import services
from training.models import Session, SessionTrainer
from training.planning import clashes, guards


@pytest.fixture
def taken(world, plan):
    """A session today from 10 to 14 in the hall, led by the trainer."""
    return plan("Prices", venue=world.venue, trainers=[world.trainer.person])


def words(error):
    return error.value.message_dict


def test_a_place_is_taken_by_one_session(world, plan, taken):
    with pytest.raises(ValidationError) as caught:
        plan("Money", venue=world.venue, start=time(13), end=time(15))
    assert words(caught) == {"venue": [f"{world.venue.name} is taken: “Prices”, 12 March 2025 10:00–14:00."]}
    assert Session.objects.count() == 1
    plan("After", venue=world.venue, start=time(14), end=time(15))  # half-open: one ends, the other begins
    plan("Elsewhere", venue=make_venue(world.programme.tenant))
    plan("Nowhere yet")


def test_a_trainer_leads_one_at_a_time(world, plan, taken):
    with pytest.raises(ValidationError) as caught:
        plan("Money", trainers=[world.trainer.person])
    name, hall = world.trainer.person.name, world.venue.name
    assert words(caught) == {"trainers": [f"{name} leads “Prices” then, 12 March 2025 10:00–14:00, {hall}."]}
    other = plan("Money")
    with pytest.raises(ValidationError, match="leads “Prices” then"):
        services.change_session(by=None, session=other, trainers=[world.trainer.person], now=NOW)
    late = plan("Late", start=time(15), end=time(16), trainers=[world.trainer.person])
    with pytest.raises(ValidationError, match="leads “Prices” then"):
        services.move_session(by=None, session=late, day=TODAY, start=time(13), end=time(15), now=NOW)
    late.refresh_from_db()
    assert (late.start, late.leads.get().starts_at) == (time(15), late.starts_at)


def test_both_are_said_at_once(world, plan, taken):
    with pytest.raises(ValidationError) as caught:
        plan("Money", venue=world.venue, trainers=[world.trainer.person])
    assert sorted(words(caught)) == ["trainers", "venue"]


def test_a_building_holds_several(world, plan):
    house = make_venue(world.programme.tenant, is_shared=True)
    one, two = plan("One", venue=house), plan("Two", venue=house)
    assert (one.holds_venue, two.holds_venue) == (False, False)
    services.save_venue(
        by=world.coordinator,
        venue=(hall := make_venue(world.programme.tenant)),
        tenant=hall.tenant,
        is_shared=True,
    )
    with pytest.raises(ValidationError, match="planned there at the same time"):
        services.save_venue(by=world.coordinator, venue=house, tenant=house.tenant, is_shared=False)
    services.cancel_session(by=world.coordinator, session=two, now=NOW)
    house.refresh_from_db()
    services.save_venue(by=world.coordinator, venue=house, tenant=house.tenant, is_shared=False)
    with pytest.raises(ValidationError, match="is taken: “One”"):
        plan("Three", venue=house)


def test_what_is_cancelled_holds_nothing(world, plan, taken):
    services.cancel_session(by=world.coordinator, session=taken, now=NOW)
    assert list(SessionTrainer.objects.values_list("starts_at", "ends_at")) == [(None, None)]
    again = plan("Money", venue=world.venue, trainers=[world.trainer.person])
    assert again.leads.get().starts_at == again.starts_at


def test_of_other_programmes_only_that_something_is_on(world, taken):
    other = make_programme(world.programme.tenant)
    plan = {"by": make_coordinator(other), "programme": other, "title": "x", "day": TODAY}
    with pytest.raises(ValidationError) as caught:
        services.plan_session(venue=world.venue, start=time(9), end=time(11), **plan)
    said = f"{world.venue.name} is taken: a session of another programme, 12 March 2025 10:00–14:00."
    assert words(caught) == {"venue": [said]}


def test_people_on_two_rosters_are_found(world, enrol, plan):
    person = enrol("Ana").person
    plan("Prices")
    other = make_session(make_programme(world.programme.tenant), start=time(12), end=time(13))
    make_entry(other, make_enrolment(other.programme, person=person))
    found = clashes.find(other)
    assert [(one.kind, one.is_refused, one.words) for one in found] == [
        ("roster", False, "1 person is expected at “Prices” too, 12 March 2025 10:00–14:00.")
    ]
    with pytest.raises(ValidationError, match="1 person is expected"):
        services.change_session(
            by=None, session=other, start=time(13), end=time(15), now=NOW, confirmed=False
        )
    assert services.change_session(
        by=None, session=other, start=time(14), end=time(15), now=NOW, confirmed=False
    ).start == time(14)


def test_many_are_looked_at_in_the_same_queries(world, enrol, plan, taken, django_assert_num_queries):
    enrol("Ana")
    held = {"venue": world.venue, "trainers": [world.trainer.person]}
    sessions = [plan(f"{n}", day=TODAY + timedelta(days=n), **held) for n in (1, 2, 3)]
    wanted = [replace(clashes.wanted(session), pk=None) for session in sessions]
    clashes.find_all(wanted[:1], by=world.coordinator)  # what is asked once of her is asked already
    for some in (wanted[:1], wanted):
        with django_assert_num_queries(4):
            found = clashes.find_all(some, by=world.coordinator)
        assert [sorted(clash.kind for clash in one) for one in found] == [
            ["roster", "trainer", "venue"]
        ] * len(some)


GUARDED = [
    "INSERT INTO training_session_trainers (session_id, person_id, starts_at, ends_at) "
    "SELECT {other}, person_id, starts_at, ends_at FROM training_session_trainers WHERE session_id = {taken}",
    "UPDATE training_session SET venue_id = (SELECT venue_id FROM training_session WHERE id = {taken}) "
    "WHERE id = {other}",
]


@pytest.mark.parametrize("statement", GUARDED)
def test_the_guards_stand_after_all_migrations(world, plan, taken, statement):
    """Whatever writes, and however: here without any of our code."""
    other = plan("Money")
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(other=other.pk, taken=taken.pk))
    assert guards.refused(caught.value) == ("trainer" if "trainers" in statement else "venue")


@pytest.mark.django_db(transaction=True)
def test_a_guard_can_be_put_up_again(transactional_db, world, plan, taken):
    with connection.schema_editor() as editor:
        guards.remove(editor)
    Session.objects.filter(pk=plan("Money").pk).update(venue=None)
    with connection.schema_editor() as editor:
        guards.install(editor)
        guards.install(editor)
    with pytest.raises(ValidationError, match="is taken"):
        plan("Again", venue=world.venue)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_transactions_one_is_refused():
    """Both look, both find the hall free, both plan: the second to commit is told who has it."""
    programme = make_programme()
    by, venue = make_coordinator(programme), make_venue(programme.tenant)
    barrier, said = threading.Barrier(2), []

    def plan(title):
        barrier.wait()
        try:
            with transaction.atomic():
                services.plan_session(
                    by=by,
                    programme=programme,
                    title=title,
                    venue=venue,
                    day=TODAY,
                    start=time(10),
                    end=time(12),
                )
            said.append("planned")
        except ValidationError as error:
            said.append(error.messages[0].partition(":")[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=plan, args=[title]) for title in ("One", "Two")]
    [thread.start() for thread in threads]
    [thread.join(timeout=20) for thread in threads]
    assert sorted(said) == sorted(["planned", f"{venue.name} is taken"])
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_clashes_before_the_guards_come_is_named_and_stays(capsys):
    """The migration changes no time: it says what clashes, and leaves it out of the guard."""
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    with connection.schema_editor() as editor:
        guards.remove(editor)
    programme = make_programme()
    venue, trainer = make_venue(programme.tenant, name="Hall"), make_trainer(programme)
    one = make_session(programme, title="One", venue=venue, trainers=[trainer])
    two = make_session(programme, title="Two", venue=venue, trainers=[trainer], start=time(13), end=time(15))
    three = make_session(programme, title="Three", venue=venue, start=time(14), end=time(16))
    migration = executor.loader.get_migration("training", "0005_clashes")
    state = executor.loader.project_state(latest)
    with connection.schema_editor() as editor:
        for operation in migration.operations:
            operation.database_forwards("training", editor, state, state)
    said = capsys.readouterr().out
    assert f"Two sessions in Hall: “Two” (#{two.pk}), 2025-03-12 13:00–15:00 while “One” (#{one.pk})" in said
    assert f"leads “Two” (#{two.pk})" in said
    held = dict(Session.objects.values_list("pk", "holds_venue"))
    assert held == {one.pk: True, two.pk: False, three.pk: True}
    assert list(SessionTrainer.objects.order_by("session").values_list("starts_at", flat=True)) == [
        one.starts_at,
        None,
    ]
    with pytest.raises(ValidationError, match="Hall is taken: “Three”"):
        services.move_session(by=None, session=two, day=TODAY, start=time(15), end=time(17), now=NOW)
    services.move_session(by=None, session=two, day=date(2025, 3, 13), start=time(15), end=time(17), now=NOW)
    assert Session.objects.get(pk=two.pk).holds_venue and two.leads.get().starts_at is not None


def test_a_loaded_row_that_clashes_is_refused_by_row(world, plan, taken):
    """The other rows are good; nothing is written until the row is put right, or skipped."""
    header, hall = ["id", "title", "day", "start", "end", "venue"], world.venue.name
    rows = [
        ["S1", "Money", "2025-03-12", "13:00", "15:00", hall],
        ["S2", "Costs", "2025-03-12", "15:00", "16:00", hall],
    ]
    sheet = Sheet("plan", header, [Row(number, row) for number, row in enumerate(rows, 2)])
    report = load(KINDS["sessions"], sheet, Target(programme=world.programme, now=NOW))
    [refusal] = report.refused
    assert (refusal.row, refusal.column) == (2, "venue")
    assert f"{world.venue.name} is taken: “Prices”, 12 March 2025 10:00–14:00." in refusal.rule
    assert Session.objects.count() == 1
