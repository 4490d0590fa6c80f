"""What a file asks: each question with its kind, and what its cells may say, as the map has it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from desk.loading.fields import Refused
from lib.folding import fold
from outcomes.models import Question

ENTRY = {"kind", "text", "text_sr", "choices", "values", "split", "currency", "lowest", "highest"}
MOST = 150  # choices of a question
OTHER = "other"


def plain(heading: str) -> str:
    """A heading without tags, entities of blanks and the number that tells it apart."""
    bare = re.sub(r"<[^>]*>", "", heading).replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"^\W+ | ?\(\d+\)$", "", " ".join(bare.split())) or heading


def key(said: str) -> str:
    """By which words of a choice are compared."""
    return fold(said).rstrip(" .:")


def code_of(words: str, taken: Iterable[str] = ()) -> str:
    """A code made of words, none of those taken."""
    code = re.sub(r"[^0-9a-z]+", "_", fold(words)).strip("_")[:50].strip("_") or "question"
    n, found = 1, code
    while found in taken:
        n += 1
        found = f"{code}_{n}"
    return found


@dataclass
class Planned:
    """One question of the file. `choices`: by word, their codes; several words may mean one."""

    code: str
    kind: str
    text: str = ""
    text_sr: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)  # by key of what stands there: what it means
    split: str = ""
    currency: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @classmethod
    def of(cls, code: str, said: Mapping[str, Any]) -> "Planned":
        """As a map says it. Raises Refused."""
        if not isinstance(said, Mapping) or said.keys() - ENTRY:
            words = _("The question “%(code)s” is described by: %(names)s.")
            raise Refused(words % {"code": code, "names": ", ".join(sorted(ENTRY))}, "answers", code)
        kind = said.get("kind", "")
        if kind not in Question.Kind.values:
            words = _("The kind of the question “%(code)s” is one of: %(kinds)s.")
            told = {"code": code, "kinds": ", ".join(Question.Kind.values)}
            raise Refused(words % told, "answers", kind)
        same = {name: said.get(name) or "" for name in ("text", "text_sr", "split", "currency")}
        ends = {name: _number(said.get(name)) for name in ("lowest", "highest")}
        values = {key(str(word)): str(value) for word, value in (said.get("values") or {}).items()}
        return cls(code, kind, choices=_choices(said.get("choices")), values=values, **same, **ends)

    @property
    def labels(self) -> list[dict]:
        """The choices as a wording has them: the first word of each code is its words."""
        if self.kind == Question.Kind.YES_NO:
            return []
        firsts: dict[str, str] = {}
        for word, code in self.choices.items():
            firsts.setdefault(code, word)
        return [{"code": code, "en": word, "sr": ""} for code, word in firsts.items()]

    @cached_property
    def _known(self) -> dict[str, str]:
        codes = {key(code): code for code in self.choices.values()}
        return codes | {key(word): code for word, code in self.choices.items()}

    def choice(self, said: str) -> str | None:
        return self._known.get(key(self.values.get(key(said), said)))

    def parts(self, said: str) -> list[str]:
        """What one cell says of a question with several answers. A comma parts only what is known."""
        if self.choice(said):
            return [said]
        if sign := self.split or next((one for one in ("\n", ";") if one in said), ""):
            return self._cut(said, sign)
        found = self._cut(said, ",")
        return found if all(map(self.choice, found)) else [said]

    def _cut(self, said: str, sign: str) -> list[str]:
        """A choice may have the sign in its own words: the longest that is known goes first."""
        pieces, found, at = said.split(sign), [], 0
        while at < len(pieces):
            ends = (end for end in range(min(len(pieces), at + 6), at, -1))
            whole = (end for end in ends if self.choice(sign.join(pieces[at:end]).strip()))
            end = next(whole, at + 1)
            found.append(sign.join(pieces[at:end]).strip())
            at = end
        return [one for one in found if one]


def _choices(said: Any) -> dict[str, str]:
    if not said:
        return {}
    if isinstance(said, Mapping):
        return {str(word): str(code) for word, code in said.items()}
    found: dict[str, str] = {}
    for word in said:
        found[str(word)] = OTHER if key(str(word)) in OTHERS else code_of(str(word), found.values())
    return found


def _number(said: Any) -> Decimal | None:
    return None if said is None else Decimal(str(said))


OTHERS = {"other", "others", "other (please specify)", "drugo", "ostalo", "nesto drugo", "drugo (navedite)"}


def is_other(heading: str) -> bool:
    return fold(plain(heading)).rstrip(" .:") in OTHERS
