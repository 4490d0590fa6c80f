"""The questions that ship with the product, and how an organisation gets them as its own rows."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from outcomes.library.asked import Asked
from outcomes.library.asked_business import BUSINESS
from outcomes.library.asked_person import PERSON, PROGRAMME
from outcomes.models import Question, Wording

QUESTIONS: dict[str, Asked] = {one.code: one for one in (*BUSINESS, *PERSON, *PROGRAMME)}
TOLD = ("text", "help", "low_label", "high_label", "unit")  # in English, and in Serbian beside it
WORDS = (*TOLD, *(f"{name}_sr" for name in TOLD), "choices", "lowest", "highest", "currency")


def bring(tenant: Tenant, code: str, *, by: User | None = None) -> Wording:
    """The question of the library as this organisation's own, in today's words. Twice is once."""
    return bring_all(tenant, [code], by=by)[code]


@transaction.atomic
def bring_all(tenant: Tenant, codes: Iterable[str], *, by: User | None = None) -> dict[str, Wording]:
    """Several at once, by code: a wording that says the same is taken, else another one is added.

    Raises ValidationError where the organisation has a question of another kind by this code.
    """
    wanted = {code: QUESTIONS[code] for code in codes}
    _add_missing(tenant, wanted)
    found = Question.objects.filter(tenant=tenant, code__in=wanted).prefetch_related("wordings")
    questions = {question.code: question for question in found}
    return {code: _wording(questions[code], one, by) for code, one in wanted.items()}


def words_of(**told: str) -> dict[str, str]:
    """Each text in English, and beside it with `_sr` in Serbian Latin (empty where it is not translated)."""
    said = {}
    for name, text in told.items():
        with translation.override("en"):
            said[name] = str(text)
        with translation.override("sr-latn"):
            said[f"{name}_sr"] = serbian if (serbian := str(text)) != said[name] else ""
    return said


def words(one: Asked) -> dict:
    """The fields of a wording."""
    said, choices = words_of(**{name: getattr(one, name) for name in TOLD}), []
    for code, label in one.choices:
        told = words_of(label=label)
        choices.append({"code": code, "en": told["label"], "sr": told["label_sr"]})
    lowest, highest = (None if n is None else Decimal(n) for n in (one.lowest, one.highest))
    return said | {"choices": choices, "lowest": lowest, "highest": highest, "currency": one.currency}


def _add_missing(tenant: Tenant, wanted: dict[str, Asked]) -> None:
    """Two who bring the same at once get the same rows."""
    there = set(Question.objects.filter(tenant=tenant, code__in=wanted).values_list("code", flat=True))
    rows = [
        Question(tenant=tenant, code=code, library=code, kind=one.kind, is_guarded=one.is_guarded)
        for code, one in wanted.items()
        if code not in there
    ]
    Question.objects.bulk_create(rows, ignore_conflicts=True)


def _wording(question: Question, one: Asked, by: User | None) -> Wording:
    if question.kind != one.kind:
        raise ValidationError(
            _("Your organisation has another question with the code “%(code)s”.") % {"code": question.code}
        )
    said = words(one)
    rows = sorted(question.wordings.all(), key=lambda row: -row.number)
    for row in rows:
        row.question = question
        if all(getattr(row, name) == said[name] for name in WORDS):
            return row
    number = rows[0].number + 1 if rows else 1
    return Wording.objects.create(question=question, number=number, made_by=by, **said)
