"""What the library counts is recorded: without a record there is a reason and no 0, and a figure is taken
apart only by what its rows have."""

import pytest

from outcomes.counting import measured
from outcomes.counting.spec import asked_in
from outcomes.disaggregating import tables
from outcomes.library.indicators import LIBRARY
from outcomes.library.questionnaires import QUESTIONNAIRES
from outcomes.models import Question, Wave
from outcomes.services import bring_questionnaire
from outcomes.values import Reason, State
from tests import factories as f
from tests.outcomes.counted import asking, scope_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_programme_of_which_nothing_is_written_down_has_no_number(is_asked):
    world = asking()
    if not is_asked:
        Wave.objects.all().delete()
    found = {code: measured(one, scope_of(world)) for code, one in LIBRARY.items()}
    assert {code: value.value for code, value in found.items() if value.is_measured} == {}
    assert all(value.reason for value in found.values())
    assert [(found[code].state, found[code].reason) for code in ("F-01", "F-02")] == [
        (State.MISSING, Reason.NOBODY)
    ] * 2
    assert [(found[code].state, found[code].reason) for code in ("OP-09", "OP-09.3")] == [
        (State.NOT_APPLICABLE, Reason.NO_IDEAS)
    ] * 2


def test_nobody_enrolled_and_no_idea_yet_are_0_where_such_things_are_written_down():
    world = asking()
    f.make_enrolment(world.programme, state="applied")
    f.make_round(world.programme)
    found = {code: measured(LIBRARY[code], scope_of(world)).value for code in ("F-01", "F-02", "OP-09")}
    assert found == {"F-01": 1, "F-02": 0, "OP-09": 0}


def test_every_figure_is_taken_apart_only_by_what_its_rows_have():
    scope = scope_of(asking())
    wrong = {
        (code, table.by)
        for code, one in LIBRARY.items()
        for table in tables(one, scope)
        if not table.can_tell and table.by != "currency"  # nobody gave an amount: there are no currencies
    }
    assert wrong == set()


def test_every_question_that_a_figure_is_counted_from_is_asked_in_its_waves():
    programme = f.make_programme()
    by = f.make_coordinator(programme)
    asked = {}
    for key in QUESTIONNAIRES:
        edition = bring_questionnaire(by=by, programme=programme, key=key).editions.get()
        asked[key] = set(edition.items.values_list("wording__question__code", flat=True))
    missing = set()
    for one in LIBRARY.values():
        for value in one.how.get("values", {}).values():
            zero = [value["zero_when"]["question"]] if "zero_when" in value else []
            for code in [*asked_in(value), *zero]:
                if not any(code in asked.get(wave, ()) for wave in value["at"]):
                    missing.add((one.code, code))
    assert missing == set()
    assert Question.objects.filter(tenant=programme.tenant).count() == len(set().union(*asked.values()))
