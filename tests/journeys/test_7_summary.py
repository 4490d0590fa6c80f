"""Step 7: a summary is asked for, built by the worker, released; the funder signs in and sees only hers."""

import re

from django.db import connection, transaction
from django.urls import reverse

from desk.demo import people
from lib import sheets
from outcomes.models import Issue, Report, Target
from tests.fixtures.browser import LAPTOP


def sign_in_by_code(page, sink, email: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail").and_(page.locator("#id_email")).fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.locator("#id_code").wait_for()
    [mail] = sink.to(email)
    [code] = set(re.findall(r"\b\d{6}\b", mail.text))
    assert code in mail.html and code in mail.subject
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")


def printed(page) -> dict[str, str]:
    """The figures as the page states them: {code: words after the name}."""
    return {
        re.search(r"\b(OP|F|OC)-[\d.]+\d", text)[0]: text
        for text in page.locator("section[aria-labelledby=counted] dt, .definitions dt").all_inner_texts()
        if re.search(r"\b(OP|F|OC)-[\d.]+\d", text)
    }


def test_from_the_question_to_the_funders_spreadsheet(demo, visit, smtp_sink, celery_worker):
    report = Report.objects.get(funding__project=demo.founding.project, funding__language="en")
    page = visit("coordinator", size=LAPTOP)
    page.goto(reverse("outcomes:report_list", args=["startup-2017"]))
    page.locator("section", has_text=report.name).get_by_role("button", name="Build the summary").click()
    page.wait_for_url("**/jobs/*/")
    assert page.locator("h1").inner_text().removeprefix("Ready: ") == "Summary for a funder"
    page.get_by_role("link", name="Open the result").click()
    issue = Issue.objects.latest("pk")
    assert (issue.number, issue.state, issue.job.state) == (2, "draft", "done")
    address = reverse("outcomes:issue_detail", args=[issue.pk])
    page.wait_for_url("**" + address)

    funder = visit(size=LAPTOP)
    sign_in_by_code(funder, smtp_sink, demo.user["funder"].email)
    assert funder.goto(address).status == 404  # a draft is nobody's but the staff's
    funder.complaints.clear()
    page.get_by_role("button", name="Give it to be reviewed").click()
    page.locator(".message.success", has_text="waits for its reviewer").wait_for()
    _approved_by_another(visit("administrator", size=LAPTOP), report, address)
    page.reload()
    page.get_by_role("button", name="Release it").click()
    page.locator(".message.success", has_text="was released").wait_for()

    funder.goto("/")
    funder.locator("ul.waiting a", has_text=report.name).first.click()
    funder.wait_for_url("**" + address)
    assert funder.locator("h1").inner_text().replace("\xa0", " ") == HEADING
    assert funder.locator("dl.figures b").all_inner_texts() == ["31", "27", "26", "19"]
    _only_hers(funder, issue)
    _same_values(funder, issue)


def _approved_by_another(page, report: Report, address: str) -> None:
    """She finds it among what waits for her, says a word to a figure, and approves."""
    page.goto("/")
    page.locator("ul.waiting li", has_text=report.name).get_by_role("link", name="Read and approve").click()
    page.wait_for_url("**" + address)
    page.get_by_label("Of which figure").select_option("OP-08")
    page.get_by_label("What is to be said").fill("The hours are those of the logs.")
    page.get_by_role("button", name="Keep the comment").click()
    page.locator("ol.agenda li", has_text="The hours are those of the logs.").wait_for()
    page.get_by_role("button", name="Approve it").click()
    page.locator(".message.success", has_text="is approved").wait_for()


def _only_hers(page, issue: Issue) -> None:
    """Another funder's issue does not exist for her; the rows behind a figure are not for her."""
    other = Issue.objects.exclude(report__funding=issue.report.funding).get()
    for name in ("outcomes:issue_detail", "outcomes:issue_xlsx", "outcomes:issue_json", "outcomes:issue_pdf"):
        assert page.request.get(reverse(name, args=[other.pk])).status == 404
    assert page.request.get(reverse("outcomes:figure_rows", args=[issue.pk, "OP-01"])).status == 403
    assert page.request.get(reverse("training:enrolment_list", args=["startup-2017"])).status == 403


def _same_values(page, issue: Issue) -> None:
    """Page and spreadsheet say what is frozen; a merged row says that it is one."""
    data = page.request.get(reverse("outcomes:issue_xlsx", args=[issue.pk])).body()
    read = sheets.read(data, filename="summary.xlsx", sheet="Figures")
    place = {name: number for number, name in enumerate(read.header)}
    frozen = {figure["code"]: figure for figure in issue.document["figures"]}
    assert {row.cells[place["Code"]]: row.cells[place["Value"]] for row in read.rows} == {
        code: round(figure["value"]) if figure["unit"] == "percent" else figure.get("value")
        for code, figure in frozen.items()
    }
    shown = printed(page)
    assert shown.keys() == frozen.keys()
    for code in ("OP-01", "OP-09", "OP-08.2", "OP-09.4"):
        assert f": {frozen[code]['value']:,} {code}" in " ".join(shown[code].split())
    cells = sheets.read(data, filename="summary.xlsx", sheet="Breakdowns")
    counts = [row.cells[2] for row in cells.rows]
    assert counts == [cell["count"] for one in issue.document["breakdowns"] for cell in one["cells"]]
    merged = page.locator("section[aria-labelledby=by-region]")
    assert merged.get_by_text("Other", exact=True).first.is_visible()
    note = "Some categories are shown together, for fewer than 5 people stand behind one of them."
    assert note in merged.inner_text().replace("\xa0", " ")
    assert page.locator("#withheld").is_visible()
    assert page.locator("article svg.bar").count() >= 20


def test_progress_is_on_the_page_while_the_worker_counts(demo, visit, celery_worker):
    """The worker is held where it reads the targets, after the counting; then the page goes on by itself."""
    report = Report.objects.get(funding__project=demo.founding.project, funding__language="sr-latn")
    page = visit("coordinator", size=LAPTOP)
    page.goto(reverse("outcomes:report_list", args=["startup-2017"]))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Target._meta.db_table} IN ACCESS EXCLUSIVE MODE")
        page.locator("section", has_text=report.name).get_by_role("button", name="Build the summary").click()
        page.locator(".job [role=status]", has_text="Counting").wait_for()
        total = int(page.locator(".job progress").get_attribute("max"))
        page.locator(f".job progress[value='{total}'][max='{total}']").wait_for()
        assert page.get_by_role("button", name="Stop it").is_visible()
    page.get_by_role("link", name="Open the result").wait_for()
    issue = Issue.objects.latest("pk")
    assert (issue.job.state, issue.job.attempt, issue.report) == ("done", 1, report)


def test_the_funder_signs_in_with_a_password(demo, visit):
    page = visit(size=LAPTOP)
    page.goto("/")
    page.locator("details.other-way summary").click()
    page.locator("#id_login").fill(demo.user["funder"].email)
    page.get_by_label("Password").fill("something else entirely")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".error-summary").wait_for()
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    assert page.locator("h1").inner_text().replace("\xa0", " ") == "1 summary is ready for you"


HEADING = "31 women took part, of whom 27 completed. 186 ideas were nominated, of which 26 are carried on."
