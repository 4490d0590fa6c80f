"""Nothing lowers the floor of 5; what is withheld says so, and why, in every format."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from desk.loading.door import KINDS
from outcomes import disclosure
from outcomes.models import IndicatorVersion, Issue
from outcomes.paper import _data
from outcomes.payload import build
from outcomes.sheets import workbook
from people import services as people
from people.models import Funding
from tests import factories as f
from tests.outcomes.canaries import aviary, issued
from tests.outcomes.conftest import NOW
from tests.outcomes.searching import folded, of_pdf

pytestmark = pytest.mark.django_db
LOW = [1, 0, -3, None]


# --- the floor


@pytest.mark.parametrize("threshold", LOW)
def test_no_service_keeps_a_lower_threshold(world, threshold):
    admin = f.make_administrator(world.tenant)
    with pytest.raises(ValidationError) as error:
        people.save_funding(by=admin, funding=world.funding, threshold=threshold)
    assert list(error.value.message_dict) == ["threshold"]
    assert Funding.objects.get(pk=world.funding.pk).threshold == 5


@pytest.mark.parametrize("threshold", LOW)
def test_no_hand_in_the_database_writes_one(world, threshold):
    with pytest.raises(IntegrityError), transaction.atomic():
        Funding.objects.filter(pk=world.funding.pk).update(threshold=threshold)


@pytest.mark.parametrize("threshold", ["1", "0", "-3", ""])
def test_the_form_refuses_it_in_words(client, world, threshold):
    client.force_login(f.make_administrator(world.tenant))
    said = {
        "code": world.funding.code, "language": "en", "start": "2025-01-01", "last_day": "2025-12-31",
        "threshold": threshold, "woman_owned": "half", "programmes": [world.programme.pk],
    }  # fmt: skip
    answer = client.post(reverse("training:funding_edit", args=[world.funding.pk]), said)
    words = "This field is required."
    words = words if threshold == "" else "No cell smaller than 5 may be shown: the floor cannot be lowered."
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Funding.objects.get(pk=world.funding.pk).threshold == 5


@pytest.mark.parametrize("threshold", LOW)
def test_the_api_refuses_it_in_words(client, world, threshold):
    client.force_login(f.make_administrator(world.tenant))
    address = reverse("api:fundings-detail", args=[world.funding.pk])
    answer = client.patch(address, {"threshold": threshold}, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["threshold"])
    assert answer.json()["threshold"][0].rstrip(".")
    assert Funding.objects.get(pk=world.funding.pk).threshold == 5


def test_no_file_brings_one():
    """A file of any kind has no word for it."""
    names = {field.name for kind in KINDS.values() for field in kind.fields}
    assert len(names) > 50
    assert not {name for name in names if "threshold" in name or "cell" in name}


@pytest.mark.parametrize("threshold", LOW)
def test_a_document_built_with_one_all_the_same_holds_to_the_floor(world, threshold):
    """Whatever stands in the row that the builder is handed."""
    world.report.funding.threshold = threshold
    document = build(world.report, now=NOW).payload["document"]
    assert document["threshold"] == disclosure.FLOOR == 5
    cells = [cell["count"] for one in document["breakdowns"] for cell in one.get("cells", [])]
    assert min(cells) >= 5
    assert {one["code"]: one["state"] for one in document["figures"]}["OP-08.3"] == "withheld"


# --- a guarded figure, whatever it is counted from


@pytest.mark.parametrize(
    ("women", "largest", "reason"),
    [
        (0, 1, "one_side"),
        (4, 1, "one_side"),
        (9, 1, "few_contribute"),
        (10, 99, "few_contribute"),
        (10, 1, None),
    ],
)
def test_jobs_counted_from_results_are_withheld_as_those_from_answers(world, women, largest, reason):
    """An organisation's own version of a guarded figure is guarded, also when results make it."""
    spec = {"count": "results", "kinds": ["job"], "sum": "number"}
    words = {"name": "Jobs with a contract", "numerator": "Jobs.", "reason": "Contracts are shown."}
    said = {"tenant": world.tenant, "code": "IM-01", "number": 2, "unit": "jobs", "level": "impact"}
    IndicatorVersion.objects.create(spec=spec, **words, **said)
    world.funding.lines.create(code="1", wording="Jobs", indicator="IM-01")
    for n, woman in enumerate(world.women[:women]):
        number = largest if n == 0 else 1
        world.programme.results.create(
            kind="job", title="A job", number=number, enrolment=woman, day=date(2025, 3, 9)
        )
    document = build(world.report, now=NOW).payload["document"]
    found = next(one for one in document["figures"] if one["code"] == "IM-01")
    assert found.get("reason") == reason
    assert found.get("value") == (None if reason else 10)


# --- the mark and its reason


@pytest.fixture
def read(client):
    """An issue in which something of each kind is withheld, as it is read: text by format."""
    issue = issued(aviary())
    client.force_login(f.make_administrator(issue.report.funding.project.tenant))
    content = {
        name: client.get(reverse(f"outcomes:issue_{name}", args=[issue.pk]))
        for name in ("detail", "json", "pdf")
    }
    return issue, content


def hidden_of(issue: Issue) -> list[tuple[str, str]]:
    """(name, why) of all that is withheld."""
    document = issue.document
    parts = [*document["figures"], *document["breakdowns"]]
    return [(one["name"], document["reasons"][one["reason"]]) for one in parts if one["state"] == "withheld"]


def test_a_withheld_figure_has_its_mark_and_its_reason_in_every_format(read):
    issue, content = read
    hidden = hidden_of(issue)
    assert len(hidden) >= 7
    page = content["detail"].content.decode()
    paper = " ".join(of_pdf(content["pdf"].content).split())
    listed = page.partition('id="withheld"')[2].partition("</section>")[0]
    for name, why in hidden:
        assert f"<dt>{name}</dt><dd>{why}</dd>" in listed, name
        assert f"{name}: {why}" in paper, name
    document = content["json"].json()["document"]
    states = [(one["state"], one.get("reason")) for one in document["figures"]]
    assert all(reason in document["reasons"] for state, reason in states if state == "withheld")
    assert page.count('[c]<span class="unseen"> withheld') >= len(hidden)  # read aloud as a word


def test_a_withheld_figure_has_its_mark_in_every_place_where_a_number_would_stand(read):
    issue, content = read
    withheld = [one for one in issue.document["figures"] if one["state"] == "withheld"]
    book = openpyxl.load_workbook(io.BytesIO(workbook(issue)))
    rows = {row[0]: row for row in book["Figures"].iter_rows(values_only=True)}
    head = rows["Code"]
    why = head.index("Why")
    for one in withheld:
        row = rows[one["code"]]
        told = issue.document["reasons"][one["reason"]]
        assert (row[head.index("Value")], row[head.index("State")], row[why]) == ("[c]", "withheld", told)
        assert [cell for cell in row[3:9] if isinstance(cell, int | float)] in ([], [90])  # what was planned
    lines = {row[3]: row for row in book["Logframe"].iter_rows(values_only=True)}
    assert {lines[one["key"]][6] for one in withheld if one["key"] in lines} == {"[c]"}
    data = _data(issue, False)
    said = [line["name"] for line in data["definitions"]]
    assert all(f"{one['name']}: [c]" in said for one in withheld)
    page = folded(content["detail"].content.decode())
    for one in withheld:
        place = page.partition(f'id="d-{one["key"].lower().replace(".", "-")}"')[2].partition("</div>")[0]
        assert "[c]" in place, one["key"]


def test_the_api_and_the_file_say_withheld_and_hold_no_number(client, read):
    issue, content = read
    api = client.get(reverse("api:issues-detail", args=[issue.pk])).json()["document"]
    assert api == content["json"].json()["document"] == issue.document
    for one in api["figures"]:
        if one["state"] == "withheld":
            numbers = {name for name, value in one.items() if isinstance(value, int | float) and value}
            assert numbers <= {"version"}
            assert not {"bounds", "interval", "amounts", "claim", "claim_said", "counts_only"} & set(one)
    assert date.fromisoformat(api["period"]["start"]) == issue.report.start
