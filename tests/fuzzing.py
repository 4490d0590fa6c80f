"""Requests drawn from the API's own description, asked of a running server, and the answers held against it.

Every operation is asked what its schema allows and what it forbids, with rows that exist mixed in, so that a
request goes deeper than the first refusal.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import RESOURCES
from config.apidoc.schema import built
from people.models import Programme, Project

# Left out, each with its reason. `negative_data_rejection`: DRF reads the text "5" as the number 5, kindly.
# `positive_data_acceptance`: the schema says what a field may be, the services whether it goes together (a
# session ends after it starts). `unsupported_method`, `ignored_auth`: the policy matrix asks every method of
# every route as everybody.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
NAMED = {
    "trainers": "persons",
    "reviewers": "persons",
    "proposed_by": "organisations",
    "cluster": "organisations",
    "funder": "organisations",
    "umbrella": "organisations",
}


class Existing:
    """Keys of rows that exist, by the name of what is named: those that she sees, else anybody's."""

    def __init__(self, user, seed: int):
        self.random = Random(seed)
        self.by_resource = {
            name: _keys(viewset.queryset.model, user, "pk") for name, viewset in RESOURCES.items()
        }
        self.codes = {
            "programme": _keys(Programme, user, "code"), "project": _keys(Project, user, "code"),
        }  # fmt: skip

    def mixed_into(self, case) -> None:
        """Every second key of the address and of the body becomes one of a row that exists."""
        resource = case.path.removeprefix("/api/v1/").split("/")[0]
        for name in case.path_parameters or {}:
            rows = {"code": self.codes["programme"], "figure": ["OP-01"]}.get(
                name, self.by_resource.get(resource)
            )
            if rows and self.random.random() < 0.7:
                case.path_parameters[name] = self.random.choice(rows)
        if isinstance(case.body, dict):
            self._into(case.body)
        for name in (
            "Idempotency-Key",
            "If-Match",
        ):  # nearly always 422 and 412: asked, but not at every turn
            if case.headers and name in case.headers and self.random.random() < 0.8:
                del case.headers[name]

    def _into(self, body: dict) -> None:
        for name, value in body.items():
            rows = self.codes.get(name) or self.by_resource.get(NAMED.get(name, f"{name.removesuffix('s')}s"))
            if isinstance(value, dict):
                self._into(value)
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                for one in value:
                    if isinstance(one, dict):
                        self._into(one)
            elif rows and self._is_key(name, value) and self.random.random() < 0.7:
                one = self.random.choice(rows)
                body[name] = [one] if isinstance(value, list) else one

    def _is_key(self, name: str, value) -> bool:
        return name in self.codes or not isinstance(value, str | bool)


def _keys(model, user, name: str) -> list:
    seen = list(model.objects.visible_to(user).order_by("pk").values_list(name, flat=True)[:50])
    return seen or list(model._base_manager.order_by("pk").values_list(name, flat=True)[:50])


def operations() -> Iterator:
    schema = schemathesis.openapi.from_dict(built())
    for found in schema.get_all_operations():
        yield found.ok()


def fuzz(ask: Callable, user, cases: int, *, seed: int = 0, wanted: Iterable | None = None) -> Counter:
    """Ask every operation so many times as this user, half of what is allowed and half of what is not.

    `ask(case)` sends it and gives the answer. Returns how often each status came; raises with the request
    when an answer is not as described.
    """
    existing, seen = Existing(user, seed), Counter()
    chosen = settings(
        max_examples=max(1, cases // 2),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for operation in wanted or operations():
        for mode in MODES:

            @chosen
            @given(case=operation.as_strategy(generation_mode=mode))
            def tried(case):
                existing.mixed_into(case)
                answer = ask(case)
                seen[answer.status_code] += 1
                case.validate_response(answer, checks=CHECKS)

            tried()
    return seen
