"""Pages and API of matching: reasons, a counterfactual that is followed, comparing, publishing, strangers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import services as jobs
from mentoring import services
from mentoring.matching import fit
from mentoring.models import Assignment, MatchingRun
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_programme,
    make_run,
    make_trainer,
)
from tests.mentoring.test_runs import mentor, pairs, person
from tests.taken import KINDS, content, everywhere, rows, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db):
    return make_programme(code="start-up")


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def coordinator(client, by):
    client.force_login(by)
    return client


def computed(by, programme, **said):
    run = services.request_run(by=by, programme=programme, now=timezone.now(), **said)
    jobs.run(run.job_id)
    run.refresh_from_db()
    return run


def asked(client, answer) -> MatchingRun:
    """The run to which a form led, computed."""
    assert answer.status_code == 302, answer.content.decode()[:2000]
    run = MatchingRun.objects.order_by("-pk").first()
    assert answer.url == reverse("mentoring:run_detail", args=[run.pk])
    jobs.run(run.job_id)
    run.refresh_from_db()
    return run


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_run_is_asked_for_and_shows_who_gets_whom_and_why(coordinator, programme):
    one, left = person(programme, "Mila Milić"), person(programme, "Eva Ević", sector="A")
    guide = mentor(programme)
    page = coordinator.get(reverse("mentoring:run_list", args=["start-up"]))
    assert "2 people look for a mentor" in text(page)
    run = asked(coordinator, coordinator.post(page.request["PATH_INFO"], fit.DEFAULT_WEIGHTS))
    page = text(coordinator.get(reverse("mentoring:run_detail", args=[run.pk])))
    assert "1 of 2 people finds a mentor" in page
    assert f"<b>{run.result['fit']}</b>" in page
    assert "1 of 1 that she asks for: finance" in page
    assert "1 possible mentor is taken by others" in page
    assert pairs(run) == {one.pk: guide.pk}
    assert reverse("mentoring:run_person", args=[run.pk, left.pk]) in page


def test_a_run_that_waits_shows_its_work_and_can_be_stopped(coordinator, by, programme):
    person(programme, "Mila"), mentor(programme)
    run = services.request_run(by=by, programme=programme, now=timezone.now())
    address = reverse("mentoring:run_detail", args=[run.pk])
    assert "Run 1 is being computed" in text(coordinator.get(address))
    coordinator.post(reverse("jobs:job_cancel", args=[run.job_id]))
    page = text(coordinator.get(address))
    assert "Run 1 has no result" in page
    assert "Stopped on request." in page
    assert coordinator.get(reverse("mentoring:run_person", args=[run.pk, 1])).status_code == 404


def test_a_weight_that_is_none_is_said_at_its_field(coordinator, programme):
    address = reverse("mentoring:run_list", args=["start-up"])
    answer = coordinator.post(address, fit.DEFAULT_WEIGHTS | {"sector": 101})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["sector"]
    answer = coordinator.post(address, fit.DEFAULT_WEIGHTS | {"tried": "capacity:1"})
    assert (answer.status_code, MatchingRun.objects.count()) == (422, 0)


def follow(client, run, enrolment, guide):
    """Open «what would change it», send its form as it stands."""
    page = client.get(reverse("mentoring:run_change", args=[run.pk, enrolment.pk, guide.pk]))
    change = page.context["change"]
    said = change.weights | {"tried": change.tried}
    if change.unpins:
        said["unpin"] = enrolment.pk
    return change, client.post(reverse("mentoring:run_again", args=[run.pk]), said)


def test_a_capacity_is_tried_and_a_new_run_confirms_it(coordinator, by, programme):
    one, left = person(programme, "Ana"), person(programme, "Eva", sector="A")
    guide = mentor(programme)
    run = computed(by, programme)
    assert run.result["unplaced"] == [left.pk]
    page = text(coordinator.get(reverse("mentoring:run_person", args=[run.pk, left.pk])))
    assert f"1 more place with {guide} would do." in page
    assert "The places of this mentor went to others" in page
    change, answer = follow(coordinator, run, left, guide)
    assert change.words == [f"{guide} takes 2 people in all"]
    again = asked(coordinator, answer)
    assert pairs(again) == {one.pk: guide.pk, left.pk: guide.pk}
    assert f"{guide} takes 2 people in all" in text(
        coordinator.get(reverse("mentoring:run_detail", args=[again.pk]))
    )
    guide.refresh_from_db()
    assert guide.offers.get().capacity == 1


def test_a_weight_is_tried_and_a_new_run_confirms_it(coordinator, by, programme):
    one = person(programme, "Ana", sector="C", functions=["finance"])
    hers, wished = mentor(programme, sectors=[]), mentor(programme, sectors=["C"], functions=["legal"])
    run = computed(by, programme)
    assert pairs(run) == {one.pk: hers.pk}
    change, answer = follow(coordinator, run, one, wished)
    assert sum(change.weights[name] != run.weights[name] for name in fit.FACTORS) == 1
    assert pairs(asked(coordinator, answer)) == {one.pk: wished.pk}


def test_a_rule_is_lifted_and_a_new_run_confirms_it(coordinator, by, programme):
    one, guide = person(programme, "Ana"), mentor(programme, languages=["en"])
    run = computed(by, programme)
    page = text(coordinator.get(reverse("mentoring:run_person", args=[run.pk, one.pk])))
    assert "No language in common: she asks for Serbian, the mentor speaks English." in page
    change, answer = follow(coordinator, run, one, guide)
    assert change.tried == [f"lifted:{one.pk}:{guide.pk}:language"]
    again = asked(coordinator, answer)
    assert pairs(again) == {one.pk: guide.pk}
    third = coordinator.post(
        reverse("mentoring:run_again", args=[again.pk]), again.weights | {"tried": change.tried}
    )
    assert asked(coordinator, third).fingerprint == again.fingerprint


def test_a_pin_holds_and_undoing_it_is_the_change(coordinator, by, programme):
    one, good, odd = person(programme, "Ana"), mentor(programme), mentor(programme, functions=["legal"])
    run = computed(by, programme, pinned=[(one.pk, odd.pk)])
    assert pairs(run) == {one.pk: odd.pk}
    again = asked(coordinator, coordinator.post(reverse("mentoring:run_again", args=[run.pk]), run.weights))
    assert again.pinned == [[one.pk, odd.pk]]
    _change, answer = follow(coordinator, again, one, good)
    loose = asked(coordinator, answer)
    assert (loose.pinned, pairs(loose)) == ([], {one.pk: good.pk})
    address = reverse("mentoring:proposal_pin", args=[loose.proposals.get().pk])
    for said, is_pinned in (("yes", True), ("yes", True), ("no", False)):
        assert coordinator.post(address, {"pinned": said}).status_code == 302
        assert loose.proposals.get().is_pinned is is_pinned


def test_where_no_change_does_a_pin_does(coordinator, by, programme):
    people = [person(programme, f"Ana {number}") for number in range(2)]
    mentor(programme), mentor(programme)
    run = computed(by, programme)
    one = people[0]
    [free] = set(pairs(run).values()) - {pairs(run)[one.pk]}
    page = coordinator.get(reverse("mentoring:run_change", args=[run.pk, one.pk, free]))
    assert page.context["may_pin"] is True
    said = run.weights | {"pin": f"{one.pk}:{free}"}
    again = asked(coordinator, coordinator.post(reverse("mentoring:run_again", args=[run.pk]), said))
    assert (again.pinned, pairs(again)[one.pk]) == ([[one.pk, free]], free)


def test_two_runs_side_by_side(coordinator, by, programme):
    one = person(programme, "Ana", sector="C", functions=["finance"])
    mentor(programme, sectors=[]), mentor(programme, sectors=["C"], functions=["legal"])
    first, same = computed(by, programme), computed(by, programme)
    other = computed(by, programme, weights={"sector": 90})
    address = reverse("mentoring:run_compare", args=[same.pk])
    assert "Run 1 and run 2 are equal" in text(coordinator.get(address, {"with": 1}))
    page = text(coordinator.get(reverse("mentoring:run_compare", args=[other.pk]), {"with": first.number}))
    assert "1 person has another mentor in run 3 than in run 1" in page
    assert "The weight of “The same sector” was 25 and is 90." in page
    assert str(one) in page
    assert coordinator.get(address).url == reverse("mentoring:run_detail", args=[same.pk])
    for wrong in ("9", "x", "9" * 40):
        assert coordinator.get(address, {"with": wrong}).status_code == 404


def test_publishing_shows_first_and_does_it_then(coordinator, by, programme):
    one, guide = person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    address = reverse("mentoring:run_publish", args=[run.pk])
    assert "1 pair would be proposed" in text(coordinator.get(address))
    assert not Assignment.objects.exists()
    answer = coordinator.post(address, {"agreed_hours": 25, "share_on_premises": ""})
    assert answer.url == reverse("mentoring:assignment_list", args=["start-up"])
    row = Assignment.objects.get()
    assert (row.enrolment, row.mentor, row.state, row.agreed_hours) == (one, guide, "proposed", 25)
    assert coordinator.get(address).url == reverse("mentoring:run_detail", args=[run.pk])


def test_a_stale_run_says_what_changed_and_is_confirmed(coordinator, by, programme):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    new = person(programme, "Nova Novak")
    assert "The records have changed since this run was made." in text(
        coordinator.get(reverse("mentoring:run_detail", args=[run.pk]))
    )
    address = reverse("mentoring:run_publish", args=[run.pk])
    page = coordinator.get(address)
    assert f"{new} looks for a mentor now." in text(page)
    assert coordinator.post(address, {}).status_code == 422
    assert not Assignment.objects.exists()
    coordinator.post(address, {"confirmed": page.context["stand"].fingerprint})
    assert Assignment.objects.count() == 1


def test_the_second_coordinator_is_refused_in_words(coordinator, by, programme, client):
    person(programme, "Ana"), mentor(programme)
    runs = [computed(by, programme), computed(by, programme, weights={"sector": 3})]
    services.publish(by=by, run=runs[0], now=timezone.now())
    client.force_login(make_coordinator(programme))
    address = reverse("mentoring:run_publish", args=[runs[1].pk])
    assert "This run cannot be published" in text(client.get(address))
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert f"{by} published run 1" in text(answer)
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("n", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(coordinator, by, programme, n):
    """Each page once before: what a process asks once is asked already."""
    for number in range(n):
        person(programme, f"Ana {number}"), mentor(programme)
    run = computed(by, programme)
    other = computed(by, programme, weights={"sector": 1})
    one = run.proposals.first().enrolment_id
    costs = {}
    for name, args, said in (
        ("run_list", ["start-up"], {}),
        ("run_detail", [run.pk], {}),
        ("run_person", [run.pk, one], {}),
        ("run_publish", [run.pk], {}),
        ("run_compare", [run.pk], {"with": other.number}),
    ):
        address = reverse(f"mentoring:{name}", args=args)
        assert coordinator.get(address, said).status_code == 200
        with CaptureQueriesContext(connection) as made:
            coordinator.get(address, said)
        costs[name] = len(made)
    assert costs == COSTS


COSTS = {"run_list": 10, "run_detail": 24, "run_person": 8, "run_publish": 20, "run_compare": 8}


def routes(run):
    pair = run.proposals.first()
    yield "get", reverse("mentoring:run_list", args=[run.programme.code])
    yield "get", reverse("mentoring:run_export", args=[run.programme.code, "csv"])
    for name in ("run_detail", "run_publish", "run_compare"):
        yield "get", reverse(f"mentoring:{name}", args=[run.pk])
    yield "get", reverse("mentoring:proposal_export", args=[run.pk, "csv"])
    yield "get", reverse("mentoring:run_person", args=[run.pk, pair.enrolment_id])
    yield "get", reverse("mentoring:run_change", args=[run.pk, pair.enrolment_id, pair.mentor_id])
    for name in ("run_again", "run_publish"):
        yield "post", reverse(f"mentoring:{name}", args=[run.pk])
    yield "post", reverse("mentoring:proposal_pin", args=[pair.pk])
    yield "get", f"/api/v1/matching-runs/{run.pk}/"
    yield "post", f"/api/v1/matching-runs/{run.pk}/publication/"
    yield "get", f"/api/v1/proposals/{pair.pk}/"
    for name in ("pin", "unpinning"):
        yield "post", f"/api/v1/proposals/{pair.pk}/{name}/"


def test_a_stranger_finds_nothing_and_a_trainer_may_not(client, by, programme):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    for user, status in ((make_coordinator(make_programme()), 404), (make_trainer(programme), 403)):
        client.force_login(user)
        found = {}
        for how, where in routes(run):
            said = {"content_type": "application/json"} if where.startswith("/api/") and how == "post" else {}
            found[how, where] = getattr(client, how)(where, **said).status_code
        assert found == dict.fromkeys(found, status)
    assert not Assignment.objects.exists()


def test_somebody_of_another_programme_is_not_in_this_run(coordinator, by, programme):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    other = make_enrolment(make_programme(programme.tenant), state="enrolled")
    guide = make_mentor(make_programme(programme.tenant))
    assert coordinator.get(reverse("mentoring:run_person", args=[run.pk, other.pk])).status_code == 404
    mine = run.proposals.get().enrolment_id
    assert coordinator.get(reverse("mentoring:run_change", args=[run.pk, mine, guide.pk])).status_code == 404


def test_runs_and_pairs_are_taken_along(coordinator, by, programme):
    one, guide = person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    assert everywhere(coordinator, "mentoring:run_export", "start-up", column="number") == [1]
    found = rows(coordinator, "mentoring:run_export", "start-up")[0]
    assert (found["placed"], found["unplaced"], found["fit"]) == (1, 0, run.result["fit"])
    pair = rows(coordinator, "mentoring:proposal_export", run.pk)[0]
    assert (pair["person"], pair["mentor"], pair["functions"]) == (str(one), str(guide), 40)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_pairs_cost_the_same_for_one_and_for_three(
    coordinator, by, programme, n, kind, django_assert_num_queries
):
    for number in range(n):
        person(programme, f"Ana {number}"), mentor(programme)
    run = computed(by, programme)
    with django_assert_num_queries(6):
        content(take(coordinator, "mentoring:proposal_export", run.pk, kind=kind))


def test_the_api_asks_pins_and_publishes(coordinator, by, programme):
    one, guide = person(programme, "Ana"), mentor(programme)
    said = {
        "programme": "start-up",
        "weights": {"sector": 30},
        "pinned": [{"enrolment": one.pk, "mentor": guide.pk}],
    }
    kind = {"content_type": "application/json"}
    made = coordinator.post("/api/v1/matching-runs/", said, **kind)
    assert (made.status_code, made.json()["fingerprint"], made.json()["result"]) == (201, "", {})
    address = f"/api/v1/matching-runs/{made.json()['id']}/"
    early = coordinator.post(f"{address}publication/", {}, **kind)
    assert (early.status_code, "not computed yet" in early.content.decode()) == (400, True)
    jobs.run(made.json()["job"])
    found = coordinator.get(address).json()
    assert (found["result"]["placed"], found["weights"]["sector"]) == (1, 30)
    [pair] = coordinator.get("/api/v1/proposals/", {"run": found["id"]}).json()["results"]
    assert (pair["enrolment"], pair["mentor"], pair["is_pinned"]) == (one.pk, guide.pk, True)
    answer = coordinator.post(f"/api/v1/proposals/{pair['id']}/unpinning/", {}, **kind)
    assert answer.json()["is_pinned"] is False
    done = coordinator.post(f"{address}publication/", {"agreed_hours": 30}, **kind)
    assert done.json()["published_by"] == by.pk
    assert [row["id"] for row in coordinator.get("/api/v1/assignments/").json()["results"]] == [
        Assignment.objects.get().pk
    ]


@pytest.mark.parametrize(
    "said",
    [{"weights": {"colour": 1}}, {"weights": {"sector": 101}}, {"lifted": [{"rule": "full"}]}],
)
def test_the_api_refuses_what_is_none(coordinator, programme, said):
    said = {"programme": "start-up"} | said
    answer = coordinator.post("/api/v1/matching-runs/", said, content_type="application/json")
    assert (answer.status_code, MatchingRun.objects.count()) == (400, 0)


def test_days_that_pass_make_no_run_stale(coordinator, by, programme):
    person(programme, "Ana"), mentor(programme)
    run = computed(by, programme)
    MatchingRun.objects.filter(pk=run.pk).update(made_at=timezone.now() - timedelta(days=40))
    page = coordinator.get(reverse("mentoring:run_publish", args=[run.pk]))
    assert page.context["stand"].is_stale is False


def test_a_person_of_whom_little_is_known_has_a_page(coordinator, programme):
    row = make_enrolment(programme, state="enrolled")
    make_mentor(programme)
    run = make_run(programme)
    for name, args in (("run_person", [run.pk, row.pk]), ("run_detail", [run.pk]), ("run_publish", [run.pk])):
        assert coordinator.get(reverse(f"mentoring:{name}", args=args)).status_code == 200
