"""Promise P11, short: `make faults ONLY=import` is the long form."""

import pytest

from tests.faults.fault_import import Place, at_once, kills
from tests.faults.importing import sweep


@pytest.mark.django_db
def test_sheets_as_people_bring_them():
    table = sweep(range(60), largest=3000)
    assert table.told == []
    assert (table.injected, table.faults) == (60, 0)
    assert table.refusals > 100
    assert table.written > 100
    assert len(table.what) > 12


@pytest.mark.sqlite
def test_killed_in_the_middle_nothing_is_written_in_part(tmp_path):
    place = Place(tmp_path / "data")
    assert kills(place, 3, rows=5000) == 0
    assert at_once(place, 1, rows=500) == 0


@pytest.mark.postgres
def test_killed_in_the_middle_on_postgres(tmp_path, transactional_db, process_environment):
    place = Place(tmp_path / "data", process_environment["DATABASE_URL"])
    assert kills(place, 3, rows=5000) == 0
    assert at_once(place, 1, rows=500) == 0
