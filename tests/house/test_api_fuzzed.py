"""The API answers as it is described, whoever asks for what. All of it: `make faults ONLY=api`."""

import os
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import timezone

from config.policy import table
from lib import quotas
from people.tokens import make_token
from tests.access.world import World
from tests.fuzzing import fuzz, operations

ROLES = ("administrator", "coordinator", "trainer", "mentor", "partner", "funder", "entrepreneur")
CASES = int(os.environ.get("API_CASES", "0"))  # of each role; none: the short form
EACH = 1  # of each operation, in the short form


@pytest.fixture
def world(transactional_db, monkeypatch):
    """Somebody asks more in these minutes than a person may."""
    monkeypatch.setattr(quotas, "WRITES", 10**9)
    monkeypatch.setattr(quotas, "SEARCHES", 10**9)
    return World()


def secret_of(user) -> str:
    now = timezone.now()
    said = {"name": "fuzz", "verbs": ["*"], "programmes": None}
    return make_token(by=user, now=now, expires_at=now + timedelta(days=1), **said)[1]


def asker(live_server, user):
    headers = {"Authorization": f"Bearer {secret_of(user)}"}

    def ask(case):
        for name in [name for name in case.headers or {} if name.lower() == "authorization"]:
            del case.headers[name]
        return case.call(base_url=live_server.url, headers=headers)

    return ask


@pytest.mark.postgres
def test_every_operation_answers_as_described(world, live_server):
    """The short form: each operation once, by one of the roles that the policy names for it."""
    asked, seen = dict.fromkeys(ROLES, 0), Counter()
    askers = {role: asker(live_server, world.users[role]) for role in ROLES}
    for operation in operations():
        role = min(roles_of(operation), key=asked.get)
        asked[role] += 1
        seen += fuzz(askers[role], world.users[role], EACH, seed=sum(seen.values()), wanted=[operation])
    print(f"{sum(seen.values())} requests, {dict(sorted(seen.items()))}, by {asked}")
    assert max(seen) < 500
    assert (seen[200] > 0, seen[400] > 0, seen[404] > 0) == (True, True, True)


def roles_of(operation) -> list[str]:
    """Who may ask it; by the route behind the address."""
    path = re.sub(r"{\w+}", "1", operation.path)
    route = resolve(path).view_name
    line = table()[route, operation.method.upper()]
    return [role for role in ROLES if role in line.roles]


@pytest.mark.postgres
@pytest.mark.skipif(not CASES, reason="the long form: make faults ONLY=api")
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_as_described(role, world, live_server):
    each = CASES // len(list(operations())) + 1
    user = world.users[role]
    seen = fuzz(asker(live_server, user), user, each, seed=ROLES.index(role))
    print(f"{role}: {sum(seen.values())} requests, {dict(sorted(seen.items()))}")
    assert max(seen) < 500
    assert seen[200] > 0
