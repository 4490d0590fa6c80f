"""The quick way to show rows: a serializer whose fields are all columns is read by `.values_list()`, and no
model object nor serializer is made. What comes out is, byte for byte, what the serializer would give."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import relations, serializers
from rest_framework.fields import empty

AS_THEY_ARE = {  # a field, and the columns whose values it shows unchanged
    serializers.IntegerField: (models.IntegerField, models.AutoField, models.ForeignKey),
    serializers.BigIntegerField: (models.IntegerField, models.AutoField, models.ForeignKey),
    serializers.BooleanField: (models.BooleanField,),
    serializers.CharField: (models.CharField, models.TextField),
    serializers.EmailField: (models.CharField,),
    serializers.SlugField: (models.CharField,),
    serializers.ChoiceField: (models.CharField,),
    serializers.DateField: (models.DateField,),
    serializers.TimeField: (models.TimeField,),
    serializers.UUIDField: (models.UUIDField,),
    serializers.FloatField: (models.FloatField,),
    serializers.JSONField: (models.JSONField,),
    relations.PrimaryKeyRelatedField: (models.ForeignKey, models.AutoField),
}
BY_THE_FIELD = (*AS_THEY_ARE, serializers.DecimalField, serializers.DateTimeField)


class Column(NamedTuple):
    """One field of the answer: its name, the path of the column, and what is done to its values."""

    name: str
    path: str
    turn: Callable | None


def shown(rows: Iterable[tuple], columns: tuple[Column, ...]) -> list[dict]:
    """What `narrowed_to` reads, as the serializer would show it."""
    names = [column.name for column in columns]
    moment = _moments()
    turns = [
        (column.name, moment if column.turn is _moments else column.turn) for column in columns if column.turn
    ]
    found = [dict(zip(names, row[1:], strict=True)) for row in rows]
    for name, turn in turns:
        for row in found:
            if (value := row[name]) is not None:
                row[name] = turn(value)
    return found


def narrowed_to(rows: QuerySet, columns: Iterable[Column]) -> QuerySet:
    """The key and these columns; what would have been fetched beside them is not."""
    return rows.prefetch_related(None).values_list("pk", *(column.path for column in columns))


def columns_of(kind: type, rows: QuerySet) -> tuple[Column, ...] | None:
    """How rows are read for this serializer; None when some field must be computed, or the serializer does
    something of its own."""
    return _columns(kind, rows.model, frozenset(rows.query.annotations))


@cache
def _columns(kind: type, model: type, annotations: frozenset) -> tuple[Column, ...] | None:
    mine = ("__init__", "get_fields", "to_representation", "__new__")
    base = serializers.ModelSerializer
    if not issubclass(kind, base) or any(getattr(kind, name) is not getattr(base, name) for name in mine):
        return None
    fields = [field for field in kind().fields.values() if not field.write_only]
    columns = [_column(field, model, annotations) for field in fields]
    return tuple(columns) if all(columns) else None


def _column(field, model: type, annotations: frozenset) -> Column | None:
    if type(field) is relations.SlugRelatedField:
        path = [*field.source_attrs, *field.slug_field.split("__")]
        return _related(field, path, model)
    if type(field) not in BY_THE_FIELD or not field.source_attrs:
        return None
    if len(field.source_attrs) == 1 and field.source_attrs[0] in annotations:
        turn = _moments if isinstance(field, serializers.DateTimeField) else field.to_representation
        return Column(field.field_name, field.source_attrs[0], turn)
    return _related(field, field.source_attrs, model)


def _related(field, path: list[str], model: type) -> Column | None:
    """Through forward relations to a column. Where a relation may be missing, null must be said."""
    for number, name in enumerate(path):
        try:
            column = model._meta.get_field(name) if name != "pk" else model._meta.pk
        except FieldDoesNotExist:
            if not name.endswith("_id"):
                return None
            column = next((f for f in model._meta.concrete_fields if f.attname == name), None)
        if column is None or not column.concrete or column.many_to_many:
            return None
        if number + 1 < len(path):
            if not column.is_relation or (column.null and not _says_null(field, number)):
                return None
            model = column.related_model
    return Column(field.field_name, "__".join(path), _turn(field, column))


def _says_null(field, steps: int) -> bool:
    """A slug of nothing is null. A longer way that breaks off is left out, unless null is allowed."""
    if type(field) is relations.SlugRelatedField and steps == len(field.source_attrs) - 1:
        return True
    return field.default is empty and field.allow_null


def _turn(field, column) -> Callable | None:
    if type(field) is serializers.DateTimeField:
        return _moments
    if type(field) is relations.SlugRelatedField:
        return None
    as_text = getattr(field, "coerce_to_string", False)
    if isinstance(column, AS_THEY_ARE.get(type(field), ())) and not as_text:
        return None
    return field.to_representation


def _moments() -> Callable:
    """Moments in the zone of the request, as DRF writes them."""
    zone = timezone.get_current_timezone()

    def said(value) -> str:
        text = value.astimezone(zone).isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text

    return said
