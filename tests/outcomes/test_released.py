"""Several issues to one funder: what changed by too few people stands as it did, or is withheld."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from outcomes import services
from outcomes.document import reading
from outcomes.models import Issue
from outcomes.payload import build, canonical
from tests import factories as f
from tests.outcomes.conftest import NOW, START, at

LATER = NOW + timedelta(days=30)


def give(world, report=None, now=NOW) -> Issue:
    """Build an issue and release it."""
    report = report or world.report
    issue = services.add_issue(by=None, report=report, job=None, built=build(report, now=now))
    return services.release_issue(by=world.coordinator, issue=f.approved(issue), now=now)


def breakdown(issue, code="region") -> dict:
    return next(one for one in issue.document["breakdowns"] if one["code"] == code)


def join(world, count, region="South"):
    """More women attend the first session."""
    for n in range(count):
        person = f.make_person(world.tenant, region=region, municipality=f"Town {n}")
        woman = f.make_enrolment(world.programme, person=person, enterprise=f.make_enterprise(world.tenant))
        f.make_attendance(f.make_entry(world.sessions[0], woman))


def cells(one) -> list[tuple]:
    return [(cell.get("label"), cell["count"]) for cell in one["cells"]]


def test_an_issue_over_the_same_rows_says_the_same(world):
    first, second = give(world), give(world, now=LATER)
    assert cells(breakdown(second)) == cells(breakdown(first))
    assert "carried" not in breakdown(second)


def test_two_more_women_of_the_south_are_not_told_and_the_total_is(world):
    first = give(world)
    join(world, 2)
    second = give(world, now=LATER)
    figures = {one["code"]: one for one in second.document["figures"]}
    assert figures["OP-01"]["value"] == 14
    assert breakdown(second)["carried"] == {"number": 1, "day": NOW.date().isoformat()}
    assert cells(breakdown(second)) == cells(breakdown(first))
    said = [line["why"] for line in reading(second.document)["withheld"]]
    assert any(why.startswith("As in issue 1 of ") for why in said)


def test_what_is_carried_over_twice_says_where_it_is_from(world):
    give(world)
    join(world, 2)
    give(world, now=LATER)
    third = give(world, now=LATER + timedelta(days=1))
    assert breakdown(third)["carried"]["number"] == 1


def test_enough_more_women_are_told(world):
    give(world)
    join(world, 6)
    second = give(world, now=LATER)
    assert "carried" not in breakdown(second)
    assert dict(cells(breakdown(second)))["South"] == 12


def test_who_is_put_into_another_category_is_not_told_either(world):
    """Six in the South, six elsewhere: one who moves to the South is a change of one on both sides. One who
    moves away makes the South small: it is put together with others, and nothing can be compared."""
    give(world)
    moved = world.women[6].person
    moved.region = "South"
    moved.save()
    assert "carried" in breakdown(give(world, now=LATER))
    for n in (6, 0):
        person = world.women[n].person
        person.region = "North"
        person.save()
    assert cells(breakdown(give(world, now=LATER))) == [("North", 6), (None, 6)]


def test_another_period_with_other_people_is_told(world):
    give(world)
    session = f.make_session(world.programme, module=world.modules[0], day=date(2025, 4, 7))
    for n, region in enumerate(["South"] * 5 + ["North"] * 7):
        person = f.make_person(world.tenant, region=region, municipality=f"Town {n}")
        woman = f.make_enrolment(world.programme, person=person, enterprise=f.make_enterprise(world.tenant))
        f.make_attendance(f.make_entry(session, woman))
    april = f.make_report(world.funding, start=date(2025, 4, 1), end=date(2025, 5, 1))
    issue = give(world, april, now=at(5, 2))
    assert cells(breakdown(issue)) == [("North", 7), ("South", 5)]


def test_a_longer_period_is_withheld_where_two_are_in_nothing_else(world):
    """March is given, then the year until April: the two who came in April would be told by subtraction."""
    give(world)
    session = f.make_session(world.programme, module=world.modules[0], day=date(2025, 4, 7))
    for _n in range(2):
        person = f.make_person(world.tenant, region="South")
        woman = f.make_enrolment(world.programme, person=person, enterprise=f.make_enterprise(world.tenant))
        f.make_attendance(f.make_entry(session, woman))
    both = f.make_report(world.funding, start=START, end=date(2025, 5, 1))
    issue = give(world, both, now=at(5, 2))
    assert (breakdown(issue)["state"], breakdown(issue)["reason"]) == ("withheld", "subtraction")
    assert "subtraction" in issue.document["reasons"]


def test_another_fundings_summary_for_the_same_funder_is_laid_beside(world):
    give(world)
    join(world, 2)
    other = f.make_funding(world.programme, funder=world.funding.funder, start=date(2025, 1, 1),
                           end=date(2026, 1, 1))  # fmt: skip
    report = f.make_report(other, start=START, end=date(2025, 4, 1))
    assert breakdown(give(world, report, now=LATER))["reason"] == "subtraction"


def test_another_funder_knows_nothing_of_it(world):
    give(world)
    join(world, 2)
    other = f.make_funding(world.programme, start=date(2025, 1, 1), end=date(2026, 1, 1))
    report = f.make_report(other, start=START, end=date(2025, 4, 1))
    assert dict(cells(breakdown(give(world, report, now=LATER))))["South"] == 8


def test_a_draft_is_not_in_the_ledger(world):
    services.add_issue(by=None, report=world.report, job=None, built=build(world.report, now=NOW))
    join(world, 2)
    assert dict(cells(breakdown(give(world, now=LATER))))["South"] == 8


def test_a_draft_that_would_tell_too_much_by_now_is_not_released(world):
    """Two drafts, two women between them: when one is given, the other is not."""
    add = {"by": None, "report": world.report, "job": None}
    old = services.add_issue(**add, built=build(world.report, now=NOW))
    join(world, 2)
    new = services.add_issue(**add, built=build(world.report, now=NOW))
    services.release_issue(by=world.coordinator, issue=f.approved(new), now=NOW)
    with pytest.raises(ValidationError, match="Build it again"):
        services.release_issue(by=world.coordinator, issue=f.approved(old), now=NOW)
    old.refresh_from_db()
    assert old.state == Issue.State.APPROVED


def test_no_category_and_no_person_stands_in_the_ledger(world):
    kept = canonical(give(world).payload["given"]).decode()
    assert all(word not in kept for word in ("South", "North", world.women[0].person.name))
    assert str(world.women[0].person_id) not in kept.split('"')


def test_the_ledger_costs_the_same_whatever_was_given(world, django_assert_num_queries):
    from outcomes.released import Ledger

    for _n in range(3):
        give(world)
        with django_assert_num_queries(1):
            Ledger(world.report, 5)


# --- by two properties


def crowd(world, count=70):
    """Enough women for a table by region and line of business, some of them rare."""
    for n in range(count):
        region = ("South", "South", "North", "West")[n % 4]
        person = f.make_person(world.tenant, region=region, municipality=f"Town {n % 5}")
        sector = "ABC"[(n // 4) % 3] if region != "West" else "AAAAAAAB"[n % 8]
        enterprise = f.make_enterprise(world.tenant, sector=sector)
        woman = f.make_enrolment(world.programme, person=person, enterprise=enterprise)
        f.make_attendance(f.make_entry(world.sessions[0], woman))


def test_sixty_women_have_a_table_by_two_properties_and_twelve_have_none(world):
    assert "crossed" not in give(world).document
    crowd(world)
    (table,) = give(world, now=LATER).document["crossed"]
    assert table["state"] == "measured"
    cells = [n for row in table["cells"] for n in row]
    assert all(n is None or n == 0 or n >= 5 for n in cells)
    margins = {row: sum(n or 0 for n in cells) for row, cells in enumerate(table["cells"])}
    for row, cell in enumerate(table["rows"]["cells"]):
        hidden = [n for n in table["cells"][row] if n is None]
        assert len(hidden) != 1  # alone it would be the margin less the others
        assert margins[row] <= cell["count"]


def test_a_second_table_over_the_same_people_is_the_first_again(world):
    crowd(world)
    first = give(world)
    join(world, 9)
    second = give(world, now=LATER)
    (then,), (now,) = first.document["crossed"], second.document["crossed"]
    assert now["cells"] == then["cells"]
    assert now["carried"] == {"number": 1, "day": NOW.date().isoformat()}


def test_it_stands_on_the_page_and_in_the_workbook_with_its_marks(client, world):
    import io

    import openpyxl
    from django.urls import reverse

    from outcomes.sheets import workbook

    crowd(world)
    issue = give(world)
    client.force_login(world.funder)
    page = client.get(reverse("outcomes:issue_detail", args=[issue.pk])).content.decode()
    assert "Participants by region and line of business" in page
    book = openpyxl.load_workbook(io.BytesIO(workbook(issue)))
    name = "Participants by region and line of business"
    rows = [row for row in book["Breakdowns"].iter_rows(values_only=True) if row[0] == name]
    (table,) = issue.document["crossed"]
    assert [row[2] for row in rows] == ["[c]" if n is None else n for line in table["cells"] for n in line]
