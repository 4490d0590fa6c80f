"""Many sessions in one go: planned from a proposal, moved, copied. All of them or none."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from lib.folding import fold as key_of
from people.models import Person, Programme
from people.services import save_programme
from training.models import Module, Session, Venue
from training.planning.proposing import Line, Part, Proposal, Shift
from training.services.places import kept_venue, save_module
from training.services.placing import release
from training.services.previews import asks_fold, examine, moved, session_of
from training.services.sessions import change_session, plan_session

COPIED = (
    "title", "title_sr", "kind", "break_minutes", "agenda", "agenda_sr", "by_invitation", "capacity", "venue",
    "zone", "day", "start", "end", "breaks",
)  # fmt: skip


@transaction.atomic
def plan_programme(
    *, by: User, tenant: Tenant, said: dict, proposal: Proposal, now: datetime, confirmed: bool = False
) -> Programme:
    """A new programme with its modules and sessions. `said` are the programme's fields; without dates it
    lasts from the first session to the last."""
    dates = {}
    if proposal.lines:
        dates = {"start": proposal.first, "end": proposal.last + timedelta(days=1)}
    given = {name: value for name, value in said.items() if name not in dates or value}
    programme = save_programme(by=by, tenant=tenant, **dates | given)
    plan_sessions(by=by, programme=programme, proposal=proposal, now=now, confirmed=confirmed)
    return programme


@transaction.atomic
def plan_sessions(
    *,
    by: User,
    programme: Programme,
    proposal: Proposal,
    trainers: Iterable[Person] = (),
    now: datetime,
    confirmed: bool = False,
) -> list[Session]:
    """The proposed modules and sessions of a programme; those of one module share a series. Venues that are
    only named yet are made.

    Raises ValidationError that names the session; code `roster` where people are expected elsewhere meanwhile
    and that is not `confirmed`.
    """
    if not proposal.lines:
        raise ValidationError(_("There is no session to plan."), code="empty")
    trainers, proposal = list(trainers), _with_venues(by, programme, proposal)
    if not confirmed:
        _confirm([session_of(programme, line) for line in proposal.lines], by=by, trainers=trainers)
    modules = _add_modules(by, programme, proposal)
    series = {part: uuid4() for part in {line.part for line in proposal.lines}}
    made = []
    for line in proposal.lines:
        with _named(line.title or line.title_sr, line.day):
            row = session_of(programme, line, modules.get(line.part))
            said = {name: getattr(row, name) for name in (*COPIED, "fold", "module")}
            made.append(
                plan_session(by=by, programme=programme, trainers=trainers, series=series[line.part], **said)
            )
    return made


@transaction.atomic
def move_series(
    *,
    by: User,
    sessions: Sequence[Session],
    shift: Shift,
    fold: int | None = None,
    now: datetime,
    confirmed: bool = False,
) -> list[Session]:
    """All of them by as many days, or to another time of day. Wall time is kept over clock changes."""
    rows = _movable(sessions)
    _check_not_closed(rows)
    if not shift:
        raise ValidationError(_("Say where to: this moves nothing."), code="empty")
    there = []
    for row in rows:
        with _named(row.heading, row.day):
            there.append(moved(row, shift, fold))
    if not confirmed:
        _confirm(there, by=by)
    release(rows)
    done = []
    for row in there:
        with _named(row.heading, row.day):
            where = {name: getattr(row, name) for name in ("day", "start", "end", "breaks")}
            which = {"fold": fold} if asks_fold(row) else {}
            done.append(change_session(by=by, session=row, now=now, **where, **which))
    return done


@transaction.atomic
def copy_series(
    *,
    by: User,
    sessions: Sequence[Session],
    first_day: date,
    into: Programme | None = None,
    as_modules: bool = False,
    fold: int | None = None,
    now: datetime,
    confirmed: bool = False,
) -> list[Session]:
    """The same plan once more, the first session on `first_day`, the others as far apart as they are.

    Into another programme, or `as_modules`, modules are copied too. Nobody's marks and rosters come along;
    trainers do, where they are trainers of that programme.
    """
    rows = _movable(sessions)
    days = (first_day - rows[0].day).days
    target = into or rows[0].programme
    copies = copied(rows, days, target, fold)
    if not confirmed:
        _confirm(copies, by=by)
    is_elsewhere = target.pk != rows[0].programme_id
    modules = _copy_modules(by, rows, target, days) if as_modules or is_elsewhere else {}
    known = set(Person.objects.filter(memberships__programme=target, memberships__role="trainer"))
    series = {row.series or row.module_id: uuid4() for row in rows}
    made = []
    for row, copy in zip(rows, copies, strict=True):
        trainers = [person for person in row.trainers.all() if not is_elsewhere or person in known]
        with _named(copy.heading, copy.day):
            made.append(
                plan_session(
                    by=by,
                    programme=target,
                    module=modules.get(row.module_id) if modules else row.module,
                    trainers=trainers,
                    series=series[row.series or row.module_id],
                    fold=copy.fold,
                    **{name: getattr(copy, name) for name in COPIED},
                )
            )
    return made


def copied(rows: Sequence[Session], days: int, target: Programme, fold: int | None) -> list[Session]:
    """These sessions so many days later, as new ones of the target programme, not saved."""
    copies = [Session(programme=target, **{name: getattr(row, name) for name in COPIED}) for row in rows]
    return [moved(copy, Shift(days=days), fold) for copy in copies]


def _movable(sessions: Sequence[Session]) -> list[Session]:
    """The rows in order of time. Raises ValidationError for one without a day, cancelled or closed."""
    rows = list(
        Session.objects.filter(pk__in=[session.pk for session in sessions])
        .select_related("programme__tenant", "module", "venue")
        .order_by("day", "start", "pk")
    )
    if not rows:
        raise ValidationError(_("Choose at least one session."), code="empty")
    for row in rows:
        if row.day is None:
            words = _("“%(title)s” has no day yet: give it one first.")
        elif row.cancelled_at:
            words = _("“%(title)s” was cancelled: leave it out.")
        else:
            continue
        raise ValidationError(words % {"title": row.heading}, code="state")
    return rows


def _check_not_closed(rows: Sequence[Session]) -> None:
    if closed := next((row for row in rows if row.closed_at), None):
        words = _("“%(title)s” took place and is closed: it cannot be moved.") % {"title": closed.heading}
        raise ValidationError(words, code="closed")


def _confirm(sessions: Sequence[Session], *, by: User, trainers: Iterable[Person] = ()) -> None:
    """Raises ValidationError (code `roster`) naming who is expected in two places."""
    apart = [session.pk for session in sessions if session.pk]
    seen = examine(sessions, reader=by, trainers=trainers, apart=apart)
    words = [(one.session, clash.words) for one in seen for clash in one.rosters]
    if words:
        raise ValidationError(
            [ValidationError(_say(s.heading, s.day, said), code="roster") for s, said in words]
        )


def _with_venues(by: User, programme: Programme, proposal: Proposal) -> Proposal:
    """The same at venues that are kept: those of one name are one."""

    made: dict[str, Venue] = {}

    def kept(row: Part | Line) -> Part | Line:
        venue = row.venue
        if venue is not None and not venue.pk:
            key = key_of(venue.name)
            made[key] = venue = made.get(key) or kept_venue(by=by, tenant=programme.tenant, venue=venue)
        return replace(row, venue=venue)

    return replace(proposal, parts=[*map(kept, proposal.parts)], lines=[*map(kept, proposal.lines)])


def _add_modules(by: User, programme: Programme, proposal: Proposal) -> dict[int, Module]:
    """The parts as modules; one whose number is taken gets the next free number."""
    used = {line.part for line in proposal.lines}
    taken = set(programme.modules.values_list("number", flat=True))
    made = {}
    for part in (part for part in proposal.parts if part.number in used):
        number = part.number if part.number not in taken else max(taken) + 1
        taken.add(number)
        made[part.number] = _add_module(by, programme, part, number, proposal.lines)
    return made


def _add_module(by: User, programme: Programme, part: Part, number: int, lines: Sequence[Line]) -> Module:
    days = [line.day for line in lines if line.part == part.number]
    return save_module(
        by=by,
        programme=programme,
        number=number,
        name=part.name or part.name_sr,
        name_sr=part.name_sr,
        venue=part.venue,
        start=min(days),
        end=max(days) + timedelta(days=1),
    )


def next_number(programme: Programme) -> int:
    """The number of the module that comes after those that are there."""
    return (programme.modules.aggregate(last=Max("number"))["last"] or 0) + 1


def _copy_modules(by: User, rows: Sequence[Session], target: Programme, days: int) -> dict[int, Module]:
    number = next_number(target)
    made = {}
    for module in {row.module: None for row in rows if row.module}:
        end = [row.day for row in rows if row.module_id == module.pk]
        by_fundings = target.project_id and target.project_id == rows[0].programme.project_id
        made[module.pk] = save_module(
            by=by,
            programme=target,
            number=number + len(made),
            name=module.name,
            name_sr=module.name_sr,
            venue=module.venue,
            start=min(end) + timedelta(days=days),
            end=max(end) + timedelta(days=days + 1),
            fundings=module.fundings.all() if by_fundings else None,
        )
    return made


@contextmanager
def _named(title: str, day: date) -> Iterator[None]:
    """A refusal inside names the session that it is about."""
    try:
        yield
    except ValidationError as error:
        found = [ValidationError(_say(title, day, words), code="session") for words in error.messages]
        raise ValidationError(found) from error


def _say(title: str, day: date | None, words: str) -> str:
    said = {"title": title, "day": formats.date_format(day) if day else "", "words": words}
    return _("“%(title)s”, %(day)s: %(words)s") % said
