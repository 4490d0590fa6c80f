"""Conflicts of interest in a programme, for its page and list; and about whom somebody may declare one."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import User
from lib.folding import fold
from mentoring import conflicts
from mentoring.conflicts import BARS, Conflict
from mentoring.models import Hint
from people.access import INSIDE, access
from people.models import Membership, Person, Programme
from training.models import Enrolment


class Standing(NamedTuple):
    """One fact, or one hint, between a mentor and somebody who takes part."""

    mentor: Person
    person: Person
    conflict: Conflict


class Gathered(NamedTuple):
    """One fact between a mentor and everybody of whom it is true alike: whom she trained since a day."""

    mentor: Person
    conflict: Conflict
    persons: list[Person]


class Board(NamedTuple):
    conflicts: list[Standing]
    hints: list[Standing]  # they wait for an answer
    missing: list[tuple[Person, list[str]]]  # what is not on record of whom


def board(programme: Programme, on: date) -> Board:
    """All pairs of mentor and entrepreneur in a programme, by names. A constant number of queries."""
    mentors, persons = list(mentors_of(programme)), list(taking_part(programme))
    found = conflicts.on_record(mentors, persons, on)
    standing = [
        Standing(mentor, person, conflict)
        for mentor in mentors
        for person in persons
        for conflict in found.get((mentor.pk, person.pk), [])
    ]
    everybody = {person.pk: person for person in [*mentors, *persons]}
    missing = conflicts.missing_facts(everybody.values())
    return Board(
        [one for one in standing if not one.conflict.is_hint],
        [one for one in standing if one.conflict.is_hint],
        [(everybody[pk], words) for pk, words in missing.items()],
    )


def narrowed(standing: Iterable[Standing], text: str, purpose: str) -> list[Standing]:
    """Those of people named so, that stand in the way of a purpose; either may be left blank."""
    key = fold(text)
    return [
        one
        for one in standing
        if (key in one.mentor.name_key or key in one.person.name_key)
        and (not purpose or purpose in one.conflict.bars)
    ]


def gathered(standing: Iterable[Standing]) -> list[Gathered]:
    """The gravest first, then by mentor."""
    found: dict[tuple[int, Conflict], Gathered] = {}
    for mentor, person, conflict in standing:
        found.setdefault((mentor.pk, conflict), Gathered(mentor, conflict, [])).persons.append(person)
    order = list(BARS)
    return sorted(found.values(), key=lambda one: (order.index(one.conflict.kind), one.mentor.name_key))


def answered(programme: Programme) -> QuerySet[Hint]:
    rows = Hint.objects.filter(programme=programme).select_related("person", "other", "by")
    return rows.order_by("-at", "-pk")


def mentors_of(programme: Programme) -> QuerySet[Person]:
    members = Membership.objects.filter(programme=programme, role=Membership.Role.MENTOR)
    return Person.objects.filter(pk__in=members.values("person"), joined_to=None)


def taking_part(programme: Programme) -> QuerySet[Person]:
    rows = Enrolment.objects.filter(programme=programme).taking_part().order_by()
    return Person.objects.filter(pk__in=rows.values("person"), joined_to=None)


def known_to(user: User) -> QuerySet[Person]:
    """Whom she may declare something about: everybody in the programmes that she works in."""
    if not user.is_authenticated:
        return Person.objects.none()
    may = access(user)
    if may.is_administrator:
        return Person.objects.visible_to(user).exclude(user=user)
    inside = may.programmes(*INSIDE)
    members = Membership.objects.filter(programme__in=inside, role__in=INSIDE)
    enrolled = Enrolment.objects.filter(programme__in=inside).taking_part().order_by()
    rows = Q(pk__in=members.values("person")) | Q(pk__in=enrolled.values("person"))
    return Person.objects.filter(rows, joined_to=None).exclude(user=user)
