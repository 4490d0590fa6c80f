"""Groups beside each other: the page, the workbook, the API, and the opened figure."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from outcomes import comparing_said
from outcomes.library.indicators import LIBRARY
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.outcomes.counted import NOW, ask, asking, say
from training.models import Group

pytestmark = pytest.mark.django_db
PAGE, FILE = "outcomes:comparison_list", "outcomes:comparison_export"
API = "api:programmes-comparison"


@pytest.fixture
def world():
    return asking()


@pytest.fixture
def by(world):
    return f.make_coordinator(world.programme)


@pytest.fixture
def signed(client, by):
    client.force_login(by, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(world, route=PAGE) -> str:
    return reverse(route, args=[world.programme.code])


def groups_of(world, each: int = 1) -> dict[str, Group]:
    """Satisfied (4 or 5 at the end): of the control group 1 in 4, of the class 3 in 4; nobody else is asked.
    Of the class one more was asked and did not answer."""
    groups = {
        code: Group.objects.create(
            programme=world.programme, code=code, name=code.title(), is_control=code == "control"
        )
        for code in ("class", "control")
    }
    for code, said in (("control", (5, 1, 2, 3)), ("class", (5, 4, 5, 1))):
        for one in said * each:
            say(world, f.make_enrolment(world.programme, group=groups[code]), "exit", satisfaction=one)
    ask(world, "exit", f.make_enrolment(world.programme, group=groups["class"]))
    return groups


def test_of_each_group_there_is_the_mean_the_difference_and_its_error(world):
    groups_of(world)
    found = {table.definition.code: table for table in comparing_said.tables(world.programme, NOW)}
    assert set(found) == {"OC-01"}
    control, class_ = found["OC-01"].lines
    assert (control.name, control.is_control, control.n, control.mean, control.difference) == (
        "Control", True, 4, 25.0, None,
    )  # fmt: skip
    assert (class_.name, class_.n, class_.asked, class_.answered) == ("Class", 4, 5, 4)
    assert (class_.mean, class_.difference) == (75.0, 50.0)
    # each group has 3 of 4 on one side: 0.75 left of each, 1.5 by 6 free; times 1/4 and 1/4
    assert class_.error == pytest.approx(100 * (1.5 / 6 * 0.5) ** 0.5, abs=0.0001)
    assert (class_.mean_said, class_.difference_said, class_.error_said) == ("75.0", "+50.0", "35.4")
    assert (control.difference_said, control.error_said) == ("", "")
    assert not found["OC-01"].is_thin


def test_the_page_is_one_table_of_figures_by_groups(world, signed):
    groups = groups_of(world)
    say(
        world,
        f.make_enrolment(world.programme, group=groups["control"]),
        "f6",
        operating="yes",
        new_links=["buyer"],
    )
    say(world, f.make_enrolment(world.programme), "f6", operating="no", new_links=["none"])
    grid = signed.get(address(world)).context["grid"]
    assert [one.name for one in grid.groups] == ["Control", "Class", "in no group"]
    cells = {table.definition.code: [line and line.n for _name, line in found] for table, found in grid.rows}
    assert cells["OC-01"] == [4, 4, None]
    assert cells["OC-09"] == [1, None, 1]


def test_two_people_in_two_groups_have_a_difference_and_no_error(world):
    control = Group.objects.create(programme=world.programme, code="c", name="C", is_control=True)
    say(world, f.make_enrolment(world.programme, group=control), "exit", satisfaction=1)
    say(world, f.make_enrolment(world.programme), "exit", satisfaction=5)
    (table,) = comparing_said.tables(world.programme, NOW)
    assert [(one.code, one.difference, one.error) for one in table.lines] == [
        ("c", None, None),
        (None, 100.0, None),
    ]


def test_a_group_in_which_few_answered_is_said_to_be_so(world, signed):
    groups = groups_of(world)
    for _ in range(3):
        ask(world, "exit", f.make_enrolment(world.programme, group=groups["class"]))
    (table,) = comparing_said.tables(world.programme, NOW)
    assert [(one.asked, one.answered, one.is_thin) for one in table.lines] == [(4, 4, False), (8, 4, True)]
    assert "fewer than 60 in a hundred answered" in signed.get(address(world)).content.decode()


def test_without_a_control_group_there_is_no_difference_and_the_page_says_so(world, signed):
    groups_of(world)
    Group.objects.update(is_control=False)
    (table,) = comparing_said.tables(world.programme, NOW)
    assert {(one.difference, one.error) for one in table.lines} == {(None, None)}
    words = "No group of these is the one that the others are compared with."
    assert words in signed.get(address(world)).content.decode()


def test_who_is_two_rows_counts_once_in_her_group(world):
    groups = groups_of(world)
    her = f.make_enrolment(world.programme, group=groups["class"])
    say(world, her, "exit", satisfaction=5)
    twin = f.make_person(world.programme.tenant, joined_to=her.person)
    say(world, f.make_enrolment(world.programme, person=twin, group=groups["class"]), "exit", satisfaction=5)
    (table,) = comparing_said.tables(world.programme, NOW)
    assert [(one.n, one.asked) for one in table.lines] == [(4, 4), (5, 6)]


def test_where_there_are_no_groups_the_page_leads_to_them(world, signed):
    say(world, f.make_enrolment(world.programme), "exit", satisfaction=5)
    page = signed.get(address(world)).content.decode()
    assert "No groups to compare yet" in page
    assert f'href="{reverse("training:group_list", args=[world.programme.code])}"' in page
    assert signed.get(address(world, API)).json() == {"results": []}


def test_groups_that_nobody_answered_in_lead_to_the_questions(world, signed):
    Group.objects.create(programme=world.programme, code="c", name="C", is_control=True)
    page = signed.get(address(world)).content.decode()
    assert "Nobody in two groups answered the same question yet." in page
    assert f'href="{reverse("outcomes:wave_list", args=[world.programme.code])}"' in page


def test_page_workbook_and_api_say_the_same(world, signed):
    groups_of(world)
    (table,) = signed.get(address(world)).context["tables"]
    names = ("name", "is_control", "asked", "answered", "n", "mean", "difference", "error")
    page = [[getattr(line, name) for name in names] for line in table.lines]
    (api,) = signed.get(address(world, API)).json()["results"]
    assert (api["code"], api["unit"], api["version"]) == ("OC-01", "percent", LIBRARY["OC-01"].version)
    assert [[line[name] for name in names] for line in api["lines"]] == page
    assert [line["group"] for line in api["lines"]] == ["control", "class"]
    book = load_workbook(BytesIO(signed.get(address(world, FILE)).content))
    rows = [list(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert [row[:3] for row in rows] == [["OC-01", str(LIBRARY["OC-01"].name), "per cent"]] * 2
    assert [row[4] for row in rows] == ["yes", "no"]
    assert [[row[3], *row[5:]] for row in rows] == [[line[0], *line[2:]] for line in page]


def test_the_opened_figure_has_the_same_table(world, signed):
    groups_of(world)
    (listed,) = signed.get(address(world)).context["tables"]
    answer = signed.get(reverse("outcomes:figure_live", args=[world.programme.code, "OC-01"]))
    assert answer.context["compared"].lines == listed.lines
    assert "Group beside group" in answer.content.decode()
    answer = signed.get(reverse("outcomes:figure_live", args=[world.programme.code, "OP-01"]))
    assert answer.context["compared"].lines == []  # counted from records: nothing to compare
    assert "Group beside group" not in answer.content.decode()


def test_taking_it_along_stands_in_the_trail(world, by, signed):
    signed.get(address(world, FILE))
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.by, entry.fields) == (by, ["comparison"])


@pytest.mark.parametrize("route", [PAGE, FILE, API])
def test_who_may_read_it(world, client, route):
    programme = world.programme
    who = [
        (f.make_coordinator(programme), 200),
        (f.make_administrator(programme.tenant), 200),
        (f.make_trainer(programme), 403),
        (f.make_funder(programme, funding=world.funding), 403),
        (f.make_coordinator(f.make_programme()), 404),
    ]
    for user, status in who:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(address(world, route)).status_code == status


@pytest.mark.parametrize("each", [1, 3])
@pytest.mark.parametrize(("route", "queries"), [(PAGE, 17), (FILE, 17), (API, 17)])
def test_more_people_cost_the_same(world, signed, each, route, queries, django_assert_num_queries):
    """One query a definition that is asked in a wave which somebody answered, however many took part."""
    groups_of(world, each)
    signed.get(address(world))
    with django_assert_num_queries(queries):
        signed.get(address(world, route))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_it_can_be_read_by_everybody(open_page, world, by, size, language):
    groups_of(world)
    by.language = language
    by.save()
    page = open_page(size=size, language=language, user=by)
    for route in (address(world), reverse("outcomes:figure_live", args=[world.programme.code, "OC-01"])):
        page.goto(route)
        assert (axe(page), overflow(page)) == ([], 0)
