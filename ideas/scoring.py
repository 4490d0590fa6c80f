"""What scores amount to. Values in, values out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

PAUSE = timedelta(minutes=30)  # a longer gap between two reviews is no work on the second
FEWEST = 3  # so many reviews tell a pace; fewer tell nothing
LEEWAY = 0.2  # of the round: nobody begins at once


def weighted_mean(marks: Iterable[tuple[int | Decimal, int]]) -> Decimal:
    """The mean of (value, weight) pairs, to three places. Weights need not add up to 100.

    Raises ValueError when there is nothing to weigh.
    """
    marks = list(marks)
    total = sum(weight for _value, weight in marks)
    if total <= 0:
        raise ValueError("no weight")
    mean = Decimal(sum(value * weight for value, weight in marks)) / total
    return mean.quantize(Decimal("0.001"), ROUND_HALF_UP)


def minutes_left(handed_in: Sequence[datetime], waiting: int) -> int | None:
    """Minutes that the reviews still waiting take at the reviewer's own pace, rounded up to 5; None while her
    pace is not known. `handed_in`: the moments of her reviews, in any order."""
    moments = sorted(handed_in)
    gaps = [
        later - earlier
        for earlier, later in zip(moments, moments[1:], strict=False)
        if later - earlier <= PAUSE
    ]
    if len(gaps) < FEWEST - 1 or waiting <= 0:
        return None
    minutes = median(gap.total_seconds() for gap in gaps) * waiting / 60
    return max(5, -int(-minutes // 5) * 5)


def is_behind(done: int, waiting: int, opens: datetime, closes: datetime, now: datetime) -> bool:
    """Does she hand in slower than the round passes by? A fifth of it is left out of account."""
    if not waiting or now < opens:
        return False
    passed = min((now - opens) / (closes - opens), 1.0)
    return done / (done + waiting) < passed - LEEWAY or passed == 1.0
