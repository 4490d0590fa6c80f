"""What stands in a summary beside its figures: results, texts, trust, limits, what changed since."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from outcomes import services
from outcomes.composing.limits import limits
from outcomes.composing.narratives import filled
from outcomes.models import Result
from outcomes.payload import build
from people.models import Person
from tests import factories as f
from tests.outcomes.conftest import NOW
from tests.outcomes.test_released import LATER, give, join

DAY = date(2025, 3, 15)


def document(world, report=None) -> dict:
    return build(report or world.report, now=NOW).payload["document"]


def result(world, **fields) -> Result:
    plain = {"kind": "agreement", "title": "Rooms for mentors", "day": DAY}
    return Result.objects.create(programme=world.programme, **plain | fields)


# --- results


def test_what_the_programme_did_as_a_whole_is_listed_with_what_shows_it(world):
    made = result(world, place="Kragujevac", countries=["RS"], attribution="caused")
    made.parties.create(name="City library")
    made.evidence.create(address="https://primer.example/sporazum")
    made.reported_to.add(world.funding, f.make_funding(world.programme, funder=_agency(world)))
    [told] = document(world)["results"]
    assert told == {
        "kind": "agreement",
        "title": "Rooms for mentors",
        "day": "15 March 2025",
        "place": "Kragujevac",
        "countries": ["Serbia"],
        "parties": ["City library"],
        "how": "would not have happened without the programme",
        "evidence": 1,
        "also_to": ["Agency"],
    }


def _agency(world):
    return f.make_organisation(world.tenant, name="Agency")


@pytest.mark.parametrize(
    "fields",
    [
        {"day": date(2024, 3, 15)},
        {"day": None},
        {"kind": "job"},
        {"kind": "registration"},
        {"withdrawn_at": NOW, "reason": "told twice"},
    ],
)
def test_what_is_of_another_time_of_one_person_or_taken_back_is_no_line(world, fields):
    result(world, **fields)
    assert document(world)["results"] == []


def test_what_one_woman_signed_and_what_others_were_told_is_no_line(world):
    result(world, enrolment=world.women[0])
    result(world, enterprise=f.make_enterprise(world.tenant))
    result(world).reported_to.add(f.make_funding(world.programme, funder=_agency(world)))
    assert document(world)["results"] == []


# --- what is told


def narrative(world, **said):
    plain = {"start": world.report.start, "end": world.report.end, "now": NOW}
    return services.save_narrative(by=world.coordinator, funding=world.funding, **plain | said)


def test_a_text_names_figures_and_gets_what_the_document_says_of_them(world):
    """OP-08.3 has one woman on one side: it is withheld, in a text too."""
    narrative(world, happened="We met {OP-01} women; {OP-08.3} on their premises.", indicator="")
    told = document(world)
    assert told["narratives"] == [{"figure": "", "happened": "We met 12 women; [c] on their premises."}]


def test_a_text_of_a_figure_stands_with_it_and_one_of_another_time_nowhere(world):
    narrative(world, indicator="OP-08", went_wrong="Two mentors began late.")
    narrative(world, happened="Long before.", start=date(2020, 1, 1), end=date(2020, 2, 1))
    told = document(world)
    assert told["narratives"] == [{"figure": "OP-08", "went_wrong": "Two mentors began late."}]


def test_a_text_that_names_no_figure_is_refused_and_braces_are_no_names(world):
    with pytest.raises(ValidationError) as refused:
        narrative(world, happened="{OP-99} women.")
    assert refused.value.message_dict == {"happened": ["There is no figure OP-99."]}
    assert filled("{x} {0} {OP-01}", {"OP-01": "12"}.get) == "{x} {0} 12"
    assert filled("{OP-77}", {}.get) == "{OP-77}"


# --- trust, limits


def test_few_people_are_told_in_steps_of_five_and_participation_exactly(world):
    for n in range(7):
        Person.objects.filter(pk=world.women[n].person_id).update(joined_to=None)
    said = {one["name"]: one["said"] for one in document(world)["trust"]}
    assert said["Persons found to be somebody known already"] == "fewer than 5"
    assert said["With a baseline"].startswith("0 of 1")


def test_what_the_figures_cannot_say_is_said(world):
    told = document(world)["limits"]
    assert told[0] == "12 people took part: in a share of them one more or less is 8.3 percentage points."


def test_gaps_few_answers_and_nobody_to_compare_with_are_said():
    plain = {"code": "X", "state": "measured", "asked": 30}
    figures = [
        plain | {"name": "Jobs", "claim": "C"},
        plain | {"name": "Income", "counts_only": True},
        {"code": "Y", "name": "Turnover", "state": "missing"},
        {"code": "Z", "name": "After a year", "state": "not_yet_due"},
    ]
    assert limits(figures) == [
        "2 figures come from what people said of themselves.",
        "Of 1 of them too few answered for a percentage: it tells counts only.",
        "Nobody was asked who did not take part: what changed may have changed without the programme too.",
        "Missing, and not zero: Turnover.",
        "Not yet due: After a year.",
    ]
    assert limits([]) == []


# --- changes


def changed(issue) -> dict:
    return {one["figure"]: one for one in issue.document["changes"]["figures"]}


def test_a_first_issue_has_none_and_the_same_rows_change_nothing(world):
    first = give(world)
    assert first.document["changes"] == {}
    again = give(world, now=LATER)
    assert again.document["changes"] == {"number": 1, "day": "2025-04-10", "figures": []}


def test_who_came_is_told_with_the_figure_that_she_changed(world):
    give(world)
    join(world, 6)
    told = changed(give(world, now=LATER))["OP-01"]
    assert (told["before"], told["now"], told["why"]) == ("12", "18", ["+6 recorded since"])


def test_one_less_by_erasure_is_told_as_that_and_the_issue_before_stays(world):
    """Of two who do not count any more one is erased to the last row, the other is there still."""
    join(world, 6)
    first = give(world)
    erased, other = Person.objects.order_by("-pk")[:2]
    kept = first.payload
    entries = "select r.id from training_rosterentry r join training_enrolment e on e.id = r.enrolment_id"
    with connection.cursor() as cursor:
        for pk in (erased.pk, other.pk):
            cursor.execute(
                f"delete from training_attendance where entry_id in ({entries} where e.person_id = %s)", [pk]
            )
        cursor.execute(
            f"delete from training_rosterentry where id in ({entries} where e.person_id = %s)", [erased.pk]
        )
        of_hers = "enrolment_id in (select id from training_enrolment where person_id = %s)"
        cursor.execute(f"delete from training_mark where {of_hers}", [erased.pk])
        cursor.execute("delete from training_enrolment where person_id = %s", [erased.pk])
        cursor.execute("delete from people_person where id = %s", [erased.pk])
    told = changed(give(world, now=LATER))["OP-01"]
    assert (told["before"], told["now"]) == ("18", "16")
    assert told["why"] == ["−1 that does not count any more", "−1 by erasure"]
    first.refresh_from_db()
    assert first.payload == kept


def test_only_of_exact_counts_rows_are_told(world):
    """OP-08.3 is a share, and withheld: neither how many came nor went is told of it."""
    give(world)
    f.make_meeting(world.women[0].assignments.first(), day=date(2025, 3, 25), place="premises")
    later = give(world, now=LATER)
    told = changed(later)
    assert told["OP-08.3"]["why"] == [] if "OP-08.3" in told else True
    assert told["OP-08"]["why"] == ["+1 recorded since"]
    shares = {one["key"] for one in later.document["figures"] if one["unit"] == "percent"}
    assert all(not one["why"] for key, one in told.items() if key in shares)


def test_another_version_of_a_definition_is_the_reason(world):
    first = give(world)
    document = first.payload["document"]
    for one in document["figures"]:
        one["version"] += one["key"] == "OP-07"
    type(first).objects.filter(pk=first.pk).update(payload=first.payload)
    told = changed(give(world, now=LATER))
    assert list(told) == ["OP-07"]
    assert "version" in told["OP-07"]["why"][0]


# --- on page, on paper, in the workbook


def test_all_of_it_stands_on_the_page_in_the_workbook_and_on_paper(client, world):
    from tests.outcomes.test_issues import _read

    result(world).evidence.create(address="https://primer.example/sporazum")
    narrative(world, happened="Both modules were held.", went_wrong="The hall was cold.", indicator="")
    narrative(world, indicator="OP-08", went_wrong="Two mentors began late.")
    services.save_target(by=world.coordinator, funding=world.funding, indicator="OP-08", value=20)
    give(world)
    join(world, 6)
    later = give(world, now=LATER)
    words = ("Rooms for mentors", "The hall was cold.", "Two mentors began late.", "one more or less",
             "With a baseline", "+6 recorded since")  # fmt: skip
    for name in ("issue_detail", "issue_xlsx", "issue_pdf", "issue_json"):
        said = " ".join(_read(client, world.funder, name, later).split())
        assert [word in said for word in words] == [True] * len(words), name
