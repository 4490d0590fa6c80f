"""Who is meant by a row code or a name, among those who take part in a programme."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.folding import fold
from people.models import Programme
from training.models import Enrolment

ROW_CODE = re.compile(r"[A-Za-z]{1,2}[1-9]\Z")
_BETWEEN = re.compile(r"\s*[,;+&/]\s*|\s+(?:i|и|and)\s+", re.IGNORECASE)


class Named(NamedTuple):
    """Who is meant by a list of codes and names, what is wrong with the others in words, and whether people
    are meant at all: somebody is found, or several have a name."""

    who: list[Enrolment]
    wrong: list[str]
    is_meant: bool


class Here:
    """Looked up by row code, by name in any script, or by a part of the name that only one has."""

    def __init__(self, enrolments: Iterable[Enrolment]):
        self.codes, self.names, self.words = {}, defaultdict(list), defaultdict(set)
        self.rows = {row.pk: row for row in enrolments}
        for row in self.rows.values():
            self.codes[fold(row.row_code)] = row
            self.names[row.person.name_key].append(row)
            for word in row.person.name_key.split():
                self.words[word].add(row.pk)

    @classmethod
    def of(cls, programme: Programme) -> "Here":
        """Whoever takes part in the programme now. One query."""
        return cls(programme.enrolments.taking_part().select_related("person").order_by("pk"))

    def find(self, typed: str) -> Enrolment:
        """The one who is meant. Raises ValidationError: nobody (code `nobody`), or several (`several`)."""
        key = fold(typed)
        first = key.split(" ")[0]
        if first in self.codes and (first == key or self._is_hers(self.codes[first], key)):
            return self.codes[first]
        found = self.names.get(key) or self._by_words(key)
        if not found:
            words = _("Nobody here has the row code or name “%(typed)s”.")
            raise ValidationError(words % {"typed": typed.strip()[:100]}, code="nobody")
        if len(found) > 1:
            codes = ", ".join(row.row_code for row in found)
            words = _("Several have this name; take the row code: %(codes)s.")
            raise ValidationError(words % {"codes": codes}, code="several")
        return found[0]

    def all_of(self, typed: str) -> Named:
        found, wrong, several = {}, [], False
        for part in self.parts(typed):
            try:
                row = self.find(part)
                found[row.pk] = row
            except ValidationError as error:
                wrong += error.messages
                several |= error.code == "several"
        return Named(list(found.values()), wrong, bool(found) or several)

    def parts(self, typed: str) -> list[str]:
        words = typed.split()
        if len(words) > 1 and all(fold(word.strip(",;")) in self.codes for word in words):
            return [word.strip(",;") for word in words]
        return [part for part in _BETWEEN.split(typed.strip()) if part]

    def _is_hers(self, row: Enrolment, key: str) -> bool:
        """“A3 Jelena Petrović”, as the list of the form offers it; not “A3 format printing”."""
        return all(word in row.person.name_key.split() for word in key.split(" ")[1:])

    def _by_words(self, key: str) -> list[Enrolment]:
        keys = [self.words.get(word, set()) for word in key.split()]
        return [self.rows[pk] for pk in sorted(set.intersection(*keys))] if keys else []
