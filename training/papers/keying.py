"""Keying a signed sheet in: what was typed by row code, against what stands already.

`A1 A3, B2` are codes; in the fields for late and left early a time follows its code: `A4 10:20 A7 10:45`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID, uuid5

from django.utils import formats
from django.utils.translation import gettext as _

from lib.folding import fold
from training.models import Attendance, Enrolment, Mark, PaperSheet, RosterEntry, Session, Status

FIELDS = {  # of the form, in the order in which they are asked
    "present": Status.PRESENT,
    "late": Status.LATE,
    "left_early": Status.LEFT_EARLY,
    "half_day": Status.HALF_DAY,
    "excused": Status.EXCUSED,
    "absent": Status.ABSENT,
}
TIMED = {Status.LATE: "arrival", Status.LEFT_EARLY: "leaving"}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


@dataclass
class Line:
    """One person as keyed, beside what stands. `wrong` says why it cannot be kept."""

    code: str
    status: str
    at: time | None = None
    entry: RosterEntry | None = None
    wrong: str = ""

    @property
    def enrolment(self) -> Enrolment | None:
        return self.entry.enrolment if self.entry else None

    @property
    def before(self) -> Attendance | None:
        return getattr(self.entry, "attendance", None) if self.entry else None

    @property
    def seen(self) -> str:
        """The operation that decides now, as she who keys it in sees it; empty: not marked."""
        return str(self.before.mark.operation) if self.before else ""

    @property
    def stands(self) -> bool:
        """It says what is the case already."""
        now = self.before
        if now is None or now.status != self.status:
            return False
        return self.status not in TIMED or getattr(now, TIMED[self.status]) == self.at

    @property
    def is_change(self) -> bool:
        return self.before is not None and not self.stands and not self.wrong

    @property
    def is_new(self) -> bool:
        return self.before is None and not self.wrong

    @property
    def words(self) -> str:
        return said_of(self.status, self.at)

    @property
    def words_before(self) -> str:
        now = self.before
        if now is None:
            return _("not marked")
        return said_of(now.status, getattr(now, TIMED[now.status]) if now.status in TIMED else None)


def said_of(status: str, at: time | None) -> str:
    label = str(Status(status).label)
    return f"{label} {formats.time_format(at, 'H:i')}" if at else label


def read(session: Session, said: Mapping[str, str], *, rest: str = "") -> list[Line]:
    """Lines for all that was typed, in its order; with `rest` a status for everybody not named who is not
    marked. Two queries at most."""
    entries = session.roster.select_related(
        "enrolment__person", "enrolment__programme", "attendance__mark"
    ).order_by("enrolment__person__name_key", "enrolment_id")
    known = {entry.enrolment.row_code: entry for entry in entries}
    lines = [line for name, status in FIELDS.items() for line in _parsed(said.get(name) or "", status)]
    seen: set[str] = set()
    for line in lines:
        line.entry = known.get(line.code)
        line.wrong = line.wrong or _refusal(line, seen)
        seen.add(line.code)
    if rest:
        left = [entry for code, entry in known.items() if code not in seen]
        lines += [
            Line(entry.enrolment.row_code, rest, entry=entry)
            for entry in left
            if not hasattr(entry, "attendance")
        ]
    return lines


def _parsed(text: str, status: str) -> list[Line]:
    lines: list[Line] = []
    for word in re.split(r"[\s,;]+", text.strip()):
        clock = _CLOCK.fullmatch(word)
        if not word:
            continue
        if clock and lines and status in TIMED:
            _put_time(lines[-1], int(clock[1]), int(clock[2]))
        elif clock:
            lines.append(Line(word, status, wrong=_("A time without a code before it.")))
        else:
            lines.append(Line(fold(word).upper(), status))
    return lines


def _put_time(line: Line, hour: int, minute: int) -> None:
    if hour > 23 or minute > 59:
        line.wrong = _("There is no such time: %(time)s.") % {"time": f"{hour}:{minute:02}"}
    else:
        line.at = time(hour, minute)


def _refusal(line: Line, seen: set[str]) -> str:
    if line.entry is None:
        return _("Nobody on this roster has this code.")
    if line.code in seen:
        return _("This code stands twice.")
    if line.status in TIMED and line.at is None:
        return _("The time is missing.")
    return ""


def marks(
    lines: list[Line], *, operation: UUID, paper: PaperSheet, seen: Mapping[str, str], reason: str = ""
) -> list[dict]:
    """What `record_marks` takes: those that change something. Sent twice, each is the same operation.

    `seen` is what stood there when the preview was made: {row code: operation}."""
    made = []
    for line in lines:
        if line.stands or line.wrong:
            continue
        said = f"{line.code}/{line.status}/{line.at}/{paper.pk}/{reason}"
        mark = {
            "operation": uuid5(operation, said),
            "enrolment": line.enrolment.pk,
            "status": line.status,
            "reason": reason,
            "source": Mark.Source.PAPER,
            "paper": paper,
            "seen": seen.get(line.code),
        }
        if line.status in TIMED:
            mark[TIMED[line.status]] = line.at
        made.append(mark)
    return made
