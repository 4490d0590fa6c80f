"""Too few people, no people, no figures, and texts that would be something else: a summary is made of all of
it, says what can be told and why the rest is not, and prints what was typed as it was typed."""

import io
import re
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import openpyxl
import pytest
from django.db import connections
from django.urls import reverse

from jobs.services import run
from outcomes import services
from outcomes.models import Issue
from outcomes.paper import summary
from outcomes.payload import build
from outcomes.sheets import workbook
from tests import factories as f
from tests.outcomes.conftest import END, NOW, START
from tests.outcomes.searching import of_html
from training.models import Attendance

pytestmark = pytest.mark.django_db


def built(report, now=NOW) -> Issue:
    return services.add_issue(by=None, report=report, job=None, built=build(report, now=now))


def page_of(client, user, issue) -> str:
    client.force_login(user)
    return client.get(reverse("outcomes:issue_detail", args=[issue.pk])).content.decode()


def paper_of(issue) -> str:
    """Its words in the order of reading, without the blanks and breaks between them."""
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=summary(issue, None), capture_output=True, check=True
    )
    return close(done.stdout.decode())


def read(*command: str, content: bytes) -> str:
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def close(text: str) -> str:
    """Without blanks, breaks and what nobody sees: lines break where there is room."""
    kept = (one for one in text if unicodedata.category(one) not in ("Cf", "Cc"))
    return "".join("".join(kept).split())


def sheets_of(issue) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(issue)))


def cells_of(issue) -> list:
    return [cell for sheet in sheets_of(issue) for row in sheet.iter_rows() for cell in row]


def section(page: str, anchor: str) -> str:
    return page.partition(f'aria-labelledby="{anchor}"')[2].partition("</section>")[0]


# --- few people


@pytest.fixture
def three(db):
    """Three women who came once, one who met a mentor; no idea was nominated."""
    programme = f.make_programme(participants="women", start=date(2025, 1, 1), end=date(2025, 4, 1))
    funding = f.make_funding(programme, start=date(2025, 1, 1), end=date(2026, 1, 1))
    session = f.make_session(programme, module=f.make_module(programme, number=1), day=date(2025, 3, 3))
    for n in range(3):
        person = f.make_person(programme.tenant, region=("South", "North", "East")[n], municipality=f"T{n}")
        woman = f.make_enrolment(programme, person=person, enterprise=f.make_enterprise(programme.tenant))
        f.make_attendance(f.make_entry(session, woman))
    f.make_meeting(f.make_assignment(f.make_mentor(programme), woman), day=date(2025, 3, 9))
    f.make_meeting(f.make_assignment(f.make_mentor(programme), woman), day=date(2025, 3, 9), place="online")
    return programme, f.make_report(funding, start=START, end=END)


def test_three_women_are_told_as_a_whole_and_nothing_of_any_one(client, three):
    programme, report = three
    issue = built(report)
    assert issue.heading == "3 women took part, of whom 3 completed."
    states = {one["code"]: (one["state"], one.get("reason")) for one in issue.document["breakdowns"]}
    assert states == {
        "region": ("withheld", "one_category"),
        "line": ("withheld", "one_category"),
        "sector": ("not_applicable", "no_ideas"),
        "stage": ("not_applicable", "no_ideas"),
        "state": ("not_applicable", "no_ideas"),
    }
    page = page_of(client, f.make_coordinator(programme), issue)
    why = issue.document["reasons"]["one_category"]
    for code in states:
        shown = section(page, f"by-{code}")
        assert "<svg" not in shown and "<table" not in shown, code  # no empty chart
        assert issue.document["reasons"][states[code][1]] in shown, code
    assert not {"South", "North", "East"} & set(re.findall(r"\w+", of_html(page.encode())))
    paper = paper_of(issue)
    assert paper.count(close(f"[c] {why}")) == 2 and close("No idea was written down.") in paper
    rows = [row[:3] for row in sheets_of(issue)["Breakdowns"].iter_rows(min_row=2, values_only=True)]
    assert [row[2] for row in rows] == ["[c]", "[c]", "not applicable", "not applicable", "not applicable"]


def test_nothing_is_no_zero(client, three):
    """Of figures that were not counted the page, the paper and the workbook have a word and never a 0."""
    programme, report = three
    issue = built(report)
    silent = {one["code"]: one for one in issue.document["figures"] if one["state"] != "measured"}
    assert {"OP-08.3", "OP-09", "OP-09.2", "OP-09.3", "OP-09.4"} <= set(silent)
    rows = {row[0]: row for row in sheets_of(issue)["Figures"].iter_rows(min_row=2, values_only=True)}
    for code in silent:
        assert rows[code][3] in (None, "[c]"), code
        assert rows[code][9] in ("not applicable", "withheld") and rows[code][10], code
    page = page_of(client, f.make_coordinator(programme), issue)
    ideas = section(page, "ideas")
    assert "<svg" not in ideas and ideas.count("not applicable") == 3
    assert ">0 %<" not in page


@pytest.fixture
def nobody(db):
    """A programme that nobody enrolled in and that has no session."""
    programme = f.make_programme(start=date(2025, 1, 1), end=date(2025, 6, 1))
    return programme, f.make_funding(programme, start=date(2025, 1, 1), end=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, END),  # nobody there
        (date(2020, 1, 1), date(2020, 7, 1)),  # before there was a programme
        (date(2031, 1, 1), date(2031, 7, 1)),  # still to come
    ],
)
def test_of_nobody_every_figure_says_why_there_is_none(client, nobody, start, end):
    programme, funding = nobody
    issue = built(f.make_report(funding, start=start, end=end))
    document = issue.document
    assert issue.heading in document["reasons"].values()
    told = [one for one in document["figures"] if one["state"] == "measured"]
    assert [one["code"] for one in told if one["value"]] == []
    assert {one["state"] for one in document["breakdowns"]} <= {"not_applicable", "not_yet_due", "missing"}
    page = page_of(client, f.make_coordinator(programme), issue)
    assert document["heading"] in page
    assert "<svg" not in "".join(section(page, f"by-{one['code']}") for one in document["breakdowns"])
    assert close(document["heading"]) in paper_of(issue)
    values = {row[0]: row[3] for row in sheets_of(issue)["Figures"].iter_rows(min_row=2, values_only=True)}
    assert {values[one["code"]] for one in document["figures"] if one not in told} <= {None}


def test_a_period_before_the_programme_tells_nothing_of_it(client, world):
    issue = built(f.make_report(world.funding, start=date(2020, 1, 1), end=date(2020, 7, 1)))
    assert {one["code"] for one in issue.document["figures"] if one.get("value")} <= {"F-01", "F-02"}
    assert summary(issue, None).startswith(b"%PDF")


def test_a_funding_that_pays_for_nothing_has_a_summary_that_says_so(client, nobody):
    programme, funding = nobody
    admin = f.make_administrator(programme.tenant)
    funding.scopes.all().delete()
    funding.lines.create(code="1", wording="Homes for cats", indicator="")
    funding.lines.create(code="2", wording="Counted by what is gone", indicator="GONE-1")
    issue = built(f.make_report(funding, start=START, end=END))
    assert not any(one.get("value") for one in issue.document["figures"])
    page = page_of(client, admin, issue)
    assert (
        "Homes for cats" in page and "Nothing is counted for this line." in issue.document["reasons"].values()
    )
    assert close("Homes for cats (1)") in paper_of(issue)
    lines = list(sheets_of(issue)["Logframe"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[6]) for row in lines] == [("1", "no data"), ("2", "no data")]


# --- texts that would be something else

TYPED = {
    "markup": '#panic() #read("/etc/passwd") $x$ @label *bold* _low_ = Head ] [ \\ \\u{41} `raw` // c',
    "head": "= Head",
    "hash": "#let x = 1",
    "link": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1",
    "minus": "-1+1|cmd",
    "at": "@SUM(A1:A9)",
    "tab": "\t=1+1",
    "html": "<script>alert(1)</script><b>x</b> &amp; ' \" {{ 7*7 }} {% now %} %s %(n)s {0}",
    "letters": "Ђорђе Џиновић, čćšžđ ČĆŠŽĐ, ßø, “„”",
    "hidden": "zero\u200bwidth\u2060joined\ufeffmark soft\u00adhyphen",
}


@pytest.fixture(params=TYPED, ids=list(TYPED))
def typed(request, world) -> tuple[dict, Issue]:
    """A summary in which every text that somebody can type is such a one; the texts by where they stand."""
    text = TYPED[request.param]
    said = {name: f"{text} ({name})" for name in ("title", "report", "funder", "wording", "disclaimer")}
    said |= {name: f"{text} ({name})" for name in ("project", "line", "region", "narrative")}
    world.programme.name, world.report.name = said["title"], said["report"]
    world.funding.wording, world.funding.disclaimer = said["wording"], said["disclaimer"]
    world.funding.funder.name, world.funding.project.name = said["funder"], said["project"]
    for row in (world.programme, world.funding.funder, world.funding.project, world.funding, world.report):
        row.save()
    world.funding.lines.create(code="1.1", wording=said["line"], indicator="OP-01")
    world.funding.narratives.create(happened=said["narrative"], start=START, end=END)
    for woman in world.women[:6]:
        woman.person.region = said["region"]
        woman.person.save()
    world.report.refresh_from_db()
    return said, built(world.report)


ON_PAGE = ("title", "funder", "wording", "disclaimer", "line", "region")


def test_what_was_typed_is_printed_as_it_was_typed(client, world, typed):
    said, issue = typed
    shown = of_html(page_of(client, world.coordinator, issue).encode())
    paper = paper_of(issue)
    cells = {cell.value: cell for cell in cells_of(issue) if isinstance(cell.value, str)}
    assert {cell.data_type for cell in cells.values()} <= {"s", "inlineStr"}  # a string, never a formula
    for name in ON_PAGE:
        assert said[name] in shown, name
        assert close(said[name]) in paper, name
    for name in (*ON_PAGE, "report", "project"):
        assert said[name] in cells, name


def test_nothing_of_it_runs_on_the_page(client, world, typed):
    _said, issue = typed
    page = page_of(client, world.coordinator, issue)
    assert "<script>alert" not in page and "<b>x</b>" not in page


def test_a_sign_that_turns_the_reading_turns_nothing_but_its_own_text(client, world):
    """RIGHT-TO-LEFT OVERRIDE in a title: the issue's number and the funder beside it stay as they are."""
    world.programme.name = "abc\u202edef\u2066ghi"
    world.programme.save()
    issue = built(world.report)
    assert "abc\u202edef\u2066ghi" in [cell.value for cell in cells_of(issue)]
    page = page_of(client, world.coordinator, issue)
    assert "<bdi>abc\u202edef\u2066ghi</bdi>" in page  # it ends with the name
    assert close(f"issue {issue.number}") in paper_of(issue)


@pytest.mark.parametrize("word", ["w" * 200, "duga reč " * 22], ids=["one word", "many words"])
def test_a_title_of_two_hundred_letters_runs_off_no_paper(client, world, word):
    world.programme.name = word.strip()
    world.programme.save()
    world.report.name = word[:200].strip()
    world.report.save()
    world.funding.wording = (word * 2)[:300].strip()
    world.funding.save()
    for woman in world.women[:6]:
        woman.person.region = word[:100].strip()
        woman.person.save()
    world.report.refresh_from_db()
    issue = built(world.report)
    assert close(word) in paper_of(issue)
    boxes = read("pdftotext", "-bbox", "-", "-", content=summary(issue, None))
    ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(ends) <= 595.3 - 40  # A4 less its margin
    assert word.strip() in [cell.value for cell in cells_of(issue)]


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_two_funders_summaries_of_one_programme_are_built_at_the_same_time(world):
    other = f.make_funding(world.programme, start=date(2025, 1, 1), end=date(2026, 1, 1), language="sr-latn")
    reports = [world.report, f.make_report(other, start=START, end=END)]
    jobs = [services.request_issue(by=world.coordinator, report=report) for report in reports]
    assert len({job.pk for job in jobs}) == 2

    def work(pk: int) -> None:
        try:
            run(pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [job.pk for job in jobs]))
    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == ["done", "done"]
    first, second = (Issue.objects.get(report=report) for report in reports)
    assert (first.number, second.number) == (1, 1)
    assert (first.document["language"], second.document["language"]) == ("en", "sr-latn")
    values = [
        {one["key"]: one.get("value") for one in issue.document["figures"]} for issue in (first, second)
    ]
    assert values[0] == values[1]
    assert Attendance.objects.count() > 30
