"""Whatever is said, in whatever order: both counts agree, and people once counted stay counted."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcomes.counting import behind, measured
from outcomes.definitions import Definition
from outcomes.library.indicators import LIBRARY
from outcomes.models import Answer, Invitation
from outcomes.recounting import compared
from tests import factories as f
from tests.outcomes.counted import END, OPENS, START, asking, say, scope_of
from training.models import Enrolment

pytestmark = pytest.mark.django_db
WAVES = list(OPENS)
EVER = {
    "operates": ["is", "now", "yes"],
    "not closed": ["and", ["is", "now", "yes"], ["not", ["is", "then", "yes"]]],
    "grew": ["more", "money", "money_then"],
    "learned": ["or", ["new", "now_doing", "then_doing", 1], ["at_least", "points", 7]],
}
VALUES = {
    "now": {"question": "operating", "at": ["exit", "f3", "f6", "f12"]},
    "then": {"question": "operating", "at": ["baseline", "application"]},
    "money": {"question": "turnover_month", "at": ["f6", "f12"],
              "zero_when": {"question": "operating", "is": ["no"]}},
    "money_then": {"question": "turnover_month", "at": ["baseline"]},
    "now_doing": {"question": "practices", "at": ["f3", "f6", "exit"]},
    "then_doing": {"question": "practices", "at": ["baseline"]},
    "points": {"question": "knowledge", "at": ["exit", "f6"]},
}  # fmt: skip
said = st.one_of(
    st.tuples(st.just("operating"), st.sampled_from(["yes", "no"])),
    st.tuples(st.just("knowledge"), st.integers(0, 10)),
    st.tuples(st.just("turnover_month"), st.tuples(st.integers(0, 3), st.sampled_from(["EUR", "RSD"]))),
    st.tuples(
        st.just("practices"),
        st.lists(st.sampled_from(["plan", "books", "none"]), min_size=1, max_size=3, unique=True),
    ),
    st.tuples(st.just("registered"), st.sampled_from(["registered", "in_process", "not_registered"])),
)
step = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 4), st.sampled_from(WAVES), st.integers(0, 364), said),
    st.tuples(st.just("unread"), st.integers(0, 4), st.sampled_from(WAVES), st.integers(0, 364), said),
    st.tuples(st.just("withdraw"), st.integers(0, 4)),
    st.tuples(st.just("attend"), st.integers(0, 4), st.integers(0, 364)),
)
quick = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ever(name: str) -> Definition:
    spec = {"count": "answers", "aggregation": "distinct", "values": VALUES, "numerator": EVER[name]}
    return Definition("X-01", name, "persons", "x", spec=spec)


def over(kind: str, value: list) -> Definition:
    spec = {"count": "answers", "aggregation": kind, "values": VALUES, "value": value}
    return Definition("X-02", kind, "number", "x", spec=spec)


MORE = [
    over("sum", ["change", "money", "money_then"]),
    over("mean", ["points"]),
    over("median", ["money"]),
    over("median", ["relative_change", "money", "money_then"]),
    over("sum", ["new", "now_doing", "then_doing"]),
]


@contextmanager
def peopled():
    """A world of its own for each example; nothing of it stays."""
    with transaction.atomic():
        yield _people()
        transaction.set_rollback(True)


def _people():
    world = asking()
    people = [f.make_enrolment(world.programme, applied_on=START) for _ in range(4)]
    twin = f.make_enrolment(world.programme, applied_on=START)
    twin.person.joined_to = people[0].person
    twin.person.save()
    return world, [*people, twin]


def take(world, people, one) -> None:
    verb, who, *more = one
    if verb == "withdraw":
        Enrolment.objects.filter(pk=people[who].pk).update(state="withdrawn", reason="x")
        Invitation.objects.filter(enrolment=people[who]).exclude(state="answered").update(state="withdrawn")
        return
    if verb == "attend":
        day = START + timedelta(days=more[0])
        f.make_attendance(f.make_entry(f.make_session(world.programme, day=day), people[who]))
        return
    wave, day, (question, what) = more
    when = datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    asked = Invitation.objects.filter(wave=world.waves[wave], enrolment=people[who]).first()
    if asked:  # she changes what she said: the day of her answering stays
        when = asked.answered_at or when
        asked.answers.filter(question__code=question).delete()
    row = say(world, people[who], wave, when, **{question: what})
    if verb == "unread":
        Answer.objects.filter(invitation=row, question__code=question).update(is_unread=True)


def distinct(scope) -> list[int]:
    return [measured(ever(name), scope).value or 0 for name in EVER] + [
        measured(LIBRARY[code], scope).value or 0 for code in ("OP-01", "OP-03")
    ]


@quick
@given(st.lists(step, max_size=12))
def test_a_cumulative_count_of_people_never_falls(steps):
    with peopled() as (world, people):
        for one in steps:
            take(world, people, one)
        ends = [START + timedelta(days=days) for days in (40, 90, 180, 270, 366)]
        so_far = [distinct(scope_of(world, end=end).since_the_beginning()) for end in ends]
        for before, after in zip(so_far, so_far[1:], strict=False):
            assert all(b <= a for b, a in zip(before, after, strict=True))
        for name in EVER:
            _periods_add_up(world, ever(name), [START, *ends])


def _periods_add_up(world, definition: Definition, days: list[date]) -> None:
    """Nobody is in two periods of one funding."""
    parts = [
        behind(definition, scope_of(world, start=start, end=end)).numerator
        for start, end in zip(days, days[1:], strict=False)
    ]
    whole = behind(definition, scope_of(world)).numerator
    assert sorted(who for part in parts for who in part) == whole


@settings(quick, max_examples=6)
@given(st.lists(step, max_size=14))
def test_both_counts_agree_whatever_was_said(steps):
    with peopled() as (world, people):
        for one in steps:
            take(world, people, one)
        for start, end in ((START, END), (START, date(2025, 6, 1)), (date(2025, 6, 1), END)):
            scope = scope_of(world, start=start, end=end)
            whole = list(LIBRARY.values()) if (start, end) == (START, END) else []
            for definition in [*map(ever, EVER), *MORE, *whole]:
                both = compared(definition, scope)
                assert both.agrees, (both, start, end)
