"""A funder's logframe: its lines in the funder's words and order, and what is planned for each."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from outcomes import live, services
from outcomes.models import LogframeLine, Target
from outcomes.payload import build
from outcomes.profile import targets
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.sweep import SMALL
from tests.outcomes.conftest import NOW
from tests.taken import rows

HALF = {"start": date(2025, 3, 1), "end": date(2025, 4, 1)}  # the report of the world


def line(world, code="OP 1", **said) -> LogframeLine:
    plain = {"wording": "Women who took part", "indicator": "OP-01"}
    return services.save_line(by=world.coordinator, funding=world.funding, code=code, **plain | said)


def target(world, row, value, **said) -> Target:
    value = None if value is None else Decimal(value)
    return services.save_target(by=world.coordinator, funding=world.funding, line=row, value=value, **said)


# --- verbs


def test_lines_stand_in_the_order_in_which_they_were_added_and_can_be_moved(world):
    first, second, third = (line(world, code) for code in ("A", "B", "C"))
    services.move_line(by=world.coordinator, line=third, up=True)
    assert [row.code for row in world.funding.lines.all()] == ["A", "C", "B"]
    services.move_line(by=world.coordinator, line=first, up=True)  # the first one stays
    services.place_line(by=world.coordinator, line=first, position=3)
    services.place_line(by=world.coordinator, line=first, position=3)
    assert [row.code for row in world.funding.lines.all()] == ["C", "B", "A"]
    verbs = AuditEntry.objects.filter(object_type__endswith="logframeline").values_list("verb", flat=True)
    assert list(verbs).count("move") == 4


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"indicator": "OP-99"}, "indicator"),
        ({"indicator": "OP-01", "version": 9}, "version"),
        ({"code": "OP 1"}, "__all__"),  # there is such a line
        ({"wording": ""}, "wording"),
        ({"level": "heaven"}, "level"),
    ],
)
def test_a_line_that_cannot_be_counted_is_refused(world, said, field):
    line(world)
    with pytest.raises(ValidationError) as error:
        line(world, **{"code": "OP 2"} | said)
    assert field in error.value.message_dict
    assert world.funding.lines.count() == 1


def test_a_line_stands_under_one_of_its_own_logframe_and_never_under_itself(world):
    above = line(world, "OC")
    below = line(world, "OC 1", parent=above)
    stranger = f.make_funding(world.programme).lines.create(code="X", wording="Anything")
    for row, parent in ((above, below), (above, above), (above, stranger)):
        with pytest.raises(ValidationError) as error:
            services.save_line(by=world.coordinator, line=row, parent=parent)
        assert "parent" in error.value.message_dict
    with pytest.raises(ValidationError, match="Other lines stand under it"):
        services.remove_line(by=world.coordinator, line=above)


def test_a_line_goes_with_its_targets_until_a_summary_was_released_with_it(world, issue):
    row = line(world)
    target(world, row, 12)
    services.remove_line(by=world.coordinator, line=row)
    assert Target.objects.count() == 0
    row = line(world)
    planned = target(world, row, 12)
    services.release_issue(by=world.coordinator, issue=f.approved(issue), now=NOW)
    for verb, said in ((services.remove_line, {"line": row}), (services.remove_target, {"target": planned})):
        with pytest.raises(ValidationError, match="A summary was released"):
            verb(by=world.coordinator, **said)


# --- what is planned beside what is


def test_a_periods_target_has_the_baseline_of_the_whole(world):
    row = line(world)
    target(world, row, 40, baseline=Decimal(4))
    target(world, row, 15, **HALF)
    _by_code, by_line = targets(world.report)
    assert (by_line[row.pk].value, by_line[row.pk].baseline) == (15, 4)


def test_two_lines_of_one_definition_are_two_figures_with_their_own_targets(world):
    target(world, line(world, "A"), 10)
    target(world, line(world, "B"), 20)
    found = [one for one in live.figures(world.programme, world.funding, NOW) if one.code]
    assert [(one.code, one.value.value, one.target.value) for one in found] == [("A", 12, 10), ("B", 12, 20)]
    document = build(world.report, now=NOW).payload["document"]
    assert [(one["code"], one["plan"]["target"]) for one in document["lines"]] == [("A", 10), ("B", 20)]


@pytest.mark.parametrize(("value", "baseline"), [("0", None), ("12", "12")])
def test_a_target_of_zero_or_of_the_baseline_has_no_progress(client, world, value, baseline):
    target(world, line(world), value, baseline=baseline and Decimal(baseline))
    client.force_login(world.coordinator)
    page = client.get(reverse("outcomes:logframe", args=[world.funding.pk])).content.decode()
    assert "not defined" in page


def test_a_line_without_a_definition_has_no_data_and_never_zero(client, world):
    target(world, line(world, indicator="", unit="villages"), 5)
    client.force_login(world.coordinator)
    page = client.get(reverse("outcomes:logframe", args=[world.funding.pk])).content.decode()
    assert "no data" in page
    assert "1 line of the logframe is counted by nothing" in page


# --- pages


def test_lines_and_targets_are_written_on_pages(client, world):
    client.force_login(world.coordinator)
    new = reverse("outcomes:line_create", args=[world.funding.pk])
    said = {"code": "OP 1", "wording": "Women trained", "level": "output", "indicator": "OP-01"}
    assert client.post(new, said | {"code": ""}).status_code == 422
    assert client.post(new, said | {"version": "9"}).status_code == 422
    assert client.post(new, said | {"is_cumulative": "on"}).status_code == 302
    row = world.funding.lines.get()
    planned = reverse("outcomes:target_create", args=[row.pk])
    bad = [
        {"value": ""},  # neither a target nor a baseline
        {"value": "many"},
        {"value": "5", "start": "2025-03-01"},  # half a period
        {"value": "5", "start": "2025-03-31", "last": "2025-03-01"},
    ]
    assert [client.post(planned, one).status_code for one in bad] == [422] * 4
    assert (
        client.post(planned, {"value": "15", "start": "2025-03-01", "last": "2025-03-31"}).status_code == 302
    )
    kept = row.targets.get()
    assert (kept.value, kept.start, kept.end, kept.last_day) == (15, *HALF.values(), date(2025, 3, 31))
    edit = reverse("outcomes:target_edit", args=[kept.pk])
    assert 'value="2025-03-31"' in client.get(edit).content.decode()
    client.post(edit, {"value": "16", "start": "2025-03-01", "last": "2025-03-31"})
    page = client.get(reverse("outcomes:logframe", args=[world.funding.pk])).content.decode()
    assert "Women trained" in page and ">12 persons</a>" in page
    client.post(reverse("outcomes:target_remove", args=[kept.pk]))
    client.post(reverse("outcomes:line_remove", args=[row.pk]))
    assert (LogframeLine.objects.count(), Target.objects.count()) == (0, 0)


def test_the_programmes_word_leads_to_the_logframe_of_its_funding(client, world):
    client.force_login(world.coordinator)
    answer = client.get(reverse("outcomes:logframe_of", args=[world.programme.code]))
    assert answer.url == reverse("outcomes:logframe", args=[world.funding.pk])


def test_the_lines_are_taken_along_with_their_targets(client, world):
    above = line(world, "OC", level="outcome", indicator="")
    row = line(world, "OC 1", parent=above)
    target(world, row, 15, **HALF)
    client.force_login(world.coordinator)
    found = rows(client, "outcomes:logframe_export", world.funding.pk)
    assert [(one["code"], one["parent"]) for one in found] == [("OC", None), ("OC 1", "OC")]
    assert found[1]["last_day"] == "2025-03-31"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_lines_there_are(
    client, world, count, django_assert_num_queries
):
    for n in range(count):
        target(world, line(world, f"OP {n}"), 10 + n)
    client.force_login(world.coordinator)
    url = reverse("outcomes:logframe", args=[world.funding.pk])
    client.get(url)
    with django_assert_num_queries(49):  # most of them count the core figures
        assert client.get(url).status_code == 200


# --- over the API


def test_lines_are_kept_over_the_api(client, world):
    client.force_login(world.coordinator)
    url = reverse("api:logframe-lines-list")
    send = {"content_type": "application/json"}
    said = {"funding": world.funding.pk, "code": "OP 1", "wording": "Women trained", "indicator": "OP-01"}
    first = client.post(url, said, **send).json()
    second = client.post(url, said | {"code": "OP 2", "parent": first["id"]}, **send).json()
    assert (first["position"], second["position"], second["parent"]) == (1, 2, first["id"])
    bad = client.post(url, said | {"code": "OP 3", "indicator": "OP-99"}, **send)
    assert (bad.status_code, list(bad.json())) == (400, ["indicator"])
    place = reverse("api:logframe-lines-place", args=[second["id"]])
    assert client.post(place, {"position": 1}, **send).json()["position"] == 1
    own = reverse("api:logframe-lines-detail", args=[second["id"]])
    assert (
        client.patch(own, {"wording": "Women who finished"}, **send).json()["wording"] == "Women who finished"
    )
    assert client.delete(own).status_code == 204
    assert [row["code"] for row in client.get(url).json()["results"]] == ["OP 1"]


# --- as it is seen


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_the_logframe_fits_and_can_be_read_out(open_page, world, size):
    target(world, line(world, "OC 1", wording="Women who run a business six months later"), 70)
    line(world, "OC 2", indicator="", wording="Villages with a shop of their own")
    page = open_page(size=size, user=world.coordinator)
    for url in (
        reverse("outcomes:logframe", args=[world.funding.pk]),
        reverse("outcomes:line_edit", args=[world.funding.lines.first().pk]),
    ):
        page.goto(url)
        assert (axe(page), overflow(page), page.evaluate(SMALL)) == ([], 0, []), url
