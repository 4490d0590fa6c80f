"""Figures that are counted by code, row by row: attendance, meetings, ideas, goals, enterprises, results."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from ideas.models import Idea, Nomination, Review
from lib import clock
from mentoring.models import Assignment, Goal, Meeting
from outcomes.models import Invitation, Result
from outcomes.scope import Scope
from people.models import Ownership
from people.woman_owned import Owner, woman_owned
from training.models import Attendance, Enrolment, Module, RosterEntry, Session

Found = tuple[object, set]  # value and keys of the rows behind it
PLACED = ("enrolled", "completed")
THERE = ("present", "late", "left_early", "half_day")


def share(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def within(scope: Scope, day: date | None) -> bool:
    return day is not None and scope.start <= day < scope.end


def paid(scope: Scope) -> list[Session]:
    """Sessions that the scope pays for, not called off: of a programme paid for in part its modules only."""
    part = {one.programme_id for one in Module.objects.all() if one.pk in scope.modules}
    rows = Session.objects.filter(programme__in=[*part, *(one.pk for one in scope.programmes)])
    return [
        row
        for row in rows
        if row.cancelled_at is None and (row.programme_id not in part or row.module_id in scope.modules)
    ]


def begun(scope: Scope, session) -> bool:
    if session.starts_at is not None:
        return session.starts_at <= scope.now
    return session.day is not None and session.day <= scope.today


def marked(scope: Scope, since: date | None = None) -> list[Attendance]:
    """Of sessions held in the period (or since a day)."""
    first = since or scope.start
    held = {
        one.pk
        for one in paid(scope)
        if one.day is not None and first <= one.day < scope.end and begun(scope, one)
    }
    rows = Attendance.objects.filter(entry__session__programme__in=scope.programmes)
    rows = rows.select_related("entry__session", "entry__enrolment")
    return [row for row in rows if row.entry.session_id in held]


def attended(scope: Scope, since: date | None = None) -> list[Attendance]:
    return [row for row in marked(scope, since) if row.status in THERE]


def meetings(scope: Scope, since: date | None = None) -> list[Meeting]:
    rows = Meeting.objects.filter(assignment__programme__in=scope.programmes)
    return [
        row
        for row in rows.select_related("assignment__enrolment")
        if row.cancelled_at is None
        and (since or scope.start) <= row.day < scope.end
        and row.day <= scope.today
    ]


def firsts(pairs, scope: Scope) -> set:
    """Keys whose first day lies in the period."""
    first: dict = {}
    for key, day in pairs:
        first[key] = min(day, first.get(key, day))
    return {key for key, day in first.items() if scope.start <= day < scope.end}


def _persons(scope: Scope, placed: bool) -> Found:
    found = set()
    for row in Enrolment.objects.filter(programme__in=scope.programmes).select_related("person", "group"):
        late = row.applied_on is not None and row.applied_on >= scope.end
        place = row.state in PLACED or row.roster.exists()
        if late or (placed and (not place or (row.group_id and row.group.is_control))):
            continue
        found.add(row.person.joined_to_id or row.person_id)
    return len(found), found


def took_part(scope: Scope) -> Found:
    rows = attended(scope, scope.since)
    found = firsts(((r.entry.enrolment.person_id, r.entry.session.day) for r in rows), scope)
    return len(found), found


def places(scope: Scope) -> Found:
    rows = [row.entry for row in attended(scope) if row.entry.session.module_id is not None]
    found = {(row.enrolment.person_id, row.session.module_id) for row in rows}
    return len(found), found


def hours(scope: Scope) -> Found:
    rows = attended(scope)
    return round(sum(row.minutes or 0 for row in rows) / 60, 1), {row.pk for row in rows}


def attendance(scope: Scope) -> Found:
    there = attended(scope)
    return share(len(there), len(marked(scope))), {row.pk for row in there}


def completion(scope: Scope) -> Found:
    came, done = set(), set()
    for programme in scope.programmes:
        sessions = [one for one in paid(scope) if one.programme_id == programme.pk]
        days = [one.day for one in sessions if one.day is not None]
        if not days or not within(scope, max(days)):
            continue
        there = Attendance.objects.filter(entry__session__in=sessions, status__in=THERE)
        for enrolment in {row.entry.enrolment for row in there.select_related("entry__enrolment")}:
            came.add(enrolment.person_id)
            entries = RosterEntry.objects.filter(enrolment=enrolment, session__cancelled_at=None)
            planned = sum(entry.planned_minutes or 0 for entry in entries)
            had = sum(_minutes(entry) for entry in entries if entry.planned_minutes is not None)
            if enrolment.state in PLACED and planned and 100 * had >= programme.completion_share * planned:
                done.add(enrolment.person_id)
    return share(len(done), len(came)), done


def _minutes(entry: RosterEntry) -> int:
    row = Attendance.objects.filter(entry=entry).first()
    return (row.minutes or 0) if row else 0


def mentoring_hours(scope: Scope) -> Found:
    rows = meetings(scope)
    return round(sum(row.minutes for row in rows) / 60, 1), {row.pk for row in rows}


def met(scope: Scope) -> Found:
    rows = meetings(scope, scope.since)
    found = firsts(((row.assignment.enrolment.person_id, row.day) for row in rows), scope)
    return len(found), found


def premises(scope: Scope) -> Found:
    rows = meetings(scope)
    here = [row for row in rows if row.place == "premises"]
    return share(sum(r.minutes for r in here), sum(r.minutes for r in rows)), {row.pk for row in here}


def reached_hours(scope: Scope) -> Found:
    agreed, had = defaultdict(int), defaultdict(int)
    people = met(scope)[1]
    for row in Assignment.objects.filter(programme__in=scope.programmes).select_related("enrolment"):
        if row.state in Assignment.COUNTED and row.agreed_hours and row.enrolment.person_id in people:
            agreed[row.enrolment.person_id] += row.agreed_hours
    for row in meetings(scope, date.min):
        had[row.assignment.enrolment.person_id] += row.minutes
    found = {person for person, wanted in agreed.items() if had[person] >= 60 * wanted}
    return share(len(found), len(agreed)), found


def ideas(scope: Scope) -> set[int]:
    rows = Nomination.objects.filter(idea__programme__in=scope.programmes)
    return firsts(
        (
            (row.idea_id, clock.local(row.at, scope.zone).date())
            for row in rows
            if clock.local(row.at, scope.zone).date() >= scope.since
        ),
        scope,
    )


def reviewed(scope: Scope) -> Found:
    end = scope.midnight(scope.end)
    rows = Review.objects.filter(task__idea__in=ideas(scope)).select_related("task")
    found = {row.task.idea_id for row in rows if row.handed_in_at and row.handed_in_at < end}
    return len(found), found


def carried(scope: Scope) -> Found:
    found = {one.pk for one in Idea.objects.filter(pk__in=ideas(scope)) if one.state in Idea.CARRIED_ON}
    return len(found), found


def reviews(scope: Scope) -> Found:
    rows = Review.objects.filter(task__idea__programme__in=scope.programmes)
    start, end = scope.midnight(scope.start), scope.midnight(scope.end)
    found = {row.pk for row in rows if row.handed_in_at and start <= row.handed_in_at < end}
    return len(found), found


def enterprises(scope: Scope) -> set[int]:
    there = [
        (row.entry.enrolment.enterprise_id, row.entry.session.day) for row in attended(scope, scope.since)
    ]
    had = [(row.assignment.enrolment.enterprise_id, row.day) for row in meetings(scope, scope.since)]
    return firsts(((firm, day) for firm, day in there + had if firm is not None), scope)


def by_women(scope: Scope) -> Found:
    day = min(scope.end - timedelta(days=1), scope.today)
    found = {True: set(), False: set(), None: set()}
    for firm in enterprises(scope):
        rows = Ownership.objects.filter(enterprise=firm).select_related("person").order_by("pk")
        owners = [
            Owner(row.person.sex, row.share, row.is_founder, row.is_manager)
            for row in rows
            if row.held_on(day)
        ]
        found[woman_owned(owners, scope.woman_owned)].add(firm)
    return share(len(found[True]), len(found[True]) + len(found[False])), found[True]


def goals(scope: Scope) -> Found:
    rows = Goal.objects.filter(assignment__programme__in=scope.programmes).select_related("assignment")
    due = [
        row
        for row in rows
        if within(scope, row.due) and row.due <= scope.today and row.assignment.state in Assignment.COUNTED
    ]
    found = {row.pk for row in due if row.state == "reached"}
    return share(len(found), len(due)), found


def response(scope: Scope) -> Found:
    rows = Invitation.objects.filter(wave__programme__in=scope.programmes, wave__kind="follow_up")
    asked = [
        row
        for row in rows.select_related("wave")
        if within(scope, row.wave.opens) and row.wave.opens <= scope.today and row.state != "withdrawn"
    ]
    found = {row.pk for row in asked if row.state in ("answered", "partial")}
    return share(len(found), len(asked)), found


def baselines(scope: Scope) -> Found:
    whole, found = _persons(scope, True)[1], set()
    rows = Invitation.objects.filter(wave__programme__in=scope.programmes, enrolment__isnull=False)
    for row in rows.select_related("wave", "enrolment__person"):
        who = row.enrolment.person.joined_to_id or row.enrolment.person_id
        when = row.answered_at or row.begun_at or row.state_at
        said = row.state in ("answered", "partial") and when < scope.midnight(scope.end)
        if said and row.wave.kind in ("baseline", "application") and who in whole:
            found.add(who)
    return share(len(found), len(whole)), found


def _came(scope: Scope) -> list[Invitation]:
    rows = Invitation.objects.filter(wave__programme__in=scope.programmes).select_related("wave")
    start, end = scope.midnight(scope.start), scope.midnight(scope.end)
    return [row for row in rows if row.answered_at and start <= row.answered_at < end]


def late(scope: Scope) -> Found:
    rows = _came(scope)
    found = {row.pk for row in rows if row.is_late}
    return share(len(found), len(rows)), found


def days_late(scope: Scope) -> Found:
    rows = [row for row in _came(scope) if row.is_late]
    days = [
        (clock.local(row.answered_at, scope.zone).date() - row.wave.closes).days + 1
        for row in rows
        if row.wave.closes
    ]
    return (median(days) if days else None), {row.pk for row in rows}


def results(spec: dict, scope: Scope) -> Found:
    rows = [
        row
        for row in Result.objects.filter(programme__in=scope.programmes)
        if row.withdrawn_at is None and row.kind in spec["kinds"] and within(scope, row.day)
    ]
    if spec.get("sum"):
        known = [float(row.number) for row in rows if row.number is not None]
        return (round(sum(known), 4) if known or not rows else None), {row.pk for row in rows}
    return len(rows), {row.pk for row in rows}


def _of(found: set) -> Found:
    return len(found), found


RECOUNTED: dict[str, Callable[[Scope], Found]] = {
    "F-01": lambda scope: _persons(scope, False),
    "F-02": lambda scope: _persons(scope, True),
    "OP-01": took_part,
    "OP-02": places,
    "OP-03": lambda scope: _of(enterprises(scope)),
    "OP-04": by_women,
    "OP-05": hours,
    "OP-06": attendance,
    "OP-07": completion,
    "OP-08": mentoring_hours,
    "OP-08.2": met,
    "OP-08.3": premises,
    "OP-08.4": reached_hours,
    "OP-09": lambda scope: _of(ideas(scope)),
    "OP-09.2": reviewed,
    "OP-09.3": carried,
    "OP-09.4": reviews,
    "OC-05": goals,
    "DQ-01": response,
    "DQ-02": baselines,
    "DQ-03": late,
    "DQ-03.2": days_late,
}
