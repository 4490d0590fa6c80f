"""An idea is carried on: a mentor is asked for, and an assignment works on it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Asked, Idea, Mentored, Nomination
from ideas.services.states import set_idea_state
from mentoring.models import Assignment, Need
from mentoring.services import save_need
from training.models import Enrolment

OVER = (Idea.State.DECLINED, Idea.State.STOPPED, Idea.State.LAUNCHED)
LONGEST = Need._meta.get_field("text").max_length


@transaction.atomic
def carry_on(*, by: User | None, idea: Idea, assignment: Assignment, now: datetime) -> Mentored:
    """The idea is worked on in an assignment of one of its nominators, or of one that stands under it."""
    if assignment.programme_id != idea.programme_id:
        raise ValidationError(_("This assignment belongs to another programme."))
    if not Nomination.objects.of_group(idea).filter(enrolment=assignment.enrolment_id).exists():
        raise ValidationError(_("This assignment is not of somebody who nominated the idea."))
    if assignment.state == Assignment.State.DECLINED:
        raise ValidationError(_("This assignment was declined."))
    mentored, is_new = Mentored.objects.get_or_create(idea=idea, assignment=assignment)
    if is_new:
        audit(by, "carried on", idea, ["mentored"], tenant=idea.programme.tenant)
        if idea.state not in Idea.CARRIED_ON:
            set_idea_state(by=by, idea=idea, state=Idea.State.IN_MENTORING, now=now)
    return mentored


@transaction.atomic
def ask_for_mentor(
    *,
    by: User,
    idea: Idea,
    enrolment: Enrolment,
    sector: str | None = None,
    functions: Iterable[str] = (),
    language: str | None = None,
    text: str = "",
    now: datetime,
) -> Asked:
    """State a need of one of its nominators, made from the idea: what is not said is the idea's own. Asked
    for the same idea and person again it is the need that was stated first."""
    rows = Idea.objects.select_for_update(of=("self",), no_key=True)
    idea = rows.select_related("programme__tenant", "text").get(pk=idea.pk)
    if asked := idea.asked_for.filter(need__enrolment=enrolment).first():
        return asked
    if idea.state in OVER:
        words = _("This idea is %(state)s: it needs no mentor.")
        raise ValidationError(words % {"state": idea.get_state_display()})
    if not Nomination.objects.of_group(idea).filter(enrolment=enrolment).exists():
        raise ValidationError({"enrolment": _("She did not nominate this idea.")})
    if enrolment.state not in Enrolment.TAKING_PART:
        raise ValidationError({"enrolment": _("She does not take part in the programme any more.")})
    need = save_need(
        by=by,
        enrolment=enrolment,
        sector=idea.sector if sector is None else sector,
        functions=list(functions),
        language=idea.text.language if language is None else language,
        text=text.strip() or words_of(idea),
    )
    asked = idea.asked_for.create(need=need, at=now, by=by)
    audit(by, "asked for a mentor", idea, ["asked_for"], tenant=idea.programme.tenant)
    return asked


def words_of(idea: Idea) -> str:
    """What a need says of the idea where nobody words it otherwise."""
    said = f"{idea.text.title}: {idea.text.summary}" if idea.text.summary else idea.text.title
    return Truncator(" ".join(said.split())).chars(LONGEST)


def carry_on_assigned(*, now: datetime) -> int:
    """Ideas whose need found a mentor who said yes are carried on there; return how many links are new. Looks
    at what is, not at what happened: any number of sweeps may run, and one that was missed loses nothing."""
    there = Mentored.objects.filter(assignment=OuterRef("pk"), idea=OuterRef("need__asked_by__idea"))
    found = Assignment.objects.filter(need__asked_by__isnull=False, state__in=Assignment.COUNTED)
    found = found.exclude(need__asked_by__idea__state=Idea.State.DECLINED).exclude(Exists(there))
    found = found.select_related("need__asked_by__idea__programme__tenant").order_by("pk")
    return sum(_link(assignment, now) for assignment in found)


def _link(assignment: Assignment, now: datetime) -> bool:
    try:
        carry_on(by=None, idea=assignment.need.asked_by.idea, assignment=assignment, now=now)
    except ValidationError:  # she stands with the idea no more: there is nothing to carry on
        return False
    return True
