"""What a programme can be planned from: one row a template. Titles stand in both languages, because they
become those of its modules and sessions."""

from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Template:
    """`modules` parts of `count` sessions each, on `weekdays` from the first day of each part on. With terms
    a part is a term, and its sessions are as many as fit into it. No weekday: that of the first day."""

    key: str
    name: str | Promise
    hint: str | Promise
    modules: int
    count: int
    weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    start: time = time(9, 30)
    end: time = time(16, 30)
    breaks: str = "11:00-11:15, 13:00-13:45"
    parts: tuple[str, str] = ("Module {n}", "Modul {n}")  # empty: its sessions belong to no module
    sessions: tuple[str, str] = ("Day {n}", "Dan {n}")
    has_terms: bool = False
    has_agenda: bool = False


ALL = (
    Template(
        "two-modules",
        _("Two modules of three days"),
        _("Whole days one after the other, the second module some weeks later."),
        modules=2,
        count=3,
    ),
    Template(
        "one-day",
        _("One-day event with an agenda"),
        _("A cluster day, a fair, a conference: one session, its agenda written at once."),
        modules=1,
        count=1,
        weekdays=(),
        start=time(10),
        end=time(16),
        breaks="13:00-14:00",
        parts=("", ""),
        sessions=("{programme}", "{programme}"),
        has_agenda=True,
    ),
    Template(
        "school",
        _("Three-year school profile with terms"),
        _("A day of every week of term, three years long; holidays are left out."),
        modules=6,
        count=1,
        weekdays=(),
        start=time(8),
        end=time(13),
        breaks="09:35-09:55",
        parts=("Year {year}, term {term}", "{year}. godina, {term}. polugodište"),
        has_terms=True,
    ),
    Template(
        "weekly",
        _("Weekly evening course"),
        _("One evening a week; an evening that falls on a holiday is added at the end."),
        modules=1,
        count=10,
        weekdays=(),
        start=time(18),
        end=time(20),
        breaks="",
        parts=("Evening course", "Večernji kurs"),
        sessions=("Evening {n}", "{n}. veče"),
    ),
)
BY_KEY = {template.key: template for template in ALL}
