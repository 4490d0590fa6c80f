"""What all kinds of files share: where the rows go, and how a person is found in what a cell says."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from desk.loading.fields import Field, Refused
from lib.folding import fold
from people.models import Person, Programme

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


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
    """The persons of the tenant, read once and found by id of the source, e-mail or full name."""

    def __init__(self, tenant: Tenant, source: str):
        self.source = source
        self.by_id: dict[str, Person] = {}
        self.by_email: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}
        for person in Person.objects.filter(tenant=tenant).iterator(2000):
            person.tenant = tenant
            self.add(person)

    def add(self, person: Person) -> None:
        if person.source_id and person.source == self.source:
            self.by_id[person.source_id] = person
        if person.email:
            self.by_email.setdefault(person.email.lower(), []).append(person)
        if person.name_key:
            self.by_name.setdefault(person.name_key, []).append(person)

    def find(self, said: str, field: str) -> Person:
        """The one person that is meant. Raises Refused when there is none, or more than one."""
        if person := self.by_id.get(said):
            return person
        found = self.by_email.get(said.lower()) or self.by_name.get(fold(said)) or []
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(_("Several persons are known by this: give the id or e-mail."), field, said)
        raise Refused(_("Nobody is known by this id, e-mail or name: load the persons first."), field, said)


class Kind:
    """One kind of file. `write` brings one row in and says what became of it; a row is a dict by our field
    names that holds only the mapped ones, None for unknown."""

    name: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]

    def __init__(self, target: Target):
        self.target = target

    def key(self, row: dict[str, Any]) -> Hashable:
        """What the row is about: two rows with the same key speak of the same one."""
        raise NotImplementedError

    def repeats_are_one(self, row: dict[str, Any]) -> bool:
        """May a row that says the same again be passed over?"""
        return True

    def write(self, row: dict[str, Any]) -> str:
        raise NotImplementedError


def apply(instance: models.Model, said: dict[str, Any]) -> list[str]:
    """Set what is said and differs; return the names of the fields. Unknown (None) takes nothing away."""
    changed = [name for name, value in said.items() if value is not None and getattr(instance, name) != value]
    for name in changed:
        setattr(instance, name, said[name])
    return changed


def only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """The part of a row that is known and among these fields."""
    return {name: row[name] for name in names if row.get(name) is not None}
