"""Which of very many texts may be so alike: not each against each, but those that share something rare.

Each text is known by the beginnings of its words and by each two that stand side by side. Texts that share
such a key are compared, the rarest keys first, as long as the number of comparisons stays in proportion to
the number of texts. A small set is compared whole.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ideas.duplicates.likeness import likeness, trace
from ideas.duplicates.packed import Packed, estimate, pack

AT_LEAST, EACH = 300_000, 12  # comparisons: so many in any case, and so many for each text
BATCH, TOLD = 5_000, 100_000  # comparisons at a time, and between two words about progress


def alike(
    texts: Sequence[tuple[str, str]],
    at_least: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[int, int, float]]:
    """The places of all pairs of (title, summary) that are so alike or more, each with its likeness."""
    found = []
    for some in _candidates(texts, at_least, progress):
        for one, other in some.tolist():
            value = likeness(trace(*texts[one]), trace(*texts[other]))
            if value >= at_least:
                found.append((one, other, value))
    return found


def _candidates(texts: Sequence[tuple[str, str]], at_least: float, progress) -> Iterator[np.ndarray]:
    """Pairs of places, a row each, that may be so alike."""
    n, most = len(texts), max(AT_LEAST, EACH * len(texts))
    each = n * (n - 1) // 2 <= most
    packed = pack(texts, with_keys=not each)
    chosen = _each(n) if each else np.concatenate([np.zeros(0, "i8"), *_blocks(packed, n, most)])
    if not each:
        chosen = np.sort(chosen)
        chosen = chosen[_changes(chosen)]
    for start in range(0, len(chosen), BATCH):
        if start % TOLD == 0:
            progress(start, len(chosen))
        one, other = np.divmod(chosen[start : start + BATCH], n)
        may = estimate(packed, one, packed, other) >= at_least
        yield np.stack([one[may], other[may]], axis=1)


def _each(n: int) -> np.ndarray:
    """Each with each later one, a number a pair: row × n + later row."""
    one, other = np.triu_indices(n, 1)
    return one * n + other


def _blocks(packed: Packed, n: int, most: int) -> Iterator[np.ndarray]:
    """The pairs of texts that share a key, the rarest keys first, until there are enough."""
    keys, rows = _shared(packed)
    starts = np.flatnonzero(_changes(keys))
    sizes = np.diff(np.append(starts, len(keys)))
    for size in np.unique(sizes):
        where = starts[sizes == size]
        most -= len(where) * int(size) * (int(size) - 1) // 2
        if most < 0 and size > 2:
            return
        members = rows[where[:, None] + np.arange(size)].astype("i8")
        one, other = np.triu_indices(size, 1)
        yield (members[:, one] * n + members[:, other]).ravel()


def _shared(packed: Packed) -> tuple[np.ndarray, np.ndarray]:
    """The keys of two texts or more, sorted, each with its texts in order; a part of them at a time."""
    part, kept = packed.keys >> np.uint32(28), []
    for number in range(16):
        mine = np.flatnonzero(part == number)
        mine = mine[np.argsort(packed.keys[mine], kind="stable")]  # texts stay in order
        keys, rows = packed.keys[mine], packed.rows[mine]
        once = _changes(keys) | _changes(rows)
        keys, rows = keys[once], rows[once]
        first = _changes(keys)
        alone = first & np.append(first[1:], True)
        kept.append((keys[~alone], rows[~alone]))
    return tuple(np.concatenate(column) for column in zip(*kept, strict=True))


def _changes(numbers: np.ndarray) -> np.ndarray:
    """Where another number begins."""
    return np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]
