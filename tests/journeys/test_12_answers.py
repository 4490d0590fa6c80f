"""A six-month wave answered on a phone, in three languages, without an account: what was said is kept at each
answer, a reload shows it, and nothing stands in the way of who has no script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes import links
from outcomes.models import Answer, Invitation
from tests.fixtures.browser import PHONE, axe, overflow
from tests.outcomes.answered import sheet_of_all


@pytest.fixture
def asked(transactional_db):
    day = timezone.localdate()
    return sheet_of_all(opens=day - timedelta(days=5), closes=day + timedelta(days=5))


def looks_right(page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def kept(page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile(r"\d\d:\d\d"))


def test_answered_in_three_languages_on_a_phone(asked, open_page):
    page = open_page(size=PHONE)
    path = links.answer_link(asked.invitation)
    page.goto(path)
    looks_right(page)
    page.get_by_role("group", name="Is it registered?").get_by_label("Yes").check()
    expect(page.get_by_label("Day", exact=True)).to_be_visible()
    kept(page)
    for part, said in (("Day", "24"), ("Month", "3"), ("Year", "2025")):
        page.get_by_label(part, exact=True).fill(said)
    page.get_by_label("Employees").fill("2,5")
    page.get_by_label("Employees").blur()
    looks_right(page)
    page.wait_for_load_state("networkidle")

    page.get_by_role("button", name="srpski (latinica)").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("sr-Latn"))
    expect(page.locator("#q-jobs")).to_have_value("2,5")
    expect(page.locator("#q-registered_on-year")).to_have_value("2025")
    page.locator("#q-practices-books").check()
    kept(page)
    page.locator("#q-practices-none").check()
    expect(page.locator("#q-practices-books")).not_to_be_checked()
    looks_right(page)

    page.get_by_role("button", name="српски (ћирилица)").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("sr-Cyrl"))
    expect(page.get_by_role("group", name="Шта радите?")).to_be_visible()
    page.locator("#q-turnover").fill("1.200,50")
    page.locator("#q-turnover-currency").select_option("EUR")
    kept(page)
    page.reload()
    expect(page.locator("#q-turnover")).to_have_value("1200,5")
    expect(page.locator("#q-practices-none")).to_be_checked()
    looks_right(page)

    page.locator("button.primary").click()
    expect(page.locator(".here")).to_be_visible()
    looks_right(page)
    row = Invitation.objects.get(pk=asked.invitation.pk)
    assert (row.state, row.mode, row.is_late, row.state_by) == ("answered", "link", False, None)
    rows = Answer.objects.filter(invitation=row).select_related("question")
    said = {one.question.code: one for one in rows}
    assert sorted(said) == ["jobs", "practices", "registered", "registered_on", "turnover"]
    assert (said["turnover"].number, said["turnover"].currency) == (1200.5, "EUR")
    assert (said["practices"].choice, said["registered_on"].day.isoformat()) == ("none", "2025-03-24")


def test_the_same_without_script(asked, open_page):
    page = open_page(size=PHONE, java_script_enabled=False)
    page.goto(links.answer_link(asked.invitation))
    page.locator("#q-registered-registered").check()
    page.locator("#q-jobs").fill("3")
    page.get_by_role("button", name="Keep it, and go on later").click()
    expect(page.locator("#saved")).to_have_text("Kept. You may go on now, or later.")
    expect(page.locator("#q-registered_on-day")).to_be_visible()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name="Thank you, Mila Nova")).to_be_visible()
    assert Invitation.objects.get(pk=asked.invitation.pk).state == "answered"
