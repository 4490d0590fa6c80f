"""Who nominated an idea, and what others gave it, is in no byte that a reviewer gets before she may know."""

import pytest
from django.urls import reverse

from ideas import services
from tests.factories import make_mentor, make_seat, make_task

NAME = "Zlatiborac"  # of the nominator


@pytest.fixture
def judged(world, now, scores):
    """The second mentor has judged the first idea."""
    services.hand_in_review(
        by=world.mentors[1],
        task=world.tasks[1][0],
        scores=dict.fromkeys(scores, 2),
        comment="Slaba zamisao",
        now=now,
    )


def pages(world):
    """All that a reviewer can open of the idea on her desk."""
    task, idea = world.tasks[0][0], world.ideas[0]
    return [
        reverse("ideas:review", args=[task.pk]),
        reverse("ideas:idea_detail", args=[idea.pk]),
        reverse("ideas:idea_list", args=[world.programme.code]),
        f"/api/v1/ideas/{idea.pk}/",
        "/api/v1/ideas/",
        f"/api/v1/reviews/{task.pk}/",
        "/api/v1/reviews/",
        f"/api/v1/rounds/{world.round.pk}/",
    ]


def read(client, urls):
    answers = {url: client.get(url) for url in urls}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(urls, 200)
    return {url: answer.content.decode() for url, answer in answers.items()}


def holding(texts, *words):
    return [url for url, text in texts.items() if any(word in text for word in words)]


def test_a_nominator_is_nowhere_while_the_round_is_blind(client, world, judged):
    client.force_login(world.mentors[0])
    assert holding(read(client, pages(world)), NAME, "Nevenka") == []


def test_nor_after_her_own_review_while_the_round_runs(client, world, now, scores):
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    client.force_login(world.mentors[0])
    assert holding(read(client, pages(world)), NAME) == []


def test_the_name_is_there_where_the_round_is_not_blind(client, world):
    world.round.is_blind = False
    world.round.save()
    client.force_login(world.mentors[0])
    urls = pages(world)
    assert holding(read(client, urls), NAME) == urls[:2]


def test_a_coordinator_sees_the_name_and_the_scores(client, world, judged):
    client.force_login(world.coordinator)
    text = read(client, [reverse("ideas:idea_detail", args=[world.ideas[0].pk])])
    assert holding(text, NAME) == list(text)
    assert holding(text, "Slaba zamisao") == list(text)


def test_a_trainer_who_reviews_is_blind_until_hers_is_in(client, world, now, scores):
    mentor = make_mentor(world.programme, person=world.trainer.person)
    task = make_task(make_seat(world.round, mentor.person), world.ideas[0])
    url = reverse("ideas:idea_detail", args=[world.ideas[0].pk])
    client.force_login(world.trainer)
    assert holding(read(client, [url]), NAME) == []
    services.hand_in_review(by=world.trainer, task=task, scores=scores, now=now)
    assert holding(read(client, [url]), NAME) == [url]


def test_scores_of_others_open_with_her_own(client, world, judged, now, scores):
    client.force_login(world.mentors[0])
    marks = ("Slaba zamisao", "2.00", "2.000")
    assert holding(read(client, pages(world)), *marks) == []
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    texts = read(client, pages(world))
    idea = reverse("ideas:idea_detail", args=[world.ideas[0].pk])
    assert holding(texts, "Slaba zamisao") == [idea]
    assert "3.15" in texts[idea]  # the mean of 2.0 and 4.3


def test_the_order_of_a_list_tells_no_score(client, world, judged, now, scores):
    """Two ideas, the second judged high by another: sorted by score they stand by number all the same."""
    services.hand_in_review(
        by=world.mentors[1], task=world.tasks[1][1], scores=dict.fromkeys(scores, 5), now=now
    )
    client.force_login(world.mentors[0])
    answer = client.get(reverse("ideas:idea_list", args=[world.programme.code]), {"sort": "-score"})
    assert [idea.pk for idea in answer.context["page"]] == [idea.pk for idea in world.ideas]
    assert [idea.shown_score for idea in answer.context["page"]] == [None, None]


def test_who_stepped_back_sees_no_scores(client, world, judged, now):
    services.declare_conflict(by=world.mentors[0], task=world.tasks[0][0], reason="Kuma", now=now)
    client.force_login(world.mentors[0])
    texts = read(client, pages(world))
    assert holding(texts, "Slaba zamisao", "2.00") == []
    assert holding(texts, NAME) == []


def test_reviewers_do_not_learn_each_others_names(client, world, judged, now, scores):
    services.hand_in_review(by=world.mentors[0], task=world.tasks[0][0], scores=scores, now=now)
    client.force_login(world.mentors[0])
    assert holding(read(client, pages(world)), world.people[1].name + "<", f'"{world.people[1].name}"') == []


def test_a_coordinator_reads_no_draft(client, world, now, scores):
    services.save_review(
        by=world.mentors[0], task=world.tasks[0][0], scores=scores, comment="Jos mislim", now=now
    )
    client.force_login(world.coordinator)
    url = reverse("ideas:review", args=[world.tasks[0][0].pk])
    assert holding(read(client, [url]), "Jos mislim") == []
