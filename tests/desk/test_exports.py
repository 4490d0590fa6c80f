"""Programmes and pairs of alike ideas taken along, and that every list of the house can be."""

import re

import pytest
from django.urls import reverse

from config.policy import table as policy
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_idea,
    make_programme,
    make_trainer,
)
from tests.taken import KINDS, content, everywhere, rows, table, take

PROGRAMMES, ALIKE = "desk:programme_export", "ideas:duplicate_export"
# the demo's letters, the reader's own keys, files that were brought, and places: no records of a programme
NOT_TAKEN = {"desk:postbox_list", "people:token_list", "desk:import_list", "training:venue_list"}
# settings of a programme; files themselves; what stands in the history of a session; pairs to decide on
NOT_TAKEN |= {
    "training:eligibility_list",
    "training:signatory_list",
    "training:pack_list",
    "training:group_list",
}
NOT_TAKEN |= {"training:check_in_list", "training:twin_list", "training:group_list"}
NOT_TAKEN |= {"mentoring:offer_list"}  # what is to be done; its rows stand in the list of assignments
NOT_TAKEN |= {"ideas:aim_list"}  # a handful of words, all on one page
NOT_TAKEN |= {"ideas:desk_list"}  # of one idea; they stand among the reviews of the round
NOT_TAKEN |= {"outcomes:lock_list", "outcomes:questionnaire_list"}  # settings of a programme
NOT_TAKEN |= {"reminders:rule_list"}  # settings of a programme, one of each kind
NOT_TAKEN |= {"mentoring:declaration_list"}  # her own; those of a programme stand among its conflicts


@pytest.fixture
def programme(db):
    return make_programme(name="Start-up", name_sr="Preduzetnice", participants="women")


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme))
    return client


def test_every_list_can_be_taken_along_by_who_may_read_it():
    who = {route: line.roles for (route, method), line in policy().items() if method == "GET"}
    lists = {
        r for r in who if re.fullmatch(r"\w+:\w+_list", r) and r not in NOT_TAKEN and not r.startswith("api:")
    }
    missing = {r for r in lists if who.get(r.replace("_list", "_export")) != who[r]}
    assert missing == set()


def test_programmes_are_those_of_the_page(coordinator, programme):
    make_enrolment(programme)
    make_idea(programme)
    page = coordinator.get(reverse("desk:programme_list"))
    shown = [row.code for row in page.context["page"].object_list]
    assert everywhere(coordinator, PROGRAMMES, column="code") == shown == [programme.code]
    found = rows(coordinator, PROGRAMMES)[0]
    assert (found["programme"], found["participants"], found["people"], found["ideas"]) == (
        "Start-up",
        "women",
        1,
        1,
    )
    assert found["last_day"] == f"{programme.last_day}"


def test_an_administrator_takes_along_those_of_her_organisation_only(client, programme):
    others = make_programme()
    client.force_login(make_administrator(programme.tenant))
    assert [row["code"] for row in rows(client, PROGRAMMES)] == [programme.code]
    assert others.code not in content(take(client, PROGRAMMES, kind="csv")).decode()


def test_a_reader_of_serbian_gets_her_own_words(coordinator, programme):
    user = programme.memberships.get().person.user
    user.language = "sr-latn"
    user.save()
    answered = take(coordinator, PROGRAMMES, kind="csv")
    line = b"".join(answered.streaming_content).decode("utf-8-sig").splitlines()[1].split(";")
    assert line[:2] == [programme.code, "Preduzetnice"]


def test_alike_are_the_pairs_of_the_page(coordinator, programme):
    for words in ("Sušara za voće", "Sušara za voće i povrće"):
        make_idea(programme, title=words, summary="Zajednička sušara za pet sela i voće.")
    make_idea(programme, title="Pekara u kvartu", summary="Hleb od starog brašna.")
    page = coordinator.get(reverse("ideas:duplicate_list", args=[programme.code]))
    shown = [side.ideas[0].title for side in page.context["page"].object_list]
    assert shown
    assert everywhere(coordinator, ALIKE, programme.code, column="one") == shown
    side = page.context["page"].object_list[0]
    found = rows(coordinator, ALIKE, programme.code)[0]
    assert (found["percent"], found["shared_words"]) == (side.most, side.words)


def test_a_stranger_gets_nothing_and_a_trainer_may_not(client, programme):
    client.force_login(make_coordinator(make_programme()))
    assert take(client, ALIKE, programme.code).status_code == 404
    client.force_login(make_trainer(programme))
    assert take(client, ALIKE, programme.code).status_code == 403
    assert table(client, PROGRAMMES)[1][0] == programme.code


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_programmes_cost_the_same_for_one_and_for_three(
    client, n, kind, programme, django_assert_num_queries
):
    for _ in range(n - 1):
        make_enrolment(make_programme(programme.tenant))
    client.force_login(make_administrator(programme.tenant))
    with django_assert_num_queries(4):
        content(take(client, PROGRAMMES, kind=kind))
