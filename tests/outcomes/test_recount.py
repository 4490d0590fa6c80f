"""`manage.py recount`: every figure of a programme a second time, and a difference is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from desk.real import recounted
from outcomes.counting import answers
from outcomes.library.indicators import LIBRARY
from tests import factories as f
from tests.outcomes.counted import asking, say

pytestmark = pytest.mark.django_db


def recount(programme) -> str:
    out = StringIO()
    call_command("recount", "--programme", programme.code, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_world_of_the_report_agrees_with_itself(world):
    """All of the programme, and the period of its one report."""
    said = recount(world.programme)
    assert said.startswith(f"figures {2 * len(LIBRARY)}, rows ")
    assert said.endswith("mismatches 0")
    assert int(said.split()[3].strip(",")) > 200


def test_answers_agree_and_a_wrong_count_is_noticed(monkeypatch):
    world = asking()
    for n in range(6):
        who = f.make_enrolment(world.programme)
        say(world, who, "baseline", operating="no", turnover_month=(10, "EUR"), practices=["none"])
        say(world, who, "f6", operating="yes" if n else "no", turnover_month=(n, "EUR"), practices=["plan"])
    assert recount(world.programme).endswith("mismatches 0")
    monkeypatch.setattr(answers.Counted, "units", lambda self, part="numerator": [1])
    with pytest.raises(CommandError):
        recount(world.programme)


def test_of_a_real_programme_its_own_questions_are_counted_twice_as_well(monkeypatch):
    world = asking()
    for n in range(5):
        who = f.make_enrolment(world.programme)
        say(world, who, "baseline", operating="yes" if n else "no", fte_women=n)
        say(world, who, "f6", practices=["plan", "budget"][: n % 3], turnover_month=(n, "EUR"))
    [found] = recounted.compare()
    of_questions = ["operating.baseline.no", "operating.baseline.yes", "fte_women.baseline.mean",
                    "fte_women.baseline.median", "practices.f6.plan", "practices.f6.budget",
                    "turnover_month.f6.mean", "turnover_month.f6.median"]  # fmt: skip
    assert sorted(one.code for one in recounted.own(world.programme)) == sorted(of_questions)
    assert found.figures == len(LIBRARY) + len(of_questions)
    assert found.is_equal and str(found).endswith(f"rows {found.rows}  mismatches 0  equal")
    monkeypatch.setattr(answers.Counted, "units", lambda self, part="numerator": [1])
    [found] = recounted.compare()
    assert "operating.baseline.yes" in found.differing
    assert "  DIFFERS: " in str(found)


def test_no_such_programme():
    with pytest.raises(CommandError):
        call_command("recount", "--programme", "none")
