"""The indicators that ship, an organisation's own versions, and what a report counts of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from outcomes.disclosure import guard
from outcomes.document import answered, reading
from outcomes.library.indicators import CORE, LIBRARY
from outcomes.models import IndicatorVersion, LogframeLine, Target
from outcomes.opened import opened
from outcomes.payload import build
from outcomes.profile import progress
from outcomes.registry import definition, definitions, versions
from outcomes.services import add_issue
from outcomes.values import Reason, State, Value
from outcomes.wording import CLAIMS, REASONS
from tests import factories as f
from tests.outcomes.counted import NOW, ask, asking, say

LINES = (
    [f"OP-0{n}" for n in range(1, 10)]
    + [f"OC-{n:02}" for n in range(1, 13)]
    + [f"IM-0{n}" for n in range(1, 5)]
    + ["EF-01", "DQ-01"]
)


def test_all_27_lines_of_the_design_are_there():
    assert len(LINES) == 27
    assert set(LINES) <= set(LIBRARY)
    for one in LIBRARY.values():
        assert one.level in ("activity", "output", "outcome", "impact")
        assert one.kirkpatrick in (None, 1, 2, 3, 4)
        assert str(one.name) and str(one.numerator)
        assert (one.unit == "percent") <= bool(str(one.denominator))


def test_income_closure_jobs_and_loss_are_guarded():
    guarded = {code for code, one in LIBRARY.items() if one.is_guarded}
    assert {"OC-06", "OC-07", "OC-08", "OC-11", "OC-12", "IM-01", "IM-02", "IM-04", "EF-01.2"} <= guarded
    assert guarded.isdisjoint(CORE)


def test_every_reason_and_claim_has_words():
    assert set(REASONS) == set(Reason)
    assert ["led to" in str(words) for words in CLAIMS.values()] == [True, False, False, False]
    assert ["contributed to" in str(words) for words in CLAIMS.values()] == [False, True, False, False]


@pytest.mark.parametrize(
    ("value", "target", "baseline", "done"),
    [(30, 40, 20, 50.0), (30, 40, None, 75.0), (30, 0, None, None), (30, 20, 20, None), (None, 4, 0, None)],
)
def test_progress_towards_nothing_is_not_defined(value, target, baseline, done):
    assert progress(value, target, baseline) == done


# --- the gate


@pytest.mark.parametrize(("yes", "no"), [(19, 4), (4, 19), (24, 0), (0, 24)])
def test_a_guarded_share_is_withheld_with_all_that_tells_of_it(yes, no):
    value = Value.share(
        yes, yes + no, n=yes + no, sides=(yes, no), bounds=(1.0, 2.0), interval=(1.0, 2.0), asked=30,
        answered=24, is_guarded=True,
    )  # fmt: skip
    hidden = guard(value, 5)
    assert hidden.state is State.WITHHELD
    assert hidden.as_dict() == {"state": "withheld", "reason": "one_side"}


def test_a_guarded_share_with_enough_on_both_sides_is_told():
    assert guard(Value.share(19, 24, sides=(19, 5), is_guarded=True), 5).is_measured


# --- own versions


@pytest.mark.django_db
def test_an_organisations_own_version_takes_the_place_and_the_old_one_can_be_pinned():
    tenant = f.make_tenant()
    spec = LIBRARY["OC-07"].spec
    for number in (2, 3):
        IndicatorVersion.objects.create(
            tenant=tenant, code="OC-07", number=number, name=f"Ours {number}", name_sr="Naše", unit="percent",
            numerator="x", spec=spec, reason="why",
        )  # fmt: skip
    IndicatorVersion.objects.create(
        tenant=tenant, code="OWN-1", number=1, name="Own", unit="points", numerator="x",
        spec={"count": "answers", "aggregation": "mean", "value": ["now"],
              "values": {"now": {"question": "turnover_month", "at": ["f6"]}}},
    )  # fmt: skip
    found = definitions(tenant)
    assert list(found) == [*LIBRARY, "OWN-1"]
    assert (found["OC-07"].name, found["OC-07"].version, found["OC-07"].is_guarded) == ("Ours 3", 3, True)
    assert (found["OWN-1"].is_guarded, found["OWN-1"].source) == (True, "own")  # a guarded question
    assert [one.version for one in versions(tenant, "OC-07")] == [3, 2, 1]
    assert definition(tenant, "OC-07", 1) is LIBRARY["OC-07"]
    with pytest.raises(KeyError):
        definition(tenant, "OC-07", 9)
    with translation.override("sr-latn"):
        assert definition(tenant, "OC-07").name == "Naše"
    assert definitions(f.make_tenant())["OC-07"] is LIBRARY["OC-07"]


# --- a report with a logframe


@pytest.fixture
def logframe(db):
    """24 of 30 women answered after six months, 19 operate; the report is of the second half."""
    world = asking()
    for n in range(30):
        who = f.make_enrolment(world.programme, applied_on=date(2025, 1, 1))
        say(world, who, "baseline", operating="yes")
        say(world, who, "exit", satisfaction=5 if n < 20 else 3)
        say(world, who, "f6", operating="yes" if n < 19 else "no") if n < 24 else ask(world, "f6", who)
    world.report = f.make_report(world.funding, start=date(2025, 7, 1), end=date(2026, 1, 1))
    rows = [
        ("1.1", "OC-07", None, 80, 70), ("1.2", "OC-01", None, None, None), ("2", "", None, 5, 0),
        ("3", "OC-07", 7, None, None),
    ]  # fmt: skip
    for code, indicator, version, target, baseline in rows:
        line = LogframeLine.objects.create(
            funding=world.funding, code=code, wording=f"Line {code}", indicator=indicator, version=version
        )
        if target:
            Target.objects.create(
                funding=world.funding, line=line, value=Decimal(target), baseline=Decimal(baseline)
            )
    return world


def test_a_report_counts_the_lines_of_its_logframe(logframe):
    document = build(logframe.report, now=NOW).payload["document"]
    keys = [one["key"] for one in document["figures"]]
    assert keys == [*CORE, "OC-07~", "OC-01~"]
    found = {one["key"]: one for one in document["figures"]}
    assert (found["OC-07~"]["value"], found["OC-07~"]["numerator"], found["OC-07~"]["denominator"]) == (
        79.2,
        19,
        24,
    )
    assert (found["OC-07~"]["bounds"], found["OC-07~"]["claim"]) == ([63.3, 83.3], "C")
    assert found["OC-01~"]["value"] == 66.7  # at the end, before this report's period
    one, two, three, four = document["lines"]
    assert one["plan"] == {"target": 80, "baseline": 70, "deviation": -1, "progress": 92.0}
    assert ("plan" in two, two["figure"]) == (False, "OC-01~")
    assert three["plan"] == {"target": 5, "baseline": 0}  # nothing is counted: no actual, and no 0
    assert ("figure" in four, document["reasons"]["no_definition"]) == (
        False,
        "Nothing is counted for this line.",
    )


def test_the_page_tells_of_how_many_and_how_sure(logframe):
    document = build(logframe.report, now=NOW).payload["document"]
    read = reading(document)
    assert [(line["code"], line["actual"], line.get("progress")) for line in read["lines"]] == [
        ("1.1", "79 %", "92 %"),
        ("1.2", "67 %", None),
        ("2", "no data", None),
        ("3", "no data", None),
    ]
    figure = next(one for one in document["figures"] if one["key"] == "OC-07~")
    assert answered(figure) == [
        "24 of 30 who were asked answered (80 %).",
        "Whatever the others would have said, it lies between 63 % and 83 %.",
        "As a sample of many more (Wilson, 95 %): 60 % to 91 %.",
        "This is how it was after the programme, compared with before.",
    ]


def test_a_line_opens_to_its_rows(logframe):
    built = build(logframe.report, now=NOW)
    issue = add_issue(by=None, report=logframe.report, job=None, built=built)
    shown = opened(issue, "OC-07~", user=f.make_coordinator(logframe.programme), now=NOW)
    assert (shown.kind, len(shown.rows), shown.hidden, shown.came, shown.gone) == ("respondent", 19, 0, 0, 0)
    assert shown.frozen == shown.live == "79 %"


def test_below_60_per_cent_the_document_tells_counts(logframe):
    wave = logframe.waves["f6"]
    for row in list(wave.invitations.filter(state="answered").order_by("-pk")[:8]):
        row.answers.all().delete()
        wave.invitations.filter(pk=row.pk).update(state="waiting", answered_at=None)
    document = build(logframe.report, now=NOW).payload["document"]
    line = reading(document)["lines"][0]
    assert (line["actual"], "progress" in line, "deviation" in line) == ("[c]", False, False)  # 16 and 0


@pytest.mark.django_db
def test_a_change_of_a_definition_after_use_is_another_version(logframe):
    built = build(logframe.report, now=NOW)
    issue = add_issue(by=None, report=logframe.report, job=None, built=built)
    IndicatorVersion.objects.create(
        tenant=logframe.programme.tenant, code="OC-01", number=2, name="Very satisfied", unit="percent",
        numerator="x",
        spec=LIBRARY["OC-01"].spec | {"numerator": ["at_least", "now", 6]}, reason="stricter",
    )  # fmt: skip
    boss = f.make_coordinator(logframe.programme)
    assert opened(issue, "OC-01~", user=boss, now=NOW).live == "67 %"  # in the version that was frozen
    figures = build(logframe.report, now=NOW).payload["document"]["figures"]
    found = next(one for one in figures if one["key"] == "OC-01~")
    assert (found["version"], found["name"], found["value"]) == (2, "Very satisfied", 0.0)
