"""Rounds with reviews in them, for the tests of ranking, deciding and feedback."""

from ideas.models import Idea, ReviewTask, Round, Seat
from tests.factories import make_idea, make_review, make_round, make_seat, make_task


def judged(programme, values, *, seats=3, comment="", **fields) -> tuple[Round, list[Idea], list[Seat]]:
    """A round in which idea i gets `values[i]`, one number a reviewer; None: it waits on her desk."""
    round = make_round(programme, weights=(100,), **fields)
    desks = [make_seat(round) for _seat in range(seats)]
    ideas = []
    for row in values:
        ideas.append(make_idea(programme, state="in_review"))
        for number, (desk, value) in enumerate(zip(desks, row, strict=False)):
            task = make_task(desk, ideas[-1])
            if value is not None:
                make_review(task, values=(value,), comment=comment and f"{comment} {number}")
    return round, ideas, desks


PANEL = [(5, 4, 5), (4, 4, 4), (3, 4, 3), (2, 2, 3), (1, 2, 1), (2, 1, 1)]


def waiting(round: Round) -> int:
    return ReviewTask.objects.waiting().filter(seat__round=round).count()
