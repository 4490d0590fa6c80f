"""The definitions of an organisation as its people read them: which there are, where each is used, what a
version would give that nobody has kept yet."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from lib.folding import fold
from outcomes import live, registry
from outcomes.asking.known import known_questions
from outcomes.counting import measured, spec
from outcomes.counting.spec import in_words
from outcomes.definitions import Definition, unit_name
from outcomes.library.indicators import LIBRARY
from outcomes.models import Level, LogframeLine
from outcomes.rules import kept_fundings
from people.access import access
from people.models import Programme


@dataclass(frozen=True)
class Defined:
    """A definition, and the lines of logframes that it counts."""

    definition: Definition
    lines: list[LogframeLine] = field(default_factory=list)

    @property
    def unit(self) -> str:
        return unit_name(self.definition.unit)

    @property
    def origin(self) -> str:
        """`library`; `changed`: a version of our own over it; `own`."""
        if self.definition.source == "library":
            return "library"
        return "changed" if self.definition.code in LIBRARY else "own"


@dataclass(frozen=True)
class Tried:
    """How a new version would be counted, and what it gives now beside the newest that is kept."""

    definition: Definition
    how: list[str]
    nowhere: list[str]  # codes of questions that nobody has
    new: live.Figure
    present: live.Figure | None


def defined(user: User, programme: Programme, words: str = "") -> list[Defined]:
    """The newest version of each code, along the results chain; with `words` those that hold them."""
    asked, lines = fold(words), lines_of(user)
    place = {level: number for number, level in enumerate(Level.values)}
    found = [
        Defined(one, lines.get(one.code, []))
        for one in registry.definitions(programme.tenant).values()
        if asked in fold(f"{one.code} {one.name} {one.numerator} {one.standard}")
    ]
    return sorted(found, key=lambda one: place[one.definition.level])


def lines_of(user: User, **which) -> dict[str, list[LogframeLine]]:
    """By code the lines of the logframes that she keeps."""
    rows = LogframeLine.objects.filter(funding__in=kept_fundings(user).order_by(), **which)
    found: dict[str, list[LogframeLine]] = {}
    for line in rows.exclude(indicator="").select_related("funding__funder").order_by("funding", "position"):
        found.setdefault(line.indicator, []).append(line)
    return found


def asked_in(programme: Programme, definition: Definition) -> list[tuple[str, str]]:
    """The questions that it looks at, code and words."""
    codes = spec.questions(definition.how)
    known = known_questions(programme.tenant) if codes else {}
    return [(code, known[code].text if code in known else "") for code in codes]


def run_by(user: User):
    """Programmes whose exact figures she reads."""
    rows, mine = Programme.objects.visible_to(user), access(user)
    return rows if mine.is_administrator else rows.filter(pk__in=mine.programmes("coordinator"))


def tried(programme: Programme, known: Definition | None, code: str, said: dict, now: datetime) -> Tried:
    """Counted and not kept. `said` is checked, `known` the newest version."""
    new = registry.drafted(programme.tenant, code, said)
    scope = live.scope_of(programme, None, now)
    present = live.Figure(code, known, measured(known, scope)) if known else None
    nowhere = [asked for asked, words in asked_in(programme, new) if not words]
    return Tried(new, in_words(new.how), nowhere, live.Figure(code, new, measured(new, scope)), present)
