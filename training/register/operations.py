"""What was done on a phone, perhaps without a network: a batch of operations, answered item by item."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from accounts.models import User
from training import services
from training.models import Mark, Session, Status
from training.services import Outcome

MOST = 500  # in one batch
AGAIN = "again"  # nothing was kept and nothing is wrong: the phone sends it once more

ID, KEY = forms.UUIDField(), forms.IntegerField(min_value=1, max_value=2**62)
AT, CAME = forms.TimeField(required=False), forms.UUIDField(required=False)
REASON = forms.CharField(required=False, max_length=300)
NAME, PHONE = forms.CharField(max_length=200), forms.CharField(required=False, max_length=40)
TEXT = forms.CharField(max_length=5000)


class Answer(NamedTuple):
    """To one operation, under the id that came in; `enrolment` says who it was about."""

    operation: str
    outcome: str
    words: str = ""
    enrolment: int | None = None


class Batch(NamedTuple):
    """`user`: whose phone it was when these were done; None where the sender does not say."""

    operations: list[dict]
    device: str
    user: int | None


def read(body: bytes) -> Batch:
    """What came over the wire. Raises ValidationError for what is no batch at all; bad items stay in it."""
    try:
        said = json.loads(body)
        items, device, user = said["operations"], said.get("device") or "", said.get("user")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValidationError(_("This is no batch of operations.")) from None
    if not isinstance(items, list) or not isinstance(device, str) or not isinstance(user, int | None):
        raise ValidationError(_("This is no batch of operations."))
    if len(items) > MOST:
        raise ValidationError(_("At most %(most)s operations come at once.") % {"most": MOST})
    device = "".join(sign for sign in device if sign.isprintable())[:60]
    return Batch([one if isinstance(one, dict) else {} for one in items], device, user)


def take(*, by: User, session: Session, batch: Batch, now: datetime) -> list[Answer]:
    """Do these operations in their order; one answer each. A bad one keeps no other back.

    The same operation with the same body is known, however often it comes; with another body a conflict.
    Neighbours of a kind go to the records together, so that 500 marks cost as many queries as one.
    """
    answers: list[Answer] = []
    for kind, run in groupby(batch.operations, key=lambda item: str(item.get("kind"))):
        taker = TAKERS.get(kind, _unknown)
        answers += taker(by, session, [{"device": batch.device} | item for item in run], now)
    return answers


def _marks(by: User, session: Session, run: list[dict], now: datetime) -> list[Answer]:
    came = _who_came(session, run)
    answers, said = {}, {}
    for number, item in enumerate(run):
        try:
            said[number] = _mark(item, came)
        except ValidationError as error:
            answers[number] = _refused(item, error)
    try:
        results = services.record_marks(by=by, session=session, marks=said.values(), now=now) if said else []
    except ValidationError as error:  # the session takes no marks; or somebody sends the same just now
        outcome = AGAIN if getattr(error, "code", "") == "conflict" else Outcome.REFUSED
        answers |= {number: _refused(run[number], error, outcome) for number in said}
    else:
        for number, result in zip(said, results, strict=True):
            answers[number] = Answer(_id(run[number]), result.outcome, result.words, result.enrolment)
    return [answers[number] for number in range(len(run))]


def _who_came(session: Session, run: list[dict]) -> dict[UUID, int]:
    """Who was added at the door under these operations: a mark for her may name nothing else."""
    asked = []
    for item in run:
        try:
            asked.append(CAME.clean(item.get("walk_in")))
        except ValidationError:
            continue
    found = Mark.objects.filter(session=session, operation__in=[one for one in asked if one])
    return dict(found.values_list("operation", "enrolment_id")) if any(asked) else {}


def _mark(item: dict, came: dict[UUID, int]) -> dict:
    """A mark as the service takes it: only the time that belongs to its status is read."""
    status, seen = str(item.get("status")), item.get("seen")
    door = CAME.clean(item.get("walk_in"))
    if door and door not in came:
        raise ValidationError(_("Whoever this mark is for was not added at the door."))
    return {
        "operation": ID.clean(item.get("operation")),
        "enrolment": came[door] if door else KEY.clean(item.get("enrolment")),
        "status": status,
        "arrival": AT.clean(item.get("arrival")) if status in (Status.LATE, Status.LEFT_EARLY) else None,
        "leaving": AT.clean(item.get("leaving")) if status == Status.LEFT_EARLY else None,
        "reason": "" if status == Status.CLEARED else REASON.clean(item.get("reason")),
        "at_device": _moment(item.get("at")),
        "device": str(item["device"])[:60],
        "seen": seen[:36] if isinstance(seen, str) else None,
    }


def _moment(said) -> datetime | None:
    """When the phone says it was. Its clock may be wrong; what cannot be a time is unknown."""
    try:
        moment = parse_datetime(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment if moment and is_aware(moment) and 2000 <= moment.year <= 2100 else None


def _each(act: Callable) -> Callable:
    """One after the other, each in a transaction of its own."""

    def taker(by: User, session: Session, run: list[dict], now: datetime) -> list[Answer]:
        answers = []
        for item in run:
            try:
                operation = ID.clean(item.get("operation"))
                who = act(by=by, session=session, operation=operation, item=item, now=now)
                answers.append(Answer(_id(item), Outcome.SAVED, "", who))
            except ValidationError as error:
                is_clash = getattr(error, "code", "") == "conflict"
                answers.append(_refused(item, error, Outcome.CONFLICT if is_clash else Outcome.REFUSED))
        return answers

    return taker


def _walk_in(*, item: dict, **given) -> int:
    name, phone = NAME.clean(item.get("name")), PHONE.clean(item.get("phone"))
    return services.add_walk_in(name=name, phone=phone, **given).pk


def _note(*, item: dict, **given) -> None:
    services.write_log(text=TEXT.clean(item.get("text")), **given)


def _rest_present(*, item: dict, **given) -> None:
    services.mark_rest_present(**given)


def _unknown(by: User, session: Session, run: list[dict], now: datetime) -> list[Answer]:
    words = _("There is no such operation.")
    return [Answer(_id(item), Outcome.REFUSED, words) for item in run]


def _refused(item: dict, error: ValidationError, outcome: str = Outcome.REFUSED) -> Answer:
    who = item.get("enrolment")
    return Answer(_id(item), outcome, " ".join(error.messages), who if isinstance(who, int) else None)


def _id(item: dict) -> str:
    return str(item.get("operation") or "")[:36]


TAKERS = {
    "mark": _marks,
    "walk_in": _each(_walk_in),
    "note": _each(_note),
    "rest_present": _each(_rest_present),
}
