"""Who puts an idea forward: a new one, or one more nominator of one that is there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.cleaning import clean_labels, clean_note, clean_words
from ideas.models import Aim, Idea, Nomination
from ideas.services.desks import drop_new_conflicts
from ideas.services.states import checked, tell
from ideas.services.words import hold, write
from people.models import Organisation
from training.models import Enrolment, Session


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
    cluster: Organisation | None = None,
    language: str = "",
    note: str = "",
    operation: UUID,
    now: datetime,
    source: str = "",
    source_id: str = "",
    stands: tuple[str, str] | None = None,
) -> Idea:
    """A new idea with its first nominator. The same operation again returns the same idea.

    `by` is None when she nominates it herself, by code. `stands`: the state that it came to elsewhere, and
    why; it is a second step of its way. Raises ValidationError by field.
    """
    programme = hold(enrolment.programme_id)
    if done := _nominated_with(operation, enrolment):
        return done.idea
    _check_nominator(enrolment, session, loaded=bool(source))
    words = clean_words(title=title, summary=summary, problem=problem, customer=customer)
    aims = clean_labels(programme, sector, stage, aims, cluster)
    state, reason = (stands[0], checked(*stands)) if stands else (Idea.State.NOMINATED, "")
    idea = Idea.objects.create(
        programme=programme,
        number=(programme.ideas.aggregate(last=Max("number"))["last"] or 0) + 1,
        sector=sector,
        stage=stage or None,
        cluster=cluster,
        note=clean_note(note),
        state=state,
        reason=reason,
        state_at=now,
        state_by=by,
        created_at=now,
        source=source,
        source_id=source_id,
    )
    write(idea, by, words, language, now)
    tell(idea)
    if aims:
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
    hold(idea.programme_id)
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


def _nominated_with(operation: UUID, enrolment: Enrolment) -> Nomination | None:
    done = Nomination.objects.filter(operation=operation).first()
    if done and done.enrolment_id != enrolment.pk:
        raise ValidationError(_("This form was sent already for somebody else. Open it again."))
    return done


def _check_nominator(enrolment: Enrolment, session: Session | None, *, loaded: bool) -> None:
    if session and session.programme_id != enrolment.programme_id:
        raise ValidationError(_("This session belongs to another programme."))
    if not loaded and enrolment.state not in Enrolment.TAKING_PART:
        raise ValidationError(_("Only who takes part in the programme nominates ideas."))
