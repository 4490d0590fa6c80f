"""Lines of a log: one event is one line, whatever a text in it holds, and names its request or job. No signed
address stands in it: whoever reads logs opens nothing by them."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied

from lib.signing import masked

_doing: ContextVar[str] = ContextVar("doing", default="")


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Lines written inside carry `what`, such as `request:3f9c` or `job:7`. Each thread has its own."""
    token = _doing.set(what)
    try:
        yield
    finally:
        _doing.reset(token)


class Refusals(logging.Filter):
    """Who was refused, and what, is a line; the way through our code to the refusal is no news."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True


class Line(logging.Formatter):
    """For people: moment (UTC), level, what it belongs to, logger, words. A traceback stands in the same
    line, its breaks written as \\n, so that nobody forges a line by typing one."""

    def format(self, record: logging.LogRecord) -> str:
        said = super().format(record)
        what = _doing.get() or "-"
        return _one_line(masked(f"{_moment(record)} {record.levelname} {what} {record.name} {said}"))


class Json(logging.Formatter):
    """For machines: the same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _moment(record), "level": record.levelname, "logger": record.name}
        line["said"] = masked(record.getMessage())
        if _doing.get():
            line["doing"] = _doing.get()
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)


def _moment(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
