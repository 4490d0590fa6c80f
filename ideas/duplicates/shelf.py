"""The texts of a programme kept packed in this process, so that one text is compared with 20,000 in
milliseconds. Kept up by one query for what is newer: inside a programme texts are numbered in the order in
which they are committed (nominating and rewording lock the programme)."""

from collections import OrderedDict
from threading import Lock
from uuid import uuid4

import numpy as np
from django.core.cache import cache

from ideas.duplicates.packed import TITLE, Packed, estimate, pack, together
from ideas.models import IdeaText
from people.models import Programme

MOST = 400_000  # texts in one process, over all programmes: some 400 bytes each
_shelves: "OrderedDict[int, Shelf]" = OrderedDict()
_lock = Lock()


class Shelf:
    """Rows of packed texts; `ideas` says whose, 0 where newer words took the place of these."""

    def __init__(self, token: str):
        self.token, self.newest, self.last = token, 0, ("", "")
        self.ideas, self.packed = np.zeros(0, "i8"), pack([])
        self.place: dict[int, int] = {}

    def add(self, rows: list[tuple[int, int, str, str]]) -> None:
        """(text, idea, title, summary), by the number of the text."""
        if not rows:
            return
        for _text, idea, _title, _summary in rows:
            if idea in self.place:
                self.ideas[self.place.pop(idea)] = 0
        start = len(self.ideas)
        self.place |= {row[1]: start + at for at, row in enumerate(rows)}
        self.ideas = np.concatenate([self.ideas, np.array([row[1] for row in rows], "i8")])
        self.packed = together(self.packed, pack([row[2:] for row in rows]))
        self.newest, self.last = rows[-1][0], rows[-1][2:]

    def nearest(self, title: str, summary: str, limit: int, at_least: float) -> list[int]:
        """The ideas that may be so alike, the likest first by estimate."""
        if not len(self.ideas):
            return []
        one, everything = pack([(title, summary)]), slice(None)
        values = (
            _begun(one, self.packed) if not summary else estimate(one, everything, self.packed, everything)
        )
        values = np.where(self.ideas > 0, values, 0)
        best = np.argsort(-values, kind="stable")[:limit]
        return [int(self.ideas[at]) for at in best if values[at] >= at_least]


def shelf_of(programme: Programme) -> Shelf:
    """The programme's texts as they are now. One query."""
    key = f"ideas:shelf:{programme.pk}"
    token = cache.get_or_set(key, lambda: uuid4().hex, None)
    with _lock:
        shelf = _shelves.pop(programme.pk, None)
        if shelf is None or shelf.token != token:
            shelf = Shelf(token)
        rows = _texts(programme, shelf.newest)
        if shelf.newest and (not rows or (rows[0][0], rows[0][2:]) != (shelf.newest, shelf.last)):
            shelf, rows = Shelf(token), _texts(programme, 0)  # another database than a moment ago
        shelf.add([row for row in rows if row[0] > shelf.newest])
        _shelves[programme.pk] = shelf
        while sum(len(each.ideas) for each in _shelves.values()) > MOST and len(_shelves) > 1:
            _shelves.popitem(last=False)
    return shelf


def _texts(programme: Programme, since: int) -> list[tuple[int, int, str, str]]:
    texts = IdeaText.objects.filter(idea__programme=programme, pk__gte=since).order_by("pk")
    return list(texts.values_list("pk", "idea", "title", "summary"))


def _begun(typed: Packed, kept: Packed) -> np.ndarray:
    """Of a title that is not finished: how much of it stands in the other's title."""
    shared = np.bitwise_count(typed.bits[:, TITLE] & kept.bits[:, TITLE]).sum(axis=1, dtype="i4")
    return shared / max(1, int(typed.counts[0, 1]))
