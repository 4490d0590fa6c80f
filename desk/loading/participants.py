"""People who take part: a sheet of names and addresses brings them into the address book and enrols them."""

from collections.abc import Sequence

from django.db import transaction

from desk.loading.eligibility import Answered
from desk.loading.enrolments import Enrolments
from desk.loading.fields import Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, Entry, check
from desk.loading.persons import Persons
from people.models import Enterprise
from training.models import Enrolment

PERSONS = {field.name for field in Persons.fields}
HERS = tuple(field for field in Enrolments.fields if field.name not in PERSONS | {"person"})


class Participants(Answered, BulkKind):
    name = "participants"
    words = "participants registrations applications prijave upis polaznice ucesnice"
    is_hers = True
    fields = (*Persons.fields, *HERS)

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.persons, self.enrolments = Persons(target, trail), _Known(target, trail)

    def begin(self, origins):
        self.enrolments.begin(origins)

    def key(self, row):
        return self.persons.key(row)

    def repeats_are_one(self, row):
        return self.persons.repeats_are_one(row)

    def write_batch(self, entries):
        """A row that cannot be enrolled leaves no person behind: then the others are written without it."""
        refused: dict[int, Refused] = {}
        while left := [entry for entry in entries if entry.number not in refused]:
            try:
                with transaction.atomic(), self.trail.attempt():
                    refused |= self._both(left)
                    break
            except _NotEnrolled as error:
                refused |= error.refused
        return [refused[entry.number] for entry in entries]

    def _both(self, entries: Sequence[Entry]) -> dict[int, str | Refused]:
        """What became of each row, by number. Raises _NotEnrolled."""
        people = [_part(entry, Persons.fields) for entry in entries]
        found = dict(zip((e.number for e in people), self.persons.write_batch(people), strict=True))
        people = [entry for entry in people if not isinstance(found[entry.number], Refused)]
        if not people:
            return found
        known = self.persons._known(people)
        wanted = {entry.number: known[entry.key]["id"] for entry in people}
        hers = [
            _part(entry, HERS, person=wanted[entry.number]) for entry in entries if entry.number in wanted
        ]
        enrolled = dict(zip(wanted, self.enrolments.write_batch(hers), strict=True))
        if refused := {number: one for number, one in enrolled.items() if isinstance(one, Refused)}:
            raise _NotEnrolled(refused)
        return found | {number: _together(found[number], one) for number, one in enrolled.items()}


class _NotEnrolled(Exception):
    def __init__(self, refused: dict[int, Refused]):
        self.refused = refused


class _Known(Enrolments):
    """Enrolments of persons who are known by their key."""

    def _planned(self, row):
        plan = {name: row.get(name) or "" for name in ("state", "reason", "enterprise")}
        try:
            check(Enrolment, {"reason": plan["reason"]})
            check(Enterprise, {"name": plan["enterprise"]}, {"name": "enterprise"})
            self.groups.check(row.get("group"))
            said = self.said(row)
        except Refused as refused:
            return refused
        return plan | said | {name: row.get(name) for name in ("person", "applied_on", "group")}


def _part(entry: Entry, fields: Sequence, **more) -> Entry:
    row = {field.name: entry.row[field.name] for field in fields if field.name in entry.row}
    return Entry(entry.number, row | more, entry.key)


def _together(person: str, enrolment: str) -> str:
    """New is who takes part newly, also when she stood in the address book."""
    if CREATED in (person, enrolment):
        return CREATED
    return UPDATED if UPDATED in (person, enrolment) else UNCHANGED
