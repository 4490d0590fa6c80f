"""The sessions of a programme, found by what a heading or cell says: id, title, day, day and title."""

import re
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from desk.loading.days_in import Said, days_in
from desk.loading.fields import Refused
from lib.folding import fold
from people.models import Programme
from training.models import Session

KEY = re.compile(r"session:(\d+)")  # what a choice on a page is kept as
# words beside a day that say nothing of which session of that day is meant
_SAID_OFTEN = """
dan dani day date datum session sessions sesija sesije radionica radionice workshop obuka
training modul module termin cas casova prisustvo prisutni prisutna attendance ponedeljak
utorak sreda cetvrtak petak subota nedelja mon tue wed thu fri sat sun monday tuesday wednesday
thursday friday saturday sunday pon uto sre cet pet sub ned od do u on the of h
"""
SAYS_NOTHING = frozenset(_SAID_OFTEN.split())


class Calendar:
    """Read once; every question after that is answered from memory."""

    def __init__(self, programme: Programme, source: str):
        rows = Session.objects.filter(programme=programme).select_related("programme__tenant")
        self.source = source
        self.sessions: list[Session] = []
        self.by_key: dict[int, Session] = {}
        self._ids: dict[tuple[str, str], Session] = {}
        self._of_id: dict[str, list[Session]] = {}  # whatever the source
        self._titles: dict[str, list[Session]] = {}
        self._days: dict[tuple[int, int], list[Session]] = {}
        self._found: dict[str, Session | Refused] = {}
        for row in rows.in_order():
            self.add(row)

    def add(self, row: Session) -> None:
        self.sessions.append(row)
        self.by_key[row.pk] = row
        if row.source_id:
            self._ids[row.source, row.source_id] = row
            self._of_id.setdefault(row.source_id, []).append(row)
        for title in {fold(row.title), fold(row.title_sr)} - {""}:
            self._titles.setdefault(title, []).append(row)
        if row.day:
            self._days.setdefault((row.day.month, row.day.day), []).append(row)
        self._found = {}

    def find(self, said: str, *, field: str = "session", column: str = "") -> Session:
        """The one session that is meant. Raises Refused when there is none, or more than one."""
        if said not in self._found:
            self._found[said] = self._one(said)
        found = self._found[said]
        if isinstance(found, Session):
            return found
        raise Refused(found.rule, field, said, column=column)

    def may_be(self, said: str) -> Session | None:
        """The session that is meant, as far as this is plain."""
        try:
            return self.find(said)
        except Refused:
            return None

    def _one(self, said: str) -> Session | Refused:
        if (key := KEY.fullmatch(said)) and (row := self.by_key.get(int(key[1]))):
            return row
        if row := self._ids.get((self.source, said)):
            return row
        others = self._of_id.get(said, [])
        if len(others) == 1:
            return others[0]
        plain = re.sub(r" \(\d+\)$", "", said)  # a second column of the same heading
        titled = self._titles.get(fold(said)) or self._titles.get(fold(plain)) or []
        if len(titled) == 1:
            return titled[0]
        if titled:
            return Refused(
                _("Several sessions are called so: %(days)s. Add the day.") % {"days": _days(titled)}
            )
        readings = days_in(said)
        if not readings:
            return Refused(_("No session of this programme has this id, title or day."))
        return self._of_day(readings)

    def _of_day(self, readings: list[Said]) -> Session | Refused:
        near = [(row, said) for said in readings for row in self._days.get((said.month, said.day), ())]
        on = {row.pk: (row, said) for row, said in near if said.is_day(row.day)}
        if not on:
            return Refused(_("No session of this programme is on this day."))
        named = [row for row, said in on.values() if _fits(row, said.rest)]
        if len(named) == 1:
            return named[0]
        if len(named) > 1:
            words = _("Several sessions may be meant: %(sessions)s. Add the title, or the id.")
            return Refused(
                words % {"sessions": ", ".join(f"{row}, {date_format(row.day)}" for row in named[:4])}
            )
        words = _("The session of this day is called “%(title)s”.")
        return Refused(words % {"title": "”, “".join(row.heading for row, _said in list(on.values())[:4])})


def _fits(row: Session, rest: str) -> bool:
    """Does what stands beside the day speak of this session, or of none?"""
    words = [word for word in re.findall(r"[\w:.]+", rest) if word not in SAYS_NOTHING]
    words = [word for word in words if not word.isdigit()]
    if not words:
        return True
    if row.start and any(word.replace(".", ":") == f"{row.start:%H:%M}" for word in words):
        return True
    said = " ".join(words)
    return any(said in title or title in rest for title in (fold(row.title), fold(row.title_sr)) if title)


def _days(rows: Iterable[Session]) -> str:
    return ", ".join(date_format(row.day) if row.day else _("not scheduled") for row in list(rows)[:4])
