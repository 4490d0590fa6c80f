"""Is an enterprise owned by women? As a funding defines it, and unknown where the owners do not settle it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from people.models import Funding, Person

Rule = Funding.Rule
AT_LEAST = {Rule.HALF: Decimal(50), Rule.MAJORITY: Decimal(51)}
QUARTER = Decimal(25)


class Owner(NamedTuple):
    """One who owns, founded or runs it on the day in question. None is unknown."""

    sex: str | None
    share: Decimal | None = None  # per cent
    is_founder: bool | None = None
    is_manager: bool | None = None

    @property
    def is_woman(self) -> bool | None:
        """As she says it: who did not say may be one."""
        if self.sex in (None, "", Person.Sex.NOT_SAID):
            return None
        return self.sex == Person.Sex.FEMALE


def woman_owned(owners: Sequence[Owner], rule: str) -> bool | None:
    """Yes, no, or None: it depends on what nobody wrote down."""
    if not owners:
        return None
    if rule in AT_LEAST:
        return _holds(owners, AT_LEAST[rule])
    if rule == Rule.FOUNDER:
        return _any(_all(one.is_woman, one.is_founder) for one in owners)
    quarter = [None if one.share is None else one.share > QUARTER for one in owners]
    found = _any(
        _all(one.is_woman, share, one.is_manager) for one, share in zip(owners, quarter, strict=True)
    )
    return None if found is False and _rest(owners) > QUARTER else found


def _holds(owners: Sequence[Owner], wanted: Decimal) -> bool | None:
    """Women's shares as written down reach it; or could not, if all that is unknown were theirs."""
    women = sum((one.share or 0 for one in owners if one.is_woman), Decimal(0))
    others = sum((one.share or 0 for one in owners if one.is_woman is False), Decimal(0))
    if women >= wanted:
        return True
    return False if 100 - others < wanted else None


def _rest(owners: Sequence[Owner]) -> Decimal:
    """The share that nobody is known to hold, where all known owners said theirs."""
    if any(one.share is None for one in owners):
        return Decimal(100)
    return 100 - sum((one.share for one in owners), Decimal(0))


def _all(*said: bool | None) -> bool | None:
    if False in said:
        return False
    return None if None in said else True


def _any(said) -> bool | None:
    said = list(said)
    if True in said:
        return True
    return None if None in said else False
