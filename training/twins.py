"""Who may be who: pairs of one programme's people and everybody whom the reader may see."""

from dataclasses import replace
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Max, Q, QuerySet

from accounts.models import User
from people.access import access
from people.models import Ownership, Person, Programme, Twin
from people.twins import Facts, Likeness, compared, judged
from training.models import Enrolment
from training.persons import met_by

KEPT_FOR = 300  # seconds that a count is remembered


class Proposal(NamedTuple):
    one: Person  # of the programme
    other: Person
    likeness: Likeness


def of_reader(user: User) -> QuerySet[Twin]:
    """An administrator those of her organisation; who works in programmes those of whom she sees: of two who
    stay two, both."""
    if not user.is_authenticated or access(user).is_administrator:
        return Twin.objects.visible_to(user)
    seen = met_by(user).order_by().values("pk")
    return Twin.objects.filter(Q(state=Twin.State.JOINED) | Q(other__in=seen), kept__in=seen)


def proposals(user: User, programme: Programme, person: Person | None = None) -> list[Proposal]:
    """The likeliest first, without those that somebody judged already. In as many queries for 20,000 people
    as for two."""
    found = _pairs(user, programme, person)
    people = Person.objects.in_bulk({pk for one, other, _likeness in found for pk in (one.pk, other.pk)})
    return [Proposal(people[one.pk], people[other.pk], likeness) for one, other, likeness in found]


def count(user: User, programme: Programme) -> int:
    """How many pairs there are; counted anew when somebody came or something was decided."""
    seen = Person.objects.filter(tenant=programme.tenant_id).aggregate(n=Max("pk"))["n"]
    decided = Twin.objects.filter(kept__tenant=programme.tenant_id)
    decided = decided.aggregate(n=Max("pk"), at=Max("parted_at"))
    enrolled = programme.enrolments.aggregate(n=Max("pk"))["n"]
    at = decided["at"] and decided["at"].timestamp()
    key = f"twins:{user.pk}:{programme.pk}:{seen}:{enrolled}:{decided['n']}:{at}"
    return cache.get_or_set(key, lambda: len(_pairs(user, programme, None)), KEPT_FOR)


def _pairs(user: User, programme: Programme, person: Person | None) -> list[tuple[Facts, Facts, Likeness]]:
    names = ("pk", "name", "born", "email", "phone")
    seen = [Facts(*row) for row in met_by(user).filter(joined_to=None).order_by().values_list(*names)]
    enrolled = programme.enrolments.order_by().values_list("person", flat=True)
    mine = {person.pk} if person else set(enrolled)
    decided = _decided(programme)
    found = compared([facts for facts in seen if facts.pk in mine], seen)
    found = [pair for pair in found if frozenset((pair[0].pk, pair[1].pk)) not in decided]
    enterprises = _enterprises(programme)
    return judged((_with(enterprises, one), _with(enterprises, other)) for one, other in found)


def _with(enterprises: dict[int, frozenset[int]], facts: Facts) -> Facts:
    return replace(facts, enterprises=enterprises[facts.pk]) if facts.pk in enterprises else facts


def _decided(programme: Programme) -> set[frozenset]:
    rows = Twin.objects.filter(kept__tenant=programme.tenant_id).order_by()
    return {frozenset(pair) for pair in rows.values_list("kept", "other")}


def _enterprises(programme: Programme) -> dict[int, frozenset[int]]:
    """Of everybody of the organisation: the enterprises she has, or took part for."""
    of = {"enterprise__tenant": programme.tenant_id}
    said = list(Enrolment.objects.filter(**of).order_by().values_list("person", "enterprise"))
    said += Ownership.objects.filter(**of).order_by().values_list("person", "enterprise")
    found: dict[int, set[int]] = {}
    for person, enterprise in said:
        found.setdefault(person, set()).add(enterprise)
    return {person: frozenset(ids) for person, ids in found.items()}


def kept_first(one: Person, other: Person) -> tuple[Person, Person]:
    """Which of the two stays: who signs in, of whom more is known, who was there first."""

    def known(row: Person) -> tuple:
        return (
            bool(row.user_id),
            sum(bool(getattr(row, n)) for n in ("email", "phone", "born", "name")),
            -row.pk,
        )

    return (one, other) if known(one) >= known(other) else (other, one)


def kept_of(user: User, pk: int) -> Enrolment | None:
    """Of an enrolment that stayed with a row that was joined to somebody: hers in that programme."""
    row = Enrolment.objects.filter(pk=pk, person__joined_to__isnull=False).select_related("person").first()
    if row is None:
        return None
    hers = Enrolment.objects.visible_to(user).filter(programme=row.programme_id)
    return hers.filter(person=row.person.joined_to_id).first()
