"""Every API route × method, asked with tokens of each scope, and compared with config/policy.txt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import Token, User
from config.policy import Line, routes, table
from lib.api.catalogue import verb_of
from people.tokens import make_token
from tests.access.matrix import Cell, agrees, answer, cells, expected, parts_of, quickly_passed
from tests.access.world import World
from tests.factories import make_member

OWNERS = ("coordinator", "administrator")
HERE = ("own", "same")
# what belongs to no single programme: a limited token does not reach it (its lists may be empty instead)
OF_THE_ORGANISATION = {
    "jobs", "organisations", "enterprises", "clusterings", "projects", "partners", "beneficiaries", "venues",
    "audit", "declarations", "feeds", "choices", "gateways", "questions", "wordings",
    "indicators",
}  # fmt: skip


class Kind(NamedTuple):
    """A token: whose, for which verbs, where; and whether it has ended."""

    name: str
    owner: str
    verbs: tuple[str, ...] = ("*",)
    where: str = "all"  # or "same", "other": the programme that it is limited to
    ended: str = ""  # or "expired", "revoked", "deactivated"


KINDS = (
    Kind("all", "coordinator"),
    Kind("limited to her programme", "coordinator", where="same"),
    Kind("limited to the other programme", "coordinator", where="other"),
    Kind("read only", "coordinator", ("*:read",)),
    Kind("add only", "coordinator", ("*:add",)),
    Kind("of a resource that is none", "coordinator", ("nothing:read", "nothing:add", "nothing:change")),
    Kind("expired", "coordinator", ended="expired"),
    Kind("revoked", "coordinator", ended="revoked"),
    Kind("deactivated", "coordinator", ended="deactivated"),
    Kind("all", "administrator"),
    Kind("limited", "administrator", where="same"),
)


def differences(world: World, kinds=KINDS, relations=("own", "other", "tenant")):
    """(cells tried, differences in words, canaries found in words)."""
    patterns, tried, wrong, leaked = dict(routes()), 0, [], []
    asked = [c for c in cells(world, relations) if c.line.route.startswith("api:") and c.role in OWNERS]
    for kind in kinds:
        client = _client(world, kind)
        for cell in (c for c in asked if c.role == kind.owner):
            should = _expected(world, kind, cell, patterns)
            if quickly_passed(cell, should, relations):
                continue
            tried += 1
            got, text = answer(client, cell)
            what = f"{cell.line.method} {cell.line.route}, {cell.relation}: {kind.owner}'s token, {kind.name}"
            if not _agrees(cell, should, got):
                wrong.append(f"{what}: should be {should}, is {got} ({cell.path})")
            leaked += [f"{word} in {what}" for word in _forbidden(world, kind) if word in text]
    return tried, wrong, leaked


def _expected(world: World, kind: Kind, cell: Cell, patterns: dict) -> str:
    if kind.ended:
        return "door"
    resource, verb = verb_of(patterns[cell.line.route].callback, cell.line.method)
    if resource and not tokens.allows(kind.verbs, resource, verb):
        return "shut"
    if kind.where == "all":
        return expected(world, cell)
    if cell.line.everybody:
        return "open"
    roles = {"entrepreneur", *(["coordinator"] if kind.where == "same" else [])}
    if not roles & cell.line.roles.keys():
        return "shut"
    if resource in OF_THE_ORGANISATION:
        return "closed"
    if not set(parts_of(cell.line.route, patterns[cell.line.route]).values()):
        return "open"
    there = cell.relation in HERE and kind.where == "same" and "coordinator" in cell.line.roles
    return expected(world, cell._replace(role="coordinator")) if there else "hidden"


def _agrees(cell: Cell, should: str, got: str) -> bool:
    if should == "closed":  # a list may answer, and holds nothing: the canaries see to that
        return got in ("shut", "hidden") or (got == "open" and cell.line.route.endswith("-list"))
    return agrees(cell, should, got)


def _client(world: World, kind: Kind) -> Client:
    """A script with such a token, of an owner of its own: the deactivated one must not end the others."""
    role, now = kind.owner, timezone.now()
    user = world.users[role]
    if kind.ended == "deactivated":
        user = make_member(world.same.programme, role)
    if kind.where == "other" and role == "coordinator":  # she ran it when she made the token, and no more
        membership = user.person.memberships.create(programme=world.other.programme, role=role)
    named = None if kind.where == "all" else [getattr(world, kind.where).programme]
    token, secret = make_token(
        by=User.objects.get(pk=user.pk), name=kind.name, verbs=kind.verbs, programmes=named,
        expires_at=now + timedelta(days=9), now=now,
    )  # fmt: skip
    if kind.where == "other" and role == "coordinator":
        membership.delete()
    if kind.ended == "expired":
        Token.objects.filter(pk=token.pk).update(created_at=now - timedelta(days=9), expires_at=now)
    if kind.ended == "revoked":
        tokens.revoke(by=user, token=token, now=now)
    if kind.ended == "deactivated":
        User.objects.filter(pk=user.pk).update(is_active=False)
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})


def _forbidden(world: World, kind: Kind) -> list[str]:
    if kind.ended:
        return ["Isti ", "KANARINAC"]
    if kind.where == "other":
        return ["Isti ", "KANARINAC"]
    return world.forbidden_words("coordinator" if kind.where == "same" else kind.owner)


def lines() -> Iterator[Line]:
    return (line for line in table().values() if line.route.startswith("api:"))
