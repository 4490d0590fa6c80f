"""Verbs of questions: what keeps its identity, and the words in which it is put."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import User
from outcomes.models import Answer, Edition, Item, Question, Wording

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@transaction.atomic
def save_question(
    *, by: User, edition: Edition, code: str, kind: str, is_guarded: bool = False, **said
) -> Wording:
    """A question of the organisation's own with its first wording. Its code says for ever which it is. What
    is counted from a guarded one is withheld by both of its sides."""
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("A code has small letters, digits and lines between: net_income.")})
    tenant = edition.questionnaire.programme.tenant
    row = Question(tenant=tenant)
    keep(by=by, row=row, said={"code": code, "kind": kind, "is_guarded": is_guarded}, tenant=tenant)
    return save_wording(by=by, question=row, **said)


@transaction.atomic
def save_wording(*, by: User, question: Question, wording: Wording | None = None, **said) -> Wording:
    """How a question is put. A wording that somebody has read stays: the change is the next number."""
    row = wording if wording and not is_used(wording) else Wording(question=question, made_by=by)
    if row is not wording:
        last = question.wordings.aggregate(last=Max("number"))["last"] or 0
        row.number = last + 1
    check_choices(question, said.get("choices", row.choices))
    ends = [said.get(name, getattr(row, name)) for name in ("lowest", "highest")]
    if question.kind == Question.Kind.SCALE and None in ends:
        raise ValidationError({"lowest": _("A scale has a lowest and a highest value.")})
    keep(by=by, row=row, said=said, tenant=question.tenant)
    return row


def is_used(wording: Wording) -> bool:
    """Published, or answered."""
    published = Item.objects.filter(wording=wording, edition__published_at__isnull=False).exists()
    return published or Answer.objects.filter(wording=wording).exists()


def check_choices(question: Question, choices: list[dict]) -> None:
    """A choice is a code and its words; a code keeps its words' meaning, so that it is never given to
    another. Raises ValidationError."""
    kind = question.kind
    if kind not in (Question.Kind.ONE, Question.Kind.MANY):
        if choices:
            raise ValidationError({"choices": _("Only a question with choices has some.")})
        return
    codes = [choice.get("code", "") for choice in choices]
    if len(codes) < 2:
        raise ValidationError({"choices": _("A question with choices has at least two.")})
    if len(set(codes)) < len(codes):
        raise ValidationError({"choices": _("Two choices have the same code.")})
    for choice in choices:
        if not CODE.fullmatch(choice.get("code", "")) or not choice.get("en"):
            raise ValidationError({"choices": _("A choice is a code and its words.")})
