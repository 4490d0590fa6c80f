"""Step 4: a mentor judges an idea with three weighted criteria by keys, and gets the next."""

from decimal import Decimal

from django.urls import reverse

from ideas.models import Idea, Review, ReviewTask
from tests.fixtures.browser import LAPTOP
from tests.journeys.conftest import tap

KEYS = ("4", "3", "5")
SCORE = Decimal("3.90")  # 40 % of 4, 35 % of 3, 25 % of 5


def waiting(demo):
    return ReviewTask.objects.waiting().filter(seat__reviewer__user=demo.user["mentor"]).order_by("place")


def test_three_keys_and_enter_and_the_next_idea_is_there(demo, visit):
    first, second = waiting(demo)[:2]
    page = visit("mentor", size=LAPTOP)
    page.goto("/")
    page.get_by_role("link", name="Review the next").click()
    page.wait_for_url("**" + reverse("ideas:review", args=[first.pk]))
    assert page.locator("h1").inner_text().replace("\xa0", " ") == first.idea.text.title
    assert page.get_by_text("hidden while the round is blind").is_visible()
    button = page.get_by_role("button", name="Save and next").bounding_box()
    assert button["y"] + button["height"] <= LAPTOP[1]  # nothing to scroll
    for number, key in enumerate(KEYS):
        page.keyboard.press(key)
        row = page.locator("fieldset.criterion").nth(number)
        assert row.locator("input:checked").input_value() == key
    page.locator("#saved", has_text="saved").wait_for()  # as she goes, before she hands it in
    assert Review.objects.get(task=first).handed_in_at is None
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("ideas:review", args=[second.pk]))
    review = Review.objects.get(task=first)
    assert (review.score.quantize(SCORE), review.handed_in_at is not None) == (SCORE, True)
    assert sorted(review.scores.values_list("value", flat=True)) == [3, 4, 5]
    assert page.locator(".review-bar p").first.inner_text() == "5 of 22"


def test_a_review_without_all_scores_is_refused_and_keeps_what_was_given(demo, visit):
    first = waiting(demo).first()
    page = visit("mentor", size=LAPTOP)
    page.goto(reverse("ideas:review", args=[first.pk]))
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.locator("[role=alert]", has_text="Not handed in yet.").wait_for()
    assert page.locator("input:checked").input_value() == "4"
    first.refresh_from_db()
    assert first.state == "waiting"


def test_what_others_gave_stays_hidden_until_her_own_is_in(demo, visit):
    judged = Idea.objects.filter(programme=demo.running, tasks__state="done")
    task = waiting(demo).filter(idea__in=judged).first()
    other = Review.objects.filter(task__idea=task.idea, handed_in_at__isnull=False).first()
    hers = task.idea_id
    page = visit("mentor", size=LAPTOP)
    page.goto(reverse("ideas:idea_detail", args=[hers]))
    section = page.locator("section[aria-labelledby=reviews]")
    assert section.get_by_text("They open when your own review is in.").is_visible()
    shown = page.locator("main").inner_text()
    assert f"{other.score:.2f}" not in shown
    assert not other.comment or other.comment not in shown
    page.goto(reverse("ideas:idea_list", args=["startup-now"]) + f"?q={task.idea.number}")
    row = page.locator("tbody tr", has_text=task.idea.text.title)
    assert row.locator("td.number").nth(1).inner_text().strip() == "after your review"

    page.goto(reverse("ideas:review", args=[task.pk]))
    for key in KEYS:
        page.keyboard.press(key)
    tap(page, page.get_by_role("button", name="Save and next"))
    page.wait_for_url(lambda url: str(task.pk) not in url)
    page.goto(reverse("ideas:idea_detail", args=[hers]))
    assert (
        section.locator("summary").count()
        == Review.objects.filter(task__idea=hers, handed_in_at__isnull=False).count()
    )
