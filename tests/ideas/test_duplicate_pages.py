"""The page of ideas that sound alike, its acts, the API's and the command's."""

import io
import json
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from ideas import services
from ideas.duplicates import groups, proposals
from ideas.models import Compared, Idea, Join
from jobs.models import Job
from jobs.services import run
from tests.factories import (
    NOW,
    make_compared,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_join,
    make_nomination,
    make_person,
    make_programme,
    make_review,
    make_round,
    make_seat,
    make_task,
    make_trainer,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
numbers = count(1)
WORDS = (
    ("Sušara za drvo u Vranju", "Сушара за дрво у Врању"),
    ("Torbe od starih ćilima", "Torbe od starih cilima"),
    ("Pivo od jučerašnjeg hleba", "Pivo od jucerasnjeg hleba"),
)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def coordinator(programme):
    client = Client()
    client.force_login(make_coordinator(programme), backend=BACKEND)
    return client


def two(programme, at: int = 0) -> list[Idea]:
    ideas = []
    for title in WORDS[at]:
        who = make_enrolment(programme, person=make_person(programme.tenant, name=f"Mira {next(numbers)}"))
        ideas.append(make_idea(programme, title=title, summary="Zajedno je jeftinije.", enrolments=[who]))
    return ideas


def url(programme, name: str = "list") -> str:
    return reverse(f"ideas:duplicate_{name}", args=[programme.code])


def decide(client, programme, decision: str, ideas, **said):
    data = {"decision": decision, "idea": [idea.pk for idea in ideas], **said}
    return client.post(url(programme, "decide"), data)


# --- the page -------------------------------------------------------------------------------------------


def test_a_group_stands_side_by_side_with_what_tells_them_apart(programme, coordinator):
    one, other = two(programme)
    make_review(make_task(make_seat(make_round(programme)), other))
    page = coordinator.get(url(programme))
    [side] = page.context["page"].object_list
    assert (side.ideas, side.words, side.most) == (
        [one, other],
        ["Sušara", "drvo", "Vranju"] + side.words[3:],
        100,
    )
    text = page.content.decode()
    for said in ("1 group of ideas may be one idea", "Сушара за дрво у Врању", "100 % alike", "1 of 1"):
        assert said in text
    for idea in (one, other):
        assert idea.nominations.get().enrolment.person.name in text


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_costs_the_same_for_one_group_and_for_three(
    programme, coordinator, n, django_assert_num_queries
):
    for at in range(n):
        two(programme, at)
    coordinator.get(url(programme))
    with django_assert_num_queries(10):
        page = coordinator.get(url(programme))
    assert len(page.context["page"].object_list) == n


@pytest.mark.parametrize("show", ["open", "later", "joined", "apart"])
def test_what_was_decided_is_found_again(programme, coordinator, show):
    joined, later, apart = two(programme, 0), two(programme, 1), two(programme, 2)
    make_join(joined[1], joined[0])
    make_compared(*later, says="later")
    make_compared(*apart)
    page = coordinator.get(url(programme), {"show": show})
    assert page.context["n"] == 0
    expected = {"open": (), "later": later, "joined": joined, "apart": apart}[show]
    text = page.content.decode()
    shown = [idea for idea in (*joined, *later, *apart) if idea.text.title in text]
    assert shown == list(expected)


def test_a_trainer_may_not_and_a_stranger_finds_nothing(programme):
    one, other = two(programme)
    join, said = make_join(other, one), make_compared(one, make_idea(programme, title="Druga"))
    targets = [
        ("get", url(programme)),
        ("post", url(programme, "decide")),
        ("post", url(programme, "compare")),
        ("post", reverse("ideas:join_part", args=[join.pk])),
        ("post", reverse("ideas:compared_remove", args=[said.pk])),
    ]
    for user, status in ((make_trainer(programme), 403), (make_coordinator(make_programme()), 404)):
        client = Client()
        client.force_login(user, backend=BACKEND)
        assert [getattr(client, verb)(address).status_code for verb, address in targets] == [status] * 5
    assert Join.objects.open().count() == Compared.objects.count() == 1


# --- the acts -------------------------------------------------------------------------------------------


def test_joined_and_parted_from_the_list_and_from_the_idea(programme, coordinator):
    one, other = two(programme)
    decide(coordinator, programme, "join", [one, other], into=other.pk)
    join = Join.objects.open().get()
    assert (join.idea, join.into) == (one, other)
    page = coordinator.get(reverse("ideas:idea_detail", args=[other.pk])).content.decode()
    assert "1 idea stands under this one" in page and one.nominations.get().enrolment.person.name in page
    page = coordinator.get(reverse("ideas:idea_detail", args=[one.pk])).content.decode()
    assert "stands under it:" in page
    back = coordinator.post(reverse("ideas:join_part", args=[join.pk]), {"back": "idea"})
    assert back.url == reverse("ideas:idea_detail", args=[other.pk])
    assert not Join.objects.open().exists()


def test_the_list_shows_heads_with_how_many_are_joined_and_the_joined_ones_when_asked(programme, coordinator):
    one, other = two(programme)
    make_join(other, one)
    listed = reverse("ideas:idea_list", args=[programme.code])
    page = coordinator.get(listed)
    assert list(page.context["page"].object_list) == [one] and "+1 joined" in page.content.decode()
    page = coordinator.get(listed, {"joined": "only"})
    assert list(page.context["page"].object_list) == [other]
    assert f"stands under number {one.number}" in page.content.decode()
    assert list(coordinator.get(listed, {"joined": "all"}).context["page"].object_list) == [one, other]


def test_not_the_same_is_not_proposed_again_until_it_is_taken_back(programme, coordinator):
    ideas = two(programme)
    decide(coordinator, programme, "not_same", ideas)
    assert coordinator.get(url(programme)).context["n"] == 0
    row = Compared.objects.get()
    coordinator.post(reverse("ideas:compared_remove", args=[row.pk]))
    assert coordinator.get(url(programme)).context["n"] == 1


@pytest.mark.parametrize(
    ("decision", "keys", "into", "words"),
    [
        ("join", (), None, "Choose two ideas at least."),
        ("join", (0, 1), None, "Say which of them stands."),
        ("join", (0,), 0, "Choose two ideas at least."),
        ("not_same", (0,), None, "Choose two ideas at least."),
        ("marry", (0, 1), 0, "Select a valid choice"),
    ],
)
def test_what_is_refused_changes_nothing_and_says_why(programme, coordinator, decision, keys, into, words):
    ideas = two(programme)
    said = {} if into is None else {"into": ideas[into].pk}
    page = decide(coordinator, programme, decision, [ideas[key] for key in keys], **said)
    assert page.status_code == 422 and words in page.content.decode()
    assert not Join.objects.exists() and not Compared.objects.exists()


def test_an_idea_of_another_programme_cannot_be_named(programme, coordinator):
    one, _other = two(programme)
    stranger = make_idea(title="Sušara za drvo u Vranju")
    assert decide(coordinator, programme, "join", [one, stranger], into=one.pk).status_code == 422
    assert not Join.objects.exists()


def test_a_large_programme_is_compared_in_the_background(programme, coordinator, monkeypatch):
    monkeypatch.setattr(proposals, "AT_ONCE", 1)
    ideas = two(programme)
    assert "These ideas were not compared yet" in coordinator.get(url(programme)).content.decode()
    coordinator.post(url(programme, "compare"))
    run(Job.objects.get(kind="ideas.compare_all").pk)
    page = coordinator.get(url(programme))
    assert [side.ideas for side in page.context["page"].object_list] == [ideas]
    make_idea(programme, title="Med")
    assert "1 idea is newer than the last comparison." in coordinator.get(url(programme)).content.decode()


# --- groups ---------------------------------------------------------------------------------------------


def group_of(pairs, **known):
    known = {"heads": {}, "apart": set()} | known
    return [group.ideas for group in groups.grouped(pairs, 0.62, **known)]


def test_a_chain_is_no_group_but_nothing_is_left_out():
    assert group_of([(1, 2, 0.9), (2, 3, 0.8)]) == [(1, 2), (2, 3)]
    assert group_of([(1, 2, 0.9), (2, 3, 0.8), (1, 3, 0.57)]) == [(1, 2, 3)]  # the third comes loosely


def test_what_is_joined_speaks_for_its_group_and_what_is_apart_stays_apart():
    pairs = [(1, 2, 0.9), (2, 3, 0.8)]
    assert group_of(pairs, heads={2: 1}) == [(1, 3)]
    assert group_of(pairs, apart={frozenset((1, 2))}) == [(2, 3)]
    assert group_of(pairs, heads={2: 1}, apart={frozenset((1, 3))}) == []
    assert groups.count_different(5, pairs, 0.62, heads={}, apart=set()) == 3


# --- scripts --------------------------------------------------------------------------------------------


def test_the_api_proposes_joins_parts_and_remembers(programme, coordinator):
    one, other = two(programme)
    third = make_idea(programme, title="Sušara za drvo u Vranju, zajednička")
    proposed = coordinator.get(f"/api/v1/joins/proposals/{programme.code}/").json()
    assert (proposed["is_compared"], proposed["newer"]) == (True, 0)
    assert sorted(proposed["results"][0]["ideas"])[:2] == [one.pk, other.pk]
    made = coordinator.post("/api/v1/joins/", {"idea": other.pk, "into": one.pk}, "application/json")
    assert made.status_code == 201, made.json()
    key = made.json()["id"]
    assert made.json()["into"] == one.pk and made.json()["parted_at"] is None
    listed = coordinator.get("/api/v1/ideas/", {"programme": programme.code, "joined": "none"}).json()
    assert {row["id"] for row in listed["results"]} == {one.pk, third.pk}
    parted = coordinator.post(f"/api/v1/joins/{key}/parting/", content_type="application/json")
    assert parted.status_code == 200 and parted.json()["parted_at"]
    pair = {"one": other.pk, "other": one.pk, "says": "not_same"}
    said = coordinator.post("/api/v1/compared/", pair, "application/json")
    assert (said.status_code, said.json()["one"], said.json()["other"]) == (201, one.pk, other.pk)
    assert coordinator.delete(f"/api/v1/compared/{said.json()['id']}/").status_code == 204
    refused = coordinator.post("/api/v1/joins/", {"idea": one.pk, "into": one.pk}, "application/json")
    assert refused.status_code == 400


def test_who_nominated_stays_hidden_from_a_coordinator_who_judges_the_head_blind(programme):
    user = make_coordinator(programme)
    one, other = two(programme)
    make_nomination(one, make_enrolment(programme))
    make_task(make_seat(make_round(programme), user.person), one)
    make_join(other, one)
    client = Client()
    client.force_login(user, backend=BACKEND)
    hers = other.nominations.get().enrolment.person.name
    for idea in (one, other):
        page = client.get(reverse("ideas:idea_detail", args=[idea.pk])).content.decode()
        assert hers not in page


def test_the_command_tells_groups_as_lines_and_as_json_and_joins_nothing(programme):
    one, other = two(programme)
    make_idea(programme, title="Med od lipe")
    out = io.StringIO()
    call_command("duplicates", programme.code, stdout=out)
    assert out.getvalue().splitlines()[0] == "Groups: 1, among 3 ideas."
    out = io.StringIO()
    call_command("duplicates", programme.code, "--json", "--at-least", "0.9", stdout=out)
    [group] = json.loads(out.getvalue())["groups"]
    assert [idea["id"] for idea in group["ideas"]] == [one.pk, other.pk] and group["likeness"] == 1.0
    assert not Join.objects.exists()
    for wrong in (["none"], [programme.code, "--at-least", "0.1"]):
        with pytest.raises(CommandError):
            call_command("duplicates", *wrong)


def test_a_join_through_the_service_is_seen_on_the_page_at_once(programme, coordinator):
    one, other = two(programme)
    services.join_ideas(by=None, into=one, ideas=[other], now=NOW)
    assert coordinator.get(url(programme)).context["n"] == 0
