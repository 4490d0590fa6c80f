"""The facts that stand between persons, one rule each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext_noop

from lib.folding import fold
from lib.saying import sentence
from mentoring.conflicts.names import family_names
from mentoring.conflicts.purposes import TRAINED_FOR, Conflict, later
from mentoring.conflicts.stakes import Stake, Stakes, held
from mentoring.models import Assignment, Declared, Hint
from people.models import Person
from training.models import Attendance

Tie = tuple[int, int, Conflict]  # judge, person, what stands between them


class Sides(NamedTuple):
    """Who would judge and whom, by key."""

    judges: Mapping[int, Person]
    persons: Mapping[int, Person]


class Rule(NamedTuple):
    """She has a stake of one kind where the other has one of the second kind."""

    kind: str
    hers: str  # names of lists of Stakes
    others: str
    words: str


RULES = (
    Rule("enterprise", "owns", "owns", gettext_noop("Both have a share in %(enterprise)s.")),
    Rule("organisation", "works", "works", gettext_noop("Both work for %(organisation)s.")),
    Rule(
        "cluster",
        "works",
        "under",
        gettext_noop("She is %(role)s of %(organisation)s; the enterprise belongs to its cluster."),
    ),
    Rule(
        "cluster",
        "under",
        "works",
        gettext_noop(
            "Her own enterprise belongs to a cluster of %(organisation)s; the other is %(role)s there."
        ),
    ),
    Rule("members", "belongs", "belongs", gettext_noop("The enterprises of both belong to %(cluster)s.")),
    Rule(
        "proposed",
        "works",
        "proposed",
        gettext_noop("She is %(role)s of %(organisation)s, which proposed the enterprise."),
    ),
    Rule(
        "proposed",
        "proposed",
        "works",
        gettext_noop("Her own enterprise was proposed by %(organisation)s; the other is %(role)s there."),
    ),
)


def between(sides: Sides, on: date) -> Iterator[Tie]:
    """Every fact between the two sides on a day. A constant number of queries."""
    for pk in sides.judges.keys() & sides.persons.keys():
        yield pk, pk, Conflict("self", sentence(gettext_noop("It is herself.")), None)
    stakes = Stakes(sides.judges.keys() | sides.persons.keys(), on)
    for rule in RULES:
        yield from _shared(rule, stakes, sides)
    yield from _guided(sides, on)
    yield from _trained(sides, on)
    yield from _declared(sides, on)
    yield from _alike(sides)


def _shared(rule: Rule, stakes: Stakes, sides: Sides) -> Iterator[Tie]:
    hers = [stake for stake in getattr(stakes, rule.hers) if stake.person in sides.judges]
    others = [stake for stake in getattr(stakes, rule.others) if stake.person in sides.persons]
    for one, other in _meet(hers, others):
        words = sentence(rule.words, **other.said | one.said)
        yield one.person, other.person, Conflict(rule.kind, words, later(one.since, other.since))


def _meet(hers: Iterable[Stake], others: Iterable[Stake]) -> Iterator[tuple[Stake, Stake]]:
    """Those of two persons at the same place."""
    at = defaultdict(list)
    for stake in others:
        at[stake.where].append(stake)
    return ((one, other) for one in hers for other in at[one.where] if one.person != other.person)


def _guided(sides: Sides, on: date) -> Iterator[Tie]:
    """One is the other's mentor."""
    rows = Assignment.objects.filter(held(on), state__in=Assignment.COUNTED).order_by()
    for judge, person, turned, since in _both_ways(
        rows, "mentor__person", "enrolment__person", sides, "start"
    ):
        words = gettext_noop("The other is her mentor.") if turned else gettext_noop("Already her mentor.")
        yield judge, person, Conflict("mentors", sentence(words), since)


def _trained(sides: Sides, on: date) -> Iterator[Tie]:
    """One was there when the other led a session. Two queries: each can go along the keys."""
    for trainers, trained, said in (
        (sides.judges, sides.persons, sentence(gettext_noop("She trained her."))),
        (sides.persons, sides.judges, sentence(gettext_noop("The other trained her."))),
    ):
        rows = Attendance.objects.filter(
            status__in=Attendance.THERE,
            entry__session__day__lte=on,
            entry__session__leads__person__in=trainers,
            entry__enrolment__person__in=trained,
        ).order_by()
        rows = rows.values_list("entry__session__leads__person", "entry__enrolment__person")
        rows = rows.annotate(first=Min("entry__session__day"), last=Max("entry__session__day"))
        for trainer, person, since, _last in rows.filter(last__gt=on - TRAINED_FOR):
            pair = (trainer, person) if trainers is sides.judges else (person, trainer)
            if trainer != person:
                yield *pair, Conflict("trained", said, since)


def _declared(sides: Sides, on: date) -> Iterator[Tie]:
    """One said so, and has not taken it back by that day."""
    rows = Declared.objects.filter(Q(since=None) | Q(since__lte=on)).order_by()
    rows = rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=on))
    for judge, person, turned, said, since in _both_ways(rows, "person", "about", sides, "words", "since"):
        # what somebody declared about her she need not read
        hidden = sentence(gettext_noop("The other declared a conflict of interest."))
        words = hidden if turned else sentence(gettext_noop("She declared: %(words)s"), words=said)
        yield judge, person, Conflict("declared", words, since)


def _alike(sides: Sides) -> Iterator[Tie]:
    """The same family name and municipality hints at it; a coordinator's answer settles it. Whoever was said
    to be related in one programme is related in all."""
    answered = _both_ways(Hint.objects.order_by(), "person", "other", sides, "answer")
    settled = {(judge, person) for judge, person, *_said in answered}
    for judge, person in sorted({row[:2] for row in answered if row[3] == Hint.Answer.RELATED}):
        words = sentence(gettext_noop("They are related, as a coordinator confirmed."))
        yield judge, person, Conflict("related", words, None)
    for one, other in _meet(_named(sides.judges), _named(sides.persons)):
        if (one.person, other.person) not in settled:
            words = sentence(
                gettext_noop("The same family name and municipality, %(municipality)s."), **one.said
            )
            yield one.person, other.person, Conflict("family", words, None, is_hint=True)


def _named(people: Mapping[int, Person]) -> list[Stake]:
    places = {pk: fold(person.municipality) for pk, person in people.items()}
    return [
        Stake(pk, (places[pk], name), None, {"municipality": person.municipality})
        for pk, person in people.items()
        if places[pk]
        for name in sorted(family_names(person.name_key))
    ]


def _both_ways(rows: QuerySet, one: str, other: str, sides: Sides, *columns: str) -> list[tuple]:
    """(judge, person, whether the person stands at `one`, columns …) of rows that join two persons."""
    hers = Q(**{f"{one}__in": sides.judges, f"{other}__in": sides.persons})
    others = Q(**{f"{other}__in": sides.judges, f"{one}__in": sides.persons})
    found = []
    for first, second, *said in rows.filter(hers | others).values_list(one, other, *columns):
        if first in sides.judges and second in sides.persons and first != second:
            found.append((first, second, False, *said))
        if second in sides.judges and first in sides.persons and first != second:
            found.append((second, first, True, *said))
    return found
