"""One figure, in one of five states. Only a measured one has a number; there is no default."""

from dataclasses import dataclass, replace
from enum import StrEnum


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
    NOBODY = "nobody"
    ONE_SIDE = "one_side"
    ONE_CATEGORY = "one_category"


@dataclass(frozen=True)
class Value:
    """A figure as counted. `value` is in the definition's unit; a share is in per cent, of `denominator`.

    `unknown` counts rows that the figure would need and nobody wrote down. `sides` are the distinct persons
    on either side of a proportion: they are for the gate and never leave it.
    """

    state: State
    value: float | int | None = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int | None = None
    reason: Reason | None = None
    sides: tuple[int, int] | None = None

    def __post_init__(self):
        measured = self.state is State.MEASURED
        if measured != (self.value is not None) or measured != (self.reason is None):
            raise ValueError(
                "A measured figure has a number and no reason, every other one a reason and no number."
            )
        if not measured and (self.numerator, self.denominator, self.unknown) != (None, None, None):
            raise ValueError("A figure that was not measured carries no numbers at all.")

    @classmethod
    def count(cls, value: float | int, unknown: int | None = None) -> "Value":
        return cls(State.MEASURED, value=value, unknown=unknown or None)

    @classmethod
    def share(cls, numerator: int, denominator: int, **more) -> "Value":
        """Numerator of denominator in per cent, one decimal. Nothing of nothing is no share."""
        if not denominator:
            return cls.without(State.NOT_APPLICABLE, Reason.NOBODY)
        value = round(100 * numerator / denominator, 1)
        return cls(State.MEASURED, value=value, numerator=numerator, denominator=denominator, **more)

    @classmethod
    def without(cls, state: State, reason: Reason) -> "Value":
        return cls(state, reason=reason)

    def withheld(self, reason: Reason) -> "Value":
        return replace(
            self,
            state=State.WITHHELD,
            value=None,
            numerator=None,
            denominator=None,
            unknown=None,
            sides=None,
            reason=reason,
        )

    @property
    def is_measured(self) -> bool:
        return self.state is State.MEASURED

    def as_dict(self) -> dict:
        """What is frozen: state and whatever is known. A key that is not there has no number."""
        fields = ("value", "numerator", "denominator", "unknown", "reason")
        known = {name: getattr(self, name) for name in fields if getattr(self, name) is not None}
        return {"state": str(self.state)} | {n: str(v) if n == "reason" else v for n, v in known.items()}
