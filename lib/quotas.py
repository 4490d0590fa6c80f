"""How often something may be asked: of the API in a minute (far more than an honest script needs), of a form
from one address."""

import time

from django.core.cache import cache
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled

WINDOW = 60  # seconds
WRITES = 1_200  # a bulk counts as one write for each ten rows
SEARCHES = 600  # lists narrowed by something other than a page's place


class TooMuch(Throttled):
    def __init__(self, wait: int):
        super().__init__(wait=wait, detail=_("Too many requests in one minute."))


def count(key: str, period: int, amount: int = 1) -> int:
    """How much there is under this key with this, in the `period` (seconds) that its first began."""
    if cache.add(key, amount, period):
        return amount
    try:
        return cache.incr(key, amount)
    except ValueError:  # it ended between the two: a new count begins
        cache.set(key, amount, period)
        return amount


def spend(who: int | str, what: str, most: int, amount: int = 1) -> None:
    """Raises TooMuch (429 with Retry-After) when `who` has spent `most` of `what` in this minute."""
    now = time.time()
    key = f"quota:{what}:{who}:{int(now // WINDOW)}"
    if count(key, WINDOW * 2, amount) > most:
        raise TooMuch(WINDOW - int(now % WINDOW))


def spend_on(request) -> None:
    """What a request of the API costs. A page of a list and one object cost nothing."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        rows = request.data.get("rows") if isinstance(request.data, dict) else None
        spend(request.user.pk, "writes", WRITES, 1 + (len(rows) // 10 if isinstance(rows, list) else 0))
    elif request.GET.keys() - {"cursor", "limit", "order"}:
        spend(request.user.pk, "searches", SEARCHES)
