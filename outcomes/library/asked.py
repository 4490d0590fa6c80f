"""A question as it ships with the product: its code, its kind, its words in gettext."""

from dataclasses import dataclass

from outcomes.models import Question

Kind = Question.Kind


@dataclass(frozen=True)
class Asked:
    """`choices` are pairs of a code and its words, in order. Guarded: a figure of it may tell on somebody
    by either of its sides (income, a business that closed, a loan refused)."""

    code: str
    kind: str
    text: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    lowest: int | None = None
    highest: int | None = None
    low_label: str = ""
    high_label: str = ""
    unit: str = ""
    currency: str = ""
    is_guarded: bool = False
