"""What all kinds of files share: where the rows go, how they are brought in, how a person is found in what a
cell says."""

from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from desk.loading.fields import Field, Origin, Refused
from desk.loading.trail import Trail
from lib import bulk
from lib.folding import fold
from people.models import Person, Programme

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
Counted = Callable[[Sequence[str]], Mapping[str, int]]
WRONG = (Refused, ValidationError, IntegrityError, DataError)  # the row's fault, not ours


@dataclass
class Target:
    """Where the rows go, who brings them, and under which name of their source its ids are kept."""

    programme: Programme
    now: datetime
    by: User | None = None
    source: str = "load"

    @property
    def tenant(self) -> Tenant:
        return self.programme.tenant

    @cached_property
    def people(self) -> "People":
        return People(self.tenant, self.source)


class People:
    """The persons of the tenant, found by id of the source, e-mail or full name. Only those that a part of
    the file speaks of are read."""

    def __init__(self, tenant: Tenant, source: str):
        self.tenant, self.source = tenant, source
        self._found: dict[str, list[Person]] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Read, in three queries at the most, whom these words mean; what was read before is forgotten."""
        words = set(words)
        ids = self._read("source_id", words, source=self.source)
        rest = words - ids.keys()
        mails = self._read("email", {word.lower() for word in rest if "@" in word}, in_lower=True)
        rest = {word for word in rest if word.lower() not in mails}
        names = self._read("name_key", {fold(word)[:200] for word in rest} - {""})
        self._found = {
            word: ids.get(word) or mails.get(word.lower()) or names.get(fold(word)[:200]) or []
            for word in words
        }

    def _read(
        self, name: str, values: set[str], *, in_lower: bool = False, **more: str
    ) -> dict[str, list[Person]]:
        """By what stands in this column: whom it means. Who was joined to somebody means that one."""
        if not values:
            return {}
        wanted = bulk.among(Person, name, values, in_lower=in_lower)
        rows = Person.objects.filter(wanted, tenant=self.tenant, **more).select_related("joined_to")
        found: dict[str, dict[int, Person]] = {}
        for row in rows.order_by("pk"):
            person, said = row.joined_to or row, getattr(row, name)
            person.tenant = self.tenant
            found.setdefault(said.lower() if in_lower else said, {}).setdefault(person.pk, person)
        return {said: list(people.values()) for said, people in found.items()}

    def key(self, said: str) -> int | str:
        """One key for one person, whatever she is called by; what means nobody stays as it is said."""
        found = self._found.get(said, ())
        return found[0].pk if len(found) == 1 else said

    def known(self) -> list[Person]:
        """All whom the words may mean."""
        return [person for found in self._found.values() for person in found]

    def find(self, said: str, field: str) -> Person:
        """The one person that is meant. Raises Refused when there is none, or more than one."""
        found = self._found.get(said)
        if found is None:
            self.learn([said, *self._found])
            found = self._found[said]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(_("Several persons are known by this: give the id or e-mail."), field, said)
        raise Refused(_("Nobody is known by this id, e-mail or name: load the persons first."), field, said)


class Entry(NamedTuple):
    """One row on its way: its number in the file, what it says by our field names (only mapped ones, None for
    unknown), and the key of what it speaks of."""

    number: int
    row: dict[str, Any]
    key: Hashable


class Kind:
    """One kind of file. `write` brings one row in and says what became of it."""

    name: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    words: ClassVar[str] = ""  # by which a sheet or file of this kind is called
    identity: ClassVar[
        tuple[str, ...]
    ] = ()  # fields that only say whom the key means, in words of many sorts
    is_hers: ClassVar[bool] = False  # a row is one person: a heading may name her beside what it says
    chunk: ClassVar[int] = 200  # rows that are prepared and written together

    def __init__(self, target: Target, trail: Trail | None = None):
        self.target, self.trail = target, trail or Trail(is_kept=False)
        self.noticed: list[str] = []  # what whoever brings the file should know beside
        self.is_touched = (
            False  # by the row at hand, which may yet be refused: set before anything is written
        )

    @classmethod
    def fitted(cls, mapping: Mapping[str, Any], header: Sequence[str]) -> dict:
        """The map for a file with these headings, where it may speak of more than one file has."""
        return dict(mapping)

    @classmethod
    def completed(
        cls, mapping: Mapping[str, Any], counted: Counted, target: Target
    ) -> tuple[dict, list[str]]:
        """The map with what it leaves open guessed (what columns of their own are, what signs mean), and that
        guess in words. `counted`: the texts that stand in these columns, each with how often."""
        return dict(mapping), []

    @classmethod
    def of_their_own(cls, columns: Mapping[str, list], sure: Container[str]) -> list[str]:
        """Which of these columns (heading: cells, half of which can be read so, nearly all of those in
        `sure`) are its wide field's."""
        return []

    @classmethod
    def choices_of_columns(cls, programme: Programme) -> list[tuple[str, str]] | None:
        """What a column of its wide field may be called, with the words for it; None: anything."""
        return None

    @classmethod
    def lacking(cls, guessed: Mapping[str, str | list[str]]) -> int:
        """How many things that it needs are not there, beside its required fields: for the guess of a
        kind."""
        return 0

    @classmethod
    def check(cls, origins: Sequence[Origin], target: Target) -> None:
        """Can these columns be brought in at all? Raises Refused, for the whole sheet."""

    def begin(self, origins: Sequence[Origin]) -> None:
        """Before the first row: what the map says beside which column is which."""

    def look_up(self, rows: Sequence[dict[str, Any]]) -> None:
        """Before the keys of these rows are asked for: find whom they mean."""

    def key(self, row: dict[str, Any]) -> Hashable:
        """What the row is about, whatever words it has for it: two rows with the same key speak of one."""
        raise NotImplementedError

    def repeats_are_one(self, row: dict[str, Any]) -> bool:
        """May a row that says the same again be passed over?"""
        return True

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Read what these rows speak of, in as many queries for a thousand as for one."""

    def write(self, entry: Entry) -> str:
        raise NotImplementedError

    def write_all(self, entries: Sequence[Entry]) -> list[str | Refused]:
        """What became of each row. All together; when one is refused, one by one."""
        self.prepare(entries)
        try:
            with transaction.atomic(), self.trail.attempt():
                return [self.write(entry) for entry in entries]
        except WRONG:
            self.prepare(entries)
            return [self._alone(entry, entries) for entry in entries]

    def _alone(self, entry: Entry, entries: Sequence[Entry]) -> str | Refused:
        self.is_touched = False
        try:
            with transaction.atomic(), self.trail.attempt():
                return self.write(entry)
        except WRONG as error:
            if self.is_touched:  # what was taken back must not be remembered
                self.prepare(entries)
            return in_words(error)


class BulkKind(Kind):
    """A kind whose rows are written many at once: `write_batch` says of each what became of it. No two
    entries of a batch speak of the same one."""

    chunk = 2000

    def write_batch(self, entries: Sequence[Entry]) -> list[str | Refused]:
        raise NotImplementedError

    def write_all(self, entries: Sequence[Entry]) -> list[str | Refused]:
        try:
            with transaction.atomic(), self.trail.attempt():
                return self.write_batch(entries)
        except (IntegrityError, DataError) as error:
            if len(entries) == 1:
                return [in_words(error)]
        half = len(entries) // 2
        return self.write_all(entries[:half]) + self.write_all(entries[half:])


def in_words(error: Exception) -> Refused:
    """The first field that a service or model complains of; its words are for readers already."""
    if isinstance(error, Refused):
        return error
    if not isinstance(error, ValidationError):
        return Refused(_("The database refuses it: %(words)s") % {"words": str(error).splitlines()[0]})
    if not hasattr(error, "error_dict"):
        return Refused(" ".join(error.messages))
    name, messages = next(iter(error.message_dict.items()))
    return Refused(" ".join(messages), "" if name == NON_FIELD_ERRORS else name)


def apply(instance: models.Model, said: dict[str, Any]) -> dict[str, list]:
    """Set what is said and differs; return, by field, what stood there and what stands there now. Unknown
    (None) takes nothing away."""
    changed = {}
    for name, value in said.items():
        if value is not None and getattr(instance, name) != value:
            changed[name] = [getattr(instance, name), value]
            setattr(instance, name, value)
    return changed


def check(model: type[models.Model], said: dict[str, Any], names: dict[str, str] | None = None) -> None:
    """What the fields of the model allow (length, range). Raises Refused. `names`: ours where they differ."""
    for name, value in said.items():
        if value is None:
            continue
        try:
            model._meta.get_field(name).run_validators(value)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), (names or {}).get(name, name), value) from None


def only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """The part of a row that is known and among these fields."""
    return {name: row[name] for name in names if row.get(name) is not None}
