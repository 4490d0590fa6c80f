"""What the database itself refuses: two sessions in one place, and somebody who would lead two at a time.

PostgreSQL holds exclusion constraints, SQLite triggers. A migration that rebuilds one of the two tables on
SQLite drops its triggers: let it run `install` once more as its last operation.
"""

from django.db import IntegrityError

VENUE, TRAINER = "session_venue_once", "session_trainer_once_a_time"

_POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""ALTER TABLE training_session ADD CONSTRAINT {VENUE} EXCLUDE USING gist
        (venue_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (cancelled_at IS NULL AND holds_venue AND venue_id IS NOT NULL AND starts_at IS NOT NULL)""",
    f"""ALTER TABLE training_session_trainers ADD CONSTRAINT {TRAINER} EXCLUDE USING gist
        (person_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (starts_at IS NOT NULL)""",
)
_POSTGRES_GONE = (
    f"ALTER TABLE training_session DROP CONSTRAINT IF EXISTS {VENUE}",
    f"ALTER TABLE training_session_trainers DROP CONSTRAINT IF EXISTS {TRAINER}",
)

_VENUE_TAKEN = """NEW.cancelled_at IS NULL AND NEW.holds_venue AND NEW.starts_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM training_session AS other WHERE other.venue_id = NEW.venue_id {apart}
    AND other.cancelled_at IS NULL AND other.holds_venue
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at)"""
_TRAINER_TAKEN = """NEW.starts_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM training_session_trainers AS other WHERE other.person_id = NEW.person_id {apart}
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at)"""
_GUARDED = ((VENUE, "training_session", _VENUE_TAKEN), (TRAINER, "training_session_trainers", _TRAINER_TAKEN))
_WHEN = (("insert", ""), ("update", "AND other.id <> OLD.id"))


def install(schema_editor) -> None:
    """Put both guards in place; there already: put them in place again."""
    remove(schema_editor)
    for statement in _POSTGRES if schema_editor.connection.vendor == "postgresql" else _triggers():
        schema_editor.execute(statement, params=None)


def remove(schema_editor) -> None:
    is_postgres = schema_editor.connection.vendor == "postgresql"
    if is_postgres:  # rows that were just written are checked first, else their table is not altered
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE", params=None)
    for statement in _POSTGRES_GONE if is_postgres else _triggers_gone():
        schema_editor.execute(statement, params=None)


def refused(error: IntegrityError) -> str:
    """Which of the two refused: "venue", "trainer"; empty when it was something else."""
    words = str(error)
    return "venue" if VENUE in words else "trainer" if TRAINER in words else ""


def _triggers() -> list[str]:
    return [
        f"CREATE TRIGGER {name}_{event} BEFORE {event.upper()} ON {table} "
        f"WHEN {taken.format(apart=apart)} BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for name, table, taken in _GUARDED
        for event, apart in _WHEN
    ]


def _triggers_gone() -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {name}_{event}"
        for name, _table, _taken in _GUARDED
        for event, _apart in _WHEN
    ]
