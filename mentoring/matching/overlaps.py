"""When people and mentors have time at once, for whole blocks of pairs."""

from itertools import pairwise

import numpy as np


class Overlaps:
    """Do two availabilities overlap? The week is cut at every moment at which a window of anybody begins or
    ends; each side is the pieces it covers, 64 of them in a number, and overlaps where they share one."""

    def __init__(self, people: list[dict], mentors: list[dict], is_small: bool):
        cuts: dict[int, set] = {}
        for window in (window for side in (people, mentors) for each in side for window in each["windows"]):
            cuts.setdefault(window["weekday"], set()).update((window["start"], window["end"]))
        pieces = [(day, *piece) for day in sorted(cuts) for piece in pairwise(sorted(cuts[day]))]
        known: dict = {}
        self._index = np.array([known.setdefault(_key(p), len(known)) for p in people], dtype=np.int64)
        self._hers, self._theirs = _covered(list(known), pieces), _covered(list(map(_key, mentors)), pieces)
        self._whole = self.block(np.arange(len(people))) if is_small else None

    def block(self, rows: np.ndarray | None) -> np.ndarray:
        """Of these rows, or of all where there are few."""
        if rows is None:
            return self._whole
        hers = self._hers[:, self._index[rows]]
        found = np.zeros((len(rows), self._theirs.shape[1]), bool)
        for one, other in zip(hers, self._theirs, strict=True):
            found |= (one[:, None] & other) != 0
        return found


def _key(side: dict) -> tuple:
    return tuple(sorted((each["weekday"], each["start"], each["end"]) for each in side["windows"]))


def _covered(availabilities: list[tuple], pieces: list[tuple]) -> np.ndarray:
    """Words of 64 pieces of the week by availabilities: a bit is set where one covers the piece."""
    covers: dict[tuple, int] = {}
    for window in {window for windows in availabilities for window in windows}:
        day, start, end = window
        covers[window] = sum(1 << i for i, (d, s, _e) in enumerate(pieces) if d == day and start <= s < end)
    found = np.zeros((-(-len(pieces) // 64), len(availabilities)), np.uint64)
    for at, windows in enumerate(availabilities):
        bits = 0
        for window in windows:
            bits |= covers[window]
        for word in range(len(found)):
            found[word, at] = bits >> 64 * word & (1 << 64) - 1
    return found
