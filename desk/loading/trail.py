"""What an import made and changed, so that it can be undone while nothing was built on it."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import User

A_PART = 2000  # rows
SHORT = 4  # bytes of a row's digest: enough to see that it is another row by now


class Trail:
    """Collects what one `load` makes and changes. `parts()` is plain JSON, to be kept beside the import:

    {"model": "people.person", "made": [[7, 3]], "digests": "…"}   rows 7, 8, 9 were made; what they held
    {"model": "people.person", "changed": {"5": {"email": ["before", "after"]}}}   by attribute name
    {"model": "training.rosterentry", "removed": [{"id": 4, …}]}   rows that went, with all they held
    """

    def __init__(self, *, is_kept: bool = True):
        self.is_kept = is_kept
        self._made: dict[type[models.Model], list[int]] = {}
        self._changed: dict[type[models.Model], dict[int, dict[str, list]]] = {}
        self._removed: dict[type[models.Model], list[dict[str, Any]]] = {}
        self._tried: list[tuple] | None = None
        self._digests: dict[type[models.Model], list[bytes]] = {}

    def made(self, model: type[models.Model], ids: Iterable[int]) -> None:
        if self.is_kept:
            self._note(self._keep_made, model, list(ids))

    def changed(self, model: type[models.Model], said: Mapping[int, Mapping[str, list]]) -> None:
        """`said`: by primary key, by attribute, what stood there before and what stands there now."""
        self._note(self._keep_changed, model, said)

    def removed(self, model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows that went, each with all its attributes."""
        self._note(self._keep_removed, model, list(rows))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is told under it is kept only when nothing is raised."""
        before, self._tried = self._tried, []
        try:
            yield
            tried = self._tried
        except BaseException:
            self._tried = before
            raise
        self._tried = before
        for keep, model, said in tried:
            self._note(keep, model, said)

    def seal(self) -> None:
        """At the end, inside the transaction: what the rows that were made hold now."""
        for model, ids in self._made.items():
            self._digests[model] = [digest for part in _parts(ids) for digest in digests(model, part)]

    def parts(self) -> list[dict]:
        found = []
        for model, ids in self._made.items():
            held = self._digests.get(model, [])
            for n, part in enumerate(_parts(ids)):
                said = b"".join(held[n * A_PART : n * A_PART + len(part)])
                found.append({"made": _runs(part), "digests": b64encode(said).decode()} | _of(model))
        for model, changes in self._changed.items():
            for part in _parts(changes.items()):
                found.append(_of(model) | {"changed": {str(pk): _ends(fields) for pk, fields in part}})
        for model, rows in self._removed.items():
            found += [_of(model) | {"removed": [plain(row) for row in part]} for part in _parts(rows)]
        return found

    def _note(self, keep, model: type[models.Model], said) -> None:
        if not self.is_kept or not said:
            return
        if self._tried is None:
            keep(model, said)
        else:
            self._tried.append((keep, model, said))

    def _keep_made(self, model, ids) -> None:
        self._made.setdefault(model, []).extend(ids)

    def _keep_changed(self, model, said) -> None:
        """Of what changes twice in one import, the first before and the last after are told."""
        rows = self._changed.setdefault(model, {})
        for pk, fields in said.items():
            known = rows.setdefault(pk, {})
            for name, (before, after) in fields.items():
                known[name] = [known[name][0] if name in known else before, after]

    def _keep_removed(self, model, rows) -> None:
        self._removed.setdefault(model, []).extend(rows)


def keys(rows: Iterable[models.Model]) -> str:
    """Other rows that one points to, as its trail tells them."""
    return ",".join(str(pk) for pk in sorted(row.pk for row in rows))


def digests(model: type[models.Model], ids: list[int]) -> list[bytes]:
    """A short digest of what each of these rows holds, in the order of `ids`; of one that is gone, zeros."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = {
        row[0]: row for row in model._base_manager.filter(pk__in=ids).order_by().values_list("pk", *names)
    }
    return [_digest(rows[pk]) if pk in rows else bytes(SHORT) for pk in ids]


def plain(value: Any) -> Any:
    """As JSON. Two values are told alike when they are."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(plain(one) for one in value)
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _digest(row: tuple) -> bytes:
    return blake2b(json.dumps(plain(row)).encode(), digest_size=SHORT).digest()


def _ends(fields: Mapping[str, list]) -> dict[str, list]:
    return {name: [plain(before), plain(after)] for name, (before, after) in fields.items()}


def _of(model: type[models.Model]) -> dict[str, str]:
    return {"model": model._meta.label_lower}


def _parts(rows: Iterable) -> Iterator[list]:
    rows = iter(rows)
    while part := list(islice(rows, A_PART)):
        yield part


def _runs(ids: list[int]) -> list[list[int]]:
    """[7, 8, 9, 12] as [[7, 3], [12, 1]]: first, how many."""
    runs: list[list[int]] = []
    for pk in ids:
        if runs and pk == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([pk, 1])
    return runs


def undo(parts: Sequence[dict], *, by: User | None, now: datetime) -> None:
    """Take back what these parts tell of, in one transaction. Raises ValidationError in words that name what
    was built on it, and then changes nothing. Who calls writes the one entry of audit."""
    from desk.loading.undoing import take_back  # it stands on this module

    take_back(parts, by=by, now=now)
