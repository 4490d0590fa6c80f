"""Every route × method × role × relation, tried and compared with config/policy.txt."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple

from django.db import transaction
from django.test import Client
from django.urls import reverse

from config.policy import Line, routes, table
from tests.access.world import RELATIONS, ROLES, World

FREE = {
    "part",
    "letter",
    "key",
    "uidb36",
    "figure",
    "table",
    "definition",
    "format",
    "language",
}  # parts of an address that name no record of a programme


class Cell(NamedTuple):
    line: Line
    role: str  # or "anonymous", "deactivated"
    relation: str
    path: str
    data: dict  # the record that a form names beside the one in the address


def cells(world: World, relations=RELATIONS) -> Iterator[Cell]:
    """All of them: an address without a record in it has one relation, `own`."""
    patterns = dict(routes())
    for line in table().values():
        parts = parts_of(line.route, patterns[line.route])
        for role in (*ROLES, "anonymous", "deactivated"):
            seen_as = role if role in ROLES else "coordinator"
            for relation in relations if set(parts.values()) - FREE else ("own",):
                values = {part: world.target(name, seen_as, relation) for part, name in parts.items()}
                data = {"enrolment": world.target("enrolment", "nobody", relation)}
                yield Cell(line, role, relation, reverse(line.route, kwargs=values), data)


def parts_of(route: str, entry) -> dict[str, str]:
    """What stands in an address: {part: the record it names}. In the API `pk` names the resource's own."""
    singular = route.removeprefix("api:").split("-")[0]
    singular = {"idea": "idea_file", "rule": "rule_text", "issue": "step"}.get(
        singular, singular.removesuffix("s")
    )
    singular = {
        "review": "task",
        "beneficiarie": "beneficiary",
        "signatorie": "signatory",
        "import": "import_",
        "pair": "pair_note",
        "quiet": "quiet_hours",
        "matching": "run",
        "criteria": "criterion",
        "period": "lock",
        "logframe": "line",
        "invitation": "interview",
    }.get(singular, singular)
    names = {"pk": singular, "code": singular} if route.startswith("api:") else {}
    return {part: names.get(part, part) for part in entry.pattern.regex.groupindex}


def expected(world: World, cell: Cell) -> str:
    """`open`, `shut` (403), `hidden` (404; for `same` also 403), `door` (sign in first)."""
    if cell.line.everybody:
        return "open"
    if cell.role in ("anonymous", "deactivated"):
        return "door"
    hers = {"entrepreneur"} | ({cell.role} if cell.role != "nobody" else set())
    scopes = {role: scope for role, scope in cell.line.roles.items() if role in hers}
    if not scopes:
        return "shut"
    parts = parts_of(cell.line.route, dict(routes())[cell.line.route]).values()
    named = [name for name in parts if name not in FREE]
    if not named:
        return "open"
    return (
        "open"
        if any(_reaches(world, cell, role, scope, named[0]) for role, scope in scopes.items())
        else "hidden"
    )


def _reaches(world: World, cell: Cell, role: str, scope: str, kwarg: str) -> bool:
    if cell.relation == "gone":
        return False
    if scope == "any":
        return True
    reach = {"tenant": ("own", "same", "other"), "programme": ("own", "same"), "own": ("own",)}[scope]
    if cell.relation not in reach:
        return False
    return scope != "own" or world.is_own(kwarg, cell.role)


def answer(client: Client, cell: Cell) -> tuple[str, str]:
    """What the running code says to this cell, and the text of it. Whatever it changed is undone, also the
    session: an address that signs somebody in or out leaves a cookie behind."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        ask = getattr(client, cell.line.method.lower())
        extra = {"content_type": "application/json"} if cell.path.startswith("/api/") else {}
        response = (
            ask(cell.path, **extra)
            if cell.line.method == "GET"
            else ask(cell.path, data={} if extra else cell.data, **extra)
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return _kind(response), body.decode("utf-8", "replace")


def _kind(response) -> str:
    if response.status_code == 401 or (
        response.status_code == 302 and re.match(r"/accounts/login/\?next=", response.headers["Location"])
    ):
        return "door"
    if response.status_code >= 500:
        return "broken"
    return {403: "shut", 404: "hidden"}.get(response.status_code, "open")


def differences(world: World, relations=RELATIONS) -> tuple[int, list[str], list[str]]:
    """(cells tried, differences in words, canaries found in words)."""
    clients = _clients(world)
    tried, wrong, leaked = 0, [], []
    for cell in cells(world, relations):
        should = expected(world, cell)
        if quickly_passed(cell, should, relations):
            continue
        tried += 1
        got, text = answer(clients[cell.role], cell)
        if not agrees(cell, should, got):
            what = f"{cell.line.method} {cell.line.route} as {cell.role}, {cell.relation}"
            wrong.append(f"{what}: should be {should}, is {got} ({cell.path})")
        role = cell.role if cell.role in world.users else "nobody"
        leaked += [
            f"{word} in {cell.line.method} {cell.path} as {cell.role}"
            for word in world.forbidden_words(role)
            if word in text and not cell.line.everybody
        ]
    return tried, wrong, leaked


def quickly_passed(cell: Cell, should: str, relations) -> bool:
    """Whom the role alone turns away is turned away before a record is looked for: one relation is enough,
    except in the whole matrix."""
    return len(relations) < len(RELATIONS) and cell.relation != "own" and should in ("shut", "door")


def agrees(cell: Cell, should: str, got: str) -> bool:
    if (
        cell.line.everybody
    ):  # the view itself asks for a code or a signed value: never a sign-in, never a crash
        return got in ("open", "hidden", "shut")
    if cell.line.route.startswith("mfa_") and got == "hidden":
        return should == "open"  # she has no second factor yet
    if should == "hidden" and cell.relation in ("own", "same"):
        return got in ("hidden", "shut")  # of her programme: visible, and not for her
    return got == should


def _clients(world: World) -> dict[str, Client]:
    clients = {"anonymous": Client(raise_request_exception=False)}
    for role, user in world.users.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    from tests.factories import make_coordinator

    gone = make_coordinator(world.same.programme)
    clients["deactivated"] = Client(raise_request_exception=False)
    clients["deactivated"].force_login(gone, backend="allauth.account.auth_backends.AuthenticationBackend")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    return clients
