"""85 real grants in three currencies: our totals beside those counted in the file without our reader."""

import re
from csv import reader
from decimal import Decimal

import pytest

from desk.real import microgrants
from outcomes import money
from outcomes.models import Grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programmes(db):
    from django.core.management import call_command

    call_command("programme", "p", "--organisation", "Open Seeds", "--name", "P")


def by_hand(path):
    """Amounts by currency, as a pocket calculator would add them: no reader of ours."""
    totals, grants, unread, unsaid = {}, {}, [], 0
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(reader(file))[1:]
    for case, _country, _cohort, cell, _items in rows:
        parts = [re.fullmatch(r"\s*([\d.]+)\s*([A-Za-z]{3})?\s*", part) for part in cell.split("+")]
        codes = [part[2] or parts[-1][2] for part in parts] if all(parts) else []
        if not cell.strip():
            unsaid += 1
        elif not codes or None in codes:
            unread.append(case)
        else:
            for part, code in zip(parts, codes, strict=True):
                totals[code.upper()] = totals.get(code.upper(), Decimal(0)) + Decimal(part[1])
            for code in {code.upper() for code in codes}:
                grants[code] = grants.get(code, 0) + 1
    return totals, grants, sorted(unread), unsaid


def test_every_figure_is_the_one_counted_by_hand(shared_data):
    report = microgrants.load_all(shared_data)
    assert (report["read"], report["created"], report["refused"]) == (85, 85, [])
    assert [str(figure) for figure in microgrants.compare() if not figure.is_equal] == []
    again = microgrants.load_all(shared_data)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 85)


def test_what_is_written_here_as_counted_by_hand_is_in_the_file(shared_data):
    totals, grants, unread, unsaid = by_hand(shared_data / microgrants.FILE)
    assert (totals, grants) == (microgrants.TOTALS, microgrants.GRANTS)
    assert (unread, unsaid) == (sorted(microgrants.UNREAD), microgrants.UNSAID)
    assert microgrants.ROWS - len(unread) - unsaid == microgrants.READ


def test_what_is_unread_is_listed_as_it_was_written(shared_data):
    microgrants.load_all(shared_data)
    rows = money.unread_grants(Grant.objects.all()).values_list("source_id", "as_written", "state")
    assert sorted(rows) == [(case, "0", "asked") for case in microgrants.UNREAD]
