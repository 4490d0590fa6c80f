"""The verbs of an idea: nominate it, join it, rewrite it, change its state, carry it on."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas import conflicts
from ideas.models import Aim, Idea, IdeaText, Mentored, Nomination
from ideas.sectors import SECTORS
from ideas.services.rounds import drop_new_conflicts
from lib import clock
from mentoring.models import Assignment
from people.models import Programme
from training.models import Enrolment, Session

NEEDS_REASON = (Idea.State.DECLINED, Idea.State.STOPPED)
DECISIONS = (Idea.State.SHORTLISTED, Idea.State.WAITING, *NEEDS_REASON)


@transaction.atomic
def nominate(
    *,
    by: User | None,
    enrolment: Enrolment,
    session: Session | None = None,
    title: str,
    summary: str = "",
    problem: str = "",
    customer: str = "",
    sector: str = "",
    aims: Iterable[Aim] = (),
    stage: str | None = None,
    language: str = "",
    operation: UUID,
    now: datetime,
    source: str = "",
    source_id: str = "",
) -> Idea:
    """A new idea with its first nominator. The same operation again returns the same idea.

    `by` is None when she nominates it herself, by code. Raises ValidationError by field.
    """
    programme = _lock(enrolment.programme_id)
    if done := _nominated_with(operation, enrolment):
        return done.idea
    _check_nominator(enrolment, session, loaded=bool(source))
    words = _clean_words(title=title, summary=summary, problem=problem, customer=customer)
    aims = _clean_labels(programme, sector, stage, aims)
    idea = Idea.objects.create(
        programme=programme,
        number=(programme.ideas.aggregate(last=Max("number"))["last"] or 0) + 1,
        sector=sector,
        stage=stage or None,
        state_at=now,
        state_by=by,
        created_at=now,
        source=source,
        source_id=source_id,
    )
    _write(idea, by, words, language, now)
    idea.aims.set(aims)
    idea.nominations.create(operation=operation, enrolment=enrolment, session=session, by=by, at=now)
    audit(by, "nominated", idea, ["text", "sector", "stage", "aims", "nominations"], tenant=programme.tenant)
    return idea


@transaction.atomic
def add_nominator(
    *,
    by: User | None,
    idea: Idea,
    enrolment: Enrolment,
    session: Session | None = None,
    operation: UUID,
    now: datetime,
    source: str = "",
) -> Nomination:
    """Somebody else puts the same idea forward. Once a person; again changes nothing. A reviewer who has a
    conflict with her, and has not judged the idea yet, loses it."""
    _lock(idea.programme_id)
    if done := _nominated_with(operation, enrolment) or idea.nominations.filter(enrolment=enrolment).first():
        return done
    if enrolment.programme_id != idea.programme_id:
        raise ValidationError(_("This idea belongs to another programme."))
    _check_nominator(enrolment, session, loaded=bool(source or idea.source))
    nomination = idea.nominations.create(
        operation=operation, enrolment=enrolment, session=session, by=by, at=now
    )
    audit(by, "joined", idea, ["nominations"], tenant=idea.programme.tenant)
    drop_new_conflicts(by=by, idea=idea, now=now)
    return nomination


@transaction.atomic
def rewrite(
    *,
    by: User | None,
    idea: Idea,
    title: str,
    summary: str = "",
    problem: str = "",
    customer: str = "",
    sector: str = "",
    aims: Iterable[Aim] = (),
    stage: str | None = None,
    now: datetime,
) -> Idea:
    """Other words for an idea: a new version; the old ones stay. The same words again change nothing."""
    _lock(idea.programme_id)
    idea.refresh_from_db()
    words = _clean_words(title=title, summary=summary, problem=problem, customer=customer)
    aims = _clean_labels(idea.programme, sector, stage, aims)
    if any(getattr(idea.text, name) != value for name, value in words.items()):
        _write(idea, by, words, idea.text.language, now, version=idea.text.version + 1)
    idea.sector, idea.stage, idea.revision = sector, stage or None, idea.revision + 1
    idea.save(update_fields=["sector", "stage", "revision"])
    idea.aims.set(aims)
    audit(by, "rewrote", idea, ["text", "sector", "stage", "aims"], tenant=idea.programme.tenant)
    return idea


@transaction.atomic
def set_idea_state(
    *,
    by: User | None,
    idea: Idea,
    state: str,
    reason: str = "",
    decided_elsewhere: bool = False,
    now: datetime,
) -> Idea:
    """Another state, with its date, person and reason. Declining and stopping need a reason, and so does a
    decision in spite of a conflict of interest with a nominator; not what was decided elsewhere and is only
    written down here."""
    reason = reason.strip()
    if state not in Idea.State.values:
        raise ValidationError({"state": _("“%(state)s” is no state of an idea.") % {"state": state}})
    if state in NEEDS_REASON and not reason:
        raise ValidationError({"reason": _("Say why: the entrepreneur may ask.")})
    if len(reason) > 300:
        raise ValidationError({"reason": _("At most 300 characters.")})
    if state in DECISIONS and not reason and not decided_elsewhere:
        _check_decision(by, idea, now)
    changed = Idea.objects.filter(pk=idea.pk).exclude(state=state, reason=reason)
    if changed.update(state=state, reason=reason, state_at=now, state_by=by, revision=F("revision") + 1):
        audit(by, "set state", idea, ["state", "reason"], tenant=idea.programme.tenant)
    idea.refresh_from_db()
    return idea


@transaction.atomic
def carry_on(*, by: User | None, idea: Idea, assignment: Assignment, now: datetime) -> Mentored:
    """The idea is worked on in an assignment of one of its nominators."""
    if assignment.programme_id != idea.programme_id:
        raise ValidationError(_("This assignment belongs to another programme."))
    if not idea.nominations.filter(enrolment=assignment.enrolment_id).exists():
        raise ValidationError(_("This assignment is not of somebody who nominated the idea."))
    if assignment.state == Assignment.State.DECLINED:
        raise ValidationError(_("This assignment was declined."))
    mentored, is_new = Mentored.objects.get_or_create(idea=idea, assignment=assignment)
    if is_new:
        audit(by, "carried on", idea, ["mentored"], tenant=idea.programme.tenant)
        if idea.state not in Idea.CARRIED_ON:
            set_idea_state(by=by, idea=idea, state=Idea.State.IN_MENTORING, now=now)
    return mentored


def _check_decision(by: User | None, idea: Idea, now: datetime) -> None:
    if words := conflicts.deciding(by, idea, clock.local(now, idea.programme.zone).date()):
        raise ValidationError({"reason": [*words, _("Say why you decide on it all the same.")]})


def _lock(programme_id: int) -> Programme:
    """One nomination at a time in a programme, so that numbers have no gap and a double tap finds the first
    one. (SQLite has one writer at a time anyway.)"""
    rows = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    return rows.get(pk=programme_id)


def _nominated_with(operation: UUID, enrolment: Enrolment) -> Nomination | None:
    done = Nomination.objects.select_related("idea__text").filter(operation=operation).first()
    if done and done.enrolment_id != enrolment.pk:
        raise ValidationError(_("This form was sent already for somebody else. Open it again."))
    return done


def _check_nominator(enrolment: Enrolment, session: Session | None, *, loaded: bool) -> None:
    if session and session.programme_id != enrolment.programme_id:
        raise ValidationError(_("This session belongs to another programme."))
    if not loaded and enrolment.state not in Enrolment.TAKING_PART:
        raise ValidationError(_("Only who takes part in the programme nominates ideas."))


def _clean_words(**texts: str) -> dict[str, str]:
    """The words as they are kept. Raises ValidationError by field."""
    words = {name: text.replace("\r\n", "\n").strip() for name, text in texts.items()}
    words["title"] = " ".join(words["title"].split())
    wrong = {}
    if not words["title"]:
        wrong["title"] = _("An idea needs a title.")
    for name, text in words.items():
        most = IdeaText._meta.get_field(name).max_length
        if len(text) > most:
            wrong[name] = _("At most %(most)s characters; these are %(count)s.") % {
                "most": most,
                "count": len(text),
            }
        if "\x00" in text:
            wrong[name] = _("This text holds a character that is none.")
    if wrong:
        raise ValidationError(wrong)
    return words


def _clean_labels(programme: Programme, sector: str, stage: str | None, aims: Iterable[Aim]) -> list[Aim]:
    aims = list(aims)
    if sector and sector not in SECTORS:
        raise ValidationError({"sector": _("“%(sector)s” is no NACE section.") % {"sector": sector}})
    if stage and stage not in Idea.Stage.values:
        raise ValidationError({"stage": _("“%(stage)s” is no stage of an idea.") % {"stage": stage}})
    if any(aim.programme_id != programme.pk for aim in aims):
        raise ValidationError({"aims": _("This aim belongs to another programme.")})
    return aims


def _write(idea: Idea, by: User | None, words: dict, language: str, now: datetime, version: int = 1) -> None:
    if not language and any("\u0400" <= letter <= "\u04ff" for letter in words["title"]):
        language = User.Language.SERBIAN_CYRILLIC
    if language and language not in User.Language.values:
        raise ValidationError({"language": _("“%(language)s” is no language here.") % {"language": language}})
    idea.text = idea.texts.create(version=version, language=language, by=by, at=now, **words)
    idea.save(update_fields=["text"])
