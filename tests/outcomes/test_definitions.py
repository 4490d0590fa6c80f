"""Definitions: read, tried before they are kept, and kept as versions that stay."""

import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from outcomes import profile, registry, services
from outcomes.asking.known import known_questions, known_waves
from outcomes.counting import measured
from outcomes.counting.chosen import chosen, spec_of
from outcomes.forms.chosen import Offered, initial_of
from outcomes.library.indicators import LIBRARY
from outcomes.library.questions import QUESTIONS
from outcomes.models import IndicatorVersion, LogframeLine, Report
from outcomes.values import State
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.outcomes import counted as c
from tests.taken import everywhere, rows

pytestmark = pytest.mark.django_db
KINDS = {code: one.kind for code, one in QUESTIONS.items()}
JOBS = {"count": "results", "kinds": ["job"]}
AS_DATA_ONLY = {"OC-07", "OC-07.2", "OC-10.2", "IM-02", "IM-04"}  # no choices make these


@pytest.fixture
def world():
    """Five women asked at the end; four answer: 5, 4, 3 and 2."""
    world = c.asking()
    for score in (5, 4, 3, 2):
        c.say(world, f.make_enrolment(world.programme), "exit", satisfaction=score)
    c.ask(world, "exit", f.make_enrolment(world.programme))
    return SimpleNamespace(
        **vars(world), tenant=world.programme.tenant, by=f.make_coordinator(world.programme)
    )


def said(**more) -> dict:
    """What makes a definition of results."""
    return {
        "name": "Jobs found",
        "unit": "results",
        "numerator": "Jobs.",
        "level": "impact",
        "spec": JOBS,
    } | more


def keep(world, code="LO-01", **more) -> IndicatorVersion:
    return services.save_definition(by=world.by, tenant=world.tenant, code=code, **said(**more))


# --- services


def test_an_edited_definition_is_the_next_version_and_the_one_before_stays(world):
    first = keep(world)
    second = keep(
        world, name="Contracts", spec={"count": "results", "kinds": ["contract"]}, reason="Asked for."
    )
    assert (first.number, second.number, second.made_by) == (1, 2, world.by)
    first.refresh_from_db()
    assert (first.name, first.spec) == ("Jobs found", JOBS)
    assert [one.version for one in registry.versions(world.tenant, "LO-01")] == [2, 1]
    entries = AuditEntry.objects.filter(object_type="outcomes.indicatorversion")
    assert [(entry.verb, entry.object_id) for entry in entries.order_by("pk")] == [
        ("add", first.pk), ("add", second.pk),
    ]  # fmt: skip


def test_our_version_over_the_library_goes_on_from_its_number(world):
    row = keep(world, "OP-07", name="Completed", unit="percent", reason="Ours.", spec=LIBRARY["OP-07"].how)
    assert row.number == LIBRARY["OP-07"].version + 1 == 3


REFUSED = [
    ({}, {"code": "lo 1"}, "code"),
    ({}, {"spec": {"count": "sessions"}}, "spec"),
    ({}, {"spec": None}, "spec"),
    ({}, {"spec": {"count": "results", "kinds": ["job"], "x": "y" * 10_001}}, "spec"),
    ({}, {"spec": {"count": "built_in", "measure": {}}}, "spec"),
    ({}, {"disaggregations": ["sex", "shoe_size"]}, "disaggregations"),
    ({}, {"unit": "percent", "spec": LIBRARY["OC-01"].how}, "denominator"),
    ({}, {"unit": "persons", "denominator": "Of all.", "spec": LIBRARY["OC-01"].how}, "unit"),
    ({}, {"unit": "jobs", "spec": LIBRARY["OC-11.2"].how}, "unit"),
    ({}, {"unit": "percent"}, "unit"),
    ({}, {"unit": "results", "spec": {"count": "cost_per", "of": "OP-07"}}, "unit"),
    ({}, {"unit": "money", "spec": {"count": "cost_per", "of": "LO-01"}}, "spec"),
    ({}, {"unit": "hours", "spec": {"count": "built_in", "measure": "OP-01"}}, "unit"),
    ({"reason": ""}, {"code": "OP-01"}, "reason"),
    ({"reason": " "}, {"code": "OP-01"}, "reason"),
]


@pytest.mark.parametrize(("reason", "wrong", "field"), REFUSED)
def test_what_does_not_go_together_is_refused_at_its_field(world, reason, wrong, field):
    with pytest.raises(ValidationError) as refused:
        keep(world, **{"code": "LO-01", **reason, **wrong})
    assert list(refused.value.message_dict) == [field]
    assert not IndicatorVersion.objects.exists()


def test_lists_inside_of_lists_without_an_end_are_refused(world):
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValidationError) as refused:
        keep(world, spec={"count": "answers", "numerator": deep})
    assert list(refused.value.message_dict) == ["spec"]


def test_who_read_an_older_version_is_told_that_there_is_a_newer_one(world):
    keep(world)
    keep(world, reason="Other words.", after=1)
    with pytest.raises(ValidationError) as refused:
        keep(world, reason="My words.", after=1)
    assert "version 2" in refused.value.messages[0]
    assert IndicatorVersion.objects.count() == 2


def test_a_line_that_names_a_version_goes_on_counting_by_it(world):
    how = LIBRARY["OC-01"].how
    more = {"unit": "percent", "denominator": "Persons who answered."}
    keep(world, "LO-02", **more, spec=how)
    keep(world, "LO-02", **more, spec=how | {"numerator": ["at_least", "now", 5]}, reason="Only the best.")
    funding = world.funding
    pinned, newest = (
        LogframeLine.objects.create(
            funding=funding, code=code, wording="Satisfied", indicator="LO-02", version=version
        )
        for code, version in (("1", 1), ("2", None))
    )
    report = Report(funding=funding, start=c.START, end=c.END)
    counted, lines = profile.figures(report, c.scope_of(world))
    keys = {line.row: line.key for line in lines}
    found = {row: counted[keys[row]] for row in (pinned, newest)}
    assert {row: one.definition.version for row, one in found.items()} == {pinned: 1, newest: 2}
    values = {row: measured(one.definition, one.scope).value for row, one in found.items()}
    assert values == {pinned: 50.0, newest: 25.0}


def test_what_looks_at_a_guarded_question_is_guarded(world):
    edition = world.programme.questionnaires.create(code="own", name="Own").editions.create(number=1)
    for code, is_guarded in (("debts", True), ("hobbies", False)):
        services.save_question(
            by=world.by, edition=edition, code=code, kind="number", is_guarded=is_guarded, text="How many?"
        )
    found = {}
    for code, question in (("LO-03", "debts"), ("LO-04", "hobbies"), ("LO-05", "turnover_month")):
        how = {"count": "answers", "aggregation": "sum", "value": ["now"]}
        keep(
            world, code, unit="number", spec=how | {"values": {"now": {"question": question, "at": ["exit"]}}}
        )
        found[code] = registry.definition(world.tenant, code).is_guarded
    assert found == {"LO-03": True, "LO-04": False, "LO-05": True}


# --- choices and data


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_what_the_choices_say_of_the_library_is_all_of_it_or_nothing(code):
    how = LIBRARY[code].how
    said = chosen(how, KINDS)
    assert (said is None) == (code in AS_DATA_ONLY)
    if said:
        again = spec_of(said, KINDS)
        assert again["count"] == how["count"]
        assert chosen(again, KINDS) == said


def test_a_value_is_told_by_its_name_and_no_answer_is_taken_for_one():
    values = {
        "now": {"question": "operating", "at": ["f6"]},
        "yes": {"question": "operating", "at": ["exit"]},
    }
    how = {"count": "answers", "aggregation": "share", "values": values, "numerator": ["is", "now", "yes"]}
    how["denominator"] = ["and", ["known", "now"], ["is", "yes", "no"]]
    found = chosen(how, KINDS)
    assert (found["choices"], found["base_choices"], found["then_at"]) == (["yes"], ["no"], ["exit"])


@pytest.mark.parametrize(
    "how",
    [
        {"values": {"first": {"question": "satisfaction", "at": ["exit"]}}, "numerator": ["known", "first"]},
        {"values": {"now": {"question": "unheard_of", "at": ["exit"]}}, "numerator": ["known", "now"]},
        {
            "values": {"now": {"question": "operating", "at": ["exit"]}},
            "numerator": ["not", ["is", "now", "no"]],
        },
        {
            "values": {
                "now": {"question": "operating", "at": ["f6"]},
                "then": {"question": ["a", "b"], "at": ["exit"]},
            },
            "numerator": ["is", "now", "no"],
        },
    ],
)
def test_anything_else_is_data(how):
    assert chosen({"count": "answers", "aggregation": "share"} | how, KINDS) is None


def test_a_choice_that_is_not_offered_any_more_leaves_it_as_data(world):
    how = LIBRARY["OC-08"].how
    gone = how | {"numerator": ["is", "now", "in_spirit"]}
    offered = Offered.by(world.tenant, how)
    assert (initial_of(how, offered)["way"], initial_of(gone, offered)["way"]) == ("answers", "data")


def test_known_are_the_questions_of_the_organisation_and_those_of_the_library(world):
    question = world.tenant.questions.create(code="own", kind="one")
    for number, text in ((1, "Old?"), (2, "New?")):
        choices = [{"code": "a", "en": "All", "sr": "Sve"}, {"code": "b", "en": "Bits"}]
        question.wordings.create(number=number, text=text, choices=choices)
    f.make_tenant().questions.create(code="theirs", kind="text").wordings.create(number=1, text="?")
    found = known_questions(world.tenant)
    assert (found["own"].text, found["own"].choices) == ("New?", (("a", "All"), ("b", "Bits")))
    assert found.keys() == {"own", *QUESTIONS}
    assert (found["own"].is_own, found["operating"].choices) == (True, (("yes", "Yes"), ("no", "No")))


def test_waves_stand_in_the_order_of_time(world):
    module = f.make_module(world.programme, number=2)
    edition = next(iter(world.waves.values())).edition
    world.programme.waves.create(edition=edition, kind="reaction", module=module)
    world.programme.waves.create(edition=edition, kind="follow_up", months=18)
    assert known_waves(world.tenant, ["of_old", "f9"]) == [
        "application", "baseline", "reaction-2", "exit", "f3", "f6", "f9", "f12", "f18", "of_old",
    ]  # fmt: skip


# --- pages

SATISFIED = {
    "name": "Satisfied", "unit": "percent", "level": "outcome", "numerator": "A 5.", "denominator": "All.",
    "way": "answers", "aggregation": "share", "question": "satisfaction", "at": ["exit"], "holds": "at_least",
    "number": "5", "base": "known", "part": "numerator", "reason": "Only the best.",
}  # fmt: skip


def page(world, name="list", *more) -> str:
    return reverse(f"outcomes:definition_{name}", args=[world.programme.code, *more])


@pytest.fixture
def coordinator(world, client):
    client.force_login(world.by)
    return client


def sent(world, **more) -> dict:
    return SATISFIED | {"where": world.programme.code} | more


def test_all_are_listed_by_level_with_where_they_come_from_and_what_they_count(world, coordinator):
    keep(
        world, "OP-01", name="Came", unit="persons", spec=LIBRARY["OP-01"].how, reason="Ours.", level="output"
    )
    keep(world)
    LogframeLine.objects.create(funding=world.funding, code="1", wording="Jobs", indicator="LO-01")
    other = f.make_funding(f.make_programme(world.tenant))
    LogframeLine.objects.create(funding=other, code="1", wording="Not hers", indicator="LO-01")
    answer = coordinator.get(page(world))
    levels = dict(answer.context["levels"])
    assert list(levels) == ["activity", "output", "outcome", "impact"]
    found = {one.definition.code: one for rows in levels.values() for one in rows}
    assert found.keys() == {*LIBRARY, "LO-01"}
    assert [found[code].origin for code in ("F-01", "OP-01", "LO-01")] == ["library", "changed", "own"]
    assert [line.wording for line in found["LO-01"].lines] == ["Jobs"]
    assert coordinator.get(page(world), {"q": "pi7163"}).context["total"] == 1
    assert coordinator.get(page(world), {"q": "no such"}).context["total"] == 0


def test_the_list_is_taken_along_as_it_is_narrowed(world, coordinator):
    keep(world)
    shown = [
        one.definition.code for _, rows in coordinator.get(page(world)).context["levels"] for one in rows
    ]
    assert everywhere(coordinator, "outcomes:definition_export", world.programme.code, column="code") == shown
    row = rows(coordinator, "outcomes:definition_export", world.programme.code, q="LO-01")[0]
    said = ("code", "version", "origin", "unit", "lines", "is_guarded", "how")
    assert [row[name] for name in said] == [
        "LO-01", 1, "own", "results", 0, False, "How many results there are of these kinds: job.",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="export", object_type="people.programme").exists()


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(world, coordinator, django_assert_num_queries, n):
    for number in range(n):
        keep(world, f"LO-{number}")
        LogframeLine.objects.create(funding=world.funding, code=number, wording="x", indicator=f"LO-{number}")
    coordinator.get(page(world))
    with django_assert_num_queries(8):
        assert coordinator.get(page(world)).context["total"] == len(LIBRARY) + n


def test_one_says_all_of_it_and_its_older_versions_can_be_read(world, coordinator):
    keep(world)
    keep(world, name="Contracts", numerator="Contracts.", reason="The funder counts them.")
    answer = coordinator.get(page(world, "detail", "LO-01"))
    text = answer.content.decode()
    for words in ("Contracts.", "The funder counts them.", "How many results there are of these kinds: job."):
        assert words in text
    older = coordinator.get(page(world, "detail", "LO-01"), {"version": 1})
    assert older.context["definition"].numerator == "Jobs."
    assert "This is version 1 as it stood. The newest is version 2." in older.content.decode()
    for wanted in ("3", "x", ""):
        assert coordinator.get(page(world, "detail", "LO-01"), {"version": wanted}).status_code == 404
    assert coordinator.get(page(world, "detail", "XX-9")).status_code == 404


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_every_definition_of_the_library_can_be_read_and_edited(world, coordinator, code):
    for name in ("detail", "edit"):
        assert coordinator.get(page(world, name, code)).status_code == 200
    form = coordinator.get(page(world, "edit", code)).context["form"]
    assert (form["way"].value() == "data") == (code in AS_DATA_ONLY)


def test_a_preview_shows_both_values_and_writes_nothing(world, coordinator):
    entries = AuditEntry.objects.count()
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, preview="1", reason=""))
    assert answer.status_code == 200
    tried = answer.context["tried"]
    assert (tried.new.value.value, tried.present.value.value) == (25.0, 50.0)
    text = answer.content.decode()
    for words in (
        tried.new.said,
        tried.present.said,
        "1 of 4",
        "2 of 4",
        "“now” is the answer to “satisfaction” at the end.",
        "Nothing is kept yet.",
    ):
        assert words in text
    assert (IndicatorVersion.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_a_version_is_kept_with_its_reason(world, coordinator):
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, keep="1", after="1"))
    assert answer.headers["Location"] == page(world, "detail", "OC-01")
    row = IndicatorVersion.objects.get()
    assert (row.code, row.number, row.reason, row.made_by) == ("OC-01", 2, "Only the best.", world.by)
    assert row.spec == LIBRARY["OC-01"].how | {"numerator": ["at_least", "now", 5]}
    late = coordinator.post(page(world, "edit", "OC-01"), sent(world, keep="1", after="1"))
    assert (late.status_code, IndicatorVersion.objects.count()) == (422, 1)


def test_a_version_without_a_reason_is_not_kept(world, coordinator):
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, keep="1", reason=""))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert not IndicatorVersion.objects.exists()


def test_a_figure_of_ones_own_is_defined(world, coordinator):
    new = sent(world, code="lo-07", way="results", kinds=["job", "contract"], unit="results")
    answer = coordinator.post(page(world, "create"), new | {"preview": "1"})
    tried = answer.context["tried"]
    assert (answer.status_code, tried.new.value.value, tried.present) == (200, 0, None)
    coordinator.post(page(world, "create"), new | {"keep": "1"})
    row = IndicatorVersion.objects.get()
    assert (row.code, row.number, row.spec) == (
        "LO-07",
        1,
        {"count": "results", "kinds": ["job", "contract"]},
    )
    again = coordinator.post(page(world, "create"), new | {"keep": "1"})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["code"])


def test_the_other_ways(world, coordinator):
    for way, unit, spec in (
        ({"way": "cost", "of": "OP-07", "part": "denominator"}, "money",
         {"count": "cost_per", "of": "OP-07", "part": "denominator"}),
        ({"way": "records", "measure": "OP-01"}, "persons", {"count": "built_in", "measure": "OP-01"}),
        ({"way": "data", "spec": json.dumps(JOBS)}, "results", JOBS),
        ({"way": "results", "kinds": ["job"], "is_sum": "on"}, "jobs", JOBS | {"sum": "number"}),
    ):  # fmt: skip
        answer = coordinator.post(
            page(world, "create"), sent(world, code="LO-1", unit=unit, preview="1", **way)
        )
        assert (answer.status_code, answer.context["tried"].definition.spec) == (200, spec)


def test_pressing_for_the_answers_of_a_question_shows_them_and_asks_for_nothing(world, coordinator):
    first = {"way": "answers", "question": "operating", "choices": ["in_process"], "look": "1"}
    answer = coordinator.post(page(world, "create"), first)
    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (200, {})
    assert form.fields["choices"].choices == [("yes", "Yes"), ("no", "No")]
    assert form["question"].value() == "operating"


LACKING = [
    ({"question": ""}, "question"),
    ({"at": []}, "at"),
    ({"holds": ""}, "holds"),
    ({"holds": "chosen"}, "holds"),  # satisfaction is a number
    ({"number": ""}, "number"),
    ({"number": "1e20"}, "number"),
    ({"holds": "more"}, "then_at"),
    ({"question": "operating", "holds": "chosen", "choices": ["later"]}, "choices"),
    ({"question": "operating"}, "holds"),
    ({"question": "practices", "holds": "new"}, "then_at"),
    ({"base": "before", "then_at": ["baseline"]}, "base_choices"),
    ({"aggregation": "mean", "unit": "points", "question": "registered"}, "change"),
    ({"aggregation": "mean", "unit": "points", "change": "change"}, "then_at"),
    ({"aggregation": "mean", "unit": "points", "plus": "fte_men"}, "plus"),
    ({"way": "results"}, "kinds"),
    ({"way": "cost"}, "of"),
    ({"way": "records"}, "measure"),
    ({"way": "data", "spec": ""}, "spec"),
    ({"way": "data", "spec": "{"}, "spec"),
    ({"way": "data", "spec": "[" * 9_000}, "spec"),
    ({"way": "data", "spec": "{}"}, "spec"),
    ({"way": "data", "spec": '{"count": "results", "kinds": ["tea"]}'}, "spec"),
    ({"unit": "persons"}, "unit"),
    ({"denominator": ""}, "denominator"),
    ({"name": ""}, "name"),
]


@pytest.mark.parametrize(("wrong", "field"), LACKING)
def test_what_is_lacking_is_said_at_its_field(world, coordinator, wrong, field):
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, preview="1", **wrong))
    assert (answer.status_code, answer.context["tried"]) == (422, None)
    assert field in answer.context["form"].errors


def test_what_is_wrong_with_a_chosen_spec_is_said_above(world, coordinator):
    keep(world, "LO-08", unit="money", spec={"count": "cost_per", "of": "OP-07"})
    way = {"way": "answers", "aggregation": ""}
    answer = coordinator.post(page(world, "edit", "LO-08"), sent(world, preview="1", **way))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])


def test_a_question_that_nobody_has_is_named_in_the_preview(world, coordinator):
    how = {"count": "answers", "aggregation": "sum", "value": ["now"]}
    how["values"] = {"now": {"question": "unheard_of", "at": ["exit"]}}
    answer = coordinator.post(
        page(world, "create"),
        sent(world, code="LO-9", way="data", spec=json.dumps(how), unit="number", preview="1"),
    )
    tried = answer.context["tried"]
    assert (tried.nowhere, tried.new.value.state) == (["unheard_of"], State.MISSING)
    assert "Nobody has a question “unheard_of” yet." in answer.content.decode()


def test_it_is_tried_in_another_programme_that_she_runs_and_in_no_other(world, coordinator):
    second = f.make_programme(world.tenant, name="Second")
    third = f.make_programme(world.tenant, name="Third")
    for programme, role in ((second, "coordinator"), (third, "trainer")):
        world.by.person.memberships.create(programme=programme, role=role)
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, preview="1", where=second.code))
    assert "Now in Second" in answer.content.decode()
    assert answer.context["tried"].new.value.state is State.NOT_APPLICABLE
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, preview="1", where=third.code))
    assert list(answer.context["form"].errors) == ["where"]


def test_only_who_runs_the_programme_defines(world, client):
    for user, status in (
        (f.make_trainer(world.programme), 403),
        (f.make_coordinator(f.make_programme()), 404),
    ):
        client.force_login(user)
        for address in (page(world), page(world, "create"), page(world, "edit", "OP-01")):
            assert client.get(address).status_code == status


def test_a_guarded_question_is_made_on_its_page(world, coordinator):
    edition = world.programme.questionnaires.create(code="own", name="Own").editions.create(number=1)
    address = reverse("outcomes:question_create", args=[edition.pk])
    for code, more in (("debts", {"is_guarded": "on"}), ("hobbies", {})):
        coordinator.post(address, {"code": code, "kind": "number", "text": "How many?"} | more)
    found = dict(
        world.tenant.questions.filter(code__in=["debts", "hobbies"]).values_list("code", "is_guarded")
    )
    assert found == {"debts": True, "hobbies": False}


# --- over the API


def test_the_api_takes_a_version_and_the_next_one(world, coordinator):
    ask = {"content_type": "application/json"}
    first = coordinator.post("/api/v1/indicators/", {"code": "LO-01", **said()}, **ask)
    assert (first.status_code, first.json()["number"]) == (201, 1)
    again = coordinator.post("/api/v1/indicators/", {"code": "LO-01", **said()}, **ask)
    assert (again.status_code, list(again.json())) == (400, ["reason"])
    more = said(reason="Other words.", disaggregations=["sex"], kirkpatrick=4)
    assert coordinator.post("/api/v1/indicators/", {"code": "LO-01", **more}, **ask).json()["number"] == 2
    rows = coordinator.get("/api/v1/indicators/?code=LO-01").json()["results"]
    assert sorted(row["number"] for row in rows) == [1, 2]


def test_the_api_lists_all_that_count_and_tries_one(world, coordinator):
    keep(world)
    base = f"/api/v1/programmes/{world.programme.code}"
    found = {one["code"]: one for one in coordinator.get(f"{base}/definitions/").json()["definitions"]}
    assert found.keys() == {*LIBRARY, "LO-01"}
    assert (found["LO-01"]["source"], found["OC-01"]["how"][-1]) == (
        "own",
        "The figure is the share of those of whom this holds: “now” is at least 4.",
    )
    how = LIBRARY["OC-01"].how | {"numerator": ["at_least", "now", 5]}
    sent = said(code="OC-01", unit="percent", denominator="All.", spec=how)
    answer = coordinator.post(f"{base}/definition-preview/", sent, content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["new"]["value"], told["present"]["value"]) == (200, 25.0, 50.0)
    assert IndicatorVersion.objects.count() == 1


# --- what a spec may not do to the database

ODD = [
    {"numerator": ["at_least", "now", 10**12]},
    {"numerator": ["at_most", "now", -(10**12)]},
    {"numerator": ["is", "now", "a" * 60]},
    {"numerator": ["new", "now", "now", 0.5]},
    {"numerator": ["more", "now", "now"]},
    {"denominator": ["not", ["known", "now"]]},
    {"values": {"now": {"question": [f"q{n}" for n in range(12)], "at": [f"f{n}" for n in range(60)]}}},
]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_spec_is_counted_without_an_error(world, coordinator, odd):
    how = json.dumps(LIBRARY["OC-01"].how | odd)
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, way="data", spec=how, preview="1"))
    assert (answer.status_code, answer.context["form"].errors) == (200, {})


@pytest.mark.parametrize("number", ["1e400", "NaN", "10000000000000"])
def test_a_number_that_no_database_compares_is_refused(world, coordinator, number):
    how = json.dumps(LIBRARY["OC-01"].how).replace('"now", 4', f'"now", {number}')
    answer = coordinator.post(page(world, "edit", "OC-01"), sent(world, way="data", spec=how, preview="1"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["spec"])


def test_a_preview_costs_the_same_with_one_own_version_and_with_three(world, coordinator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            coordinator.post(page(world, "edit", "OC-01"), sent(world, preview="1"))
        return len(caught)

    keep(world, "LO-1")
    queries()
    one = queries()
    keep(world, "LO-2")
    keep(world, "LO-3")
    assert queries() == one


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_it_is_chosen_previewed_and_kept_in_a_browser(transactional_db, world, open_page, size):
    page_ = open_page(size=size, user=world.by)
    page_.goto(page(world, "edit", "OC-01"))
    shown = {
        name: page_.locator(f"[name={name}]").first.is_visible()
        for name in ("holds", "change", "kinds", "spec")
    }
    assert shown == {"holds": True, "change": False, "kinds": False, "spec": False}
    page_.fill("[name=number]", "5")
    page_.click("button[name=preview]")
    assert "1 of 4" in page_.locator("#tried + .figures").inner_text()
    assert (axe(page_), overflow(page_)) == ([], 0)
    page_.check("[name=way][value=data]")
    assert page_.locator("[name=spec]").input_value().count('"at_least", "now", 5') == 1
    page_.fill("[name=reason]", "Only the best.")
    page_.click("button[name=keep]")
    assert "Version 2 is kept." in page_.locator("body").inner_text()
    assert (axe(page_), overflow(page_)) == ([], 0)
