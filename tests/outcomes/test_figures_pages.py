"""The figures of a programme now, and each opened to exactly the rows that it stands on."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from outcomes import live
from outcomes.library.indicators import CORE, LIBRARY
from outcomes.models import LogframeLine, Target
from outcomes.values import State
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.outcomes.counted import asking, say


def page_of(world, route="figure_list", *more) -> str:
    return reverse(f"outcomes:{route}", args=[world.programme.code, *more])


def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def logframe(world):
    """Two lines of the funder's own: one counted, with a target; one that nobody counts here."""
    line = LogframeLine.objects.create(
        funding=world.funding, code="1.1", wording="Women reached", indicator="OP-01"
    )
    Target.objects.create(funding=world.funding, line=line, value=24)
    LogframeLine.objects.create(funding=world.funding, code="2.1", wording="Roads", position=1)
    return line


def test_without_a_funding_it_is_the_core_set_of_the_whole_programme(world, client):
    answer = signed_in(client, world.coordinator).get(page_of(world))
    found = {one.key: one for one in answer.context["figures"]}
    assert tuple(found) == CORE
    assert (found["OP-01"].value.value, found["OP-01"].said, found["OP-01"].plan) == (12, "12", {})
    share = found["OP-07"]
    assert share.counted == f"{share.value.numerator} of {share.value.denominator}"


def test_of_a_funding_it_has_the_lines_of_its_logframe_with_their_targets(world, logframe, client):
    answer = signed_in(client, world.coordinator).get(page_of(world), {"funding": world.funding.pk})
    one = next(one for one in answer.context["figures"] if one.key == "OP-01")
    assert (one.code, one.wording, one.plan["target"], one.plan["progress"]) == (
        "1.1", "Women reached", "24", "50 %",
    )  # fmt: skip
    assert [line.code for line in answer.context["uncounted"]] == ["2.1"]
    assert "1 line of the logframe has no data" in answer.content.decode()
    assert "Women reached" in answer.content.decode()


@pytest.mark.parametrize("fields", [{"value": 0}, {"value": 5, "baseline": 5}])
def test_progress_towards_nothing_is_not_defined(world, logframe, fields):
    Target.objects.filter(line=logframe).update(**fields)
    found, _scope = live.figure(world.programme, world.funding, "OP-01", timezone.now())
    assert found.plan["progress"] == "not defined"


def test_a_figure_opens_to_its_persons_and_they_are_as_many_as_it_says(world, client):
    answer = signed_in(client, world.coordinator).get(page_of(world, "figure_live", "OP-01"))
    side = answer.context["side"]
    came = {woman.person_id for woman in world.women[:12]}
    assert (side.kind, set(side.rows), side.hidden) == ("person", came, 0)
    assert answer.context["figure"].value.value == len(answer.context["lines"]) == 12


def test_numerator_and_denominator_open_apart(world, client):
    signed_in(client, world.coordinator)
    counts = {}
    for part in live.SIDES:
        answer = client.get(page_of(world, "figure_live", "OP-07"), {"part": part})
        assert answer.context["part"] == part
        counts[part] = answer.context["side"].total
    value = answer.context["figure"].value
    assert counts == {"numerator": value.numerator, "denominator": value.denominator}


def test_rows_that_she_may_not_see_are_only_a_number(world, client):
    other = f.make_programme(world.tenant, project=world.programme.project)
    her = f.make_coordinator(other)
    found, scope = live.figure(world.programme, None, "OP-01", timezone.now())
    side = live.sides(found, scope, her)["numerator"]
    assert (side.rows, side.hidden, side.total) == ([], 12, 12)


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_every_definition_of_the_library_opens_also_with_nothing_behind_it(world, client, key):
    answer = signed_in(client, world.coordinator).get(page_of(world, "figure_live", key))
    assert answer.status_code == 200
    figure = answer.context["figure"]
    assert (figure.value.state is State.MEASURED) == (not figure.why)


def test_the_workbooks_hold_what_the_pages_show(world, logframe, client):
    signed_in(client, world.coordinator)
    book = load_workbook(BytesIO(client.get(page_of(world, "figure_export")).content))
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert tuple(rows) == CORE
    assert rows["OP-01"][3:5] == ("measured", 12)
    book = load_workbook(BytesIO(client.get(page_of(world, "figure_live_export", "OP-01")).content))
    assert len(list(book.worksheets[0].iter_rows(min_row=2))) == 12


ROUTES = [("figure_list",), ("figure_export",), ("figure_live", "OP-01"), ("figure_live_export", "OP-01")]


@pytest.mark.parametrize("route", ROUTES)
def test_no_funder_no_trainer_and_no_stranger_reads_them(world, client, route):
    trainer, stranger = f.make_trainer(world.programme), f.make_coordinator(f.make_programme())
    for user, status in ((world.funder, 403), (trainer, 403), (stranger, 404)):
        assert signed_in(client, user).get(page_of(world, *route)).status_code == status


@pytest.mark.parametrize("route", ROUTES)
def test_a_funding_of_others_and_a_figure_that_is_not_there_are_not_found(world, client, route):
    signed_in(client, world.coordinator)
    other = f.make_funding(f.make_programme())
    for wanted in (other.pk, "x"):
        assert client.get(page_of(world, *route), {"funding": wanted}).status_code == 404
    assert client.get(page_of(world, "figure_live", "XX-99")).status_code == 404


def test_one_row_and_three_cost_the_same(world, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(world, "figure_live", "OP-01")).status_code == 200
        return len(caught)

    signed_in(client, world.coordinator)
    queries()
    many = queries()
    f.make_attendance(f.make_entry(world.sessions[0], f.make_enrolment(world.programme)))
    assert queries() == many


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_the_pages_are_for_everybody(transactional_db, world, logframe, open_page, size, language):
    world.coordinator.language = language
    world.coordinator.save()
    page = open_page(size=size, language=language, user=world.coordinator)
    shown = (
        page_of(world) + f"?funding={world.funding.pk}",
        page_of(world),
        page_of(world, "figure_live", "OP-07"),
    )
    for address in shown:
        page.goto(address)
        assert axe(page) == []
        assert overflow(page) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("n", [1, 3])
def test_all_figures_cost_the_same_for_one_person_and_for_three(client, n, django_assert_num_queries):
    world = asking()
    session = f.make_session(world.programme, day=date(2025, 2, 3))
    for _each in range(n):
        who = f.make_enrolment(world.programme)
        f.make_attendance(f.make_entry(session, who))
        say(world, who, "baseline", operating="yes", turnover_month=(100, "EUR"))
        say(world, who, "f6", operating="yes", turnover_month=(120, "EUR"))
    for code in ("OC-07", "OC-11.2"):
        LogframeLine.objects.create(funding=world.funding, code=code, wording=code, indicator=code)
    signed_in(client, f.make_coordinator(world.programme))
    path = page_of(world)
    client.get(path)
    with django_assert_num_queries(39):
        figures = client.get(path).context["figures"]
    assert next(one for one in figures if one.key == "OP-01").value.value == n
    with django_assert_num_queries(60):
        figures = client.get(path, {"funding": world.funding.pk}).context["figures"]
    told = {one.code: one.value.n for one in figures}
    assert (told["OC-07"], told["OC-11.2"]) == (n, n)
