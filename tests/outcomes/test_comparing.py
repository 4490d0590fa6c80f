"""Groups side by side: the arithmetic of a published table, from sums."""

import csv
import json

import pytest

from outcomes.comparing import Sums, _compared, compare, pooled_variance
from outcomes.definitions import Definition
from outcomes.library.indicators import LIBRARY
from tests import factories as f
from tests.outcomes.counted import asking, say, scope_of
from training.models import Group


def table(shared_data):
    folder = shared_data / "outcomes_mentoring_kenya"
    published = json.loads((folder / "published_numbers.json").read_text())["table2_baseline_balance"]["rows"]
    with (folder / "dandora_panel.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["wave"] == "0"]
    return published, rows


def sums_of(rows: list[dict], name: str) -> dict[str, Sums]:
    found = {}
    for group in ("2", "3", "4"):
        numbers = [float(row[name]) for row in rows if row["treat2"] == group and row[name]]
        found[group] = Sums(int(group), len(numbers), sum(numbers), sum(one * one for one in numbers))
    return found


def test_table_2_of_the_kenya_study_comes_out(shared_data):
    """Every line that follows from the archived data, to the two decimals it is printed with."""
    published, rows = table(shared_data)
    lines = 0
    for line in (line for line in published if line["reproduces"]):
        found = sums_of(rows, line["variable"])
        pooled = pooled_variance(list(found.values()))
        control, class_, mentee = (_compared(found[g], None, found["2"], pooled) for g in ("2", "3", "4"))
        swapped = line["row"] == "Age"  # the two errors are swapped in print
        errors = (line["se_mentee"], line["se_class"]) if swapped else (line["se_class"], line["se_mentee"])
        printed = (line["class_minus_control"], errors[0], line["mentee_minus_control"], errors[1])
        counted = (class_.difference, class_.error, mentee.difference, mentee.error)
        assert [round(one, 2) for one in counted] == [pytest.approx(one, abs=0.0051) for one in printed]
        assert control.mean == pytest.approx(line["control_mean"], abs=0.5 if control.mean > 100 else 0.03)
        lines += 1
    assert lines == 11


@pytest.mark.django_db
def test_groups_of_a_programme_are_compared_with_the_control_group():
    world = asking()
    groups = {
        code: Group.objects.create(programme=world.programme, code=code, name=code, is_control=code == "c")
        for code in ("class", "c")
    }
    for code, points in (("c", (2, 4, 6)), ("class", (5, 7, 9, 11)), (None, (1,))):
        for one in points:
            who = f.make_enrolment(world.programme, group=groups.get(code))
            say(world, who, "exit", knowledge=one, satisfaction=one % 5 + 1)
    spec = {"values": {"now": {"question": "knowledge", "at": ["exit"]}}, "value": ["now"]}
    mean = Definition("X-01", "X", "points", "x", spec={"count": "answers", "aggregation": "mean"} | spec)
    control, class_, none = compare(mean, scope_of(world))
    assert (control.group, control.n, control.mean, control.difference) == (groups["c"], 3, 4.0, None)
    assert (class_.group, class_.n, class_.mean, class_.difference) == (groups["class"], 4, 8.0, 4.0)
    assert class_.error == pytest.approx((28 / 5 * (1 / 3 + 1 / 4)) ** 0.5)  # 8 + 20 left, 8 less 3 free
    assert (none.group, none.n, none.difference) == (None, 1, -3.0)
    shares = compare(LIBRARY["OC-01"], scope_of(world))
    assert [(one.n, one.mean) for one in shares] == [(3, 1 / 3), (4, 0.25), (1, 0.0)]
    assert compare(LIBRARY["OP-01"], scope_of(world)) == []


@pytest.mark.django_db
def test_money_of_two_currencies_is_not_compared():
    world = asking()
    group = Group.objects.create(programme=world.programme, code="c", name="c", is_control=True)
    for currency in ("EUR", "RSD"):
        who = f.make_enrolment(world.programme, group=group)
        say(world, who, "f6", finance_amount=(100, currency))
    assert compare(LIBRARY["OC-10.3"], scope_of(world)) == []
