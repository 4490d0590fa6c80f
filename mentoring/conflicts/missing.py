"""What is not on record and could hide a conflict."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from mentoring.conflicts.names import family_names
from people.models import Affiliation, Beneficiary, Ownership, Person

WORDS = {
    "work": gettext_lazy("no enterprise or organisation on record"),
    "proposer": gettext_lazy("not on record who proposed the enterprise"),
    "name": gettext_lazy("name or municipality not on record"),
}


def missing_facts(persons: Iterable[Person]) -> dict[int, list[str]]:
    """What is not known of each person, in words; who has all on record is absent. Three queries."""
    return {pk: [str(WORDS[kind]) for kind in kinds] for pk, kinds in missing_kinds(persons).items()}


def missing_kinds(persons: Iterable[Person]) -> dict[int, list[str]]:
    """The same by the keys of WORDS."""
    persons = {person.pk: person for person in persons}
    owners = set(Ownership.objects.filter(person__in=persons).values_list("person", flat=True))
    works = set(Affiliation.objects.filter(person__in=persons).values_list("person", flat=True))
    unknown = Beneficiary.objects.filter(proposed_by=None, enterprise__ownerships__person__in=persons)
    proposed = set(unknown.values_list("enterprise__ownerships__person", flat=True))
    found = defaultdict(list)
    for pk, person in persons.items():
        if pk not in owners | works:
            found[pk].append("work")
        if pk in proposed:
            found[pk].append("proposer")
        if not person.municipality.strip() or not family_names(person.name_key):
            found[pk].append("name")
    return dict(found)
