"""Many rows of one table at once: COPY and arrays on PostgreSQL, Django's own ways on SQLite.

Who calls has checked the values: no field is cleaned here and no `save()` runs. IntegrityError and DataError
come as the database raises them.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

_NOTHING = "\0"  # stands for NULL until the line is whole; PostgreSQL keeps no text with it


def among(model: type[models.Model], name: str, values: Collection[str], *, in_lower: bool = False) -> RawSQL:
    """A condition: this text is one of thousands. One parameter, where Django writes one for each and the
    driver reads through all of them."""
    quote = connection.ops.quote_name
    column = f"{quote(model._meta.db_table)}.{quote(model._meta.get_field(name).column)}"
    column = f"LOWER({column})" if in_lower else column
    if connection.vendor == "postgresql":
        sql, given = f"{column} = ANY(%s)", list(values)
    else:
        sql, given = f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # noqa: S608
    return RawSQL(sql, [given], output_field=models.BooleanField())  # noqa: S611


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple], **same: Any) -> list[int]:
    """Make rows; return their primary keys in order. Each row holds the attributes `names`; `same` is what is
    equal in all of them. What nobody gives gets the model's default."""
    if not rows:
        return []
    if connection.vendor != "postgresql":
        new = [model(**same, **dict(zip(names, row, strict=True))) for row in rows]
        return [row.pk for row in model._base_manager.bulk_create(new, batch_size=500)]
    rest = [f for f in model._meta.concrete_fields if f.attname not in names and not f.primary_key]
    others = [same[field.attname] if field.attname in same else field.get_default() for field in rest]
    tail = "".join(f"\t{_cell(value)}" for value in others) + "\n"
    given = [model._meta.get_field(name) for name in _fields(model, names)]
    columns = ", ".join(connection.ops.quote_name(f.column) for f in [model._meta.pk, *given, *rest])
    table = connection.ops.quote_name(model._meta.db_table)
    ids = _ids(model, len(rows))
    sql = f"COPY {table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for start in range(0, len(rows), 1000):
            part = zip(ids[start : start + 1000], rows[start : start + 1000], strict=True)
            copy.write("".join([_line(pk, row) + tail for pk, row in part]))
    return ids


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple]) -> None:
    """Set these attributes: each row is the primary key and the values in the order of `names`."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in _fields(model, names)]
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_type(field)}[]" for field in [model._meta.pk, *fields])
            values = ", ".join(f"v{n}" for n in range(len(fields)))
            said = ", ".join(f"{quote(field.column)} = v.v{n}" for n, field in enumerate(fields))
            sql = f"UPDATE {table} t SET {said} FROM unnest({arrays}) AS v(pk, {values}) WHERE t.{key} = v.pk"  # noqa: S608
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
            return
        said = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        prepared = [
            [*(f.get_db_prep_save(v, connection) for f, v in zip(fields, row[1:], strict=True)), row[0]]
            for row in rows
        ]
        cursor.executemany(f"UPDATE {table} SET {said} WHERE {key} = %s", prepared)  # noqa: S608


def _fields(model: type[models.Model], names: Sequence[str]) -> list[str]:
    by_attribute = {field.attname: field.name for field in model._meta.concrete_fields}
    return [by_attribute[name] for name in names]


def _type(field: models.Field) -> str:
    """Texts go as `text`: too long a one is refused, where a cast to its own type would cut it."""
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return "text" if kind.startswith("varchar") else kind


def _ids(model: type[models.Model], count: int) -> list[int]:
    """Keys of the table's own sequence, taken before the rows are written."""
    wanted = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(wanted, [f'"{model._meta.db_table}"', model._meta.pk.column, count])
        return [row[0] for row in cursor.fetchall()]


def _line(pk: int, row: tuple) -> str:
    """The beginning of a line of COPY's text format. A value with a sign of that format is rare: only then
    all are marked."""
    cells = [value if type(value) is str else _NOTHING if value is None else _text(value) for value in row]
    line = f"{pk}\t" + "\t".join(cells)
    if line.count("\t") != len(cells) or "\\" in line or "\n" in line or "\r" in line:
        line = f"{pk}\t" + "\t".join(map(_marked, cells))
    return line.replace(_NOTHING, "\\N")


def _cell(value: Any) -> str:
    return "\\N" if value is None else _marked(_text(value))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _marked(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")
