"""The policy table is complete, and the code does what it says. All of it: `make faults ONLY=access`."""

import os
from pathlib import Path

import pytest

from config.policy import routes, table
from tests.access.matrix import differences
from tests.access.world import RELATIONS, World

TRIED = RELATIONS if os.environ.get("WHOLE_MATRIX") else ("own", "tenant")


def test_every_route_has_a_line_and_every_line_a_route():
    assert {route for route, _method in table()} == {name for name, _pattern in routes()}


def test_no_route_is_nameless():
    assert [name for name, _pattern in routes() if "?" in name] == []


@pytest.mark.django_db
@pytest.mark.postgres  # once is enough: each room asks its strangers on both
def test_the_code_answers_as_the_table_says():
    """Quick form: every route × method × role, hers and another tenant's."""
    tried, wrong, leaked = differences(World(), relations=TRIED)
    if where := os.environ.get("DIFFERENCES"):
        Path(where).write_text("\n".join([*wrong, *leaked]))
    print(f"{len(table())} lines, {tried} cells, {len(wrong)} differences, {len(leaked)} canaries")
    assert "\n".join([*wrong, *leaked]) == ""
    assert tried > 6 * len(table())


@pytest.mark.django_db
def test_the_matrix_notices_a_line_that_is_not_true(monkeypatch):
    """A guard that cannot fail guards nothing: one wrong line in the table must show."""
    from config import policy

    lines = dict(table())
    key = ("mentoring:assignment_list", "GET")
    lines[key] = lines[key]._replace(roles={"funder": "programme"})
    world = World()
    for module in ("tests.access.matrix", "config.policy"):
        monkeypatch.setattr(f"{module}.table", lambda: {key: lines[key]})
    tried, wrong, _leaked = differences(world, relations=("own",))
    assert policy.table() == {key: lines[key]}
    assert len(wrong) > 0
