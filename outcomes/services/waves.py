"""Verbs of waves: when a questionnaire is asked, and of whom."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from outcomes.models import Invitation, Wave
from people.models import Programme
from training.models import Enrolment


@transaction.atomic
def save_wave(*, by: User, wave: Wave | None = None, programme: Programme | None = None, **said) -> Wave:
    """What is asked is a published edition of one of the programme's questionnaires. Once somebody has
    answered, when it is asked and which edition stay as they are."""
    row = wave or Wave(programme=programme)
    edition = said.get("edition") or row.edition
    if edition.questionnaire.programme_id != row.programme_id:
        raise ValidationError({"edition": _("This questionnaire belongs to another programme.")})
    if not edition.is_published:
        raise ValidationError({"edition": _("Publish this edition first.")})
    module = said.get("module")
    if module is not None and module.programme_id != row.programme_id:
        raise ValidationError({"module": _("This module belongs to another programme.")})
    _insist_unanswered(wave, said)
    keep(by=by, row=row, said=said | {"code": _code(row, said)}, tenant=row.programme.tenant)
    return row


def _code(row: Wave, said: dict) -> str:
    """What it will be called, so that a second one is refused in words."""
    kind, months, module = (said.get(name, getattr(row, name)) for name in ("kind", "months", "module"))
    probe = Wave(kind=kind, months=months, module=module)
    return "" if kind == Wave.Kind.REACTION and module is None else probe.code_of()


def _insist_unanswered(wave: Wave | None, said: dict) -> None:
    fixed = [name for name in ("edition", "kind", "months", "module") if name in said]
    changed = [name for name in fixed if wave and said[name] != getattr(wave, name)]
    if changed and wave.invitations.filter(state__in=Invitation.DONE).exists():
        words = _("Somebody has answered: make another wave.")
        raise ValidationError(dict.fromkeys(changed, words))


def to_ask(wave: Wave):
    """Who takes part or took part in it, a control group too, and is not asked in this wave yet."""
    took_part = Q(state__in=Enrolment.TAKING_PART) | Q(roster__attendance__isnull=False)
    if wave.kind == Wave.Kind.REACTION:
        took_part = Q(roster__session__module=wave.module_id, roster__attendance__isnull=False)
    if wave.kind == Wave.Kind.APPLICATION:
        took_part = ~Q(state=Enrolment.State.DECLINED)
    rows = Enrolment.objects.filter(took_part | Q(group__is_control=True), programme=wave.programme_id)
    asked = wave.invitations.filter(enrolment__isnull=False).order_by().values("enrolment")
    return rows.filter(person__joined_to=None).exclude(pk__in=asked).distinct()


@transaction.atomic
def invite(*, by: User, wave: Wave, now: datetime, enrolments: Iterable[Enrolment] | None = None) -> int:
    """Ask everybody who is to be asked (or these of them). Returns how many are new; again is none."""
    free = to_ask(wave)
    if enrolments is not None:
        free = free.filter(pk__in=[one.pk for one in enrolments])
    rows = [
        Invitation(wave=wave, enrolment_id=pk, state_at=now)
        for pk in free.order_by("pk").values_list("pk", flat=True)
    ]
    Invitation.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if rows:
        audit(by, "invite", wave, ["invitations"], tenant=wave.programme.tenant)
    return len(rows)
