"""Which mentor for whom: what speaks for each, and what stands in the way. Values in, values out."""

from typing import NamedTuple

from mentoring.conflicts import Conflict


class Candidate(NamedTuple):
    """One mentor as seen from one entrepreneur."""

    mentor: object
    load: int
    capacity: int | None
    same_sector: bool
    same_language: bool
    same_place: bool
    conflicts: list[Conflict]
    is_hers: bool  # guides her already

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.load >= self.capacity

    @property
    def fit(self) -> int:
        return 4 * self.same_sector + 2 * self.same_language + self.same_place

    @property
    def order(self) -> tuple:
        """Free of conflicts first, then with room, then by fit, then the least loaded."""
        barred = any(not conflict.is_hint for conflict in self.conflicts)
        return (self.is_hers, barred, self.is_full, -self.fit, self.load, str(self.mentor))


def candidates(*, mentors, enrolment, capacities, loads, conflicts, hers) -> list[Candidate]:
    """The mentors of a programme in the order in which they may be proposed to one entrepreneur.

    `capacities` and `loads` by mentor pk; `conflicts` by mentor person pk; `hers` the pks of who guides her.
    """
    person, enterprise = enrolment.person, enrolment.enterprise
    found = [
        Candidate(
            mentor=mentor,
            load=loads.get(mentor.pk, 0),
            capacity=capacities.get(mentor.pk),
            same_sector=bool(enterprise and enterprise.sector and enterprise.sector in mentor.sectors),
            same_language=speaks(mentor.languages, person.language),
            same_place=bool(person.municipality) and person.municipality == mentor.person.municipality,
            conflicts=conflicts.get(mentor.person_id, []),
            is_hers=mentor.pk in hers,
        )
        for mentor in mentors
    ]
    return sorted(found, key=lambda candidate: candidate.order)


def speaks(languages: list[str], language: str) -> bool:
    """Serbian is one language, whatever its letters."""
    return language.split("-")[0] in {code.split("-")[0] for code in languages}
