"""Promise P6, short: `make faults ONLY=reports` is the long form."""

from random import Random
from urllib.parse import urlsplit

import pytest

from tests.faults import reporting_app as events
from tests.faults.fault_reports import cancelled, killed, tapped
from tests.faults.reporting import Builds

pytestmark = pytest.mark.postgres


@pytest.fixture
def builds(tmp_path, transactional_db, process_environment):
    """`builds(reports)`: an installation on this test's database, with a broker of its own."""
    host, _slash, number = process_environment["REDIS_URL"].rpartition("/")
    broker = f"{host}/{int(number) + 50}"

    def begin(reports: int) -> Builds:
        return Builds(
            tmp_path / "fleet", process_environment["DATABASE_URL"], broker, reports=reports, lease=4
        )

    assert urlsplit(broker).path != urlsplit(process_environment["REDIS_URL"]).path
    return begin


def test_killed_at_every_stage_each_ends_and_is_kept_once(builds):
    kills = [(stage, "child") for stage in events.STAGES] + [("counting", "worker"), ("writing", "scheduler")]
    with builds(len(kills) + 3) as made:
        made.meets(made.reports[0], "counting", "bomb")
        jobs = killed(made, Random(4), kills, [])
    assert [one["state"] for one in jobs].count("done") >= len(kills)


def test_stopped_at_every_stage_it_ends_at_once_and_leaves_nothing(builds):
    with builds(len(events.STAGES)) as made:
        assert cancelled(made, 1) < 10


def test_of_twenty_that_ask_at_once_over_http_one_is_built(builds):
    with builds(1) as made:
        tapped(made)
