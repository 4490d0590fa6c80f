"""Shall this process end? Long work asks between two pieces, so that what it has in hand is finished and the
rest given back.

A main process says it to its children by a byte that they share since they were born (`ask`). One that is
told itself remembers it while something is in hand, and ends after it.
"""

import mmap
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_all = mmap.mmap(-1, 1)  # shared with every process that is forked from this one
_told = threading.Event()  # this process alone


def asked() -> bool:
    return _told.is_set() or _all[0] == 1


def ask() -> None:
    """To this process and all that were forked from it."""
    _all[0] = 1


def clear() -> None:
    _all[0] = 0
    _told.clear()


@contextmanager
def in_hand() -> Iterator[None]:
    """While it lasts, SIGTERM only makes `asked` true; then it does what it did before. In a thread that gets
    no signals it changes nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _remember) or signal.SIG_DFL
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if _told.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


def on_term(*_what) -> None:
    """As handler of SIGTERM in a process whose work asks: ends it when nothing is in hand."""
    _told.set()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _remember(*_what) -> None:
    _told.set()
