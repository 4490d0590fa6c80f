"""Pages of waves: the list with its response, adding, asking, who answered, what they answered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes import services
from outcomes.models import Invitation, Wave
from tests import factories as f
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.sweep import SMALL
from tests.outcomes.answered import sheet_of_all
from tests.taken import everywhere, rows

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LIST, NEW, ONE, EDIT, ASK, RESULTS = (
    f"outcomes:wave_{name}" for name in ("list", "create", "detail", "edit", "invite", "results")
)


@pytest.fixture
def world():
    today = f.today_there()
    made = sheet_of_all(opens=today - timedelta(days=3), closes=today + timedelta(days=10))
    made.by = f.make_coordinator(made.programme)
    return made


@pytest.fixture
def signed(client, world):
    client.force_login(world.by)
    return client


def text(answer) -> str:
    return answer.content.decode()


def asked(world, state="waiting", **said) -> Invitation:
    row = Invitation.objects.create(wave=world.wave, enrolment=f.make_enrolment(world.programme), state=state)
    for code, value in said.items():
        services.save_answer(
            by=None, invitation=row, question=world.questions[code], said=value, now=timezone.now()
        )
    return row


def test_the_list_says_how_many_answered_and_what_is_due(signed, world):
    asked(world, "answered")
    asked(world, "refused")
    asked(world, "withdrawn")
    page = text(signed.get(reverse(LIST, args=[world.programme.code])))
    for words in ("1 wave of questions needs a hand now", "6 months after the end", "1 of 3 answered, 33 %"):
        assert words in page, words
    assert "1 has still to answer." in page
    assert "Six months after" in page


def test_an_empty_programme_leads_to_its_questionnaires(client):
    programme = f.make_programme()
    client.force_login(f.make_coordinator(programme))
    page = text(client.get(reverse(LIST, args=[programme.code])))
    assert "Nothing is asked yet" in page
    assert reverse(NEW, args=[programme.code]) not in page


def test_a_wave_is_added_and_its_last_day_is_written(signed, world):
    url = reverse(NEW, args=[world.programme.code])
    assert signed.get(url).status_code == 200
    said = {"edition": world.wave.edition_id, "kind": "exit", "opens": "2025-06-01", "closes": "2025-06-30"}
    answer = signed.post(url, said, follow=True)
    row = Wave.objects.get(code="exit")
    assert answer.redirect_chain == [(reverse(ONE, args=[row.pk]), 302)]
    assert str(row.closes) == "2025-07-01"
    edit = reverse(EDIT, args=[row.pk])
    assert 'value="2025-06-30"' in text(signed.get(edit))
    assert signed.post(edit, said | {"closes": "2025-06-20"}).status_code == 302
    assert str(Wave.objects.get(code="exit").closes) == "2025-06-21"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "follow_up", "months": "6"}, "__all__"),  # is there
        ({"kind": "follow_up", "months": ""}, "__all__"),
        ({"kind": "exit", "opens": "2025-06-02", "closes": "2025-06-01"}, "closes"),
        ({"kind": "exit", "edition": ""}, "edition"),
    ],
)
def test_what_makes_no_wave_is_said(signed, world, said, field):
    said = {"edition": world.wave.edition_id} | said
    answer = signed.post(reverse(NEW, args=[world.programme.code]), said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Wave.objects.count() == 1


def test_everybody_who_takes_part_is_asked_once(signed, world):
    f.make_enrolment(world.programme)
    page = reverse(ONE, args=[world.wave.pk])
    assert "Ask 1 more person" in text(signed.get(page))
    ask = reverse(ASK, args=[world.wave.pk])
    assert "1 more person is asked." in text(signed.post(ask, follow=True))
    assert "Everybody who is to be asked is asked already." in text(signed.post(ask, follow=True))
    assert signed.get(ask).status_code == 302
    assert world.wave.invitations.count() == 2


def test_who_answered_and_who_not_and_the_way_to_her_interview(signed, world):
    done = asked(world, "answered")
    services.log_contact(by=world.by, invitation=done, way="phone", outcome="no_answer", now=NOW)
    url = reverse(ONE, args=[world.wave.pk])
    page = text(signed.get(url))
    for row in (done, world.invitation):
        assert reverse("outcomes:invitation_interview", args=[row.pk]) in page
    shown = signed.get(url, {"state": "answered"}).context["page"].object_list
    assert [(row.pk, row.attempts) for row in shown] == [(done.pk, 1)]
    assert [row.pk for row in signed.get(url, {"q": "mila nova"}).context["page"]] == [world.invitation.pk]
    assert "Nobody fits." in text(signed.get(url, {"q": "zzz"}))
    route = "outcomes:wave_export"
    assert sorted(row["state"] for row in rows(signed, route, world.wave.pk)) == ["answered", "waiting"]
    assert everywhere(signed, route, world.wave.pk, column="person", state="waiting") == ["Mila Nova"]


def test_results_count_only_who_answered(signed, world):
    asked(world, operating="yes", jobs="2", turnover={"amount": "100", "currency": "EUR"}, confidence="4")
    asked(world, operating="no", jobs="5", turnover={"amount": "300", "currency": "RSD"}, remark="Thanks")
    asked(world, operating="yes", jobs="3", turnover={"amount": "200", "currency": "EUR"})
    asked(world, jobs="10", practices={"codes": ["books", "prices"]}, registered="no")
    asked(world, practices={"codes": ["books"]})
    answer = signed.get(reverse(RESULTS, args=[world.wave.pk]))
    found = {one.item.wording.question.code: one for one in answer.context["questions"]}
    assert [(row.count, round(row.share)) for row in found["operating"].chosen] == [(2, 67), (1, 33)]
    assert [(row.label, row.count, row.share) for row in found["practices"].chosen][:2] == [
        ("I keep books", 2, 100), ("I count prices", 1, 50)
    ]  # fmt: skip
    assert [(row.n, row.median, row.mean) for row in found["jobs"].numbers] == [(4, Decimal("4"), 5)]
    money = [(row.currency, row.n, row.median, row.mean) for row in found["turnover"].numbers]
    assert money == [("EUR", 2, 150, 150), ("RSD", 1, 300, 300)]
    assert (found["registered_on"].n, found["registered"].n) == (0, 1)
    assert "Thanks" in text(answer)


def test_what_could_not_be_read_counts_for_nothing(signed, world):
    world.invitation.answers.create(question=world.questions["jobs"], text="a few", is_unread=True)
    answer = signed.get(reverse(RESULTS, args=[world.wave.pk]))
    found = {one.item.wording.question.code: one for one in answer.context["questions"]}
    assert (found["jobs"].n, found["jobs"].unread, found["jobs"].numbers) == (0, 1, [])
    assert "1 answer could not be read" in text(answer)


def test_of_many_words_the_first_fifty_are_shown_and_all_are_in_the_sheet(signed, world):
    for number in range(51):
        asked(world, remark=f"R{number}")
    url = reverse("outcomes:wave_answers", args=[world.wave.pk, "xlsx"])
    page = text(signed.get(reverse(RESULTS, args=[world.wave.pk])))
    assert page.count("<q>R") == 50
    assert "The first 50 of 51." in page
    assert f'href="{url}"' in page
    said = everywhere(signed, "outcomes:wave_answers", world.wave.pk, column="text")
    assert said == [f"R{number}" for number in range(51)]


def test_of_fifty_words_nothing_is_left_out(signed, world):
    for number in range(50):
        asked(world, remark=f"R{number}")
    assert "The first" not in text(signed.get(reverse(RESULTS, args=[world.wave.pk])))


def test_answers_are_taken_along_by_coordinators_only(client, signed, world):
    asked(world, jobs="2", remark="Thanks")
    found = rows(signed, "outcomes:wave_answers", world.wave.pk)
    assert [(row["question"], row["number"], row["text"]) for row in found] == [
        ("jobs", 2, ""),
        ("remark", None, "Thanks"),
    ]
    url = reverse("outcomes:wave_answers", args=[world.wave.pk, "csv"])
    for user, status in (
        (f.make_trainer(world.programme), 403),
        (f.make_coordinator(f.make_programme()), 404),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status


def test_trainers_read_no_words_and_change_nothing(client, world):
    asked(world, remark="My husband sold it")
    client.force_login(f.make_trainer(world.programme))
    page = text(client.get(reverse(RESULTS, args=[world.wave.pk])))
    assert "My husband" not in page
    assert "What was said in words is read by the coordinators." in page
    page = text(client.get(reverse(ONE, args=[world.wave.pk])))
    assert "/interviews/" not in page
    assert reverse(EDIT, args=[world.wave.pk]) not in page


def test_who_may_read_and_who_may_ask(client, world):
    programme, one = world.programme, [world.wave.pk]
    read = [reverse(LIST, args=[programme.code]), reverse(ONE, args=one), reverse(RESULTS, args=one)]
    read += [reverse("outcomes:wave_export", args=[*one, "csv"])]
    write = [reverse(NEW, args=[programme.code]), reverse(EDIT, args=one), reverse(ASK, args=one)]
    who = {
        "trainer": (f.make_trainer(programme), {200}, {403}),
        "mentor": (f.make_member(programme, "mentor"), {403}, {403}),
        "funder": (f.make_funder(programme), {403}, {403}),
        "stranger": (f.make_coordinator(f.make_programme()), {404}, {404}),
        "another": (f.make_coordinator(f.make_programme(programme.tenant)), {404}, {404}),
        "administrator": (f.make_administrator(programme.tenant), {200}, None),
    }
    for name, (user, reads, writes) in who.items():
        client.force_login(user)
        assert {client.get(url).status_code for url in read} == reads, name
        if writes:
            assert {client.post(url, {"kind": "exit"}).status_code for url in write} == writes, name
    assert (Wave.objects.count(), Invitation.objects.count()) == (1, 1)


QUERIES = {LIST: 8, ONE: 9, RESULTS: 12}


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(signed, world, n, django_assert_num_queries):
    for number in range(n):
        asked(world, operating="yes", jobs="2", practices={"codes": ["books"]}, remark=f"R{number}")
        said = {"edition": world.wave.edition, "kind": "follow_up", "months": 20 + number}
        services.save_wave(by=world.by, programme=world.programme, **said)
    signed.get(reverse(LIST, args=[world.programme.code]))
    for route, queries in QUERIES.items():
        of = world.programme.code if route == LIST else world.wave.pk
        with django_assert_num_queries(queries):
            signed.get(reverse(route, args=[of]))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_they_can_be_read_by_everybody(open_page, world, size, language):
    asked(world, operating="yes", jobs="2", turnover={"amount": "150", "currency": "EUR"}, remark="Hvala")
    asked(world, operating="no", practices={"codes": ["books", "other"], "other": "Pijaca"}, confidence="7")
    asked(world, "refused")
    world.by.language = language
    world.by.save()
    page = open_page(size=size, language=language, user=world.by)
    for route in (LIST, NEW, ONE, EDIT, RESULTS):
        page.goto(reverse(route, args=[world.programme.code if route in (LIST, NEW) else world.wave.pk]))
        assert (axe(page), overflow(page), page.evaluate(SMALL)) == ([], 0, []), route
