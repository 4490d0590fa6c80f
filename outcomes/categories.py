"""In which category of a property one row of a figure is: by sex, age, region, line of business, group …

What is known of those who take part comes from one query over the enrolments of the scope's programmes. A
person is what her own row says (or that which she was joined to). Of her business, her group and her
programme her enrolments speak, those with which she takes part before the others; where these differ she is
in a category of its own, "in more than one", so that everybody is in exactly one. Age and age of the business
are those of the day on which the programme begins: they do not change with the day on which somebody looks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from outcomes.counting.spec import wave_words
from outcomes.scope import Scope
from people.models import Enterprise, Person, Programme
from people.regions import region_name
from people.sectors import sector_name
from training.models import Enrolment, Group, Module

UNKNOWN, SEVERAL, HIDDEN = "", "*", "-"
LAST = {
    SEVERAL: _("in more than one"),
    UNKNOWN: _("not known"),
    HIDDEN: _("in programmes that you do not work in"),
}
AGES = {
    "0-17": _("younger than 18"), "18-29": _("18 to 29"), "30-54": _("30 to 54"), "55+": _("55 and older"),
}  # fmt: skip
BUSINESS_AGES = {
    "after": _("founded later"),
    "0": _("less than 1 year"),
    "1-2": _("1 or 2 years"),
    "3+": _("3 years and more"),
}
FACTS = {  # property → where it stands, seen from an enrolment
    "sex": "person__sex",
    "age": "person__born",
    "region": "person__region",
    "municipality": "person__municipality",
    "sector": "enterprise__sector",
    "registered": "enterprise__registered",
    "business_age": "enterprise__established",
    "group": "group",
    "programme": "programme",
}
OF_PERSONS = tuple(FACTS)
ORDERED = {
    "sex": dict(Person.Sex.choices),
    "age": AGES,
    "registered": dict(Enterprise.Registered.choices),
    "business_age": BUSINESS_AGES,
}
TITLED = {"group": Group, "programme": Programme, "module": Module}


@dataclass(frozen=True)
class Row:
    """One row of a figure. `own` is what is known of the row itself; the rest is asked of the enrolment, the
    person or the enterprise. `counts`: it is in the numerator, not only in the denominator."""

    key: object
    person: int | None = None
    enrolment: int | None = None
    firm: int | None = None
    own: dict = field(default_factory=dict, hash=False)
    counts: bool = True
    v: float | None = None
    w: float | None = None
    currency: str = ""


class Known:
    """What is known of everybody in the scope's programmes: one query."""

    def __init__(self, scope: Scope):
        self.start = first_day(scope)
        self.enrolments: dict[int, dict] = {}
        self.persons: dict[int, list[dict]] = defaultdict(list)
        self.firms: dict[int, list[dict]] = defaultdict(list)
        joined = {name: path.replace("person__", "person__joined_to__") for name, path in FACTS.items()}
        paths = ("pk", "person", "person__joined_to", "enterprise", "state")
        rows = Enrolment.objects.filter(programme__in=scope.programmes).order_by("pk")
        for row in rows.values(*{*paths, *FACTS.values(), *joined.values()}):
            here = joined if row["person__joined_to"] else FACTS
            known = {name: row[path] for name, path in here.items()}
            known["takes_part"] = row["state"] in Enrolment.TAKING_PART
            self.enrolments[row["pk"]] = known
            for person in {row["person"], row["person__joined_to"] or row["person"]}:
                self.persons[person].append(known)
            if row["enterprise"]:
                self.firms[row["enterprise"]].append(known)

    def category(self, row: Row, by: str) -> str:
        """The key of the one category of a property that the row is in."""
        if row.own.get(by):
            return self._banded(by, row.own[by])
        found = {self._banded(by, one[by]) for one in self._of(row) if by in one} - {UNKNOWN}
        return SEVERAL if len(found) > 1 else next(iter(found), UNKNOWN)

    def _of(self, row: Row) -> list[dict]:
        if row.enrolment:
            return [self.enrolments[row.enrolment]] if row.enrolment in self.enrolments else []
        hers = self.persons.get(row.person, []) or self.firms.get(row.firm, [])
        return [one for one in hers if one["takes_part"]] or hers

    def _banded(self, by: str, raw) -> str:
        if raw is None or raw == "":
            return UNKNOWN
        if by == "age":
            return age(self.start.year - raw)
        return business_age(raw, self.start) if by == "business_age" else str(raw)


def first_day(scope: Scope) -> date:
    """The day on which the first of the programmes begins; where nobody wrote it down, the scope's own."""
    known = [programme.start for programme in scope.programmes if programme.start]
    return min(known, default=scope.funding.start if scope.funding else scope.today)


def age(years: int) -> str:
    return "0-17" if years < 18 else "18-29" if years < 30 else "30-54" if years < 55 else "55+"


def business_age(established: date, day: date) -> str:
    if established > day:
        return "after"
    passed = (day.month, day.day) >= (established.month, established.day)
    years = day.year - established.year - (0 if passed else 1)
    return "0" if years < 1 else "1-2" if years < 3 else "3+"


def in_order(by: str, keys: Iterable[str]) -> dict[str, str]:
    """Categories with their words, in the order in which they are read: what is not known comes last."""
    keys = set(keys)
    if by in ORDERED:
        words = {key: str(word) for key, word in ORDERED[by].items() if key in keys}
        words |= {key: key for key in sorted(keys - set(words) - set(LAST))}
    else:
        words = _words(by, keys - set(LAST))
        words = dict(sorted(words.items(), key=lambda one: (one[1], one[0])))
    return words | {key: str(word) for key, word in LAST.items() if key in keys}


def _words(by: str, keys: set[str]) -> dict[str, str]:
    if by in TITLED:
        return {
            str(pk): one.title for pk, one in TITLED[by].objects.in_bulk([int(key) for key in keys]).items()
        }
    said: dict[str, Callable[[str], object]] = {
        "region": region_name, "sector": lambda code: sector_name(code) or code, "wave": wave_words,
    }  # fmt: skip
    return {key: str(said.get(by, str)(key)) for key in keys}
