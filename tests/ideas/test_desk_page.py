"""The review desk in a browser: read by a screen reader, judged by keys, on a phone, in three scales."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from ideas.models import Criterion, Review, ReviewTask, Round
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow

pytestmark = pytest.mark.django_db(transaction=True)
MEANS = {"1": {"en": "nobody asked", "sr": "niko nije tražio"}, "5": {"en": "paid", "sr": "plaćeno"}}


@pytest.fixture
def asking(transactional_db, world):
    Round.objects.filter(pk=world.round.pk).update(
        asks_recommendation=True, asks_confidence=True, guidance="Judge the idea."
    )
    Criterion.objects.filter(pk=world.criteria[0].pk).update(described=MEANS)
    return world


def address(world, task=0) -> str:
    return f"/reviews/{world.tasks[0][task].pk}/"


def named_controls(page) -> list[tuple[str, str]]:
    """Every control as a screen reader tells it: role and name, and the group it stands in."""
    return page.evaluate(
        """() => [...document.querySelectorAll("form.rubric :is(input, textarea, select, button)")]
        .filter((one) => one.type !== "hidden" && !one.closest("details:not([open])"))
        .map((one) => [one.type, (one.labels?.[0]?.textContent ?? one.textContent).trim(),
                       one.closest("fieldset")?.querySelector("legend")?.textContent.trim() ?? ""])"""
    )


def test_every_number_has_a_name_a_group_and_its_meaning(asking, open_page):
    page = open_page(size=LAPTOP, user=asking.mentors[0])
    page.goto(address(asking))
    controls = named_controls(page)
    assert [one for one in controls if not one[1]] == []
    assert [one for one in controls if one[0] == "radio" and not one[2]] == []
    tree = page.locator("form.rubric").aria_snapshot()
    groups = [line.strip() for line in tree.splitlines() if line.strip().startswith("- group")]
    assert len(groups) >= 5  # three criteria, the recommendation, how sure
    assert 'radio "5"' in tree
    first = page.locator(f"input[name=criterion-{asking.criteria[0].pk}][value='5']")
    described = first.evaluate(
        "(one) => document.getElementById(one.getAttribute('aria-describedby')).textContent"
    )
    assert described == "paid"
    assert page.locator("#saved").get_attribute("role") == "status"
    assert "1 is worst, 5 is best" in page.locator("form.rubric").inner_text()
    assert axe(page) == []


def test_judged_with_the_keyboard_alone(asking, open_page):
    page = open_page(size=LAPTOP, user=asking.mentors[0])
    page.goto(address(asking))
    for key in "543":
        page.keyboard.press(key)
    for name in ("recommendation", "confidence"):  # tab into the group, choose with the space bar
        page.locator(f"input[name={name}]").first.focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(asking, 1)}")
    review = Review.objects.get(task=asking.tasks[0][0])
    assert (str(review.score), review.recommendation, review.confidence) == ("4.300", "yes", 1)


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_eleven_numbers_fit_and_have_keys(asking, open_page, size):
    Round.objects.update(lowest=0, highest=10)
    page = open_page(size=size, user=asking.mentors[0])
    page.goto(address(asking))
    assert page.locator(f"input[name=criterion-{asking.criteria[0].pk}]").count() == 11
    assert (overflow(page), axe(page)) == (0, [])
    with page.expect_response("**/draft/"):
        page.keyboard.press("0")
    scores = ReviewTask.objects.get(pk=asking.tasks[0][0].pk).review.scores
    assert [score.number for score in scores.all()] == [0]


def test_a_fine_scale_is_typed_and_what_is_off_it_is_told_there(asking, open_page):
    Round.objects.update(step=Decimal("0.5"), better="low")
    page = open_page(size=PHONE, user=asking.mentors[0])
    page.goto(address(asking))
    assert (overflow(page), axe(page)) == (0, [])
    field = page.locator(f"#criterion-{asking.criteria[0].pk}")
    assert field.get_attribute("step") == "0.50"
    with page.expect_response("**/draft/"):
        field.fill("3.5")
        field.press("Tab")
    page.locator("form.rubric").evaluate("(form) => { form.noValidate = true }")
    field.fill("3.2")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("form.rubric")).to_contain_text("3.2 is outside 1 to 5 in steps of 0.5")
    assert page.locator(f"#criterion-{asking.criteria[0].pk}").input_value() == "3.2"


def test_one_tap_hands_on_what_she_does_not_know(asking, open_page):
    page = open_page(size=PHONE, user=asking.mentors[0])
    page.goto(address(asking))
    page.get_by_role("button", name="Not my field").click()
    page.wait_for_url(f"**{address(asking, 1)}")
    task = ReviewTask.objects.get(pk=asking.tasks[0][0].pk)
    assert (task.state, task.reason) == ("cannot", "Not my field")


def test_a_review_is_changed_from_its_page(asking, open_page, now):
    from ideas import services

    task = asking.tasks[0][0]
    task = ReviewTask.objects.select_related("seat__round__programme", "seat__reviewer").get(pk=task.pk)
    scores = {one.pk: 3 for one in asking.criteria}
    services.hand_in_review(
        by=asking.mentors[0], task=task, scores=scores, recommendation="no", confidence=2, now=now
    )
    page = open_page(size=PHONE, user=asking.mentors[0])
    page.goto(address(asking))
    assert axe(page) == []
    page.get_by_role("link", name="Change your review").click()
    page.get_by_role("button", name="Save the change").wait_for()
    assert (overflow(page), axe(page)) == (0, [])
    page.locator(f"input[name=criterion-{asking.criteria[0].pk}][value='5']").check(force=True)
    page.get_by_role("button", name="Save the change").click()
    page.wait_for_url(f"**{address(asking)}")
    assert str(Review.objects.get().score) == "4.000"
