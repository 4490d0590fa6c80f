"""The chain of a register: whoever edits, removes or adds a row in the database is found, the row named."""

from datetime import UTC, datetime, time, timedelta, timezone
from importlib import import_module
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import NOW, make_attendance, make_entry, make_programme, make_session
from training import services
from training.models import Attendance, Mark, RosterEntry, Session
from training.register import chain
from training.register.verifying import Counts, verify


@pytest.fixture
def kept(world, enrol, plan, mark):
    """A session with four marks of two people, and another that is in order."""
    one, two = enrol("Ana"), enrol("Mira")
    session, other = plan(), plan("Day 2")
    mark(session, one, device="Ana's phone", at_device=NOW, seen="")
    mark(session, two, "late", arrival=time(11), reason="the bus")
    mark(session, one, "absent", reason="she left")
    mark(session, two)
    mark(other, one)
    session.pks = list(session.marks.values_list("pk", flat=True))
    session.refresh_from_db()
    return session


def sql(text: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def edit(pk: int, column: str, value) -> None:
    sql(f"UPDATE training_mark SET {column} = %s WHERE id = %s", value, pk)


def remove(*pks: int) -> None:
    """As somebody with the database does: what points to the row first."""
    for pk in pks:
        sql("DELETE FROM training_attendance WHERE mark_id = %s", pk)
        sql("DELETE FROM training_mark WHERE id = %s", pk)


def found() -> list[str]:
    return list(verify(Session.objects.all(), Counts()))


def named(pk: int) -> list[str]:
    return [line for line in found() if line.startswith(f"mark {pk} of session ")]


def test_what_the_services_wrote_is_in_order(kept):
    assert (found(), kept.chain_length) == ([], 4)
    assert kept.chain_head == Mark.objects.get(pk=kept.pks[-1]).chain


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "excused"),
        ("arrival", "12:00:00"),
        ("leaving", "12:00:00"),
        ("minutes", 5),
        ("source", "paper"),
        ("device", "another phone"),
        ("seen", "x"),
        ("at_server", datetime(2025, 3, 12, 9, 0, 0, 1, tzinfo=UTC)),
        ("at_device", datetime(2025, 3, 12, 8, 59, tzinfo=UTC)),
        ("operation", UUID(int=7)),
        ("reason_digest", "0" * 64),
        ("chain", "0" * 64),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_each_edited_row_is_named_and_no_other(kept, column, value, place):
    pk = kept.pks[place]
    if column == "operation" and connection.vendor == "sqlite":
        value = value.hex
    edit(pk, column, value)
    lines = [line for line in found() if not line.startswith("attendance")]
    assert [line.split(" of session ")[0] for line in lines] == [f"mark {pk}"]
    assert "was edited" in lines[0]


def test_a_reason_a_marker_or_a_person_that_was_changed(kept, world, enrol):
    other = enrol("Zora")
    edit(kept.pks[1], "reason", "the train")
    assert named(kept.pks[1]) == [
        f"mark {kept.pks[1]} of session {kept.pk} was edited: its reason is not the one that was sealed"
    ]
    edit(kept.pks[1], "reason", "the bus")
    edit(kept.pks[2], "by_id", world.coordinator.pk)
    assert ["somebody else is named" in line for line in found()] == [True]
    edit(kept.pks[2], "by_id", world.trainer.pk)
    edit(kept.pks[0], "enrolment_id", other.pk)
    assert [line.split(":")[0] for line in found()] == [f"mark {kept.pks[0]} of session {kept.pk} was edited"]


def test_erasing_a_reason_and_a_marker_breaks_nothing(kept):
    for column in ("reason", "salt"):
        edit(kept.pks[1], column, "")
    edit(kept.pks[2], "by_id", None)
    counts = Counts()
    assert list(verify(Session.objects.all(), counts)) == []
    assert (counts.marks, counts.erased, counts.unlinked) == (5, 1, 1)


def test_a_reason_written_where_one_was_erased(kept):
    edit(kept.pks[1], "salt", "")
    assert len(named(kept.pks[1])) == 1


@pytest.mark.parametrize("places", [[0], [1], [1, 2], [2]])
def test_rows_removed_from_the_middle(kept, places):
    remove(*[kept.pks[place] for place in places])
    after = kept.pks[places[-1] + 1]
    [line] = named(after)
    assert f"{len(places)} before it removed" in line


@pytest.mark.parametrize("n", [1, 2, 4])
def test_rows_removed_from_the_end(kept, n):
    remove(*kept.pks[-n:])
    lines = [line for line in found() if "removed" in line]
    assert lines == [f"session {kept.pk}: {n} of 4 marks removed, the last among them"]


def test_rows_added_without_the_service(kept):
    copied = Mark.objects.get(pk=kept.pks[-1])
    bare = Mark.objects.create(
        operation=uuid4(), session=kept, enrolment=copied.enrolment, status="present", at_server=NOW
    )
    assert named(bare.pk) == [
        f"mark {bare.pk} of session {kept.pk} was added without the service: it has no seal"
    ]
    bare.delete()
    copied.pk, copied.operation, copied.chain = None, uuid4(), "f" * 64
    copied.save(force_insert=True)
    assert ["was added without the service" in line for line in named(copied.pk)] == [True]
    copied.reason_digest = chain.digest_of_reason(copied) + chain.digest_of_hand(copied)
    copied.chain = chain.link(kept.chain_head, copied)  # whoever knows how, but not the session's row
    copied.save()
    assert ["the session's seal does not know it" in line for line in named(copied.pk)] == [True]


def test_the_sessions_own_seal(kept):
    sql("UPDATE training_session SET chain_head = %s WHERE id = %s", "0" * 64, kept.pk)
    assert found() == [f"session {kept.pk}: its own seal was edited"]


def test_attendance_that_is_not_what_its_marks_amount_to(kept):
    one, two = Attendance.objects.filter(entry__session=kept).order_by("pk")
    of = f"of enrolment %s in session {kept.pk}"
    sql("UPDATE training_attendance SET minutes = 5, status = 'present' WHERE id = %s", one.pk)
    sql("DELETE FROM training_attendance WHERE id = %s", two.pk)
    lines = found()
    assert lines == [
        f"attendance {one.pk} {of % one.entry.enrolment_id} is not what its marks amount to: "
        "status is present, not absent, minutes is 5, not 0",
        f"attendance {of % two.entry.enrolment_id} is missing: mark {kept.pks[3]} says present",
    ]


def test_attendance_behind_which_no_mark_stands(kept, mark):
    entry = RosterEntry.objects.filter(session=kept).first()
    mark(kept, entry.enrolment, "cleared")
    made = Attendance.objects.create(entry=entry, mark_id=kept.pks[0], status="present")
    assert found() == [
        f"attendance {made.pk} of enrolment {entry.enrolment_id} in session {kept.pk}: "
        "no mark stands behind it"
    ]


def test_the_command_prints_counts_and_says_no_by_its_exit_code(kept, world):
    out = StringIO()
    call_command("verify_register", programme="start-up", stdout=out)
    assert out.getvalue().startswith("2 sessions, 5 marks, 3 attendances: 0 do not fit")
    edit(kept.pks[0], "status", "absent")
    make_attendance(make_entry(make_session(make_programme(code="other"))))
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_register", stdout=out)
    assert (left.value.code, out.getvalue().count("\n")) == (1, 2)
    assert f"mark {kept.pks[0]} of session {kept.pk} was edited" in out.getvalue()
    assert "3 sessions, 6 marks, 4 attendances: 1 do not fit" in out.getvalue()
    call_command("verify_register", programme="other", stdout=StringIO())
    with pytest.raises(CommandError, match="no programme nowhere"):
        call_command("verify_register", programme="nowhere")


def test_it_costs_three_queries_for_fifty_sessions(kept, django_assert_num_queries):
    with django_assert_num_queries(4):  # and one that finds no more
        assert found() == []


def test_a_mark_reads_the_same_wherever_it_was_written(kept):
    """Microseconds, zones and times come back from either database as the same bytes."""
    odd = datetime(2025, 3, 12, 10, 0, 0, 120_000, tzinfo=timezone(timedelta(hours=1)))
    one = kept.roster.first().enrolment
    what = {
        "operation": uuid4(),
        "enrolment": one,
        "status": "late",
        "arrival": time(11, 5),
        "at_device": odd,
    }
    services.record_marks(by=None, session=kept, marks=[what], now=odd + timedelta(microseconds=1))
    kept.refresh_from_db()
    mark = Mark.objects.get(operation=what["operation"])
    assert '"2025-03-12T09:00:00.120000Z","2025-03-12T09:00:00.120001Z"' in chain.canonical(mark)
    assert '"11:05:00.000000"' in chain.canonical(mark)
    assert (mark.chain, found()) == (kept.chain_head, [])


def test_the_migration_seals_what_was_there_before_as_the_service_does(kept):
    Mark.objects.update(salt="", reason_digest="", chain="")
    Session.objects.update(chain_head="", chain_length=0)
    assert len(found()) == 5
    import_module("training.migrations.0006_chains").seal(apps, None)
    assert found() == []
    kept.refresh_from_db()
    assert kept.chain_length == 4
