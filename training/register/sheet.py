"""The register as it is shown: rows with what is the case, and the counts over them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from training.hours import NONE, Hours, progress, summed
from training.models import Attendance, Enrolment, Mark, RosterEntry, Session, Status
from training.register import codes
from training.register.reckoning import Sitting, minutes

CLASSES = {Status.LEFT_EARLY: "left", Status.HALF_DAY: "half"}  # the button's, where not the status
SIGNS = {Status.PRESENT: "✓", Status.ABSENT: "✕", Status.EXCUSED: "–", Status.HALF_DAY: "½", "": "✓"}
TIMELESS = (Status.PRESENT, Status.ABSENT, Status.EXCUSED, Status.HALF_DAY)  # marks that need no time


@dataclass
class Row:
    """One person of the roster."""

    session: Session
    entry: RosterEntry
    hours: Hours
    share: int  # per cent of planned hours that completes the programme

    @property
    def enrolment(self) -> Enrolment:
        return self.entry.enrolment

    @property
    def attendance(self) -> Attendance | None:
        return getattr(self.entry, "attendance", None)

    @property
    def status(self) -> str:
        return self.attendance.status if self.attendance else ""

    @property
    def css(self) -> str:
        return CLASSES.get(self.status, self.status)

    @property
    def sign(self) -> str:
        """What stands in the big button: a tick, a time, a cross."""
        at = {Status.LATE: "arrival", Status.LEFT_EARLY: "leaving"}.get(self.status)
        if at:
            moment = getattr(self.attendance, at)
            return _clock(moment) or "?"
        return SIGNS[self.status]

    @property
    def tap(self) -> str:
        """What a tap on the big button says: present; and once it says so, that it was not meant."""
        return Status.CLEARED if self.status == Status.PRESENT else Status.PRESENT

    @property
    def words(self) -> str:
        """What is the case, where it is not simply present."""
        seen = self.attendance
        if seen is None or seen.status == Status.PRESENT:
            return ""
        said = [self._late()] if seen.arrival or seen.status == Status.LATE else []
        if seen.status == Status.LEFT_EARLY:
            left = {"time": _clock(seen.leaving)}
            said.append(_("left %(time)s") % left if seen.leaving else _("left early"))
        return ", ".join(said) or str(Status(seen.status).label)

    def _late(self) -> str:
        arrival, start = self.attendance.arrival, self.session.start
        if arrival is None or start is None:
            return _("late")
        n = (arrival.hour - start.hour) * 60 + arrival.minute - start.minute
        return ngettext("late %(n)s min", "late %(n)s min", n) % {"n": n}

    @property
    def tone(self) -> str:
        return {Status.ABSENT: "missing", Status.EXCUSED: ""}.get(self.status, "late")

    @property
    def consequence(self) -> str:
        """Whether she can still complete the programme; said where something was missed, or it is lost."""
        return self._told(self.hours, self.status)

    def _told(self, hours: Hours, status: str) -> str:
        if not hours.takes_part:
            return _("no longer takes part")
        if hours.is_lost:
            return _("%(share)s %% no longer reachable") % {"share": self.share}
        if status in ("", Status.PRESENT):
            return ""
        if hours.completes:
            return _("%(share)s %% reached") % {"share": self.share}
        return _("can still reach %(share)s %%") % {"share": self.share}

    @property
    def after(self) -> dict[str, str]:
        """What each mark without a time, or none ("cleared"), would mean for completing: for a phone that has
        no network to ask."""
        return {status: self._told(self._if(status), status) for status in TIMELESS} | {
            "cleared": self._told(self._if(""), "")
        }

    def _if(self, status: str) -> Hours:
        """Her hours, were she marked so in this session."""
        planned, known, seen = self.entry.planned_minutes, self.hours, self.attendance
        if planned is None or self.session.cancelled_at or not known.planned:
            return known
        past, attended = known.past, known.attended
        if seen and seen.minutes is not None:
            past, attended = past - planned, attended - seen.minutes
        if status:
            past += planned
            attended += minutes(Sitting(None, None, 0, planned), status, None, None)
        return summed(known.planned, past, attended, self.share, known.takes_part)

    @property
    def arrival(self) -> str:
        return _clock(self.attendance.arrival) if self.attendance else ""

    @property
    def leaving(self) -> str:
        return _clock(self.attendance.leaving) if self.attendance else ""

    @property
    def reason(self) -> str:
        return self.attendance.mark.reason if self.attendance else ""

    @property
    def came_by_code(self) -> str:
        """When she checked in, local time, if that is what decided."""
        seen = self.attendance
        is_code = seen and seen.status == Status.PRESENT and seen.mark.source == Mark.Source.CODE
        return _clock(self.session.local(seen.mark.at_server).time()) if is_code else ""

    @property
    def note(self) -> str:
        return place(self.enrolment)

    @property
    def found_by(self) -> str:
        """What the find field looks through: nothing but who she is."""
        return " ".join(filter(None, [self.enrolment.row_code, str(self.enrolment.person), self.note]))


@dataclass
class Tally:
    """How many of the roster; they add up to `total`."""

    total: int
    present: int
    late: int
    left_early: int
    half_day: int
    excused: int
    absent: int

    @property
    def to_mark(self) -> int:
        return self.total - self.there - self.excused - self.absent

    @property
    def there(self) -> int:
        return self.present + self.late + self.left_early + self.half_day

    @property
    def parts(self) -> list[dict]:
        """The bar: where each part begins, how long it is, in people."""
        parts, begin = [], 0
        for css, n in (
            ("present", self.present),
            ("late", self.late + self.left_early + self.half_day),
            ("excused", self.excused),
            ("absent", self.absent),
        ):
            parts.append({"css": css, "n": n, "from": begin})
            begin += n
        return [part for part in parts if part["n"]]


def place(enrolment: Enrolment) -> str:
    """Enterprise and municipality, as far as they are known."""
    enterprise = enrolment.enterprise
    town = enrolment.person.municipality or (enterprise.municipality if enterprise else "")
    return " · ".join(filter(None, [enterprise.name if enterprise else "", town]))


def rows(session: Session, enrolments: list[int] | None = None) -> list[Row]:
    """The roster in the order of names, with everybody's hours. Two queries."""
    entries = session.roster.select_related(
        "enrolment__person", "enrolment__enterprise", "attendance__mark"
    ).order_by("enrolment__person__name_key", "enrolment_id")
    if enrolments is not None:
        entries = entries.filter(enrolment__in=enrolments)
    known = progress(session.programme, enrolments)
    share = session.programme.completion_share
    return [Row(session, entry, known.get(entry.enrolment_id, NONE), share) for entry in entries]


def tally(session: Session) -> Tally:
    """One query, of one column."""
    found = Counter(session.roster.order_by().values_list("attendance__status", flat=True))
    return Tally(
        total=found.total(),
        present=found[Status.PRESENT],
        late=found[Status.LATE],
        left_early=found[Status.LEFT_EARLY],
        half_day=found[Status.HALF_DAY],
        excused=found[Status.EXCUSED],
        absent=found[Status.ABSENT],
    )


def when(session: Session, today: date) -> str:
    """Day and time as one reads them aloud; the year only when it is another one."""
    if session.day is None:
        return _("not scheduled")
    this_year = session.day.year == today.year
    shape = pgettext("date format", "D j F") if this_year else pgettext("date format", "D j F Y")
    day = formats.date_format(session.day, shape)
    if session.start is None:
        return day
    return f"{day} · {_clock(session.start)}–{_clock(session.end)}"


def window(session: Session) -> dict[str, str]:
    """When the code on the wall works: day, from, to, in the session's own time."""
    begin, end = session.local(session.starts_at - codes.BEFORE), session.local(session.ends_at + codes.AFTER)
    day = formats.date_format(begin.date(), "MONTH_DAY_FORMAT")
    return {"day": day, "from": _clock(begin.time()), "to": _clock(end.time())}


def _clock(at: time | None) -> str:
    return formats.time_format(at, "H:i") if at else ""


def duration(minutes: int) -> str:
    """Minutes as hours and minutes: 5 h 30 min."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
