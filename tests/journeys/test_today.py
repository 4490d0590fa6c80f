"""Step 1: the coordinator reads today and the programme's page."""

from tests.fixtures.browser import LAPTOP


def test_the_coordinator_reads_today_and_the_programme(demo, visit):
    page = visit("coordinator", size=LAPTOP)
    page.goto("/")
    assert page.locator("h1").inner_text().startswith("Now: From idea to offer, day 2")
    print(page.locator(".waiting").inner_text())
