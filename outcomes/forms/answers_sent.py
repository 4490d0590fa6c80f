"""What a page sends of the questions that stood on it.

`asked` names every one of them: only of these is a blank an answer taken back.
"""

from collections.abc import Mapping

from django.http import QueryDict

from outcomes.asking.said import NONE
from outcomes.asking.sheet import Sheet
from outcomes.models import Answer, Item, Question

Kind = Question.Kind


def said_in(post: QueryDict, sheet: Sheet, *, is_typing: bool = False) -> dict[str, object]:
    """What a page sends, by question code. `is_typing`: a day of which a part is missing is not said yet."""
    found = {}
    for code in dict.fromkeys(post.getlist("asked")):
        if item := sheet.by_code.get(code):
            said = _one(post, item, sheet)
            if not (is_typing and item.wording.question.kind == Kind.DAY and _is_begun(said)):
                found[code] = said
    return found


def _is_begun(said: Mapping[str, str]) -> bool:
    parts = [said[name] for name in ("day", "month", "year")]
    return any(parts) and not (all(parts) and len(parts[2]) == 4)


def _one(post: QueryDict, item: Item, sheet: Sheet):
    code, kind = item.wording.question.code, item.wording.question.kind
    name = f"q-{code}"
    if kind == Kind.MONEY:
        return {"amount": post.get(name, ""), "currency": post.get(f"{name}-currency", "")}
    if kind == Kind.DAY:
        return {part: post.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")}
    if kind in Question.CHOSEN:
        codes = [one for one in post.getlist(name) if one]
        if kind == Kind.MANY:
            codes = _newest(codes, set(sheet.said(code)))
        return {"codes": codes, "other": post.get(f"{name}-other", "")}
    return post.get(name, "")


def _newest(codes: list[str], before: set[str]) -> list[str]:
    """`None of these` and the others exclude each other: what was ticked last holds. Ticked together, she is
    asked which."""
    if NONE not in codes or len(codes) == 1:
        return codes
    if NONE in before:
        return [code for code in codes if code != NONE]
    return [NONE] if before else codes


def evidence_in(post: QueryDict) -> dict[str, str]:
    """How each value is shown, by question code; a word that is none is left out."""
    known = set(Answer.Evidence.values)
    found = {code: post.get(f"q-{code}-evidence", "") for code in post.getlist("asked")}
    return {code: one for code, one in found.items() if one in known}
