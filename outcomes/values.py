"""One figure, in one of five states. Only a measured one has a number; there is no default."""

from dataclasses import dataclass, replace
from enum import StrEnum

HEADLINE = 60  # per cent: where fewer answered, no percentage is told, only counts


class State(StrEnum):
    MEASURED = "measured"
    NOT_YET_DUE = "not_yet_due"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why a figure or a breakdown is not there. The words stand in outcomes/wording.py."""

    NOT_BEGUN = "not_begun"
    NOT_OVER = "not_over"
    NO_SESSIONS = "no_sessions"
    NO_DATES = "no_dates"
    NO_MARKS = "no_marks"
    NO_LENGTH = "no_length"
    NO_MODULES = "no_modules"
    NO_ASSIGNMENTS = "no_assignments"
    NO_MEETINGS = "no_meetings"
    NO_ROUNDS = "no_rounds"
    NO_IDEAS = "no_ideas"
    NOBODY = "nobody"
    ONE_SIDE = "one_side"
    ONE_CATEGORY = "one_category"
    NO_WAVE = "no_wave"
    NOT_ASKED_YET = "not_asked_yet"
    NOBODY_ASKED = "nobody_asked"
    NO_ANSWERS = "no_answers"
    NO_GOALS = "no_goals"
    NO_HOURS_AGREED = "no_hours_agreed"
    NO_ENTERPRISES = "no_enterprises"
    NO_OWNERS = "no_owners"
    NO_COSTS = "no_costs"
    NO_NUMBERS = "no_numbers"
    NO_SUCH = "no_such"
    NO_DEFINITION = "no_definition"
    FEW_CONTRIBUTE = "few_contribute"
    TOO_FEW_TO_CROSS = "too_few_to_cross"
    NOT_TO_BE_HIDDEN = "not_to_be_hidden"
    SUBTRACTION = "subtraction"


class Claim(StrEnum):
    """How far a figure may say that it was the programme's doing; it decides the verb (wording.py)."""

    COMPARED = "A"  # with a group that did not take part
    SAID = "B"  # before and after, and those asked say what the programme had to do with it
    BEFORE_AND_AFTER = "C"
    AFTER = "D"


@dataclass(frozen=True)
class Amount:
    """Money of one currency; it is never added to that of another."""

    currency: str
    amount: float
    n: int | None = None  # of how many rows or persons

    def as_dict(self) -> dict:
        return {"currency": self.currency, "amount": self.amount} | ({} if self.n is None else {"n": self.n})


@dataclass(frozen=True)
class Spread:
    """What an amount is made of, for the gate: how it was put together, and of each currency how many
    contribute and which part of it all the two largest do (0 to 1)."""

    way: str  # sum, mean, median, ratio
    groups: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Value:
    """A figure as counted. `value` is in the definition's unit; a share is in per cent, of `denominator`.
    A figure of money has `amounts`, one a currency, and a value only where there is one currency.

    `unknown` counts rows that the figure would need and nobody wrote down. `n` are the persons behind a mean,
    a median or a sum. Of answers: `asked` persons, of whom `answered` did; `bounds` are the lowest and the
    highest value possible, whatever those would say who did not; `interval` is Wilson's of 95 per cent,
    `finite` the same corrected for how many of all asked answered. `sides` are the distinct persons on either
    side of a proportion, `spread` what an amount is made of: they are for the gate and never leave it.
    """

    state: State
    value: float | int | None = None
    numerator: float | int | None = None
    denominator: float | int | None = None
    unknown: int | None = None
    reason: Reason | None = None
    sides: tuple[int, ...] | None = None
    spread: Spread | None = None
    n: int | None = None
    asked: int | None = None
    answered: int | None = None
    bounds: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    finite: tuple[float, float] | None = None
    claim: Claim | None = None
    amounts: tuple[Amount, ...] | None = None
    is_guarded: bool = False  # the gate looks at both sides, also at one that is empty

    NUMBERS = (
        "value", "numerator", "denominator", "unknown", "n", "asked", "answered", "bounds", "interval",
        "finite", "amounts",
    )  # fmt: skip

    def __post_init__(self):
        measured = self.state is State.MEASURED
        has_number = self.value is not None or bool(self.amounts)
        if measured != has_number or measured != (self.reason is None):
            raise ValueError(
                "A measured figure has a number and no reason, every other one a reason and no number."
            )
        if not measured and any(getattr(self, name) is not None for name in self.NUMBERS):
            raise ValueError("A figure that was not measured carries no numbers at all.")

    @classmethod
    def count(cls, value: float | int, unknown: int | None = None, **more) -> "Value":
        return cls(State.MEASURED, value=value, unknown=unknown or None, **more)

    @classmethod
    def share(cls, numerator: int, denominator: int, **more) -> "Value":
        """Numerator of denominator in per cent, one decimal. Nothing of nothing is no share."""
        if not denominator:
            return cls.without(State.NOT_APPLICABLE, Reason.NOBODY)
        value = round(100 * numerator / denominator, 1)
        return cls(State.MEASURED, value=value, numerator=numerator, denominator=denominator, **more)

    @classmethod
    def money(cls, amounts: list[Amount], **more) -> "Value":
        """By currency; the value is the amount where there is one currency only."""
        value = amounts[0].amount if len(amounts) == 1 else None
        return cls(State.MEASURED, value=value, amounts=tuple(amounts), **more)

    @classmethod
    def without(cls, state: State, reason: Reason) -> "Value":
        return cls(state, reason=reason)

    def withheld(self, reason: Reason) -> "Value":
        """Everything goes with it: from n, bounds or an interval the number could be worked out."""
        nothing = dict.fromkeys(self.NUMBERS)
        gone = {"sides": None, "spread": None, "claim": None} | nothing
        return replace(self, state=State.WITHHELD, reason=reason, **gone)

    @property
    def is_measured(self) -> bool:
        return self.state is State.MEASURED

    @property
    def response(self) -> float | None:
        """Who answered of those asked, in per cent, one decimal."""
        return (
            round(100 * self.answered / self.asked, 1) if self.asked and self.answered is not None else None
        )

    @property
    def counts_only(self) -> bool:
        """Too few answered to tell a percentage (or a mean) of: only how many of how many."""
        return self.response is not None and 100 * self.answered < HEADLINE * self.asked

    @classmethod
    def frozen(cls, found: dict) -> "Value":
        """As it was frozen, by `as_dict`."""
        known = {name: found[name] for name in cls.NUMBERS if name in found}
        pairs = {name: tuple(known[name]) for name in ("bounds", "interval", "finite") if name in known}
        if "amounts" in known:
            pairs["amounts"] = tuple(Amount(**one) for one in known["amounts"])
        reason = Reason(found["reason"]) if "reason" in found else None
        claim = Claim(found["claim"]) if "claim" in found else None
        return cls(State(found["state"]), reason=reason, claim=claim, **(known | pairs))

    def as_dict(self) -> dict:
        """What is frozen: state and whatever is known. A key that is not there has no number."""
        fields = (*self.NUMBERS, "reason", "claim")
        known = {name: getattr(self, name) for name in fields if getattr(self, name) is not None}
        found = {"state": str(self.state)} | {name: _plain(value) for name, value in known.items()}
        return found | ({"counts_only": True} if self.counts_only else {})


def _plain(value):
    if isinstance(value, tuple):
        return [one.as_dict() if isinstance(one, Amount) else one for one in value]
    return str(value) if isinstance(value, StrEnum) else value
