"""The plan as it is read: in lines of what is said to how many, and reminder by reminder. Each page costs the
same however long the plan is."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from lib import clock
from lib.phones import international
from reminders.forms.plan import STATES, states_of
from reminders.kinds import KINDS
from reminders.letters import Letters
from reminders.models import Reminder, Rule
from reminders.plainly import plainly
from reminders.sayings import sentence_of
from reminders.services.messages import short_text
from reminders.services.telling import can_be_told
from reminders.ways.drafts import Draft, drafts

A_PAGE, LINES = 25, 25


class Counted(NamedTuple):
    state: str
    label: str
    n: int


class Group(NamedTuple):
    """What one rule says of one thing at one moment, to `n` people; `first` is one of them."""

    rule: Rule
    subject_id: int
    due: datetime
    title: str
    why: str
    n: int
    first: Reminder
    next_try: (
        datetime | None
    )  # where it is due already and waits: quiet hours, or the server asked for patience


class Line(NamedTuple):
    """One reminder: what it is about, why in plain words, and what it takes to tell her oneself."""

    row: Reminder
    about: str
    plain: str
    reason: str
    phone: str  # as it was typed
    text: str
    drafts: list[Draft]


def counted(rows: QuerySet[Reminder]) -> list[Counted]:
    """All states that occur, in the order of STATES."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    sums = [(state, label, sum(found.get(one, 0) for one in states_of(state))) for state, label in STATES]
    return [Counted(state, label, n) for state, label, n in sums if n]


def grouped(rows: QuerySet[Reminder], page: str | None, zone: str) -> tuple[Page, list[Group]]:
    """Thirty people who hear of one session are one line. Words of the active language, to nobody by name."""
    found = rows.order_by().values("rule", "subject_id", "due_at").annotate(
        n=Count("pk"), first=Min("pk"), next_try=Max("try_after")
    )  # fmt: skip
    shown = Paginator(found.order_by("due_at", "first"), LINES).get_page(page)
    firsts = Reminder.objects.select_related("rule__programme", "rule__module", "person__user")
    firsts = firsts.in_bulk([one["first"] for one in shown])
    letters = Letters(firsts.values())
    groups = []
    for one in shown:
        row = firsts.get(one["first"])  # gone between the two questions, or its subject is
        if row is None or (subject := letters.subject(row)) is None:
            continue
        title = KINDS[row.rule.kind].words(subject).subject
        due = clock.local(one["due_at"], zone)
        why = sentence_of(row.rule)
        groups.append(Group(row.rule, one["subject_id"], due, title, why, one["n"], row, one["next_try"]))
    return shown, groups


def listed(rows: QuerySet[Reminder], page: str | None, *, is_ahead: bool) -> tuple[Page, list[Line]]:
    """One page of them: what is ahead in its order, what is over from the end."""
    rows = rows.select_related("rule__programme", "person__user", "told_by")
    order = ("due_at", "pk") if is_ahead else ("-due_at", "-pk")
    shown = Paginator(rows.order_by(*order), A_PAGE).get_page(page)
    return shown, lines_of(shown)


def lines_of(rows: Iterable[Reminder]) -> list[Line]:
    rows = list(rows)
    letters = Letters(rows)
    return [line_of(row, letters) for row in rows]


def line_of(row: Reminder, letters: Letters) -> Line:
    """Somebody who only applied has no number; her address is looked up on the reminder's own page."""
    kind, subject = KINDS[row.rule.kind], letters.subject(row)
    about = kind.about(subject) if subject else ""
    if not can_be_told(row):
        return Line(row, about, plain_of(row), reason_of(row), "", "", [])
    to = kind.to(row)
    text = short_text(row, letters, to)
    number = international(to.phone, row.rule.programme.country)
    return Line(row, about, plain_of(row), reason_of(row), to.phone, text, drafts(text, number))


def plain_of(row: Reminder) -> str:
    """What the server's words mean; nothing where the reason is ours and plain."""
    is_servers = row.state in Reminder.TROUBLE or (row.state == Reminder.State.PLANNED and row.attempts)
    return plainly(row.reason) if is_servers else ""


def reason_of(row: Reminder) -> str:
    """Ours are kept in English; a server's words are nobody's to translate."""
    return _(row.reason) if row.reason else ""
