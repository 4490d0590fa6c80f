"""Which questions a definition may look at: those that the organisation has, and those of the library."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Tenant
from outcomes.asking.labels import labels
from outcomes.library.questions import QUESTIONS
from outcomes.models import Question, Wave, Wording

USUAL = ("application", "baseline", "exit", "f3", "f6", "f12")  # waves that the library's figures stand on


@dataclass(frozen=True)
class Known:
    """A question in its newest words. `choices` are pairs of a code and its words."""

    code: str
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    is_own: bool = True  # the organisation has it; else it could be brought from the library

    @property
    def label(self) -> str:
        return f"{self.text[:90]} ({self.code})" if self.text else self.code


def known_questions(tenant: Tenant) -> dict[str, Known]:
    """By code: the organisation's in their order, then those of the library that it has not brought."""
    rows = Wording.objects.filter(question__tenant=tenant).select_related("question")
    found = {}
    for row in rows.order_by("question__code", "number"):  # rising numbers: the newest stays
        found[row.question.code] = Known(row.question.code, row.question.kind, row.title, tuple(labels(row)))
    for one in QUESTIONS.values():
        if one.code not in found:
            found[one.code] = Known(one.code, one.kind, str(one.text), _choices(one), is_own=False)
    return found


def _choices(one) -> tuple[tuple[str, str], ...]:
    if one.kind == Question.Kind.YES_NO:
        return (("yes", _("Yes")), ("no", _("No")))
    return tuple((code, str(words)) for code, words in one.choices)


def known_waves(tenant: Tenant, *more: Iterable[str]) -> list[str]:
    """Codes in the order of time: the usual ones, those that any programme asks, and `more`."""
    asked = Wave.objects.filter(programme__tenant=tenant).order_by().values_list("code", flat=True).distinct()
    return sorted({*USUAL, *asked, *(code for codes in more for code in codes)}, key=_when)


def _when(code: str) -> tuple[int, int, str]:
    """Application, baseline, after each module, at the end, months after it; what has another name last."""
    first = {"application": 0, "baseline": 1, "exit": 3}
    kind, number = ("reaction", code[9:]) if code.startswith("reaction-") else ("f", code[1:])
    if code in first:
        return first[code], 0, code
    if number.isascii() and number.isdecimal() and (kind == "reaction" or code.startswith("f")):
        return 2 if kind == "reaction" else 4, int(number), code
    return 5, 0, code
