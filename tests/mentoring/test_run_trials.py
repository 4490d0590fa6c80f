"""What would change a large run: tried in the background, stopped, kept, asked for once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job
from mentoring import services, tasks
from mentoring.matching import explaining
from mentoring.models import MatchingRun
from mentoring.services import trials
from tests.factories import make_coordinator, make_programme, make_trainer
from tests.mentoring.test_run_pages import asked, computed, text
from tests.mentoring.test_runs import mentor, pairs, person

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


@pytest.fixture(autouse=True)
def every_run_is_large(monkeypatch):
    monkeypatch.setattr(trials, "MOST_PAIRS", 0)


@pytest.fixture
def run(by, programme):
    """One place for two: one of them has no mentor."""
    person(programme, "Ana"), person(programme, "Eva", sector="A"), mentor(programme)
    return computed(by, programme)


@pytest.fixture
def pair(run):
    return run.result["unplaced"][0], run.facts["mentors"][0]["mentor"]


def change_page(run, pair):
    return reverse("mentoring:run_change", args=[run.pk, *pair])


def trial(run, enrolment, mentor=None):
    [found] = [
        job
        for job in Job.objects.filter(kind=trials.TRIAL)
        if job.parameters == {"run": run.pk, "enrolment": enrolment, "mentor": mentor}
    ]
    return found


def tried():
    return Job.objects.filter(kind=trials.TRIAL).count()


def test_a_change_is_tried_kept_and_followed(coordinator, run, pair):
    address = change_page(run, pair)
    page = text(coordinator.get(address))
    assert "It was not tried yet what would give her" in page
    assert tried() == 0
    assert coordinator.post(address).url == address
    page = text(coordinator.get(address))
    assert "are being tried" in page
    job = trial(run, *pair)
    assert reverse("jobs:job_cancel", args=[job.pk]) in page
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["url"], job.result["change"]["after"]) == ("done", address, 2)
    page = coordinator.get(address)
    assert "One change would give her" in text(page)
    change = page.context["change"]
    assert (change.tried, change.moved) == ([f"capacity:{pair[1]}:2"], 0)
    said = change.weights | {"tried": change.tried}
    again = asked(coordinator, coordinator.post(reverse("mentoring:run_again", args=[run.pk]), said))
    assert pairs(again)[pair[0]] == pair[1]


def test_what_is_kept_is_what_is_said_at_once_of_a_small_run(coordinator, run, pair, monkeypatch):
    coordinator.post(change_page(run, pair))
    jobs.run(trial(run, *pair).pk)
    person_page = reverse("mentoring:run_person", args=[run.pk, pair[0]])
    coordinator.post(person_page)
    jobs.run(trial(run, pair[0]).pk)
    kept = coordinator.get(change_page(run, pair)).context["change"]
    helps = coordinator.get(person_page).context["help"]
    monkeypatch.setattr(trials, "MOST_PAIRS", 100)
    assert coordinator.get(change_page(run, pair)).context["change"] == kept
    assert coordinator.get(person_page).context["help"] == helps
    assert len(helps) == 1


def test_what_would_help_is_tried_in_the_background(coordinator, run, pair):
    address = reverse("mentoring:run_person", args=[run.pk, pair[0]])
    assert "Try it in the background" in text(coordinator.get(address))
    assert coordinator.post(address).url == address
    job = trial(run, pair[0])
    jobs.run(job.pk)
    page = text(coordinator.get(address))
    assert "1 more place with" in page
    assert "Try it in the background" not in page
    job.refresh_from_db()
    assert job.result["help"] == [{"kind": "places", "fact": {"mentor": pair[1], "places": 1}}]


def test_where_no_change_does_that_is_kept_too(coordinator, by, programme):
    for name in ("Ana", "Eva", "Ika", "Ola"):
        person(programme, name), mentor(programme)
    run = computed(by, programme)
    # all fit alike: who gets whom is drawn by the keys, and so is which swap a place more would bring about
    swaps = [(e, m) for e, hers in pairs(run).items() for m in pairs(run).values() if m != hers]
    known = run.facts, run.weights, run.pinned
    one, free = next(swap for swap in swaps if explaining.what_would_change(*known, *swap) is None)
    coordinator.post(change_page(run, (one, free)))
    jobs.run(trial(run, one, free).pk)
    page = coordinator.get(change_page(run, (one, free)))
    assert "No single change would give her" in text(page)
    assert "Run it with this pair pinned" in text(page)
    job = trial(run, one, free)
    assert (job.state, job.result["change"]) == ("done", None)


def test_asked_twice_it_is_one_work_and_answered_it_is_not_asked_again(by, run, pair):
    enrolment, guide = pair
    first = services.request_trial(by=by, run=run, enrolment=enrolment, mentor=guide)
    other = make_coordinator(run.programme)
    assert services.request_trial(by=other, run=run, enrolment=enrolment, mentor=guide) == first
    jobs.run(first.pk)
    assert services.request_trial(by=other, run=run, enrolment=enrolment, mentor=guide) == first
    assert tried() == 1
    assert services.request_trial(by=by, run=run, enrolment=enrolment) != first


def test_it_is_stopped_while_it_waits_and_may_be_asked_again(coordinator, run, pair):
    address = change_page(run, pair)
    coordinator.post(address)
    coordinator.post(reverse("jobs:job_cancel", args=[trial(run, *pair).pk]))
    page = text(coordinator.get(address))
    assert "Stopped on request." in page
    coordinator.post(address)
    assert tried() == 2
    newest = services.trial_of(run, *pair)
    jobs.run(newest.pk)
    assert "One change would give her" in text(coordinator.get(address))


def test_it_is_stopped_while_it_is_tried(by, run, pair, monkeypatch):
    """At the next solving after somebody wants it to stop; nothing is kept."""
    job = services.request_trial(by=by, run=run, enrolment=pair[0], mentor=pair[1])
    seconds = iter(range(1000))
    monkeypatch.setattr(tasks, "monotonic", lambda: next(seconds))
    solved = explaining.what_would_change

    def stopped_at_the_first(*args):
        jobs.cancel(job, now=timezone.now())
        return solved(*args)

    monkeypatch.setattr(explaining, "what_would_change", stopped_at_the_first)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, services.answer_of(job)) == ("cancelled", None, None)
    assert next(seconds) < 10


def test_it_says_that_it_goes_on(by, run, pair, monkeypatch):
    job = services.request_trial(by=by, run=run, enrolment=pair[0], mentor=pair[1])
    seconds, said = iter(range(1000)), []
    monkeypatch.setattr(tasks, "monotonic", lambda: next(seconds))
    real = jobs.Progress.__call__

    def heard(self, stage, *far):
        said.append(stage)
        real(self, stage, *far)

    monkeypatch.setattr(jobs.Progress, "__call__", heard)
    jobs.run(job.pk)
    assert said[:2] == ["Trying changes", "Trying changes, for 2 s so far"]
    assert len(said) > 5


def test_somebody_elses_work_is_waited_for(client, run, pair, by):
    services.request_trial(by=by, run=run, enrolment=pair[0], mentor=pair[1])
    client.force_login(make_coordinator(run.programme))
    page = text(client.get(change_page(run, pair)))
    assert "Somebody else asked for it" in page
    assert "/cancellation/" not in page
    client.post(change_page(run, pair))
    assert tried() == 1


def test_a_run_that_is_gone_fails_in_words(by, run, pair):
    job = services.request_trial(by=by, run=run, enrolment=pair[0])
    MatchingRun.objects.filter(pk=run.pk).delete()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "This run is gone.")


def test_who_is_not_in_the_run_and_a_run_without_result_are_refused(by, run, pair, programme):
    for wrong, field in (((pair[0], 10**6), "mentor"), ((10**6, pair[1]), "enrolment")):
        with pytest.raises(ValidationError) as caught:
            services.request_trial(by=by, run=run, enrolment=wrong[0], mentor=wrong[1])
        assert list(caught.value.error_dict) == [field]
    waiting = services.request_run(by=by, programme=programme, weights={"sector": 1}, now=timezone.now())
    with pytest.raises(ValidationError, match="not computed yet"):
        services.request_trial(by=by, run=waiting, enrolment=pair[0])


def test_a_small_run_needs_no_work(coordinator, run, pair, monkeypatch):
    monkeypatch.setattr(trials, "MOST_PAIRS", 100)
    assert coordinator.post(change_page(run, pair)).url == change_page(run, pair)
    assert tried() == 0


def test_the_api_asks_and_answers(coordinator, run, pair):
    address = f"/api/v1/matching-runs/{run.pk}/trial/"
    said = {"enrolment": pair[0], "mentor": pair[1]}
    first = coordinator.post(address, said, content_type="application/json")
    job = trial(run, *pair)
    waiting = {"job": job.pk, "state": "queued", "reason": "", "change": None, "help": []}
    assert (first.status_code, first.json()) == (200, waiting)
    assert coordinator.get(f"/api/v1/jobs/{job.pk}/").json()["state"] == "queued"
    jobs.run(job.pk)
    change = {"kind": "capacity", "moved": 0, "factor": None, "before": 1, "after": 2, "rules": []}
    answer = coordinator.post(address, said, content_type="application/json").json()
    assert answer == waiting | {"state": "done", "change": change}
    coordinator.post(address, {"enrolment": pair[0]}, content_type="application/json")
    jobs.run(trial(run, pair[0]).pk)
    answer = coordinator.post(address, {"enrolment": pair[0]}, content_type="application/json").json()
    assert answer["help"] == [{"kind": "places", "fact": {"mentor": pair[1], "places": 1}}]
    wrong = coordinator.post(address, {"enrolment": 10**6}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json())) == (400, ["enrolment"])


def test_a_stranger_finds_nothing_and_a_trainer_may_not(client, run, pair, programme):
    said = {"enrolment": pair[0], "mentor": pair[1]}
    for user, status in ((make_coordinator(make_programme()), 404), (make_trainer(programme), 403)):
        client.force_login(user)
        found = [
            client.post(change_page(run, pair)),
            client.post(reverse("mentoring:run_person", args=[run.pk, pair[0]])),
            client.post(f"/api/v1/matching-runs/{run.pk}/trial/", said, content_type="application/json"),
        ]
        assert [answer.status_code for answer in found] == [status] * 3
    assert tried() == 0
