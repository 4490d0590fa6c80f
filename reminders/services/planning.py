"""What is due is read from the records and written down once. Any number of planners may run."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.models import Programme
from reminders.kinds import KINDS, questionnaires
from reminders.models import Reminder, Rule
from reminders.services.around import Around, Settled
from reminders.services.claiming import has_time

PLANNED, DROPPED = Reminder.State.PLANNED, Reminder.State.DROPPED
BATCH = 500
SETTLED = ("due_at", "wanted_at", "channel", "rhythm", "send_before")
ROW = ("pk", "state", "attempts", "unsure", "carrier", "person", "subject_id", "subject_revision", *SETTLED)
Key = tuple[int | None, int, int]  # person, subject, revision

log = logging.getLogger(__name__)


def plan(now: datetime) -> int:
    """Write down what is due by the records and is not planned yet; drop what no longer is. Returns how many
    were planned. Any number of planners may run: the row is unique by rule, person, subject and revision. A
    rule whose setting is bad is left out (`trouble` says it), and the others go on."""
    _give_rules(now)
    around, planned = Around(), 0
    for rule in Rule.objects.filter(is_on=True, kind__in=KINDS).select_related("programme"):
        try:
            with override(None):  # reasons are written in our own language, and read in the reader's
                planned += _plan_rule(rule, around, now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("rule %s was left out", rule.pk)
    return planned


def _give_rules(now: datetime) -> None:
    """A programme that is not over has the usual rules, and a coordinator changes them; one that somebody
    applied for, or that asks somebody, has the rules for that in any case."""
    going_on = Programme.objects.filter(Q(end=None) | Q(end__gt=now.date())).order_by()
    wanted = {(pk, kind) for pk in going_on.values_list("pk", flat=True) for kind in KINDS}
    for kind in Rule.ALWAYS_ON:
        unconfirmed = KINDS[kind].model.objects.filter(confirmed_at=None).order_by()
        applied = set(unconfirmed.values_list("programme", flat=True))
        wanted |= {(pk, kind) for pk in applied}
    wanted |= {(pk, kind) for pk in questionnaires.asking(now) for kind in Rule.ASKING}
    there = set(Rule.objects.order_by().values_list("programme", "kind"))
    rows = [
        Rule(
            programme_id=pk,
            kind=kind,
            is_on=KINDS[kind].starts_on,
            at_hour=KINDS[kind].hour,
            after_days=KINDS[kind].days,
        )
        for pk, kind in sorted(wanted - there)
    ]
    Rule.objects.bulk_create(rows, ignore_conflicts=True)


def found_by(rule: Rule, around: Around, now: datetime) -> dict[Key, Settled | None]:
    """Whom the rule tells of what by the records: settled, or None where she does not want it."""
    kind = KINDS[rule.kind]
    return {
        (due.person_id, due.subject_id, due.revision): around.settled(kind, rule, due)
        for due in kind.due(rule, now)
    }


def _plan_rule(rule: Rule, around: Around, now: datetime) -> int:
    found = found_by(rule, around, now)
    lasting: dict[tuple, list[int]] = {}
    gone, again, known = [], [], set()
    for pk, state, attempts, unsure, carrier, *rest in _rows(rule, {key[1] for key in found}):
        key = tuple(rest[:3])
        known.add(key)
        wanted = found.get(key)
        is_untouched = not attempts and not unsure and carrier is None  # nobody tried to send it yet
        if state == DROPPED:
            again += [pk] if wanted and unsure <= 1 else []
        elif state == PLANNED and wanted is None:
            gone.append(pk)
        elif state == PLANNED and is_untouched and wanted != tuple(rest[3:]):
            lasting.setdefault(wanted, []).append(pk)
    new = [(key, settled) for key, settled in found.items() if settled and key not in known]
    _write(rule, new)
    _settle_anew(lasting)
    _drop(rule, gone, found, now)
    return len(new) + _take_up(rule, again, found, now)


def _rows(rule: Rule, subjects: set[int]) -> Iterator[tuple]:
    """What is written down already of these subjects, and all that is still planned."""
    rows = rule.reminders.order_by()
    if len(subjects) <= BATCH:
        rows = rows.filter(Q(state=PLANNED) | Q(subject_id__in=subjects))
    return rows.values_list(*ROW).iterator(chunk_size=2000)


def _write(rule: Rule, new: Sequence[tuple[Key, Settled]]) -> None:
    kind = KINDS[rule.kind]
    for some in _batches(new):
        rows = [
            Reminder(
                rule=rule,
                person_id=person,
                subject_type=kind.subject_type,
                subject_id=subject,
                subject_revision=revision,
                **settled._asdict(),
            )
            for (person, subject, revision), settled in some
        ]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _settle_anew(lasting: dict[Settled, list[int]]) -> None:
    """Her choice, her zone, the quiet hours or the records' hour are others than when it was planned."""
    for settled, keys in lasting.items():
        for some in _batches(keys):
            rows = Reminder.objects.filter(pk__in=some, state=PLANNED, attempts=0)
            rows.update(**settled._asdict())


def _drop(rule: Rule, keys: list[int], found: dict[Key, Settled | None], now: datetime) -> None:
    """What is planned and was not found: not true any more, of an old revision, or not wanted. What is only
    out of sight (a session that is about to begin) stays."""
    newer = {(person, subject) for person, subject, _revision in found}
    for rows in _read(keys):
        reasons = KINDS[rule.kind].untrue_of(rows, now)
        for row in rows:
            known_as = (row.person_id, row.subject_id, row.subject_revision)
            if known_as in found:
                reasons[row.pk] = _("She does not want these messages.")
            elif not reasons.get(row.pk) and known_as[:2] in newer:
                reasons[row.pk] = _("It was changed since.")
        by_reason: dict[str, list[int]] = {}
        for pk, words in reasons.items():
            by_reason.setdefault(words, []).append(pk)
        for words, some in by_reason.items():
            if words:
                rows = Reminder.objects.filter(pk__in=some, state=PLANNED)
                rows.update(state=DROPPED, reason=words)


def _take_up(rule: Rule, keys: list[int], found: dict[Key, Settled | None], now: datetime) -> int:
    """Dropped, and due again (she is back on the roster, she wants it after all): planned again, because it
    never went, or may have gone once and may go once more. Returns how many."""
    count = 0
    for rows in _read(keys):
        reasons = KINDS[rule.kind].untrue_of(rows, now)
        for row in rows:
            settled = found[row.person_id, row.subject_id, row.subject_revision]
            if reasons.get(row.pk) or not _may_go(row, now):
                continue
            fields = {"claim": None, "try_after": None, "reason": ""} | settled._asdict()
            if not row.unsure:  # what may have arrived keeps the name that it went under
                fields |= {"carrier": None, "attempts": 0}
            count += Reminder.objects.filter(pk=row.pk, state=DROPPED, unsure=row.unsure).update(
                state=PLANNED, **fields
            )
    return count


def _may_go(row: Reminder, now: datetime) -> bool:
    """Did it certainly never go, or may it go once more?"""
    return not row.unsure or (has_time(row, now) and not KINDS[row.rule.kind].holds_unsure)


def _read(keys: list[int]) -> Iterator[list[Reminder]]:
    for some in _batches(keys):
        yield list(Reminder.objects.filter(pk__in=some).select_related("rule__programme", "person"))


def _batches(rows: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
