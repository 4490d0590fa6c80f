"""Who may not judge or decide on which idea: by the records (mentoring.conflicts), or as she declared."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from ideas.models import DeclaredConflict, Idea, Nomination
from mentoring.conflicts import DECIDE, JUDGE, between
from people.models import Person


def found(
    reviewers: Iterable[Person], ideas: Iterable[Idea], on: date, purpose: str = JUDGE
) -> dict[tuple[int, int], list[str]]:
    """The reasons, in words, by (reviewer.pk, idea.pk); pairs without one are absent, a hint is none.
    Constant queries."""
    reviewers, ideas = list(reviewers), list(ideas)
    nominators = _nominators(ideas)
    persons = {person.pk: person for people in nominators.values() for person in people}
    facts = between(reviewers, persons.values(), on, purpose)
    reasons = defaultdict(list)
    for reviewer in reviewers:
        for idea, people in nominators.items():
            for person in people:
                if person.pk == reviewer.pk:
                    reasons[reviewer.pk, idea].append(_("She nominated it herself."))
                else:
                    stand = facts.get((reviewer.pk, person.pk), [])
                    reasons[reviewer.pk, idea] += [fact.words for fact in stand if not fact.is_hint]
    for reviewer, idea, words in DeclaredConflict.objects.filter(
        reviewer__in=reviewers, idea__in=ideas
    ).values_list("reviewer", "idea", "reason"):
        reasons[reviewer, idea].append(words)
    return {pair: words for pair, words in reasons.items() if words}


def deciding(user: User | None, idea: Idea, on: date) -> list[str]:
    """What stands between her and those who nominated the idea: she decides on it with a reason only."""
    person = Person.objects.filter(user=user, joined_to=None).first() if user else None
    if person is None:
        return []
    return found([person], [idea], on, DECIDE).get((person.pk, idea.pk), [])


def _nominators(ideas: list[Idea]) -> dict[int, list[Person]]:
    people = defaultdict(list)
    rows = Nomination.objects.filter(idea__in=ideas).select_related("enrolment__person")
    for row in rows:
        people[row.idea_id].append(row.enrolment.person)
    return people
