"""The feedback sheet: what nominators read of the judging of their idea, and what they never read."""

import pytest
from django.urls import reverse

from ideas import services
from ideas.feedback import parts, sheet
from ideas.models import Review
from ideas.views.feedback import token_of
from lib import signing
from tests.factories import (
    NOW,
    make_coordinator,
    make_enrolment,
    make_person,
    make_programme,
    make_selection,
    make_task,
)
from tests.ideas.judged import PANEL, judged


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def decided(programme):
    """A decided round of six ideas, three comments each; the first idea's decision."""
    round, ideas, desks = judged(programme, PANEL, comment="Reči")
    for number, desk in enumerate(desks):
        desk.reviewer.name = f"KANARINAC {number}"
        desk.reviewer.save()
    selection = make_selection(round, shortlisted=2)
    return selection.decisions.get(idea=ideas[0])


def hers(decision):
    return Review.objects.filter(task__idea=decision.idea).order_by("pk")


def link(decision) -> str:
    return reverse("ideas:feedback", args=[token_of(decision)])


def test_the_quarter_points_of_a_field():
    assert parts([1, 2, 3, 4, 5]) == (2, 3, 4)
    assert parts([1, 2, 3, 4]) == (None, None, None)


def test_scores_against_the_field(decided):
    found = sheet(decided)
    assert (found.reviews, found.field, found.best, found.worst) == (3, 6, 5, 1)
    whole, criterion = found.lines
    assert (whole.title, criterion.title, criterion.weight) == ("", "Criterion 1", 100)
    assert whole[2:6] == pytest.approx((14 / 3, 1.5833333, 2.8333333, 3.8333333))


def test_a_small_field_is_not_shown(programme):
    round, ideas, _desks = judged(programme, PANEL[:4])
    decision = make_selection(round).decisions.get(idea=ideas[0])
    assert [line[3:6] for line in sheet(decision).lines] == [(None, None, None)] * 2


def test_a_scale_whose_low_end_is_good(programme):
    round, ideas, _desks = judged(programme, PANEL, better="low")
    found = sheet(make_selection(round).decisions.get(idea=ideas[0]))
    assert (found.best, found.worst) == (1, 5)


def test_recommendations_of_three_or_more_only(decided):
    round = decided.selection.round
    hers(decided).update(recommendation="yes")
    assert sheet(decided).recommended == []
    round.asks_recommendation = True
    round.save()
    decided.refresh_from_db()
    assert [n for _words, n in sheet(decided).recommended] == [3, 0, 0]
    first = hers(decided).first()
    first.recommendation = ""
    first.save()
    assert sheet(decided).recommended == []


def test_only_cleared_words_in_no_order_of_reviewers(decided):
    assert sheet(decided).comments == []
    one, two, three = hers(decided)
    by = make_coordinator(decided.selection.round.programme)
    services.clear_comment(by=by, task=three.task, words="A  \r\nb", now=NOW)
    services.clear_comment(by=by, task=one.task, words="Z", now=NOW)
    assert sheet(decided).comments == ["A  \nb", "Z"]
    one.refresh_from_db()
    assert (one.comment, one.shared_comment, one.cleared_by) == ("Reči 0", "Z", by)
    services.take_back_comment(by=by, task=three.task, now=NOW)
    assert sheet(decided).comments == ["Z"]


def test_by_the_link_without_an_account(client, decided):
    services.clear_comments(
        by=make_coordinator(decided.selection.round.programme),
        round=decided.selection.round,
        tasks=hers(decided).values_list("task", flat=True),
        now=NOW,
    )
    answer = client.get(link(decided))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == (
        "same-origin",
        "private, no-store",
    )
    assert "Reči 0" in page
    assert "KANARINAC" not in page
    assert "half of the ideas from 1.6 to 3.8" in page
    assert "decision/" not in page  # no way inside
    assert client.post(link(decided)).status_code == 302  # nothing to send: to the sign-in


def test_dead_links_say_so(client, decided):
    old = link(decided)
    services.renew_feedback(by=make_coordinator(decided.selection.round.programme), decision=decided, now=NOW)
    for address in (old, reverse("ideas:feedback", args=["1-1-1.x"]), reverse("ideas:feedback", args=["x"])):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "This link leads nowhere any more" in answer.content.decode()
    assert client.get(link(decided)).status_code == 200
    other = signing.sign("ideas.other", decided.pk, decided.revision)
    assert client.get(reverse("ideas:feedback", args=[other])).status_code == 404


def test_in_the_language_of_who_nominated(client, decided):
    person = make_person(decided.idea.programme.tenant, language="sr-latn")
    enrolment = make_enrolment(decided.idea.programme, person=person)
    decided.idea.nominations.create(
        enrolment=enrolment, operation="5f3c1d0e-0000-4000-8000-000000000001", at=NOW
    )
    assert '<html lang="sr-Latn"' in client.get(link(decided)).content.decode()
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in client.get(link(decided)).content.decode()


def test_staff_read_the_same_with_the_link(client, decided):
    client.force_login(make_coordinator(decided.selection.round.programme))
    address = reverse("ideas:decision_feedback", args=[decided.pk])
    page = client.get(address).content.decode()
    assert token_of(decided) in page
    old = token_of(decided)
    answer = client.post(reverse("ideas:decision_renew", args=[decided.pk]), follow=True)
    decided.refresh_from_db()
    assert (answer.status_code, decided.revision) == (200, 2)
    assert old not in answer.content.decode()


def test_strangers(client, decided):
    client.force_login(make_coordinator(make_programme()))
    for name in ("decision_feedback", "decision_renew"):
        address = reverse(f"ideas:{name}", args=[decided.pk])
        assert client.get(address).status_code in (404, 405)
        assert client.post(address).status_code in (404, 405)
    decided.refresh_from_db()
    assert decided.revision == 1


# --- clearing


def test_clearing_page(client, decided):
    round = decided.selection.round
    client.force_login(make_coordinator(round.programme))
    page = client.get(reverse("ideas:round_comments", args=[round.pk]))
    assert (page.context["waiting"], page.context["cleared"]) == (18, 0)
    task = hers(decided).first().task
    address = reverse("ideas:comment_clear", args=[task.pk])
    client.post(address, {"words": "Kratko i jasno"})
    assert sheet(decided).comments == ["Kratko i jasno"]
    client.post(address, {"words": " "})
    assert sheet(decided).comments == ["Kratko i jasno"]
    client.post(address, {"take_back": "yes"})
    assert sheet(decided).comments == []


def test_many_are_cleared_that_were_shown_and_no_others(client, decided):
    round = decided.selection.round
    client.force_login(make_coordinator(round.programme))
    address = reverse("ideas:comments_clear", args=[round.pk])
    page = client.get(address)
    assert (len(page.context["rows"]), page.context["n"]) == (18, 18)
    other = judged(make_programme(), PANEL[:1], comment="Tuđe")[0]
    theirs = Review.objects.filter(task__seat__round=other).values_list("task", flat=True)
    tasks = [*list(hers(decided).values_list("task", flat=True)), *theirs]
    client.post(address, {"tasks": ",".join(str(pk) for pk in [*tasks, "x", ""])})
    cleared = Review.objects.filter(cleared_at__isnull=False)
    assert set(cleared.values_list("task", flat=True)) == set(hers(decided).values_list("task", flat=True))


def test_who_owes_an_idea_reads_no_comment_of_it(client, decided):
    round = decided.selection.round
    by = make_coordinator(round.programme)
    make_task(round.seats.create(reviewer=by.person), decided.idea)
    client.force_login(by)
    page = client.get(reverse("ideas:round_comments", args=[round.pk]))
    assert page.context["waiting"] == 15
    task = hers(decided).first().task
    client.post(reverse("ideas:comment_clear", args=[task.pk]), {"words": "Ukradeno"})
    assert not Review.objects.filter(cleared_at__isnull=False).exists()
    answer = client.get(reverse("ideas:decision_feedback", args=[decided.pk]))
    assert "Reči" not in answer.content.decode()
    assert answer.templates[0].name == "ideas/ranking_owed.html"


def test_strangers_clear_nothing(client, decided):
    round = decided.selection.round
    client.force_login(make_coordinator(make_programme()))
    task = hers(decided).first().task_id
    for name, pk in (("round_comments", round.pk), ("comments_clear", round.pk), ("comment_clear", task)):
        address = reverse(f"ideas:{name}", args=[pk])
        assert {client.get(address).status_code, client.post(address, {"words": "x"}).status_code} <= {
            404,
            405,
        }
