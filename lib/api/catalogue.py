"""Which resources the API has, and what each offers: read from the addresses, so that no list lags behind."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Way(NamedTuple):
    """One route and method of a resource, and the verb that a token needs for it."""

    resource: str
    verb: str
    route: str
    method: str


def verb_of(view, method: str) -> tuple[str, str]:
    """(resource, verb). A row or a bulk of rows is added; all else that writes, changes."""
    named = getattr(view, "initkwargs", {})
    added = getattr(view, "actions", {}).get("post") in ("create", "bulk")
    verb = "read" if method == "GET" else "add" if method == "POST" and added else "change"
    return named.get("basename", ""), verb


@cache
def ways() -> tuple[Way, ...]:
    """All of them."""
    found = set()
    for name, pattern in _patterns(get_resolver(), ()):
        actions = getattr(pattern.callback, "actions", None) or {}
        for method in (m.upper() for m in actions if m not in ("head", "options")):
            resource, verb = verb_of(pattern.callback, method)
            found.add(Way(resource, verb, name, method))
    return tuple(sorted(found))


def offered(opens: Callable[[str, str], bool]) -> dict[str, list[str]]:
    """By resource the verbs that somebody's roles allow: `opens(route, method)` says whether."""
    found: dict[str, set[str]] = {}
    for way in ways():
        if opens(way.route, way.method):
            found.setdefault(way.resource, set()).add(way.verb)
    order = ("read", "add", "change")
    return {resource: sorted(verbs, key=order.index) for resource, verbs in sorted(found.items())}


def _patterns(resolver: URLResolver, namespaces: tuple[str, ...]):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join((*namespaces, entry.name)), entry
