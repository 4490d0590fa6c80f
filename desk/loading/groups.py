"""The group that somebody is compared in, found by code or name; made only where the map says so."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from desk.loading.fields import Refused
from desk.loading.kinds import Target
from desk.loading.trail import Trail
from lib.folding import fold
from training.models import Group

CONTROL = {"control", "control group", "kontrola", "kontrolna", "kontrolna grupa"}


class Groups:
    def __init__(self, target: Target, trail: Trail, *, makes: bool):
        self.target, self.trail, self.makes = target, trail, makes
        self._known: dict[str, Group] | None = None

    def check(self, said: str | None) -> None:
        """Raises Refused for a group that is not known and may not be made."""
        if said and fold(said) not in self._read() and not self.makes:
            raise Refused(_("The programme has no group with this code or name."), "group", said)
        if said and (not _code(said) or len(said) > 100):
            raise Refused(_("This cannot be the name of a group."), "group", said)

    def prepare(self, words: Iterable[str]) -> None:
        """Make those that are missing. (What was made for rows that were taken back again is gone.)"""
        words = list(words)
        if not words:
            return
        self._known = None
        missing = sorted({fold(word): word for word in words if fold(word) not in self._read()}.values())
        for said in missing:
            self._make(said)

    def _read(self) -> dict[str, Group]:
        """By what each is called, the code first."""
        if self._known is None:
            rows = list(Group.objects.filter(programme=self.target.programme))
            words = [
                (word, row)
                for name in ("name_sr", "name", "code")
                for row in rows
                if (word := getattr(row, name))
            ]
            self._known = {fold(word): row for word, row in words}
        return self._known

    def _make(self, said: str) -> None:
        rows = self._read().values()
        control = fold(said) in CONTROL and not any(row.is_control for row in rows)
        code, taken = _code(said), {row.code for row in rows}
        code = next(one for one in (code, *(f"{code[:36]}-{n}" for n in range(2, 99))) if one not in taken)
        row = Group.objects.create(programme=self.target.programme, code=code, name=said, is_control=control)
        self.trail.made(Group, [row.pk])
        self._known[fold(said)] = row

    def key(self, said: str | None) -> int | None:
        return self._read()[fold(said)].pk if said else None


def _code(said: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in fold(said) if c.isascii()).split())[:40]
