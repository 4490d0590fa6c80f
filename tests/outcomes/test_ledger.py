"""What a reader learns from one table more, beside those that she holds."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure.crossed import LEAST_PEOPLE, crossed, ranges
from outcomes.disclosure.ledger import Given, Held, tells
from outcomes.values import Reason

LEAST = 5


def held(*rows: str, keys: str = "", rest: bool = False) -> Held:
    """A cell of persons by their letters."""
    return Held(frozenset(keys.split()), rest, frozenset((row, row) for row in rows))


def table(series: str = "1", **cells: range) -> Given:
    """Persons by number in each category; `other` are categories put together: x and y."""
    return Given(
        "region",
        series,
        tuple(
            held(*map(str, people), keys="x y" if key == "other" else key, rest=key == "other")
            for key, people in cells.items()
        ),
    )


def test_the_first_table_tells_nothing():
    assert not tells(table(south=range(6), north=range(6, 12)), [], LEAST)


def test_the_same_again_tells_nothing():
    first = table(south=range(6), north=range(6, 12))
    assert not tells(first, [first, first], LEAST)


def test_one_more_is_told_and_five_more_are_not():
    first = table(south=range(6), north=range(20, 26))
    assert tells(table(south=range(7), north=range(20, 26)), [first], LEAST)
    assert tells(table(south=range(10), north=range(20, 26)), [first], LEAST)
    assert not tells(table(south=range(11), north=range(20, 26)), [first], LEAST)


def test_one_less_is_told_also_where_others_came():
    first = table(south=range(12), north=range(20, 26))
    assert tells(table(south=range(11), north=range(20, 31)), [first], LEAST)


def test_who_moves_unseen_is_not_told():
    """One left and one came: the number stays, and nobody can see it."""
    first = table(south=range(6), north=range(20, 26))
    assert not tells(table(south=range(1, 7), north=range(20, 26)), [first], LEAST)


def test_categories_put_together_are_compared_together():
    first = table(south=range(6), other=range(20, 28))
    assert tells(table(south=range(6), x=range(20, 25), y=range(25, 31)), [first], LEAST)
    assert not tells(table(south=range(6), x=range(20, 25), y=range(25, 33)), [first], LEAST)


def test_other_people_in_another_period_are_not_compared():
    first = table("1", south=range(6), north=range(20, 26))
    assert not tells(table("2", south=range(100, 107), north=range(120, 126)), [first], LEAST)


def test_a_longer_period_less_its_parts_is_compared():
    """Two halves and the year: who is only in the year is told by no pair, but by all three."""
    first = table("h1", south=range(10), north=range(50, 60))
    second = table("h2", south=range(10, 20), north=range(60, 70))
    year = table("year", south=range(22), north=range(50, 70))
    assert not tells(year, [first], LEAST)
    assert not tells(year, [second], LEAST)
    assert tells(year, [first, second], LEAST)


def test_six_ideas_of_one_woman_are_a_change_of_one():
    def ideas(count):
        rows = [(f"i{n}", f"p{n}") for n in range(8)] + [(f"more{n}", "p0") for n in range(count)]
        return Given("sector", "1", (Held(frozenset({"food"}), False, frozenset(rows)),))

    assert tells(ideas(6), [ideas(0)], LEAST)


people = st.sets(st.integers(0, 24), max_size=25)


@settings(max_examples=300)
@given(st.lists(st.tuples(people, people), min_size=2, max_size=3))
def test_no_subtraction_of_a_pair_is_ever_small(series):
    """Whatever is given after asking the ledger: each category of each two tables of one series differs by
    nothing or by at least five."""
    shown: list[Given] = []
    for south, north in series:
        one = table(a=south, b=north - south)
        if not tells(one, shown, LEAST):
            shown.append(one)
    for first, second in product(shown, repeat=2):
        for one, other in zip(first.cells, second.cells, strict=True):
            assert not 0 < abs(len(one.rows) - len(other.rows)) < LEAST


# --- two properties at once


counts = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_no_hidden_cell_is_known_to_fewer_than_five_numbers(table):
    found = crossed(table, table, LEAST)
    if found.dropped:
        assert found.cells == ()
        return
    assert sum(map(sum, table)) >= LEAST_PEOPLE
    hidden = {(i, j) for i, row in enumerate(found.cells) for j, n in enumerate(row) if n is None}
    assert all(n is None or n == 0 or n >= LEAST for row in found.cells for n in row)
    for (i, j), (low, high) in ranges(table, hidden).items():
        assert high - low >= LEAST
        assert low <= table[i][j] <= high


def test_fewer_than_sixty_people_have_no_such_table():
    table = [[20, 10], [10, 19]]
    assert crossed(table, table, LEAST).dropped is Reason.TOO_FEW_TO_CROSS


def test_one_small_cell_takes_three_with_it():
    """Alone it would be its row less the others; two in a row would be known from the columns."""
    table = [[20, 3, 18], [15, 12, 14], [30, 25, 16]]
    found = crossed(table, table, LEAST)
    assert [sum(n is None for n in row) for row in found.cells] in ([2, 2, 0], [2, 0, 2])
    assert found.cells[0][1] is None


def test_a_small_cell_that_cannot_be_hidden_takes_the_table():
    table = [[40, 0], [3, 40]]
    assert crossed(table, table, LEAST).dropped is Reason.NOT_TO_BE_HIDDEN


def test_few_enterprises_are_few():
    table = [[20, 20, 20], [20, 20, 20], [20, 20, 20]]
    sizes = [[20, 2, 20], [20, 20, 20], [20, 20, 20]]
    assert crossed(table, sizes, LEAST).cells[0][1] is None
