"""The short form of `make faults ONLY=disclosure`: three issues, two funders, and somebody who subtracts."""

import pytest

from tests.faults.crossing import judged
from tests.faults.disclosing import attacked


@pytest.mark.parametrize("seed", [3, 22, 46, 121, 1184, 1346])
def test_no_group_and_no_change_of_one_to_four_is_pinned_down(seed):
    """Series that an earlier ledger lost, or that come near it."""
    found = attacked(seed)
    assert found
    assert [one for one in found if one.is_pinned] == []


def test_without_the_ledger_the_attack_sees_much():
    assert sum(one.is_pinned for one in attacked(0, ledger=False)) > 5


def test_tables_by_two_properties_withstand_another_solver():
    safe, shown, said = judged(7, 12)
    assert 0 < shown == safe
    assert said
