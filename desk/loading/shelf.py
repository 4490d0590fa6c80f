"""Rows of one model on their way: those that are there and those that a file says, written together."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from desk.loading.fields import Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED
from desk.loading.trail import Trail


class Shelf:
    """`there`: by key, the rows that stand in the database. What is put on it is written by `keep`. `by`
    takes the id of the source out of a key."""

    def __init__(
        self,
        model: type[models.Model],
        trail: Trail,
        there: Mapping[Hashable, models.Model],
        by: Callable[[Hashable], Hashable] = lambda key: key,
    ):
        self.model, self.trail = model, trail
        self.rows = dict(there)
        self.told: dict[Hashable, list] = defaultdict(list)  # keys of what stood there, by id of the source
        for key in self.rows:
            self.told[by(key)].append(key)
        self._fresh: dict[Hashable, models.Model] = {}
        self._changes: dict[int, dict[str, list]] = {}
        self._gone: list[models.Model] = []

    def would(self, key: Hashable, said: Mapping[str, Any]) -> str:
        """What would become of the row; nothing is put anywhere."""
        row = self.rows.get(key)
        if row is None:
            return CREATED
        same = all(value is None or getattr(row, name) == value for name, value in said.items())
        return UNCHANGED if same else UPDATED

    def put(self, key: Hashable, said: Mapping[str, Any], **new: Any) -> str:
        """What becomes of the row. `said` is set where it differs, and unknown (None) takes nothing away;
        `new` is set in a new row only."""
        row = self.rows.get(key)
        if row is None:
            plain = {name: value for name, value in said.items() if value is not None}
            row = self.rows[key] = self._fresh[key] = self.model(**new, **plain)
            return CREATED
        changed = {}
        for name, value in said.items():
            before = getattr(row, name)
            if value is not None and before != value:
                changed[name] = [before, value]
                setattr(row, name, value)
        if changed and key not in self._fresh:
            self._changes.setdefault(row.pk, {}).update(changed)
        return UPDATED if changed else UNCHANGED

    def drop(self, keys: Iterable[Hashable]) -> bool:
        """Rows that the file does not say any more. Were there any?"""
        gone = [self.rows.pop(key) for key in list(keys) if key in self.rows]
        self._gone += gone
        return bool(gone)

    def keep(self) -> None:
        """In as many statements for a thousand rows as for one."""
        fresh = list(self._fresh.values())
        self.model._base_manager.bulk_create(fresh, batch_size=500)
        self.trail.made(self.model, [row.pk for row in fresh])
        self._keep_changes()
        names = [field.attname for field in self.model._meta.concrete_fields]
        held = [{name: getattr(row, name) for name in names} for row in self._gone]
        self.trail.removed(self.model, held)
        self.model._base_manager.filter(pk__in=[row.pk for row in self._gone]).delete()

    def _keep_changes(self) -> None:
        fields = {name for changed in self._changes.values() for name in changed}
        if fields:
            rows = [row for row in self.rows.values() if row.pk in self._changes]
            self.model._base_manager.bulk_update(rows, sorted(fields), batch_size=200)
            changes = {pk: by_attribute(self.model, changed) for pk, changed in self._changes.items()}
            self.trail.changed(self.model, changes)


def by_attribute(model: type[models.Model], changed: Mapping[str, list]) -> dict[str, list]:
    """What changed as a trail tells it, and as the database gives it back: of a row that is pointed to, its
    key; of a number, all its decimals."""
    found = {}
    for name, ends in changed.items():
        field = model._meta.get_field(name)
        found[field.attname] = [_stored(field, value) for value in ends]
    return found


def _stored(field: models.Field, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return round(value, field.decimal_places) if isinstance(value, Decimal) else value


def clean(model: type[models.Model], said: Mapping[str, Any], names: Mapping[str, str] | None = None) -> None:
    """What the fields of the model allow (length, range, places). Raises Refused. `names`: ours where they
    differ."""
    for name, value in said.items():
        field = model._meta.get_field(name)
        if value in (None, "") or field.is_relation:
            continue
        try:
            field.clean(value, None)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), (names or {}).get(name, name), value) from None
