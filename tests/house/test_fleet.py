"""Several webs, workers and beats at once, one of each killed: the short form of `make faults ONLY=fleet`."""

import os

import pytest

from tests.faults import fault_fleet

pytestmark = pytest.mark.postgres


def test_one_of_each_is_killed_and_nothing_is_lost_or_done_twice(tmp_path):
    server, broker = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    found = fault_fleet.killed_in_the_middle(
        tmp_path / "fleet", server, broker, jobs=16, sessions=4, readers=8
    )
    fault_fleet.check(found)
