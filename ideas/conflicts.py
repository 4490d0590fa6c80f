"""Who may not judge which idea: the records (mentoring.conflicts), what is hers, and what she declared."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from ideas.models import DeclaredConflict, Idea, Nomination
from mentoring.conflicts import between
from people.models import Person


def found(reviewers: Iterable[Person], ideas: Iterable[Idea], on: date) -> dict[tuple[int, int], list[str]]:
    """The reasons, in words, by (reviewer.pk, idea.pk); pairs without one are absent. Constant queries."""
    reviewers, ideas = list(reviewers), list(ideas)
    nominators = _nominators(ideas)
    persons = {person.pk: person for people in nominators.values() for person in people}
    facts = between(reviewers, persons.values(), on)
    reasons = defaultdict(list)
    for reviewer in reviewers:
        for idea, people in nominators.items():
            for person in people:
                if person.pk == reviewer.pk:
                    reasons[reviewer.pk, idea].append(_("She nominated it herself."))
                else:
                    reasons[reviewer.pk, idea] += [c.words for c in facts.get((reviewer.pk, person.pk), [])]
    for reviewer, idea, words in DeclaredConflict.objects.filter(
        reviewer__in=reviewers, idea__in=ideas
    ).values_list("reviewer", "idea", "reason"):
        reasons[reviewer, idea].append(words)
    return {pair: words for pair, words in reasons.items() if words}


def _nominators(ideas: list[Idea]) -> dict[int, list[Person]]:
    people = defaultdict(list)
    rows = Nomination.objects.filter(idea__in=ideas).select_related("enrolment__person")
    for row in rows:
        people[row.idea_id].append(row.enrolment.person)
    return people
