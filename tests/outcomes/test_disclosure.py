"""What the gate must never let through, whatever it is given."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from outcomes.disclosure import FLOOR, Cell, collapse, guard, limit
from outcomes.values import Amount, Reason, Spread, State, Value


def cell(key: str, persons, count: int | None = None, units=None) -> Cell:
    persons = frozenset(persons)
    return Cell(key, len(persons) if count is None else count, persons, frozenset(units or persons))


@st.composite
def one_way(draw):
    """A table of distinct persons, each in one category, as people by region are."""
    sizes = draw(st.lists(st.integers(0, 14), min_size=0, max_size=9))
    start, cells = 0, []
    for number, size in enumerate(sizes):
        cells.append(cell(f"k{number}", range(start, start + size)))
        start += size
    return cells


def sizes_behind(cells, shown):
    """The persons behind each shown cell, found again from outside: named ones, and all others together."""
    named = {c.key for c in shown if c.key is not None}
    rest = [c for c in cells if c.count and c.key not in named]
    by_key = {c.key: len(c.persons) for c in cells}
    return [
        by_key[c.key] if c.key is not None else len(frozenset().union(*(r.persons for r in rest)))
        for c in shown
    ]


@given(one_way(), st.integers(-3, 12))
def test_no_cell_is_small_and_all_of_them_make_the_total(cells, threshold):
    table = collapse([cells], threshold)
    if table.dropped:
        assert table.cells == ()
        return
    assert sum(c.count for c in table.cells) == sum(c.count for c in cells)
    assert all(size >= limit(threshold) for size in sizes_behind(cells, table.cells))
    assert len(table.cells) > 1


@given(one_way(), st.integers(0, 12))
def test_no_small_cell_can_be_worked_out_by_subtraction(cells, threshold):
    """Total minus any shown cells is never 1 to 4 people. (The total alone is exact.)"""
    table = collapse([cells], threshold)
    total, shown = sum(c.count for c in cells), [c.count for c in table.cells]
    for n in range(1, len(shown) + 1):
        for some in combinations(shown, n):
            assert not 0 < total - sum(some) < FLOOR


@given(one_way(), one_way(), st.integers(0, 12))
def test_a_part_whose_total_is_known_elsewhere_gives_nothing_away(left, right, threshold):
    """Both parts are collapsed for themselves: known total of a part minus its cells is never 1 to 4."""
    right = [cell(f"r{c.key}", {p + 1000 for p in c.persons}) for c in right]
    table = collapse([left, right], threshold)
    if table.dropped:
        return
    for part in (left, right):
        keys = {c.key for c in part}
        named = sum(c.count for c in table.cells if c.key in keys)
        rest = sum(c.count for c in part) - named
        assert rest == 0 or rest >= FLOOR


@given(st.integers(-100, FLOOR))
def test_no_setting_lowers_the_floor(wanted):
    assert limit(wanted) == FLOOR
    assert limit(None) == FLOOR
    assert collapse([[cell("a", range(4)), cell("b", range(10, 20))]], wanted).dropped is Reason.ONE_CATEGORY


def test_six_ideas_of_one_woman_are_a_cell_of_one():
    cells = [cell("A", {1}, count=6), cell("B", range(10, 20), count=12), cell("C", range(20, 26), count=6)]
    table = collapse([cells], 5)
    assert [(c.key, c.count, c.merged) for c in table.cells] == [("B", 12, 0), (None, 12, 2)]


def test_six_women_of_two_enterprises_are_a_cell_of_two():
    cells = [cell("A", range(6), units=[-1, -2]), cell("B", range(10, 20)), cell("C", range(20, 30))]
    table = collapse([cells], 5)
    assert [(c.key, c.merged) for c in table.cells] == [("B", 0), (None, 2)]


def test_the_same_five_people_in_two_small_categories_do_not_become_ten():
    cells = [cell("A", range(3), 3), cell("B", range(3), 3), cell("C", range(10, 20), 10)]
    assert collapse([cells], 5).dropped is Reason.ONE_CATEGORY


def test_a_table_of_one_category_is_dropped():
    assert collapse([[cell("A", range(31))]], 5).dropped is Reason.ONE_CATEGORY


def test_a_higher_threshold_merges_more():
    cells = [cell("A", range(6)), cell("B", range(10, 18)), cell("C", range(20, 32))]
    assert [c.key for c in collapse([cells], 5).cells] == ["C", "B", "A"]
    assert [(c.key, c.count) for c in collapse([cells], 8).cells] == [("C", 12), (None, 14)]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 12))
def test_a_share_is_withheld_when_one_side_is_small(here, there, threshold):
    value = guard(Value.share(1, 3, sides=(here, there)), threshold)
    small = any(0 < side < limit(threshold) for side in (here, there))
    assert value.state is (State.WITHHELD if small else State.MEASURED)
    if small:
        assert value.as_dict() == {"state": "withheld", "reason": "one_side"}
    assert "sides" not in value.as_dict()


# --- amounts that people told of themselves


def paid(way: str, *groups: tuple[int, float], guarded: bool = True) -> Value:
    amounts = [Amount("EUR", 12_345.6, n) for n, _top in groups]
    more = {"sides": (sum(n for n, _top in groups),), "is_guarded": guarded}
    return Value.money(amounts, spread=Spread(way, groups), **more)


@given(st.sampled_from(["sum", "mean", "median"]), st.integers(1, 30), st.floats(0, 1), st.integers(0, 12))
def test_an_amount_needs_enough_people_and_none_who_nearly_is_it(way, n, top, threshold):
    value = guard(paid(way, (n, top)), threshold)
    least = limit(threshold) if way == "median" else max(10, limit(threshold))
    told = n >= least and (way == "median" or top < 0.85)
    assert value.is_measured == told
    assert "spread" not in value.as_dict()
    if not told:
        assert set(value.as_dict()) == {"state", "reason"}


def test_an_amount_is_told_in_two_digits():
    assert guard(paid("median", (8, 0.4)), 5).amounts == (Amount("EUR", 12_000.0, 8),)
    assert guard(paid("median", (8, 0.4)), 5).value == 12_000.0


def test_each_currency_needs_its_own_people():
    assert guard(paid("median", (8, 0.4), (3, 0.9)), 5).reason is Reason.FEW_CONTRIBUTE


def test_money_of_the_programme_is_told_as_it_is():
    value = paid("sum", (2, 1.0), guarded=False)
    assert guard(Value.money(list(value.amounts)), 5).amounts[0].amount == 12_345.6
