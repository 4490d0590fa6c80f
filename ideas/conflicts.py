"""Who may not judge or decide on which idea: by the records (mentoring.conflicts), or as she declared."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_noop

from accounts.models import User
from ideas.models import DeclaredConflict, Idea, Join, Nomination
from lib.saying import sentence
from mentoring.conflicts import DECIDE, JUDGE, between
from mentoring.conflicts.missing import missing_kinds
from people.models import Person


def found(
    reviewers: Iterable[Person], ideas: Iterable[Idea], on: date, purpose: str = JUDGE
) -> dict[tuple[int, int], list[str]]:
    """The reasons, in words, by (reviewer.pk, idea.pk); pairs without one are absent, a hint is none.
    Constant queries."""
    reviewers, ideas = list(reviewers), list(ideas)
    nominators = _nominators(ideas)
    persons = {person.pk: person for people in nominators.values() for person in people}
    stand, judges = _stand(reviewers, persons.values(), on, purpose), {one.pk for one in reviewers}
    reasons = defaultdict(list)
    for idea, people in nominators.items():
        for person in people:
            if person.pk in judges:
                reasons[person.pk, idea].append(sentence(gettext_noop("She nominated it herself.")))
            for reviewer, words in stand.get(person.pk, ()):
                reasons[reviewer, idea] += words
    for reviewer, idea, words in DeclaredConflict.objects.filter(
        reviewer__in=reviewers, idea__in=ideas
    ).values_list("reviewer", "idea", "reason"):
        reasons[reviewer, idea].append(words)
    return {pair: words for pair, words in reasons.items() if words}


def _stand(reviewers, persons, on: date, purpose: str) -> dict[int, list[tuple[int, list[str]]]]:
    """By nominator: the reviewers between whom and her a fact stands, with its words."""
    found = defaultdict(list)
    for (reviewer, person), facts in between(reviewers, persons, on, purpose).items():
        words = [fact.words for fact in facts if not fact.is_hint]
        if words and reviewer != person:
            found[person].append((reviewer, words))
    return found


def deciding(user: User | None, idea: Idea, on: date) -> list[str]:
    """What stands between her and those who nominated the idea: she decides on it with a reason only."""
    person = Person.objects.filter(user=user, joined_to=None).first() if user else None
    if person is None:
        return []
    return found([person], [idea], on, DECIDE).get((person.pk, idea.pk), [])


def _nominators(ideas: list[Idea]) -> dict[int, list[Person]]:
    """Whoever nominated an idea, or one that stands under it now. One query for each 10,000 ideas."""
    people, keys = defaultdict(list), sorted({idea.pk for idea in ideas})
    for start in range(0, len(keys), 10_000):
        _nominating(set(keys[start : start + 10_000]), people)
    return people


def _nominating(wanted: set[int], people: dict[int, list[Person]]) -> None:
    under = Join.objects.open().filter(idea=OuterRef("idea")).values("into")
    rows = Nomination.objects.annotate(head=Subquery(under)).select_related("enrolment__person")
    joined = Join.objects.open().filter(into__in=wanted).values("idea")
    for row in rows.filter(Q(idea__in=wanted) | Q(idea__in=joined)).order_by("pk"):
        for idea in wanted & {row.idea_id, row.head}:
            if row.enrolment.person not in people[idea]:
                people[idea].append(row.enrolment.person)


def missing(reviewers: Iterable[Person], ideas: Iterable[Idea]) -> dict[str, dict[str, int]]:
    """What is not on record and could hide a conflict: {"reviewers" or "nominators": {"of": how many there
    are, kind of `mentoring.conflicts.missing`: of how many}}. Constant queries."""
    nominators = {p.pk: p for people in _nominators(list(ideas)).values() for p in people}
    return {
        "reviewers": _counted({person.pk: person for person in reviewers}),
        "nominators": _counted(nominators),
    }


def _counted(persons: dict[int, Person]) -> dict[str, int]:
    kinds = Counter(kind for found in missing_kinds(persons.values()).values() for kind in found)
    return {"of": len(persons), **kinds}
