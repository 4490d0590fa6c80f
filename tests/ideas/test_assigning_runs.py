"""Runs of assigning on records: frozen, computed, laid; desks by hand; whoever comes into conflict."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from ideas import services
from ideas.assigning import words
from ideas.models import AssigningRun, DeclaredConflict, Idea, IdeaChange, ReviewTask
from ideas.services import assigning
from jobs import services as jobs
from jobs.models import Job
from tests.factories import (
    NOW,
    make_coordinator,
    make_declared,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_round,
    make_seat,
    make_task,
)

pytestmark = pytest.mark.django_db


class World:
    """A round of six ideas and four reviewers, two reviews an idea."""

    def __init__(self, ideas: int = 6, reviewers: int = 4):
        self.now, self.programme = NOW, make_programme()
        self.coordinator = make_coordinator(self.programme)
        self.round = make_round(self.programme, coverage=2)
        self.enrolments = [make_enrolment(self.programme) for _ in range(ideas)]
        self.ideas = [make_idea(self.programme, enrolments=[one], sector="C") for one in self.enrolments]
        self.mentors = [make_mentor(self.programme, sectors=["C"]) for _ in range(reviewers)]
        self.seats = [make_seat(self.round, mentor.person) for mentor in self.mentors]

    def desks(self) -> dict[int, int]:
        """How many wait on or left each desk well, by seat."""
        rows = ReviewTask.objects.filter(seat__round=self.round, state__in=["waiting", "done"])
        return Counter(rows.values_list("seat", flat=True))

    def requested(self) -> AssigningRun:
        run = services.request_assigning(by=self.coordinator, round=self.round, now=self.now)
        jobs.run(run.job.pk)
        run.refresh_from_db()
        return run

    def lay(self, run: AssigningRun, **said) -> AssigningRun:
        return services.lay_on_desks(by=self.coordinator, run=run, now=self.now, **said)


@pytest.fixture
def world(db) -> World:
    return World()


def codes(error) -> list[str]:
    return [one.code for one in error.value.error_list] if hasattr(error.value, "error_list") else [
        one.code for rows in error.value.error_dict.values() for one in rows
    ]  # fmt: skip


def test_in_one_go_every_idea_lies_on_as_many_desks_as_asked(world):
    run = services.assign_now(by=world.coordinator, round=world.round, now=NOW)
    assert sorted(world.desks().values()) == [3, 3, 3, 3]
    reviews = Counter(ReviewTask.objects.filter(run=run).values_list("idea", flat=True))
    assert reviews == {idea.pk: 2 for idea in world.ideas}
    assert set(Idea.objects.values_list("state", "state_by")) == {("in_review", world.coordinator.pk)}
    assert IdeaChange.objects.filter(state="in_review").count() == 6
    assert (run.number, run.result["placed"], run.laid_by, len(run.fingerprint)) == (
        1, 12, world.coordinator, 64,
    )  # fmt: skip
    places = ReviewTask.objects.filter(seat=world.seats[0]).values_list("place", flat=True)
    assert sorted(places) == [1, 2, 3]
    assert AuditEntry.objects.filter(verb="lay", object_id=run.pk).count() == 1


def test_a_run_is_computed_in_the_background_and_lays_nothing(world):
    run = services.request_assigning(by=world.coordinator, round=world.round, now=NOW)
    assert (run.fingerprint, run.result) == ("", {})
    again = services.request_assigning(by=world.coordinator, round=world.round, now=NOW)
    assert again.pk == run.pk  # the same question while the first is open
    jobs.run(run.job.pk)
    run.refresh_from_db()
    assert (run.job.state, run.job.result) == ("done", {"run": run.pk, "url": f"/assigning/{run.pk}/"})
    assert (run.result["placed"], run.result["short"], world.desks()) == (12, [], {})
    world.lay(run)
    assert sorted(world.desks().values()) == [3, 3, 3, 3]
    world.lay(run)  # twice is once
    assert ReviewTask.objects.count() == 12


def test_a_large_round_is_shared_out_in_the_background(world, monkeypatch):
    monkeypatch.setattr(assigning, "AT_ONCE", 23)  # it has 24 pairs
    said = {"by": world.coordinator, "round": world.round, "now": NOW}
    assert (assigning.share_out(**said).fingerprint, world.desks()) == ("", {})
    monkeypatch.setattr(assigning, "AT_ONCE", 24)
    assert assigning.share_out(**said).laid_at == NOW


def test_no_name_stands_in_the_facts_and_the_same_facts_give_the_same_run(world):
    one, other = world.requested(), world.requested()
    assert (one.fingerprint, one.facts_fingerprint) == (other.fingerprint, other.facts_fingerprint)
    assert (one.number, other.number) == (1, 2)
    text = str(one.facts)
    assert [m.person.name for m in world.mentors if m.person.name in text] == []


def test_a_job_that_is_stopped_keeps_nothing(world):
    run = services.request_assigning(by=world.coordinator, round=world.round, now=NOW)
    Job.objects.filter(pk=run.job.pk).update(cancel_wanted_at=NOW)
    jobs.run(run.job.pk)
    run.refresh_from_db()
    assert (run.job.state, run.fingerprint) == ("cancelled", "")
    with pytest.raises(ValidationError) as error:
        world.lay(run)
    assert codes(error) == ["waiting"]


def test_conflicts_declared_nominated_and_on_record_are_never_assigned(world):
    """Counted by hand, from the records themselves."""
    DeclaredConflict.objects.create(reviewer=world.mentors[0].person, idea=world.ideas[0], reason="Kuma.")
    make_declared(world.mentors[1].person, world.enrolments[1].person)
    hers = make_enrolment(world.programme, person=world.mentors[2].person)
    make_idea(world.programme, enrolments=[hers])
    services.assign_now(by=None, round=world.round, now=NOW)
    apart = [
        (world.mentors[0].person, world.ideas[0]),
        (world.mentors[1].person, world.ideas[1]),
        (world.mentors[2].person, hers.nominations.get().idea),
    ]
    assert [pair for pair in apart if ReviewTask.objects.filter(
        seat__reviewer=pair[0], idea=pair[1]).exists()] == []  # fmt: skip
    assert ReviewTask.objects.count() == 14


def test_topping_up_keeps_what_there_is(world):
    first = services.assign_now(by=None, round=world.round, now=NOW)
    kept = set(ReviewTask.objects.values_list("seat", "idea", "place"))
    fresh = make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
    newcomer = make_seat(world.round, make_mentor(world.programme).person)
    world.now += timedelta(hours=1)
    run = world.requested()
    assert run.result["asked"] == 2
    world.lay(run)
    now = set(ReviewTask.objects.values_list("seat", "idea", "place"))
    assert kept < now
    assert {idea for _s, idea, _p in now - kept} == {fresh.pk}
    assert newcomer.tasks.count() == 1  # nobody else has so few
    assert first.tasks.count() == 12


def test_a_stale_run_is_shown_and_must_be_confirmed(world):
    run = world.requested()
    make_declared(world.mentors[0].person, world.enrolments[0].person)
    make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
    with pytest.raises(ValidationError) as error:
        world.lay(run)
    assert codes(error) == ["stale"]
    stand = services.standing_now(run, NOW)
    assert [words.change(one) for one in stand.changes] == ["1 idea came.", "1 conflict of interest came up."]
    world.lay(run, confirmed=stand.fingerprint)
    pair = {"seat": world.seats[0], "idea": world.ideas[0]}
    assert not ReviewTask.objects.filter(**pair).exists()
    assert ReviewTask.objects.count() == len(stand.possible) == 12 - len(stand.left_out)


def test_of_two_who_lay_one_wins(world):
    one, other = world.requested(), world.requested()
    world.lay(one)
    with pytest.raises(ValidationError, match="after this one was made") as error:
        world.lay(other, confirmed=services.standing_now(other, NOW).fingerprint)
    assert codes(error) == ["laid"]
    assert ReviewTask.objects.count() == 12


def test_what_cannot_be_is_refused_in_words(world):
    over = world.round.closes_at
    with pytest.raises(ValidationError, match="This round is over"):
        services.request_assigning(by=None, round=world.round, now=over)
    run = world.requested()
    with pytest.raises(ValidationError, match="This round is over"):
        services.lay_on_desks(by=None, run=run, now=over)
    world.round.seats.update(left_at=NOW)
    nobody = world.requested()
    assert (nobody.result["placed"], len(nobody.result["short"])) == (0, 6)
    with pytest.raises(ValidationError) as error:
        world.lay(nobody)
    assert codes(error) == ["empty"]


def test_facts_take_as_many_queries_for_six_ideas_as_for_two():
    found = []
    for ideas in (2, 6):
        world = World(ideas=ideas)
        world.round.refresh_from_db()
        with CaptureQueriesContext(connection) as asked:
            services.standing_now(services.assign_now(by=None, round=world.round, now=NOW), NOW)
        found.append(len(asked))
    assert found[0] == found[1]


# --- somebody steps back


def test_the_sweep_takes_as_many_queries_for_three_conflicts_as_for_one():
    found = []
    for conflicts in (1, 3):
        world = World()
        services.assign_now(by=None, round=world.round, now=NOW)
        first = ReviewTask.objects.filter(seat=world.seats[0]).order_by("pk")[:conflicts]
        for task in first:
            make_declared(world.mentors[0].person, task.idea.nominations.get().enrolment.person)
        with CaptureQueriesContext(connection) as asked:
            assert services.clear_desks(now=NOW) == conflicts
        found.append(len(asked))
        assert ReviewTask.objects.filter(seat=world.seats[0], state="conflict").count() == conflicts
        reviews = Counter(ReviewTask.objects.waiting().values_list("idea", flat=True))
        assert {idea.pk: 2 for idea in world.ideas} == {pk: reviews[pk] for pk in (i.pk for i in world.ideas)}
        ReviewTask.objects.all().delete()
        world.round.delete()
    assert found[0] == found[1]


def test_an_idea_given_back_goes_to_whom_it_fits_of_those_with_fewest():
    world = World(ideas=1, reviewers=4)
    world.mentors[2].sectors = []
    world.mentors[2].save()
    task = make_task(world.seats[0], world.ideas[0])
    make_task(world.seats[1], make_idea(world.programme))  # one waits for her already
    services.cannot_judge(by=world.mentors[0].person.user, task=task, reason="I know nothing of it", now=NOW)
    new = ReviewTask.objects.get(idea=world.ideas[0], state="waiting")
    assert (new.seat, new.points) == (world.seats[3], {"sector": 2})


# --- by hand


def test_by_hand_one_more_and_back(world):
    task = services.lay_by_hand(by=world.coordinator, seat=world.seats[0], idea=world.ideas[0], now=NOW)
    assert (task.state, task.place, task.points) == ("waiting", 1, {"sector": 2})
    same = services.lay_by_hand(by=world.coordinator, seat=world.seats[0], idea=world.ideas[0], now=NOW)
    assert (same.pk, ReviewTask.objects.count()) == (task.pk, 1)
    world.ideas[0].refresh_from_db()
    assert world.ideas[0].state == "in_review"
    with pytest.raises(ValidationError, match="Say why"):
        services.take_back(by=world.coordinator, task=task, reason=" ", now=NOW)
    services.take_back(by=world.coordinator, task=task, reason="She fell ill", now=NOW)
    task.refresh_from_db()
    assert (task.state, task.reason, ReviewTask.objects.count()) == ("withdrawn", "She fell ill", 1)
    back = services.lay_by_hand(by=world.coordinator, seat=world.seats[0], idea=world.ideas[0], now=NOW)
    assert (back.pk, back.state, back.reason) == (task.pk, "waiting", "")


def test_what_may_not_be_by_hand(world):
    make_declared(world.mentors[0].person, world.enrolments[0].person, words="She is my aunt")
    make_task(world.seats[1], world.ideas[0], state="cannot", reason="Too far from what I know")
    make_task(world.seats[2], world.ideas[1])
    world.seats[2].cap = 1
    world.seats[2].save()
    world.seats[3].left_at = NOW
    world.seats[3].save()
    wanted = [
        "She declared: She is my aunt",
        "She gave this idea back: Too far from what I know",
        "She has 1 idea, and takes no more in this round.",
        "She does not judge in this round any more.",
    ]
    for seat, said in zip(world.seats, wanted, strict=True):
        with pytest.raises(ValidationError) as error:
            services.lay_by_hand(by=world.coordinator, seat=seat, idea=world.ideas[0], now=NOW)
        assert error.value.message_dict == {"seat": [said]}
    declined = make_idea(world.programme, state="declined")
    with pytest.raises(ValidationError, match="does not wait to be judged"):
        services.lay_by_hand(by=world.coordinator, seat=world.seats[0], idea=declined, now=NOW)
    with pytest.raises(ValidationError, match="is over"):
        late = world.round.closes_at + timedelta(days=1)
        services.lay_by_hand(by=world.coordinator, seat=world.seats[0], idea=world.ideas[0], now=late)


def test_a_review_that_is_in_is_not_taken_back(world):
    task = make_task(world.seats[0], world.ideas[0], state="done")
    with pytest.raises(ValidationError, match="handed in already"):
        services.take_back(by=world.coordinator, task=task, reason="Late", now=NOW)


# --- what was not on record


def test_what_could_hide_a_conflict_is_counted(world):
    run = world.requested()
    missing = run.facts["missing"]
    assert (missing["reviewers"]["of"], missing["nominators"]["of"]) == (4, 6)
    assert missing["reviewers"]["work"] == 4
    assert words.missing({"reviewers": {"of": 4, "work": 3}}) == [
        "Of 4 reviewers, 3: no enterprise or organisation on record."
    ]
