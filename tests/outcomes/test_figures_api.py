"""The figures of a programme over the API: the same numbers as on the pages, and the same rows."""

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes import live
from outcomes.library.indicators import CORE, LIBRARY
from outcomes.models import LogframeLine, Target
from tests import factories as f
from tests.outcomes.counted import ask, asking, say

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def base(world) -> str:
    return f"/api/v1/programmes/{world.programme.code}/figures/"


def page_of(world, *more) -> str:
    return reverse(f"outcomes:figure_{'live' if more else 'list'}", args=[world.programme.code, *more])


def shown(one: live.Figure) -> tuple:
    """A figure of a page, as the API says it."""
    value = one.value
    return (one.key, str(value.state), one.told, value.numerator, value.denominator, value.n, value.asked)


def told(one: dict) -> tuple:
    names = ("key", "state", "value", "numerator", "denominator", "n", "asked")
    return tuple(one[name] for name in names)


@pytest.fixture
def logframe(world):
    line = LogframeLine.objects.create(
        funding=world.funding, code="1.1", wording="Women reached", indicator="OP-01"
    )
    Target.objects.create(funding=world.funding, line=line, value=24)
    LogframeLine.objects.create(funding=world.funding, code="2.1", wording="Roads", position=1)
    return line


def test_the_core_set_is_the_one_of_the_page(world, client):
    signed_in(client, world.coordinator)
    said = client.get(base(world)).json()
    page = client.get(page_of(world)).context["figures"]
    assert [told(one) for one in said["results"]] == [shown(one) for one in page]
    assert tuple(one["key"] for one in said["results"]) == CORE
    assert said["uncounted"] == []


def test_of_a_funding_it_has_the_logframe_with_targets(world, logframe, client):
    signed_in(client, world.coordinator)
    said = client.get(base(world), {"funding": world.funding.pk}).json()
    one = next(one for one in said["results"] if one["key"] == "OP-01")
    names = ("line", "name", "value", "target", "baseline", "progress")
    assert {name: one[name] for name in names} == {
        "line": "1.1",
        "name": "Women reached",
        "value": 12,
        "target": 24,
        "baseline": None,
        "progress": 50.0,
    }
    assert said["uncounted"] == ["2.1"]


def test_progress_towards_nothing_is_null(world, logframe, client):
    Target.objects.filter(line=logframe).update(value=0)
    said = signed_in(client, world.coordinator).get(base(world), {"funding": world.funding.pk}).json()
    one = next(one for one in said["results"] if one["key"] == "OP-01")
    assert (one["target"], one["progress"]) == (0, None)


@pytest.mark.parametrize("part", live.SIDES)
def test_an_opened_figure_has_the_rows_of_the_page(world, client, part):
    signed_in(client, world.coordinator)
    said = client.get(f"{base(world)}OP-07/", {"part": part}).json()
    page = client.get(page_of(world, "OP-07"), {"part": part}).context
    assert told(said) == shown(page["figure"])
    assert said["rows"] == [[str(cell) for cell in line] for _url, line in page["lines"]]
    assert (said["kind"], said["part"], said["total"], said["hidden"]) == (
        page["side"].kind, part, page["side"].total, 0,
    )  # fmt: skip
    assert said["columns"] == [str(column) for column in page["side"].columns]
    assert (said["next"], said["previous"]) == (None, None)
    assert [one["name"] for one in said["apart"]] == [one.name for one in page["apart"]]


def test_what_stands_in_the_categories_makes_the_figure(world, client):
    said = signed_in(client, world.coordinator).get(f"{base(world)}OP-01/").json()
    region = next(one for one in said["apart"] if one["by"] == "region")
    assert (region["shape"], sum(line["numerator"] for line in region["lines"])) == ("count", said["value"])


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_every_definition_opens_also_with_nothing_behind_it(world, client, key):
    said = signed_in(client, world.coordinator).get(f"{base(world)}{key}/").json()
    assert (said["code"], said["state"] == "measured") == (key, said["reason"] is None)


def test_rows_that_she_may_not_see_are_only_a_number(world, client):
    """Her token is for one programme; the funding pays for another one, too, that is none of hers."""
    other = f.make_programme(world.tenant)
    world.funding.scopes.create(programme=other)
    hers = f.make_coordinator(other)
    url = f"/api/v1/programmes/{other.code}/figures/OP-01/"
    said = signed_in(client, hers).get(url, {"funding": world.funding.pk}).json()
    assert (said["value"], said["rows"], said["total"], said["hidden"]) == (12, [], 12, 12)
    page = client.get(
        reverse("outcomes:figure_live", args=[other.code, "OP-01"]), {"funding": world.funding.pk}
    )
    assert page.context["side"].hidden == 12


def test_rows_come_a_hundred_at_a_time(world, client):
    for _ in range(95):
        f.make_attendance(f.make_entry(world.sessions[0], f.make_enrolment(world.programme)))
    signed_in(client, world.coordinator)
    first = client.get(f"{base(world)}OP-01/").json()
    assert (len(first["rows"]), first["total"], first["previous"]) == (100, 107, None)
    second = client.get(first["next"]).json()
    assert (len(second["rows"]), second["next"]) == (7, None)
    assert client.get(second["previous"]).json()["rows"] == first["rows"]


@pytest.mark.parametrize("more", ["", "OP-01/"])
def test_what_is_not_hers_is_not_there(world, client, more):
    signed_in(client, world.coordinator)
    for wanted in (f.make_funding(f.make_programme()).pk, "x", "9" * 30, ""):
        assert client.get(base(world) + more, {"funding": wanted}).status_code == 404
    assert client.get(base(world) + more, {"fundings": 1}).status_code == 400


@pytest.mark.parametrize(
    ("key", "asked"),
    [("XX-99", {}), ("OP-01", {"part": "all"}), ("OP-01", {"page": 2}), ("OP-01", {"page": "x"})],
)
def test_a_figure_a_part_and_a_page_that_are_not_there(world, client, key, asked):
    assert signed_in(client, world.coordinator).get(f"{base(world)}{key}/", asked).status_code == 404


@pytest.mark.parametrize("more", ["", "OP-01/"])
def test_no_funder_no_trainer_and_no_stranger_reads_them(world, client, more):
    trainer, stranger = f.make_trainer(world.programme), f.make_coordinator(f.make_programme())
    for user, status in ((world.funder, 403), (trainer, 403), (stranger, 404)):
        assert signed_in(client, user).get(base(world) + more).status_code == status


# --- of answers


@pytest.fixture
def answers(db):
    return asking()


def test_of_answers_it_says_who_answered_bounds_and_interval(answers, client):
    for said in (5, 4, 5, 2):
        say(answers, f.make_enrolment(answers.programme), "exit", satisfaction=said)
    ask(answers, "exit", f.make_enrolment(answers.programme))
    signed_in(client, f.make_coordinator(answers.programme))
    one = client.get(f"{base(answers)}OC-01/").json()
    found, _scope = live.figure(answers.programme, None, "OC-01", timezone.now())
    assert (one["value"], one["numerator"], one["denominator"]) == (75.0, 3, 4)
    assert (one["asked"], one["answered"], one["counts_only"]) == (5, 4, False)
    assert one["bounds"] == list(found.value.bounds) == [60.0, 80.0]
    assert one["interval"] == list(found.value.interval)
    assert one["claim"] == found.value.claim


def test_below_sixty_per_cent_of_answers_no_percentage_is_told(answers, client):
    say(answers, f.make_enrolment(answers.programme), "exit", satisfaction=5)
    ask(answers, "exit", f.make_enrolment(answers.programme))
    signed_in(client, f.make_coordinator(answers.programme))
    one = client.get(f"{base(answers)}OC-01/").json()
    assert (one["state"], one["counts_only"], one["value"], one["interval"]) == ("measured", True, None, None)
    assert (one["numerator"], one["denominator"]) == (1, 1)


def test_money_is_told_by_currency_and_added_to_none(answers, client):
    for number, currency in ((100, "EUR"), (50, "EUR"), (9000, "RSD")):
        say(answers, f.make_enrolment(answers.programme), "f6", finance_amount=(number, currency))
    signed_in(client, f.make_coordinator(answers.programme))
    one = client.get(f"{base(answers)}OC-10.3/").json()
    assert one["value"] is None
    assert [(row["currency"], row["amount"], row["n"]) for row in one["amounts"]] == [
        ("EUR", 150.0, 2),
        ("RSD", 9000.0, 1),
    ]


# --- the price


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("more", "queries"), [("", 41), ("OP-01/", 13), ("OP-07/?part=denominator", 22)])
def test_one_row_and_three_cost_the_same(world, client, n, more, queries, django_assert_num_queries):
    for _ in range(n):
        f.make_attendance(f.make_entry(world.sessions[0], f.make_enrolment(world.programme)))
    signed_in(client, world.coordinator).get(base(world))
    with django_assert_num_queries(queries):
        client.get(base(world) + more)
