"""Taking an import back: nothing of it stays, or nothing happens because something was built on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import folded
from accounts.models import User
from desk.loading.built_on import UNSENT, Told, put_together, refuse_if_built_on, some
from desk.loading.locked import refuse_if_locked
from desk.loading.marking import take_marks_back
from desk.loading.trail import keys
from ideas.models import (
    Criterion,
    Idea,
    IdeaText,
    Mentored,
    Nomination,
    Review,
    ReviewTask,
    Round,
    Score,
    Seat,
)
from ideas.services import rewrite, set_idea_state
from lib import bulk
from mentoring.models import Assignment, AssignmentChange, Goal, Mentor, Offer
from outcomes.models import (
    Answer,
    AnswerChange,
    Cost,
    Edition,
    Grant,
    GrantAmount,
    Invitation,
    Item,
    LogframeLine,
    Party,
    Question,
    Questionnaire,
    Result,
    Target,
    Wave,
    Wording,
)
from people.models import Enterprise, Membership, Person
from reminders.models import Reminder
from training.models import (
    Enrolment,
    Group,
    Headcount,
    Mark,
    Module,
    RosterEntry,
    Session,
    SessionChange,
    StateChange,
    Venue,
)
from training.services import change_session
from training.services.changes import note_change, was
from training.services.placing import meanwhile, refused_in_words

WORDS = ("title", "summary", "problem", "customer", "language")  # of an idea
# What may be made, the last first: no row goes before those that point to it. An idea never goes.
ORDER = (
    AnswerChange, Answer, Invitation, Wave, Item, Edition, Questionnaire, Wording, Question,
    GrantAmount, Grant, Cost, Party, Result, Target, LogframeLine,
    Score, Review, ReviewTask, Seat, Criterion, Round,
    AssignmentChange, Goal, StateChange, Mentored, Nomination, Headcount, Assignment, Offer, Membership,
    Mentor, RosterEntry, Session, Venue, Enrolment, Group, Enterprise, Person,
)  # fmt: skip


def withdrawn() -> str:
    """The reason an idea has whose import was taken back."""
    return _("The import that brought it was taken back.")


def was_withdrawn(idea: Idea) -> bool:
    if idea.state != Idea.State.DECLINED:
        return False
    for code, _name in settings.LANGUAGES:
        with override(code):
            if idea.reason == withdrawn():
                return True
    return False


@transaction.atomic
def take_back(parts: Sequence[dict], *, by: User | None, now: datetime) -> None:
    """Raises ValidationError, in words, where something was built on it."""
    told = put_together(parts)
    refuse_if_built_on(told)
    for rows in (told.made, told.changed):
        for model, held in rows.items():
            refuse_if_locked(model, held)
    with folded():
        _restore(told, by, now)
        _remove(told, by, now)


def _restore(told: Told, by: User | None, now: datetime) -> None:
    for model, rows in told.changed.items():
        if model is Session:
            for pk, fields in rows.items():
                _restore_session(Session.objects.get(pk=pk), _before(Session, fields), by, now)
        elif model is Idea:
            for pk, fields in rows.items():
                _restore_idea(Idea.objects.get(pk=pk), _before(Idea, fields), by, now)
        elif model in (Person, Enrolment):
            _restore_many(model, rows)
        else:
            again = {"revision": models.F("revision") + 1} if model in (Assignment, Goal) else {}
            for pk, fields in rows.items():
                model._base_manager.filter(pk=pk).update(**_before(model, fields), **again)


def _before(model: type[models.Model], fields: dict[str, list]) -> dict[str, Any]:
    said = {}
    for name, (before, _after) in fields.items():
        one = model._meta.get_field(name)
        is_plain = before is None or one.many_to_many or isinstance(one, models.JSONField)
        said[name] = before if is_plain else one.to_python(before)
    return said


def _restore_many(model: type[models.Model], rows: dict[int, dict[str, list]]) -> None:
    groups: dict[tuple, list[tuple]] = {}
    for pk, fields in rows.items():
        said = _before(model, fields)
        groups.setdefault(tuple(said), []).append((pk, *said.values()))
    for names, group in groups.items():
        for part in some(group):
            bulk.update(model, names, part)


def _restore_session(session: Session, said: dict[str, Any], by: User | None, now: datetime) -> None:
    """As it was; who was told of the import's time is told again, so its revision goes on."""
    if "cancelled_at" in said and said.pop("cancelled_at") is None:
        _uncancel(by, session, now)
    if "trainers" in said:
        said["trainers"] = list(Person.objects.filter(pk__in=_numbers(said["trainers"])))
    for name, model in (("venue", Venue), ("module", Module)):
        if f"{name}_id" in said:
            said[name] = model.objects.filter(pk=said.pop(f"{name}_id")).first()
    change_session(by=by, session=session, now=now, **said)


def _uncancel(by: User | None, session: Session, now: datetime) -> None:
    before = was(session)
    session.cancelled_at, session.revision = None, session.revision + 1
    with refused_in_words(by, session, None):
        session.save(update_fields=["cancelled_at", "revision"])
        session.leads.update(**meanwhile(session))
    note_change(by=by, session=session, before=before, step=SessionChange.Step.RESTORED, now=now)


def _restore_idea(idea: Idea, said: dict[str, Any], by: User | None, now: datetime) -> None:
    """Earlier words come back as a new version: no text of an idea is ever lost."""
    if said.keys() & {"text_id", "sector", "stage", "aims"}:
        text = IdeaText.objects.get(pk=said.pop("text_id", idea.text_id))
        words = {name: getattr(text, name) for name in WORDS}
        aims = idea.aims.model.objects.filter(pk__in=_numbers(said.pop("aims", keys(idea.aims.all()))))
        labels = {name: said.pop(name, getattr(idea, name)) for name in ("sector", "stage")}
        rewrite(by=by, idea=idea, aims=list(aims), now=now, **words, **labels)
    if said:
        Idea.objects.filter(pk=idea.pk).update(**said, revision=models.F("revision") + 1)
    if "state" in said:  # its way tells that it went back
        idea.changes.create(state=said["state"], at=now, by=by, reason=withdrawn())


def _remove(told: Told, by: User | None, now: datetime) -> None:
    if marks := told.made.pop(Mark, None):
        take_marks_back(marks, by=by, reason=withdrawn(), now=now)
    stays = told.made.pop(Idea, {})
    ideas = Idea.objects.in_bulk(list(stays))
    Mentored.objects.filter(idea__in=stays).delete()
    with_them = set(Nomination.objects.filter(idea__in=stays).values_list("pk", flat=True))
    kept = {pk: held for pk, held in told.made.get(Nomination, {}).items() if pk not in with_them}
    told.made[Nomination] = kept  # who nominated an idea that stays stays with it
    for idea in ideas.values():
        set_idea_state(by=by, idea=idea, state=Idea.State.DECLINED, reason=withdrawn(), now=now)
    for model in ORDER:
        for ids in some(list(told.made.get(model, {}))):
            paths = {Session: "session__in", Enrolment: "enrolment__in"}
            if model in paths:
                RosterEntry.objects.filter(**{paths[model]: ids}).delete()
            planned = Reminder.objects.filter(subject_type=model._meta.label_lower, subject_id__in=ids)
            planned.filter(state__in=UNSENT).delete()
            model._base_manager.filter(pk__in=ids).delete()
    for model, rows in told.removed.items():
        there = set(
            model._base_manager.filter(pk__in=[row["id"] for row in rows]).values_list("pk", flat=True)
        )
        model._base_manager.bulk_create(
            [model(**row) for row in rows if row["id"] not in there], ignore_conflicts=True
        )


def _numbers(said: str) -> list[int]:
    return [int(one) for one in said.split(",") if one]
