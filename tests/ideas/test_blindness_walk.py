"""Whatever happens in whichever order: what a reviewer gave is in no byte of anybody who may not know it yet.

Hypothesis walks: drafts, reviews, changes of them, conflicts, refusals, somebody leaves, a second round; and
in between everybody reads every page, export and resource. A model of a few lines says who may know what.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from ideas import services
from ideas.models import ReviewTask, Round
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_programme,
    make_trainer,
)

REVIEWERS, IDEAS = range(3), range(2)
who, which = st.sampled_from(REVIEWERS), st.sampled_from(IDEAS)
readers = st.sampled_from([*REVIEWERS, 3, 4])  # and who runs the programme, and a trainer
WAITING, DONE, GONE = "waiting", "done", "gone"


class Given:
    """What one reviewer says of one idea: numbers and words that stand nowhere else."""

    numbers = count(1)

    def __init__(self):
        n = next(self.numbers)
        self.value = Decimal(1000 + (n * 371) % 8999) / 100
        self.words = f"tajna{n}x"


class Walk(RuleBasedStateMachine):
    @initialize(blind=st.booleans())
    def opened(self, blind):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = timezone.now().replace(microsecond=0)
        self.programme = make_programme()
        self.runs = make_coordinator(self.programme)
        both = make_coordinator(self.programme)  # she runs the programme and judges in it
        people = [make_mentor(self.programme).person for _ in REVIEWERS[:-1]]
        self.people = [*people, make_mentor(self.programme, person=both.person).person]
        self.users = [person.user for person in self.people]
        self.others = [self.runs, make_trainer(self.programme)]
        self.ideas = [make_idea(self.programme, enrolments=[make_enrolment(self.programme)]) for _ in IDEAS]
        self.blind, self.rounds, self.state, self.draft, self.given = blind, [], {}, {}, {}
        self._open()

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def _open(self):
        round = services.open_round(
            by=self.runs, programme=self.programme, opens_at=self.now - timedelta(hours=1),
            closes_at=self.now + timedelta(days=3), coverage=3, reviewers=self.people, now=self.now,
            criteria=[{"name": "Need", "weight": 100}], is_blind=self.blind, lowest=0, highest=100,
            step=Decimal("0.01"), asks_recommendation=False,
        )  # fmt: skip
        self.rounds.append(round)
        for person in REVIEWERS:
            for idea in IDEAS:
                self.state[len(self.rounds) - 1, person, idea] = WAITING

    # --- what people do

    def _task(self, person, idea) -> ReviewTask:
        rows = ReviewTask.objects.filter(seat__round=self.rounds[-1], seat__reviewer=self.people[person])
        return rows.select_related("seat__round__programme__tenant", "seat__reviewer", "idea").get(
            idea=self.ideas[idea]
        )

    def _say(self, verb, person, idea, said: Given) -> bool:
        task = self._task(person, idea)
        scores = {task.seat.round.criteria.get().pk: said.value}
        try:
            with transaction.atomic():
                verb(by=self.users[person], task=task, scores=scores, comment=said.words, now=self.now)
        except ValidationError:
            return False
        return True

    @rule(person=who, idea=which, reader=readers)
    def drafts(self, person, idea, reader):
        key, said = (len(self.rounds) - 1, person, idea), Given()
        assert self._say(services.save_review, person, idea, said) is (self.state[key] == WAITING)
        if self.state[key] == WAITING:
            self.draft[key] = said
        self._reads(reader)

    @rule(person=who, idea=which, reader=readers)
    def hands_in(self, person, idea, reader):
        key, said = (len(self.rounds) - 1, person, idea), Given()
        done = self._say(services.hand_in_review, person, idea, said)
        assert done is (self.state[key] != GONE)
        if self.state[key] == WAITING:
            self.state[key], self.given[key] = DONE, said
            self.draft.pop(key, None)
        self._reads(reader)

    @rule(person=who, idea=which, reader=readers)
    def changes_her_mind(self, person, idea, reader):
        key, said = (len(self.rounds) - 1, person, idea), Given()
        assert self._say(services.revise_review, person, idea, said) is (self.state[key] == DONE)
        if self.state[key] == DONE:
            self.given[key] = said
        self._reads(reader)

    @rule(person=who, idea=which, verb=st.sampled_from([services.declare_conflict, services.cannot_judge]))
    def steps_back(self, person, idea, verb):
        key = (len(self.rounds) - 1, person, idea)
        if self.state[key] == WAITING:
            verb(by=self.users[person], task=self._task(person, idea), reason="Zbog toga", now=self.now)
            self.state[key] = GONE

    @rule(person=who)
    def leaves(self, person):
        seat = self.rounds[-1].seats.get(reviewer=self.people[person])
        services.leave_seat(by=self.runs, seat=seat, reason="Bolesna", now=self.now)
        for idea in IDEAS:
            key = (len(self.rounds) - 1, person, idea)
            if self.state[key] == WAITING:
                self.state[key] = GONE

    @precondition(lambda self: len(self.rounds) == 1 and not any(v == GONE for v in self.state.values()))
    @rule()
    def a_second_round_begins(self):
        Round.objects.filter(pk=self.rounds[0].pk).update(closes_at=self.now)
        self._open()

    # --- who may know what

    def _may_know(self, user, key) -> bool:
        _round, person, idea = key
        if self.users[person] == user:
            return True
        hers = [state for (_r, p, i), state in self.state.items() if self.users[p] == user and i == idea]
        runs = user in (self.runs, self.users[-1])
        return key in self.given and WAITING not in hers and (runs or DONE in hers)

    def _secrets(self, user) -> dict[str, tuple]:
        """What she may not read, with whose it is: every number and word, and the mean of what is in."""
        told = {key: said for kept in (self.draft, self.given) for key, said in kept.items()}
        secret = {}
        for key, said in told.items():
            if not self._may_know(user, key):
                secret |= {
                    said.words: key,
                    f"{said.value:.2f}": key,
                    f"{said.value:.2f}".replace(".", ","): key,
                }
        for idea in IDEAS:
            keys = [key for key in self.given if key[2] == idea]
            if len(keys) > 1 and any(not self._may_know(user, key) for key in keys):
                mean = sum(self.given[key].value for key in keys) / len(keys)
                secret[f"{mean:.2f}"] = ("mean", idea)
        open_to_her = {f"{said.value:.2f}" for key, said in told.items() if self._may_know(user, key)}
        return {text: of for text, of in secret.items() if text not in open_to_her}

    def _addresses(self) -> list[str]:
        code, rounds = self.programme.code, [round.pk for round in self.rounds]
        tasks = ReviewTask.objects.filter(seat__round__in=self.rounds).values_list("pk", flat=True)
        return [
            "/", reverse("desk:programme", args=[code]),
            reverse("ideas:idea_list", args=[code]) + "?sort=-score",
            reverse("ideas:idea_export", args=[code, "json"]),
            *(reverse("ideas:idea_detail", args=[idea.pk]) for idea in self.ideas),
            *(reverse("ideas:review", args=[pk]) for pk in tasks),
            *(reverse("ideas:review_revise", args=[pk]) for pk in tasks),
            *(reverse("ideas:round_detail", args=[pk]) for pk in rounds),
            *(reverse("ideas:round_edit", args=[pk]) for pk in rounds),
            *(reverse("ideas:review_export", args=[pk, "csv"]) for pk in rounds),
            *(reverse("ideas:review_export", args=[pk, "json"]) for pk in rounds),
            *(reverse("ideas:round_ranking", args=[pk]) for pk in rounds),
            *(reverse("ideas:ranking_export", args=[pk, "json"]) for pk in rounds),
            *(reverse("ideas:round_decide", args=[pk]) for pk in rounds),
            *(reverse("ideas:round_comments", args=[pk]) for pk in rounds),
            "/api/v1/reviews/", "/api/v1/ideas/", "/api/v1/rounds/", "/api/v1/criteria/", "/api/v1/seats/",
        ]  # fmt: skip

    @rule(reader=readers)
    def reads_everything(self, reader):
        self._reads(reader)

    def _reads(self, reader):
        user = [*self.users, *self.others][reader]
        client = Client(raise_request_exception=True)
        client.force_login(user)
        secret, leaks = self._secrets(user), []
        for url in self._addresses():
            answer = client.get(url)
            assert answer.status_code < 500, url
            text = (answer.getvalue() if answer.streaming else answer.content).decode()
            leaks += [(url, word, of) for word, of in secret.items() if word in text]
        assert leaks == []

    @invariant()
    def who_may_know_it_finds_it(self):
        """So that the walk cannot pass by showing nothing to anybody."""
        if not getattr(self, "given", None):
            return
        key = list(self.given)[-1]
        reader = next(user for user in [self.runs, *self.users] if self._may_know(user, key))
        client = Client()
        client.force_login(reader)
        page = client.get(reverse("ideas:idea_detail", args=[self.ideas[key[2]].pk])).content.decode()
        assert self.given[key].words in page


@pytest.mark.django_db
def test_nobody_reads_what_she_may_not_know_yet():
    """What found something once is told by Hypothesis in its message, and becomes a test of its own."""
    few = settings(
        max_examples=8, stateful_step_count=10, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    walk(Walk, settings=few)
