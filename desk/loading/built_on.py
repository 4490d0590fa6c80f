"""Was anything built on what an import made or changed? Then it is named, in words, and the import stays."""

from base64 import b64decode
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from desk.loading.marking import refuse_if_marked_since
from desk.loading.trail import A_PART, SHORT, digests, keys, plain
from ideas.models import Idea, IdeaChange, IdeaText
from mentoring.models import AssignmentChange
from reminders.models import Reminder
from training.models import (
    Attendance,
    Enrolment,
    Finding,
    Mark,
    RosterEntry,
    Session,
    SessionChange,
    SessionTrainer,
    StateChange,
    Venue,
)

# derived from others: goes with them, while nothing was marked
FOLLOWS = {RosterEntry, StateChange, AssignmentChange}
PARTS = {  # of the row itself
    (Idea, IdeaText), (Idea, IdeaChange), (Session, SessionTrainer), (Session, SessionChange),
    (Venue, SessionChange),
}  # fmt: skip
UNSENT = (Reminder.State.PLANNED, Reminder.State.DROPPED, Reminder.State.EXPIRED)
USES = {
    "training.mark": gettext_lazy("a mark"),
    "training.attendance": gettext_lazy("a mark"),
    "training.enrolment": gettext_lazy("somebody who takes part"),
    "training.session": gettext_lazy("a session"),
    "training.headcount": gettext_lazy("a headcount"),
    "training.finding": gettext_lazy("an exception from a rule"),
    "training.sessionlog": gettext_lazy("a note of a session"),
    "training.sessiontrainer": gettext_lazy("a session"),
    "training.module": gettext_lazy("a module"),
    "mentoring.mentor": gettext_lazy("a mentor"),
    "mentoring.offer": gettext_lazy("what a mentor offers"),
    "mentoring.need": gettext_lazy("a need"),
    "mentoring.assignment": gettext_lazy("an assignment"),
    "mentoring.goal": gettext_lazy("a goal"),
    "mentoring.meeting": gettext_lazy("a meeting"),
    "ideas.nomination": gettext_lazy("a nomination"),
    "ideas.reviewtask": gettext_lazy("a review"),
    "ideas.mentored": gettext_lazy("an idea that is carried on"),
    "ideas.declaredconflict": gettext_lazy("a declared conflict"),
    "ideas.review": gettext_lazy("a review"),
    "ideas.score": gettext_lazy("a review"),
    "ideas.criterion": gettext_lazy("a criterion"),
    "ideas.selection": gettext_lazy("a decision on ideas"),
    "ideas.assigningrun": gettext_lazy("a run of assigning"),
    "ideas.seat": gettext_lazy("a seat among the reviewers"),
    "outcomes.answer": gettext_lazy("an answer"),
    "outcomes.answerchange": gettext_lazy("an answer that was changed"),
    "outcomes.invitation": gettext_lazy("somebody who is asked"),
    "outcomes.contact": gettext_lazy("an attempt to reach her"),
    "outcomes.wave": gettext_lazy("a wave"),
    "outcomes.item": gettext_lazy("a questionnaire"),
    "outcomes.wording": gettext_lazy("a question"),
    "people.membership": gettext_lazy("a role"),
    "people.consent": gettext_lazy("a consent"),
    "people.ownership": gettext_lazy("a share in an enterprise"),
    "people.affiliation": gettext_lazy("a role in an organisation"),
    "reminders.reminder": gettext_lazy("a letter that was sent"),
    "outcomes.target": gettext_lazy("a target"),
    "outcomes.logframeline": gettext_lazy("a line of the logframe"),
    "outcomes.result": gettext_lazy("a result"),
    "outcomes.evidence": gettext_lazy("what shows a result"),
    "outcomes.party": gettext_lazy("a result"),
    "outcomes.cost": gettext_lazy("a cost"),
    "outcomes.grant": gettext_lazy("a grant"),
    "outcomes.grantamount": gettext_lazy("a grant"),
}


@dataclass
class Told:
    """The parts put together, by model."""

    made: dict[type, dict[int, bytes]] = field(default_factory=dict)  # with the digest of what it held
    changed: dict[type, dict[int, dict[str, list]]] = field(default_factory=dict)
    removed: dict[type, list[dict[str, Any]]] = field(default_factory=dict)


def put_together(parts: Sequence[dict]) -> Told:
    told = Told()
    for part in parts:
        model = apps.get_model(part["model"])
        if "made" in part:
            ids = [pk for first, count in part["made"] for pk in range(first, first + count)]
            held = b64decode(part["digests"])
            pairs = {pk: held[n * SHORT : (n + 1) * SHORT] for n, pk in enumerate(ids)}
            told.made.setdefault(model, {}).update(pairs)
        for pk, fields in part.get("changed", {}).items():
            told.changed.setdefault(model, {})[int(pk)] = fields
        told.removed.setdefault(model, []).extend(part.get("removed", ()))
    return told


def _hold(told: Told) -> None:
    """Nobody builds on these rows while they are looked at. (SQLite has one writer at a time anyway.)"""
    if connection.vendor != "postgresql":
        return
    for rows in (told.made, told.changed):
        for model, held in rows.items():
            for ids in some(list(held)):
                list(
                    model._base_manager.select_for_update()
                    .filter(pk__in=ids)
                    .order_by("pk")
                    .values_list("pk")
                )


def refuse_if_built_on(told: Told) -> None:
    """Raises ValidationError naming what stands in the way. Nobody adds more until the transaction ends."""
    _hold(told)
    if marks := told.made.get(Mark):  # never changed, never gone: only marked over
        refuse_if_marked_since(marks)
    for model, rows in told.made.items():
        if model is Mark:
            continue
        for ids in some(list(rows)):
            _not_used(model, ids, told)
            _not_edited(model, ids, rows)
    for model, rows in told.changed.items():
        _not_changed_again(model, rows)


def _not_edited(model: type[models.Model], ids: list[int], rows: dict[int, bytes]) -> None:
    if model in FOLLOWS:
        return
    now = dict(zip(ids, digests(model, ids), strict=True))
    if other := next((pk for pk in ids if now[pk] != rows[pk]), None):
        raise ValidationError(_edited(model, other))


def _edited(model: type[models.Model], pk: int) -> str:
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return _("Something that this import made is gone by now: it cannot be taken back.")
    entry = AuditEntry.objects.filter(object_type=model._meta.label_lower, object_id=pk).last()
    if entry and entry.by:
        words = _("“%(what)s” was changed after this import, by %(who)s: it cannot be taken back.")
        return words % {"what": row, "who": entry.by}
    words = _("“%(what)s” was changed after this import, by hand or by a later import: take that back first.")
    return words % {"what": row}


def _not_used(model: type[models.Model], ids: list[int], told: Told) -> None:
    """Does a row of somebody else point to one of these?"""
    for link in model._meta.get_fields(include_hidden=True):
        if not link.auto_created or link.concrete or link.many_to_many:
            continue
        other, name = link.related_model, link.field.name
        if other._meta.auto_created is model or other in FOLLOWS or (model, other) in PARTS:
            continue
        if other is Attendance:  # of an entry: told by whose mark decides, below
            continue
        rows = other._base_manager.filter(**{f"{name}__in": ids})
        if other is Reminder:
            rows = rows.exclude(state__in=UNSENT)
        if other is Finding:  # what was only looked at goes with her; what somebody decided stays
            rows = rows.exclude(excepted_at=None)
        own = told.made.get(other, {}).keys() | _pointed(told, other, link.field.attname)
        for row in rows.order_by("pk").iterator(A_PART) if own else rows.order_by("pk")[:1]:
            if row.pk not in own:
                raise ValidationError(_used(getattr(row, name), other, row))
    _not_marked(model, ids, told.made.get(Mark, {}))
    sent = Reminder.objects.filter(subject_type=model._meta.label_lower, subject_id__in=ids)
    if letter := sent.exclude(state__in=UNSENT).first():
        raise ValidationError(_used(model._base_manager.get(pk=letter.subject_id), Reminder, letter))


def _pointed(told: Told, model: type[models.Model], name: str) -> set[int]:
    """Rows that this import made point elsewhere: they go back to where they pointed."""
    return {pk for pk, fields in told.changed.get(model, {}).items() if name in fields}


def _not_marked(model: type[models.Model], ids: list[int], ours: Container[int]) -> None:
    paths = {RosterEntry: "entry__in", Session: "entry__session__in", Enrolment: "entry__enrolment__in"}
    marks = Attendance.objects.filter(**{paths[model]: ids}) if model in paths else ()
    if mark := next((one for one in marks if one.mark_id not in ours), None):
        what = mark.entry.session if model is Session else mark.entry.enrolment
        raise ValidationError(_used(what, Attendance, mark))


def _used(what: models.Model, other: type[models.Model], row: models.Model) -> str:
    label = other._meta.auto_created or other
    kind = USES.get(label._meta.label_lower, label._meta.verbose_name)
    words = _("“%(what)s” is in use by now: %(kind)s (%(row)s). Take that back first.")
    return words % {"what": what, "kind": kind, "row": row}


def _not_changed_again(model: type[models.Model], rows: dict[int, dict[str, list]]) -> None:
    for ids in some(list(rows)):
        here = {row.pk: row for row in model._base_manager.filter(pk__in=ids)}
        for pk in ids:
            if pk not in here:
                raise ValidationError(_edited(model, pk))
            for name, (_before, after) in rows[pk].items():
                if plain(value_of(here[pk], name)) != plain(after):
                    raise ValidationError(_edited(model, pk))


def value_of(row: models.Model, name: str) -> Any:
    """What stands in an attribute; of a list of other rows, their keys as a text."""
    if row._meta.get_field(name).many_to_many:
        return keys(getattr(row, name).all())
    return getattr(row, name)


def some(rows: list) -> Iterator[list]:
    for start in range(0, len(rows), A_PART):
        yield rows[start : start + A_PART]
