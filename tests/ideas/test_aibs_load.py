"""216 real reviews by 26 reviewers, low numbers are good: loaded whole, and the published means are ours."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db.models import Avg, Count

from desk.real import load, panel
from ideas.models import Idea, Review, ReviewTask, Round, Score, Seat

pytestmark = pytest.mark.django_db
CRITERIA = ("Innovation", "Approach", "Investig", "Signif", "Impact")


@pytest.fixture
def rows(shared_data):
    with open(shared_data / panel.FILE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_real_panel_is_loaded_whole_and_once(shared_data, rows):
    """One load, because it takes a while."""
    reports = panel.load_all(shared_data)
    _means_are_the_published_ones(rows, reports)
    _criteria_beside_the_overall_score_do_not_count(rows)
    _the_same_file_again_changes_nothing(shared_data)


def _means_are_the_published_ones(rows, reports):
    assert [(r["created"], len(r["refused"])) for r in reports] == [
        (45, 0), (45, 0), (26, 0), (26, 0), (72, 0), (216, 0),
    ]  # fmt: skip
    round = Round.objects.get()
    assert (round.lowest, round.highest, round.step, round.better, round.coverage) == (
        1, 5, Decimal("0.1"), "low", 3,
    )  # fmt: skip
    assert (Idea.objects.count(), Seat.objects.count(), Review.objects.count()) == (72, 26, 216)
    assert ReviewTask.objects.exclude(state="done").count() == 0
    means = Idea.objects.annotate(mean=Avg("tasks__review__score")).values_list("source_id", "mean")
    ours = {key: Decimal(str(mean)).quantize(Decimal("0.01"), ROUND_HALF_UP) for key, mean in means}
    published = {row["ID"]: Decimal(row["ScoreAvg"]).quantize(Decimal("0.01"), ROUND_HALF_UP) for row in rows}
    assert ours == published


def _criteria_beside_the_overall_score_do_not_count(rows):
    by_name = {one.name: one for one in Round.objects.get().criteria.annotate(n=Count("scores"))}
    assert {name: (one.n, one.retired_at is None) for name, one in by_name.items()} == {
        "Overall score": (216, True), "Innovation": (216, False), "Approach": (216, False),
        "Investig": (216, False), "Signif": (216, False), "Impact": (63, False),
    }  # fmt: skip
    said = {
        (row["ID"], row["RevID"], name): Decimal(row[name])
        for row in rows for name in CRITERIA if row[name]
    }  # fmt: skip
    scores = Score.objects.filter(criterion__name__in=CRITERIA).values_list(
        "review__task__idea__source_id", "review__task__seat__reviewer__source_id", "criterion__name", "value"
    )
    assert {(idea, reviewer, name): value for idea, reviewer, name, value in scores} == said


def _the_same_file_again_changes_nothing(shared_data):
    before = list(Review.objects.order_by("pk").values())
    report = load("reviews", shared_data / panel.FILE, panel.CODE)
    assert (report["created"], report["updated"], report["unchanged"], report["refused"]) == (0, 0, 216, [])
    assert list(Review.objects.order_by("pk").values()) == before
