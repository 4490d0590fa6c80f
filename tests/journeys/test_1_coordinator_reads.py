"""Step 1: a coordinator reads today and the programme's page."""

from playwright.sync_api import expect

from tests.fixtures.browser import LAPTOP


def words(locator) -> str:
    return " ".join(locator.inner_text().split())


def test_today_says_what_is_due_in_order_with_its_action(demo, visit):
    page = visit("coordinator", size=LAPTOP)
    page.goto("/")
    end = demo.session.end.strftime("%H:%M")
    assert words(page.locator("h1")) == f"Now: From idea to offer, day 2, until {end}; 8 things wait for you"
    rows = page.locator("ul.waiting > li")
    assert [words(row.locator(".when")) for row in rows.all()][:2] == ["now", "1 day late"]
    assert [words(row.locator(".what a")) for row in rows.all()][2:] == [
        "1 person waits for another mentor",
        "47 ideas have fewer than 3 reviews",
        "1 assignment without a meeting for 21 days",
        "5 applications wait for you",
        "1 mail did not go",
        "1 person offers herself as a mentor",
        "3 people are under 80 % so far",
    ]
    assert rows.locator("a.act").count() == 9
    assert page.locator("main .button.primary").count() == 1
    coming = page.locator("ul.agenda li")
    assert words(coming.nth(0).locator("a")) == "From idea to offer, day 3"


def test_the_programme_is_on_one_page(demo, visit):
    page = visit("coordinator", size=LAPTOP)
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Start-up 2017").click()
    page.wait_for_url("**/startup-2017/**")
    numbers = [words(row) for row in page.locator("main dl.bars > div").all()]
    assert numbers == FOUNDING
    page.goto("/programmes/startup-now/")
    page.get_by_role("link", name="Enrolled", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(31)


FOUNDING = [
    "Applied 33",
    "Enrolled 31",
    "Attending 31",
    "Nominating 31",
    "With a mentor 22",
    "Nominated 186",
    "Fully reviewed 186",
    "Carried on 26",
]
