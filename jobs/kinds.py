"""The kinds of background work: plain functions in each room's tasks.py, found by their name."""

from collections.abc import Callable

from django.utils.module_loading import import_string


def job(title: str) -> Callable:
    """Mark a function of a room's tasks.py as a kind of background work: `f(progress, **parameters)`.

    It computes outside any transaction, so that its progress can be seen and no lock is held, and returns a
    function without arguments that writes the effect and returns `Job.result` (a small dict or None). That
    one is called in the transaction which marks the job done: a killed worker leaves neither or both. An
    effect that takes long by its nature (an import is written whole or not at all) may call `progress` too:
    see `jobs.services.Progress` for what others see of it, and when it can be stopped.
    It raises ValidationError for a failure in words that the asker may read. `title` (lazily translated) is
    what the page calls it.
    """

    def mark(function: Callable) -> Callable:
        function.job_title = title
        return function

    return mark


def function_of(kind: str) -> Callable:
    """`"outcomes.build_issue"` is `outcomes.tasks.build_issue`, if that is marked with `@job(title)`."""
    room, name = kind.split(".")
    function = import_string(f"{room}.tasks.{name}")
    if not hasattr(function, "job_title"):
        raise ImportError(f"{kind} is no kind of background work")
    return function
