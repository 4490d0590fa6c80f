"""The policy table: who may open which address. Written for people in `policy.txt`, enforced here.

The table is the first gate: the role. The second stands at the object: `visible_to` decides which rows of
that kind exist for a person at all (404 for the others), and a room's `rules.py` what she may do with them.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from accounts.authentication import not_signed_in
from accounts.models import User
from accounts.tokens import allows
from lib.api.catalogue import verb_of
from people.access import access

ROLES = ("administrator", "coordinator", "trainer", "mentor", "partner", "funder", "entrepreneur")
SCOPES = ("any", "tenant", "programme", "own")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Line(NamedTuple):
    """Who may use one method of one route: everybody, or roles, each with how far it reaches."""

    route: str
    method: str
    everybody: bool
    roles: dict[str, str]


@cache
def table() -> dict[tuple[str, str], Line]:
    """All lines by (route, method). Raises ValueError, naming the line, when one cannot be read."""
    found = {}
    for number, text in enumerate(Path(__file__).with_name("policy.txt").read_text().splitlines(), 1):
        words = text.split("#")[0].split()
        if not words:
            continue
        route, methods, *who = words
        roles = dict(item.split("=") for item in who if item != "everybody")
        wrong = [m for m in methods.split(",") if m not in METHODS]
        wrong += [r for r in roles if r not in ROLES] + [s for s in roles.values() if s not in SCOPES]
        if wrong or not who:
            raise ValueError(f"policy.txt, line {number}: {' '.join(wrong) or 'nobody named'}")
        for method in methods.split(","):
            if (route, method) in found:
                raise ValueError(f"policy.txt, line {number}: {route} {method} stands twice")
            found[route, method] = Line(route, method, "everybody" in who, roles)
    return found


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every named address that the resolver knows, as (view name, pattern)."""

    def walk(resolver: URLResolver, namespaces: tuple[str, ...]):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
            else:
                yield ":".join((*namespaces, entry.name or f"?{entry.pattern}")), entry

    yield from walk(get_resolver(), ())


def opens(user: User, route: str, method: str) -> bool:
    """May this user, as far as her roles go, use the method of the route?"""
    line = table().get((route, method))
    return bool(line and (line.everybody or access(user).holds_any(line.roles)))


class PolicyMiddleware:
    """Refuses what the table does not allow, before the view runs. What it does not name is refused."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.opens = lambda route, method: opens(request.user, route, method)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
        route = request.resolver_match.view_name
        line, for_scripts = table().get((route, method)), request.path_info.startswith("/api/")
        if line and line.everybody:
            return None
        if not request.user.is_authenticated:
            return not_signed_in(_("Sign in first.")) if for_scripts else _to_the_door(request)
        if line is None and any((route, m) in table() for m in METHODS):
            return None  # the view answers 405 by itself: the route is known, this method is not
        if not line or not access(request.user).holds_any(line.roles):
            raise PermissionDenied
        return _missing_verb(request, view, method) if hasattr(request, "token") else None


def _to_the_door(request) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


def _missing_verb(request, view, method: str) -> JsonResponse | None:
    resource, verb = verb_of(view, method)
    if not resource or allows(request.token.verbs, resource, verb):
        return None  # the schema belongs to no resource: any token may read it
    words = _("This token may not do that. It lacks “%(verb)s”.") % {"verb": f"{resource}:{verb}"}
    return JsonResponse({"detail": words}, status=403)
