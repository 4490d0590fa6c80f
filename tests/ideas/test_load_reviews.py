"""Reviews from a sheet: what is taken, what is refused and where it stands, and that it can be taken back."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load
from desk.loading.guess import guess_columns
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from ideas.models import Review, ReviewTask, Round
from lib.sheets import read
from tests.factories import make_assignment, make_idea, make_mentor, make_person, make_programme
from tests.records import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = make_programme(code="p1", zone="Europe/Belgrade")
    for n in (1, 2):
        person = make_person(programme.tenant, name=f"Judge {n}", source="load", source_id=f"M{n}")
        make_mentor(programme, person=person)
    make_idea(programme, title="Сушара за шљиве", source="load", source_id="I1")
    make_idea(programme, title="Bread", source="load", source_id="I2")
    return programme


@pytest.fixture
def bring(programme):
    def brought(content, trail=None, mapping=None):
        table = read(content.encode(), filename="f.csv")
        target = Target(programme, timezone.now())
        return load(KINDS["reviews"], table, target, trail=trail or Trail(), mapping=mapping)

    return brought


def counted(report) -> tuple:
    return report.created, report.updated, report.unchanged


def refused(report) -> list:
    return [(r.row, r.column, r.value, r.rule) for r in report.refused]


OFF = "is not on the scale of round 1: 1 is worst, 5 is best."
NO_IDEA = "The programme has no idea with this id, number or title: load the ideas first."
NOBODY = "Nobody is known by this id, e-mail or name: load the persons first."
NO_DAY = "This is no day. Write it like 2023-02-28, 28.2.2023. or February 28, 2023."
HEAD = "idea,reviewer,Need (60 %),Means (40 %),comment,recommendation,handed in\n"
SHEET = HEAD + (
    "I1,M1,5,3,Good soil,yes,2025-03-04 18:30\nsusara za sljive,Judge 2,4,4,,maybe,\nI2,M1,2,2,,,2025-03-05\n"
)


def test_a_round_is_made_of_a_sheet_and_stays_the_same(bring):
    assert counted(bring(SHEET)) == (3, 0, 0)
    round = Round.objects.get()
    assert (round.number, round.coverage, round.asks_recommendation, round.asks_confidence) == (
        1,
        2,
        True,
        False,
    )
    assert [(c.name, c.weight, c.retired_at) for c in round.criteria.all()] == [
        ("Need", 60, None),
        ("Means", 40, None),
    ]
    found = Review.objects.order_by("pk").values_list("score", "comment", "recommendation")
    assert [(str(score), *rest) for score, *rest in found] == [
        ("4.200", "Good soil", "yes"), ("4.000", "", "maybe"), ("2.000", "", ""),
    ]  # fmt: skip
    first = Review.objects.earliest("pk")
    assert first.handed_in_at.isoformat() == "2025-03-04T17:30:00+00:00"
    assert counted(bring(SHEET)) == (0, 0, 3)
    assert counted(bring(SHEET.replace("I2,M1,2,2", "I2,M1,3,2"))) == (0, 1, 2)
    assert str(Review.objects.latest("pk").score) == "2.600"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("I1,M1,6,3,,,", (2, "Need (60 %)", "6", f"6 {OFF}")),
        ("I1,M1,3.5,3,,,", (2, "Need (60 %)", "3.5", f"3.5 {OFF}")),
        ("I1,M1,five,3,,,", (2, "Need (60 %)", "five", "This is no number.")),
        ("I1,M1,NaN,3,,,", (2, "Need (60 %)", "NaN", "This is no number.")),
        ("I1,M1,,,,,", (2, "Need (60 %) + Means (40 %)", "", "A review has a score.")),
        ("I9,M1,3,3,,,", (2, "idea", "I9", NO_IDEA)),
        ("I1,M9,3,3,,,", (2, "reviewer", "M9", NOBODY)),
        ("I1,M1,3,3,,perhaps,", (2, "recommendation", "perhaps", "Say one of: yes, maybe, no.")),
        ("I1,M1,3,3,,,soon", (2, "handed in", "soon", NO_DAY)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row_column_value_and_rule(bring, line, wrong):
    plain = {name: name for name in ("idea", "reviewer", "comment", "recommendation")}
    mapping = plain | {"handed_in_at": "handed in", "scores": {"from": ["Need (60 %)", "Means (40 %)"]}}
    assert refused(bring(HEAD + line + "\n", mapping=mapping)) == [wrong]
    assert (Round.objects.count(), Review.objects.count()) == (0, 0)


def test_two_reviews_by_one_person_of_one_idea_are_refused(bring):
    report = bring(HEAD + "I1,M1,5,3,,,\nI1,Judge 1,5,3,,,\n")
    assert refused(report) == [(3, "idea", "I1", "Row 2 is the same, and nothing tells the two apart.")]
    report = bring(HEAD + "I1,M1,5,3,,,\nI1,Judge 1,4,3,,,\n")
    assert refused(report) == [
        (
            3,
            "Need (60 %) + Means (40 %)",
            "Need (60 %): 4; Means (40 %): 3",
            "Row 2 says something else of the same one.",
        )
    ]
    assert Review.objects.count() == 0


def test_an_own_scale_is_said_in_the_map(bring):
    mapping = {"idea": "idea", "reviewer": "reviewer", "score": "score", "step": {"value": "0.5"},
               "lowest": {"value": "0"}, "highest": {"value": "10"}, "better": {"value": "low"}}  # fmt: skip
    assert counted(bring('idea,reviewer,score\nI1,M1,"7,5"\n', mapping=mapping)) == (1, 0, 0)
    assert Round.objects.get().spoken_scale == "0 is best, 10 is worst, in steps of 0.5"
    report = bring("idea,reviewer,score\nI2,M1,7.3\n", mapping=mapping)
    assert refused(report) == [
        (2, "score", "7.3", "7.3 is not on the scale of round 1: 0 is best, 10 is worst, in steps of 0.5.")
    ]


def test_into_a_round_of_ours_with_its_criteria_and_conflicts(world, now):
    """Paper that came in: it lies on her desk as done. What we hold ourselves is not written over."""
    target = Target(world.programme, now)
    one, names = world.ideas[0], ",".join(c.name for c in world.criteria)
    mapping = {"idea": "idea", "reviewer": "reviewer", "round": "round",
               "scores": {"from": [c.name for c in world.criteria]}}  # fmt: skip

    def brought(line):
        table = read(f"idea,reviewer,round,{names}\n{line}\n".encode(), filename="f.csv")
        return load(KINDS["reviews"], table, target, mapping=mapping)

    line = f"{one.number},{world.people[0].email},{world.round.number},5,4,3"
    if not world.people[0].email:
        line = line.replace(",,", f",{world.people[0].name},", 1)
    assert refused(brought(line.replace(",5,4,3", ",5,4,")))[0][3] == "No score for: Criterion 3."
    assert counted(brought(line)) == (1, 0, 0)
    task = ReviewTask.objects.get(pk=world.tasks[0][0].pk)
    assert (task.state, str(task.review.score)) == ("done", "4.300")
    assert counted(brought(line)) == (0, 0, 1)
    assert refused(brought(line.replace("5,4,3", "1,4,3")))[0][3] == (
        "This review was handed in here; a file does not change it."
    )
    make_assignment(world.people[1].mentor, world.enrolment)
    other = line.replace(line.split(",")[1], world.people[1].email or world.people[1].name)
    assert refused(brought(other))[0][3] == "A conflict of interest is on record: Already her mentor."


def test_an_import_is_taken_back_whole(bring):
    content = lambda: {t: rows for t, rows in records().items() if t != "accounts_auditentry"}  # noqa: E731
    before, trail = content(), Trail()
    bring(SHEET, trail)
    parts = json.loads(json.dumps(trail.parts()))
    undo(parts, by=None, now=timezone.now())
    assert content() == before


def test_it_is_not_taken_back_once_the_round_is_decided_on(bring):
    from ideas.models import Selection

    trail = Trail()
    bring(SHEET, trail)
    Selection.objects.create(round=Round.objects.get(), method="mean", shortlisted=1, fingerprint="a" * 64)
    with pytest.raises(ValidationError, match="a decision on ideas"):
        undo(trail.parts(), by=None, now=timezone.now())
    assert refused(bring(SHEET.replace("I2,M1", "I2,M2")))[0][3] == (
        "This round is decided on; no review can be added."
    )


def test_headings_of_criteria_are_told_from_other_numbers():
    table = read(
        b"application,judge,year,Need (40 %),ocena ideje,phone\nI1,M1,2025,4,3,0641\n", filename="f.csv"
    )
    found = {name: guess.header for name, guess in guess_columns(KINDS["reviews"], table).items()}
    assert found == {"idea": "application", "reviewer": "judge", "scores": ["Need (40 %)", "ocena ideje"]}
