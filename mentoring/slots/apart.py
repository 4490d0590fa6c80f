"""What the database itself refuses: two office hours of one mentor at a time, and somebody who would sit in
two of them. PostgreSQL holds exclusion constraints, SQLite triggers. A migration that rebuilds the table on
SQLite drops its triggers: let it run `install` once more as its last operation.
"""

from django.db import IntegrityError

MENTOR, PERSON = "slot_mentor_once_a_time", "slot_person_once_a_time"
_TABLE = "mentoring_slot"

# name, whose time it is, which rows take it
_GUARDED = (
    (MENTOR, "mentor_id", "{row}cancelled_at IS NULL"),
    (PERSON, "booked_by_id", "{row}cancelled_at IS NULL AND {row}booked_by_id IS NOT NULL"),
)
_WHEN = (("insert", ""), ("update", "AND other.id <> OLD.id"))
_TRIGGER = """CREATE TRIGGER {name}_{event} BEFORE {EVENT} ON {table} WHEN {new} AND EXISTS (
    SELECT 1 FROM {table} AS other WHERE other.{whose} = NEW.{whose} {apart} AND {other}
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at)
    BEGIN SELECT RAISE(ABORT, '{name}'); END"""


def install(schema_editor) -> None:
    """Put both guards in place; there already: put them in place again."""
    remove(schema_editor)
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _constraints() if is_postgres else _triggers():
        schema_editor.execute(statement, params=None)


def remove(schema_editor) -> None:
    is_postgres = schema_editor.connection.vendor == "postgresql"
    if is_postgres:  # rows that were just written are checked first, else their table is not altered
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE", params=None)
    for name, _whose, _taking in _GUARDED:
        if is_postgres:
            schema_editor.execute(f"ALTER TABLE {_TABLE} DROP CONSTRAINT IF EXISTS {name}", params=None)
            continue
        for event, _apart in _WHEN:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}", params=None)


def refused(error: IntegrityError) -> str:
    """Which of the two refused: "mentor", "person"; empty when it was something else."""
    words = str(error)
    return "mentor" if MENTOR in words else "person" if PERSON in words else ""


def _constraints() -> list[str]:
    return ["CREATE EXTENSION IF NOT EXISTS btree_gist"] + [
        f"ALTER TABLE {_TABLE} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({whose} WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE ({taking.format(row='')})"
        for name, whose, taking in _GUARDED
    ]


def _triggers() -> list[str]:
    return [
        _TRIGGER.format(
            name=name,
            event=event,
            EVENT=event.upper(),
            table=_TABLE,
            whose=whose,
            apart=apart,
            new=taking.format(row="NEW."),
            other=taking.format(row="other."),
        )  # fmt: skip
        for name, whose, taking in _GUARDED
        for event, apart in _WHEN
    ]
