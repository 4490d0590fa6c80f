"""In which order ideas lie on a desk."""

import random
from collections.abc import Iterable


def in_own_order(numbers: Iterable[int], round: str, seat: int) -> list[int]:
    """Ideas by number in the reviewer's own random order, so that no idea is everybody's last; the same for
    the same round and seat, wherever it is stored."""
    found = sorted(numbers)
    random.Random(f"{round}:{seat}").shuffle(found)
    return found
