"""The ranking on the page, in files, on the command line and through the API: who sees it, what moves."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ideas.models import Decision, ReviewTask, Selection
from ideas.ranking.kept import seen_now
from tests.factories import (
    make_coordinator,
    make_mentor,
    make_programme,
    make_review,
    make_seat,
    make_selection,
    make_task,
    make_trainer,
)
from tests.ideas.judged import PANEL, judged
from tests.taken import everywhere, rows, sheet

PAGES = ("round_ranking", "round_decide", "round_decision", "round_comments", "comments_clear")


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def coordinator(client, programme):
    user = make_coordinator(programme)
    client.force_login(user)
    return user


def page(client, round, name="round_ranking", **asked):
    return client.get(reverse(f"ideas:{name}", args=[round.pk]), asked)


def places(answer) -> list:
    return [(row["idea"].number, row["row"]["place"], row["verdict"]) for row in answer.context["rows"]]


# --- who


def test_strangers_and_other_roles(client, programme):
    round, *_rest = judged(programme, PANEL)
    for user, status in (
        (make_coordinator(make_programme()), 404),
        (make_trainer(programme), 403),
        (make_mentor(programme).person.user, 403),
    ):
        client.force_login(user)
        found = {page(client, round, name).status_code for name in PAGES}
        assert found == {status}
        export = reverse("ideas:ranking_export", args=[round.pk, "csv"])
        assert client.get(export).status_code == status


def test_who_owes_a_review_sees_no_score_anywhere(client, programme, coordinator):
    round, ideas, _desks = judged(programme, PANEL, comment="Tajna")
    task = make_task(make_seat(round, coordinator.person), ideas[3])
    for name in ("round_ranking", "round_decide"):
        answer = page(client, round, name)
        assert answer.templates[0].name == "ideas/ranking_owed.html"
        assert "4.67" not in answer.content.decode()
    assert client.get(reverse("ideas:ranking_export", args=[round.pk, "json"])).status_code == 403
    for act in ("ranking", "adjusted-ranking"):
        assert client.get(f"/api/v1/rounds/{round.pk}/{act}/").status_code == 403
    said = {"round": round.pk, "method": "mean", "shortlisted": 1, "seen": seen_now(round)}
    assert client.post("/api/v1/selections/", said, "application/json").status_code == 403
    asked = {"decide": "yes", "seen": seen_now(round), "hand-TOTAL_FORMS": 0, "hand-INITIAL_FORMS": 0}
    client.post(reverse("ideas:round_decide", args=[round.pk]), asked)
    assert not Selection.objects.exists()
    make_review(task, values=(2,))
    assert places(page(client, round))[0] == (ideas[0].number, 1, "shortlisted")


# --- what moves


def test_the_cut_off_moves(client, programme, coordinator):
    round, ideas, _desks = judged(programme, PANEL)
    numbers = [idea.number for idea in ideas]
    usual = page(client, round)
    assert places(usual) == [
        (numbers[0], 1, "shortlisted"), (numbers[1], 2, "shortlisted"), (numbers[2], 3, "waiting"),
        (numbers[3], 4, "waiting"), (numbers[4], 5, "waiting"), (numbers[5], 5, "waiting"),
    ]  # fmt: skip
    moved = page(client, round, method="adjusted", shortlisted="1", waiting="4")
    assert [verdict for _n, _p, verdict in places(moved)] == ["shortlisted", *["waiting"] * 4, "declined"]
    assert moved.context["found"]["method"] == "adjusted"
    assert moved.context["summary"]["counts"] == {"shortlisted": 1, "waiting": 4, "declined": 1}


def test_a_cut_off_through_equal_scores_names_them(client, programme, coordinator):
    round, ideas, _desks = judged(programme, PANEL)
    answer = page(client, round, shortlisted="5")
    assert [idea.pk for idea in answer.context["summary"]["tied"]["ideas"]] == [ideas[4].pk, ideas[5].pk]
    assert "share the score at the cut-off" in answer.content.decode()


def test_a_fragment_for_htmx(client, programme, coordinator):
    round, *_rest = judged(programme, PANEL)
    address = reverse("ideas:round_ranking", args=[round.pk])
    answer = client.get(address, {"shortlisted": "1"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="ranking">')
    assert "<html" not in text


@pytest.mark.parametrize("said", ["x", "-1", "99999999999999999999", "\0"])
def test_nonsense_in_the_form_is_said_and_breaks_nothing(client, programme, coordinator, said):
    round, *_rest = judged(programme, PANEL)
    answer = page(client, round, shortlisted=said, method=said, page=said)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_no_review_yet(client, programme, coordinator):
    round, *_rest = judged(programme, [(None, None, None)])
    assert "No review is in yet" in page(client, round).content.decode()


def test_the_page_costs_the_same_for_more(client, programme, coordinator):
    few, *_rest = judged(programme, PANEL[:1])
    many, *_rest = judged(programme, PANEL[:3])
    asked = []
    for round in (few, many):
        with CaptureQueriesContext(connection) as first:
            assert page(client, round).status_code == 200
        with CaptureQueriesContext(connection) as again:
            page(client, round, shortlisted="0")
        asked.append((len(first), len(again)))
    assert asked == [(19, 12), (19, 12)]  # the facts are read once


# --- taken along


def test_export(client, programme, coordinator):
    round, ideas, _desks = judged(programme, [*PANEL, (None, None, None)])
    titles = [idea.text.title for idea in ideas]
    assert everywhere(client, "ideas:ranking_export", round.pk, column="title") == titles
    found = rows(client, "ideas:ranking_export", round.pk, shortlisted="1", waiting="2")
    assert (found[0]["place"], found[0]["mean"], found[0]["verdict"]) == (1, 4.666667, "shortlisted")
    assert [row["verdict"] for row in found] == ["shortlisted", "waiting", "waiting", *["declined"] * 3, None]
    assert (found[-1]["place"], found[-1]["score"], found[-1]["reviews"]) == (None, None, 0)
    heading, first, *_rows = sheet(client, "ideas:ranking_export", round.pk)
    assert heading[:4] == ["Place", "Number", "Title", "Score"]
    assert first[:3] == [1, ideas[0].number, titles[0]]


def test_export_of_a_decided_round(client, programme, coordinator):
    round, *_rest = judged(programme, PANEL)
    make_selection(round, shortlisted=2)
    Decision.objects.filter(place=3).update(verdict="waiting", by_hand=True, reason="she has a buyer")
    found = rows(client, "ideas:ranking_export", round.pk, shortlisted="6")
    assert [row["verdict"] for row in found] == ["shortlisted"] * 2 + ["waiting"] + ["declined"] * 3
    assert (found[2]["by_hand"], found[2]["reason"]) == (True, "she has a buyer")


# --- on the command line


def rank(*words) -> str:
    out = StringIO()
    call_command("rank", *words, stdout=out)
    return out.getvalue()


def test_command(programme):
    round, ideas, _desks = judged(programme, PANEL)
    said = json.loads(rank(str(round.pk), "--json", "--method", "adjusted", "--shortlisted", "2"))
    assert (said["method"], said["round"], said["decided"]) == ("adjusted", round.pk, False)
    assert [row["idea"] for row in said["ideas"]][0] == ideas[0].pk
    assert list(said["cut"]["verdicts"].values())[:2] == ["shortlisted"] * 2
    assert said["seen"] == seen_now(round)
    text = rank(f"{programme.code}/{round.number}")
    assert text.splitlines()[1].split()[:2] == ["1", str(ideas[0].number)]
    assert "ICC" in text
    assert ideas[0].text.title not in text
    for wrong in ("x", "0", f"{programme.code}/0", "no/1"):
        with pytest.raises(CommandError):
            rank(wrong)


# --- deciding on the page


def decision(round, **said) -> dict:
    plain = {"seen": seen_now(round), "declined_reason": "no customer", "decide": "yes"}
    return plain | {"hand-TOTAL_FORMS": 2, "hand-INITIAL_FORMS": 0} | said


def post(client, round, asked="?shortlisted=2&waiting=2", **said):
    return client.post(reverse("ideas:round_decide", args=[round.pk]) + asked, decision(round, **said))


def test_decide_page(client, programme, coordinator):
    round, ideas, _desks = judged(programme, [*PANEL, (None, None, None)])
    seen = page(client, round, "round_decide", shortlisted="2", waiting="2")
    assert seen.context["counts"] == {"shortlisted": 2, "waiting": 2, "declined": 2}
    assert [idea.pk for idea in seen.context["left"]["ideas"]] == [ideas[6].pk]
    assert page(client, round, "round_decision").url == reverse("ideas:round_ranking", args=[round.pk])
    hand = {"hand-0-number": ideas[2].number, "hand-0-verdict": "shortlisted", "hand-0-reason": "a buyer"}
    answer = post(client, round, **hand)
    assert (answer.status_code, answer.url) == (302, reverse("ideas:round_decision", args=[round.pk]))
    assert Decision.objects.get(idea=ideas[2]).by_hand
    shown = page(client, round, "round_decision", check="1")
    assert shown.context["counts"] == {"shortlisted": 3, "waiting": 1, "declined": 2}
    assert shown.context["checked"].holds
    assert "against the order" in shown.content.decode()
    again = post(client, round)
    assert (again.status_code, Selection.objects.count()) == (302, 1)
    after = page(client, round, method="adjusted", shortlisted="6")
    assert after.context["found"]["method"] == "mean"
    assert after.context["summary"]["counts"] == {"shortlisted": 3, "waiting": 1, "declined": 2}


def test_looking_once_more_decides_nothing_and_keeps_what_was_typed(client, programme, coordinator):
    round, ideas, _desks = judged(programme, PANEL)
    said = decision(round, declined_reason="later")
    del said["decide"]
    said |= {"hand-0-number": ideas[2].number, "hand-0-verdict": "shortlisted", "hand-0-reason": "a buyer"}
    address = reverse("ideas:round_decide", args=[round.pk]) + "?shortlisted=2&waiting=2"
    answer = client.post(address, said)
    assert answer.status_code == 200
    assert answer.context["counts"] == {"shortlisted": 3, "waiting": 1, "declined": 2}
    assert 'value="later"' in answer.content.decode()
    assert not Selection.objects.exists()


def test_refusals_stand_on_the_page(client, programme, coordinator):
    round, ideas, desks = judged(programme, PANEL)
    said = post(client, round, declined_reason="")
    assert (said.status_code, list(said.context["form"].errors)) == (422, ["declined_reason"])
    tied = post(client, round, asked="?shortlisted=5")
    assert "have the same score" in tied.content.decode()
    unknown = post(
        client, round, **{"hand-0-number": 999_999, "hand-0-verdict": "waiting", "hand-0-reason": "x"}
    )
    assert "This idea is not part of the round." in unknown.content.decode()
    seen = seen_now(round)
    make_review(make_task(make_seat(round), ideas[0]), values=(1,))
    stale = post(client, round, seen=seen)
    assert "1 review came in since you opened this page" in stale.content.decode()
    assert seen_now(round) in stale.content.decode()
    assert not Selection.objects.exists()
    assert post(client, round).status_code == 302


# --- through the API


def test_api(client, programme, coordinator):
    round, ideas, _desks = judged(programme, PANEL, comment="Reči")
    said = client.get(f"/api/v1/rounds/{round.pk}/ranking/").json()
    assert (said["method"], said["decided"], said["results"][0]["idea"]) == ("mean", False, ideas[0].pk)
    assert client.get(f"/api/v1/rounds/{round.pk}/adjusted-ranking/").json()["method"] == "adjusted"
    body = {
        "round": round.pk, "method": "mean", "shortlisted": 2, "waiting": 2, "seen": said["seen"],
        "declined_reason": "no customer",
        "by_hand": [{"idea": ideas[2].pk, "verdict": "shortlisted", "reason": "a buyer"}],
    }  # fmt: skip
    stale = client.post("/api/v1/selections/", body | {"seen": "0-x"}, "application/json")
    assert (stale.status_code, list(stale.json())) == (400, ["seen"])
    made = client.post("/api/v1/selections/", body, "application/json")
    assert made.status_code == 201
    assert (made.json()["shortlisted"], made.json()["waiting"]) == (3, 1)
    assert client.post("/api/v1/selections/", body, "application/json").status_code == 400
    selection = made.json()["id"]
    assert client.get(f"/api/v1/selections/{selection}/check/").json() == {
        "is_sealed": True, "is_computed": True, "is_decided": True, "is_current": True,
    }  # fmt: skip
    found = client.get(f"/api/v1/decisions/?round={round.pk}&by_hand=true").json()["results"]
    assert [(row["idea"], row["verdict"], row["score"]) for row in found] == [
        (ideas[2].pk, "shortlisted", "3.333")
    ]
    comment = client.get(f"/api/v1/comments/?idea={ideas[2].pk}").json()["results"][0]
    cleared = client.post(
        f"/api/v1/comments/{comment['id']}/clearing/", {"words": "Kratko"}, "application/json"
    )
    assert cleared.json()["shared_comment"] == "Kratko"
    feedback = client.get(f"/api/v1/decisions/{found[0]['id']}/feedback/").json()
    assert (feedback["reviews"], feedback["field"], feedback["comments"]) == (3, 6, ["Kratko"])
    client.post(f"/api/v1/comments/{comment['id']}/taking-back/", "", "application/json")
    assert client.get(f"/api/v1/comments/{comment['id']}/").json()["cleared_at"] is None
    renewed = client.post(f"/api/v1/decisions/{found[0]['id']}/link-renewal/", "", "application/json")
    assert renewed.json()["revision"] == 2


def test_api_for_others(client, programme):
    round, ideas, _desks = judged(programme, PANEL, comment="Reči")
    selection = make_selection(round)
    owing = make_coordinator(programme)
    make_task(make_seat(round, owing.person), ideas[0])
    client.force_login(owing)
    assert client.get(f"/api/v1/decisions/?idea={ideas[0].pk}").json()["results"] == []
    assert client.get(f"/api/v1/comments/?idea={ideas[0].pk}").json()["results"] == []
    assert client.get(f"/api/v1/selections/{selection.pk}/check/").status_code == 403
    client.force_login(make_coordinator(make_programme()))
    for path in (f"rounds/{round.pk}/ranking/", f"selections/{selection.pk}/", "decisions/1/feedback/"):
        assert client.get(f"/api/v1/{path}").status_code == 404
    address = f"/api/v1/comments/{ReviewTask.objects.filter(state='done').first().pk}/clearing/"
    assert client.post(address, {"words": "x"}, "application/json").status_code == 404
