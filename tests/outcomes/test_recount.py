"""`manage.py recount`: every figure of a programme a second time, and a difference is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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


def test_no_such_programme():
    with pytest.raises(CommandError):
        call_command("recount", "--programme", "none")
