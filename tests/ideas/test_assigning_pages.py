"""Pages and API of assigning, through the door as people use it."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from ideas import services
from ideas.models import AssigningRun, ReviewTask, Selection
from jobs import services as jobs
from tests.factories import NOW, make_coordinator, make_declared, make_idea, make_programme, make_task
from tests.ideas.test_assigning_runs import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db, settings, monkeypatch):
    made = World()
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return made


@pytest.fixture
def signed(client, world):
    client.force_login(world.coordinator)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_from_the_round_to_the_desks_in_three_taps(signed, world):
    page = signed.get(reverse("ideas:run_list", args=[world.round.pk]))
    assert "6 of 6 ideas lack reviewers" in text(page)
    assert "Find reviewers for 12 reviews" in text(page)
    answer = signed.post(reverse("ideas:run_list", args=[world.round.pk]))
    run = AssigningRun.objects.get()
    assert answer.url == reverse("ideas:run_detail", args=[run.pk])
    assert "Assignment run 1 is being computed" in text(signed.get(answer.url))
    jobs.run(run.job.pk)
    page = text(signed.get(answer.url))
    assert "All 12 reviews find a reviewer" in page
    assert "Her sector is the idea&#x27;s: Making things." in page
    assert "Of 4 reviewers, 4: no enterprise or organisation on record." in page
    laid = signed.post(reverse("ideas:run_lay", args=[run.pk]), follow=True)
    assert "12 reviews lie on desks now." in text(laid)
    assert ReviewTask.objects.count() == 12
    again = signed.post(reverse("ideas:run_lay", args=[run.pk]), follow=True)
    assert "lie on desks now" not in text(again)
    assert "All 6 ideas have their reviewers" in text(
        signed.get(reverse("ideas:run_list", args=[world.round.pk]))
    )


def test_a_stale_run_shows_what_changed_and_asks(signed, world):
    run = world.requested()
    make_declared(world.mentors[0].person, world.enrolments[0].person)
    refused = text(signed.post(reverse("ideas:run_lay", args=[run.pk]), follow=True))
    assert "look at what changed, and confirm" in refused
    assert "1 conflict of interest came up." in refused
    stand = services.standing_now(run, NOW)
    signed.post(reverse("ideas:run_lay", args=[run.pk]), {"confirmed": stand.fingerprint})
    assert ReviewTask.objects.count() == len(stand.possible)


def test_what_falls_short_says_why_and_what_would_help(signed, world):
    for seat in world.seats[1:]:
        seat.cap = 1
        seat.save()
    run = world.requested()
    page = text(signed.get(reverse("ideas:run_detail", args=[run.pk]) + "?which=short"))
    assert "9 of 12 reviews find a reviewer; 3 ideas fall short" in page
    assert "3 reviewers have as many ideas as they take." in page
    assert "What stands in the way is how many ideas the reviewers take." in page
    assert "Let every reviewer take 1 idea more." in page
    assert "Ask for 1 review an idea." in page


def test_a_reviewer_without_an_idea_is_told_why(signed, world):
    """The run says of her desk what keeps every idea from it."""
    takes_none, apart = world.seats[0], world.mentors[1].person
    takes_none.cap = 0
    takes_none.save()
    for enrolment in world.enrolments:
        make_declared(apart, enrolment.person)
    run = world.requested()
    answer = signed.get(reverse("ideas:run_detail", args=[run.pk]))
    words = [["6 ideas with a conflict of interest."], ["She takes none."]]
    assert sorted(load.why for load in answer.context["loads"] if load.why) == words
    assert all(one in text(answer) for (one,) in words)


def test_a_run_of_a_decided_round_cannot_be_laid(signed, world):
    run = world.requested()
    Selection.objects.create(round=world.round, method="mean", shortlisted=1, fingerprint="f" * 64, at=NOW)
    page = text(signed.post(reverse("ideas:run_lay", args=[run.pk]), follow=True))
    assert "decided on this round on" in page
    assert ReviewTask.objects.count() == 0


def test_ideas_of_a_run_are_found_by_words_number_and_reviewer(signed, world):
    run, address = world.requested(), reverse("ideas:run_detail", args=[AssigningRun.objects.get().pk])
    found = signed.get(address, {"q": world.ideas[0].title}).context["lines"]
    assert world.ideas[0] in [line.idea for line in found]
    hers = {idea for seat, idea, _p in run.result["pairs"] if seat == world.seats[0].pk}
    found = signed.get(address, {"q": world.mentors[0].person.name}).context["lines"]
    assert {line.idea.pk for line in found} == hers
    assert "No idea of this run" in text(signed.get(address, {"q": "nobody says this"}))


@pytest.mark.parametrize("ideas", [2, 6])
def test_the_page_of_a_run_takes_a_constant_number_of_queries(client, ideas, django_assert_num_queries):
    world = World(ideas=ideas)
    client.force_login(world.coordinator)
    run = world.requested()
    client.get(reverse("ideas:run_detail", args=[run.pk]))
    with django_assert_num_queries(29):
        client.get(reverse("ideas:run_detail", args=[run.pk]))


def test_by_hand_with_loads_and_conflicts_in_sight(signed, world):
    make_declared(world.mentors[0].person, world.enrolments[0].person, words="She is my aunt")
    task = make_task(world.seats[1], world.ideas[0])
    address = reverse("ideas:desk_list", args=[world.round.pk, world.ideas[0].pk])
    page = signed.get(address)
    assert "She declared: She is my aunt" in text(page)
    assert [desk.may for desk in page.context["others"]] == [True, True, False]
    said = text(signed.post(address, {"seat": world.seats[2].pk}, follow=True))
    assert f"The idea lies on the desk of {world.mentors[2].person} now." in said
    refused = text(signed.post(address, {"seat": world.seats[0].pk}, follow=True))
    assert "She declared: She is my aunt" in refused
    signed.post(reverse("ideas:review_withdraw", args=[task.pk]), {"reason": "She fell ill"})
    task.refresh_from_db()
    assert (task.state, task.reason) == ("withdrawn", "She fell ill")
    for nobody in ("9" * 8, "x", "9" * 30):
        refused = signed.post(address, {"seat": nobody}, follow=True)
        assert "Choose who judges." in refused.content.decode()


def test_who_judges_it_blind_herself_is_not_told_who_nominated(client, world):
    """A coordinator on a blind desk learns that somebody has a conflict, not which."""
    world.coordinator.person.memberships.create(programme=world.programme, role="mentor")
    seat = world.round.seats.create(reviewer=world.coordinator.person)
    make_task(seat, world.ideas[0])
    make_declared(world.mentors[0].person, world.enrolments[0].person, words="She is my aunt")
    client.force_login(world.coordinator)
    page = text(client.get(reverse("ideas:desk_list", args=[world.round.pk, world.ideas[0].pk])))
    assert "She is my aunt" not in page
    assert "A conflict of interest is on record." in page


def test_strangers_find_nothing(client, world):
    run, task = world.requested(), make_task(world.seats[0], world.ideas[0])
    client.force_login(make_coordinator(make_programme()))
    gets = [
        ("run_list", world.round.pk),
        ("run_detail", run.pk),
        ("desk_list", world.round.pk, world.ideas[0].pk),
        ("run_export", world.round.pk, "csv"),
        ("pair_export", run.pk, "csv"),
    ]
    assert [client.get(reverse(f"ideas:{name}", args=args)).status_code for name, *args in gets] == [404] * 5
    posts = [("run_list", world.round.pk), ("run_lay", run.pk), ("review_withdraw", task.pk)]
    assert [client.post(reverse(f"ideas:{name}", args=args)).status_code for name, *args in posts] == [
        404
    ] * 3
    client.force_login(world.mentors[0].person.user)
    assert client.get(reverse("ideas:run_list", args=[world.round.pk])).status_code == 403
    assert client.get(reverse("ideas:run_detail", args=[run.pk])).status_code == 403


def test_an_idea_of_another_programme_has_no_desks_here(signed, world):
    other = make_idea(make_programme(world.programme.tenant))
    assert signed.get(reverse("ideas:desk_list", args=[world.round.pk, other.pk])).status_code == 404


def test_runs_and_pairs_are_taken_along(signed, world):
    run = world.requested()
    rows = json.loads(b"".join(signed.get(reverse("ideas:pair_export", args=[run.pk, "json"]))))
    assert len(rows) == 12
    assert rows[0] == {
        "number": world.ideas[0].number, "title": world.ideas[0].title, "reviewer": rows[0]["reviewer"],
        "fit": 2, "sector": 2, "language": 0, "reason": "Her sector is the idea's: Making things.",
    }  # fmt: skip
    rows = json.loads(b"".join(signed.get(reverse("ideas:run_export", args=[world.round.pk, "json"]))))
    assert [(row["number"], row["asked"], row["placed"]) for row in rows] == [(1, 12, 12)]


# --- for scripts


def post(client, address: str, said: dict):
    return client.post(f"/api/v1/{address}", said, content_type="application/json")


def test_a_script_asks_reads_and_lays(signed, world):
    answer = post(signed, "assigning-runs/", {"round": world.round.pk})
    assert answer.status_code == 201
    key = answer.json()["id"]
    jobs.run(answer.json()["job"])
    read = signed.get(f"/api/v1/assigning-runs/{key}/").json()
    assert (read["result"]["placed"], read["laid_at"], "facts" in read) == (12, None, False)
    make_declared(world.mentors[0].person, world.enrolments[0].person)
    stale = post(signed, f"assigning-runs/{key}/laying/", {})
    assert stale.status_code == 400
    words, fingerprint = (
        stale.json()["errors"]["confirmed"] if "errors" in stale.json() else stale.json()["confirmed"]
    )
    laid = post(signed, f"assigning-runs/{key}/laying/", {"confirmed": fingerprint})
    assert (laid.status_code, laid.json()["laid_by"]) == (200, world.coordinator.pk)


def test_a_script_lays_by_hand_and_takes_back(signed, world):
    said = {"round": world.round.pk, "idea": world.ideas[0].pk, "reviewer": world.mentors[0].person.pk}
    answer = post(signed, "reviews/", said)
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    back = post(signed, f"reviews/{answer.json()['id']}/withdrawal/", {"reason": "She fell ill"})
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    nobody = post(signed, "reviews/", said | {"reviewer": 987654})
    assert nobody.status_code == 400
    signed.force_login(world.mentors[0].person.user)
    assert post(signed, "reviews/", said).status_code in (400, 403)
    assert post(signed, "assigning-runs/", {"round": world.round.pk}).status_code == 403
