"""Pages of results: the list, one of them, its evidence, introductions; who may what; how they look."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import StoredFile
from outcomes import services
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_assignment,
    make_coordinator,
    make_funder,
    make_funding,
    make_introduction,
    make_member,
    make_organisation,
    make_programme,
    make_session,
    make_trainer,
)
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.sweep import SMALL
from tests.taken import everywhere, rows

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"
LIST, NEW, ONE, EDIT = (f"outcomes:result_{name}" for name in ("list", "create", "detail", "edit"))
SENT = {"kind": "agreement", "title": "Joint purchase", "day": "2025-03-10", "countries": "Serbia; BA"}
SENT |= {"parties-TOTAL_FORMS": "3", "parties-INITIAL_FORMS": "0"}


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def result(by, programme):
    return make_result(by, programme)


def make_result(by, programme, **said):
    plain = {"kind": "agreement", "title": "Joint purchase", "day": TODAY}
    return services.save_result(by=by, programme=programme, now=NOW, **plain | said)


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_one_is_written_down_with_its_parties(client, by, programme):
    known, funding = make_organisation(programme.tenant, name="Zadruga Užice"), make_funding(programme)
    sign_in(client, by)
    url = reverse(NEW, args=[programme.code])
    assert client.get(url).status_code == 200
    parties = {"parties-0-name": "zadruga uzice", "parties-0-role": "buyer", "parties-2-name": "A grocer"}
    session = make_session(programme)
    more = {"session": session.pk, "reported_to": [funding.pk], "attribution": "contributed"}
    answer = client.post(url, SENT | parties | more, follow=True)
    row = programme.results.get()
    assert answer.redirect_chain == [(reverse(ONE, args=[row.pk]), 302)]
    told = list(row.parties.values_list("organisation", "name", "role"))
    assert told == [(known.pk, "", "buyer"), (None, "A grocer", "")]
    assert (row.countries, row.session, list(row.reported_to.all())) == (["RS", "BA"], session, [funding])
    shown = text(answer)
    for words in ("Zadruga Užice", "A grocer", "Serbia, Bosnia", "the programme contributed"):
        assert words in shown, words
    assert "Nothing shows it yet" in shown


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, by, programme):
    sign_in(client, by)
    url = reverse(NEW, args=[programme.code])
    wrong = SENT | {"countries": "Atlantis", "parties-0-role": "buyer", "note": "Signed on Friday"}
    answer = client.post(url, wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["countries"])
    assert answer.context["parties"][0].errors == {"name": ["Write the name."]}
    assert ("Signed on Friday" in text(answer), "“Atlantis” is no country" in text(answer)) == (True, True)
    services.lock_period(
        by=by, programme=programme, start=TODAY.replace(day=1), end=TODAY, now=NOW + timedelta(days=1)
    )
    answer = client.post(url, SENT)
    assert (answer.status_code, "is locked: its facts stay" in text(answer)) == (422, True)
    assert programme.results.count() == 0


def test_it_is_changed_taken_back_and_counts_again(client, by, programme, result):
    sign_in(client, by)
    services.save_result(by=by, result=result, parties=[{"name": "A grocer", "role": "buyer"}], now=NOW)
    page = text(client.get(reverse(EDIT, args=[result.pk])))
    assert ('value="A grocer"' in page, 'value="buyer"' in page) == (True, True)
    initial = {"parties-TOTAL_FORMS": "4", "parties-INITIAL_FORMS": "1", "parties-0-name": ""}
    assert client.post(reverse(EDIT, args=[result.pk]), SENT | initial).status_code == 302
    assert (result.parties.count(), programme.results.get().countries) == (0, ["RS", "BA"])
    withdraw = reverse("outcomes:result_withdraw", args=[result.pk])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    answer = client.post(withdraw, {"reason": "One side only."}, follow=True)
    assert "One side only." in text(answer)
    listed = client.get(reverse(LIST, args=[programme.code]))
    assert ("No result is written down yet" in text(listed), "1 was taken back" in text(listed)) == (
        True,
        True,
    )
    back = client.get(reverse(LIST, args=[programme.code]), {"standing": "withdrawn"})
    assert "1 result was taken back" in text(back)
    client.post(reverse("outcomes:result_restore", args=[result.pk]))
    assert "1 result, and no evidence of it yet" in text(client.get(reverse(LIST, args=[programme.code])))


HEADINGS = {  # (results, with evidence): in English, in both scripts of Serbian
    (0, 0): ("No result is written down yet", "Još nije upisan nijedan rezultat",
             "Још није уписан ниједан резултат"),
    (1, 0): ("1 result, and no evidence of it yet", "1 rezultat, i još bez dokaza",
             "1 резултат, и још без доказа"),
    (1, 1): ("1 result, with evidence", "1 rezultat, sa dokazom", "1 резултат, са доказом"),
    (2, 1): ("2 results, 1 of them with evidence", "2 rezultata, 1 sa dokazom", "2 резултата, 1 са доказом"),
    (2, 2): ("2 results, all of them with evidence", "2 rezultata, svi sa dokazom",
             "2 резултата, сви са доказом"),
    (5, 0): ("5 results, and no evidence of any of them yet", "5 rezultata, i još bez ijednog dokaza",
             "5 резултата, и још без иједног доказа"),
}  # fmt: skip


@pytest.mark.parametrize(("n", "shown"), HEADINGS)
def test_the_heading_says_how_many_there_are_and_how_many_are_shown(client, by, programme, n, shown):
    for number in range(n):
        row = make_result(by, programme, title=f"R{number}")
        if number < shown:
            services.add_evidence(by=by, result=row, address="https://example.org/a", now=NOW)
    for language, words in zip(("en", "sr-latn", "sr"), HEADINGS[n, shown], strict=True):
        by.language = language
        by.save()
        sign_in(client, by)
        assert f"<h1>{words}</h1>" in text(client.get(reverse(LIST, args=[programme.code])))


def test_nothing_was_taken_back(client, by, programme):
    sign_in(client, by)
    page = client.get(reverse(LIST, args=[programme.code]), {"standing": "withdrawn"})
    assert "<h1>No result was taken back</h1>" in text(page)


def test_its_evidence_is_sent_handed_over_and_taken_away(client, by, result):
    sign_in(client, by)
    create = reverse("outcomes:evidence_create", args=[result.pk])
    for name, content in (("a.exe", b"MZ"), ("a.pdf", b"<html>"), ("a.html", b"<script>")):
        answer = client.post(create, {"file": SimpleUploadedFile(name, content)})
        assert (answer.status_code, list(answer.context["evidence_form"].errors)) == (422, ["file"])
    answer = client.post(create, {"address": "javascript:alert(1)"})
    assert (answer.status_code, list(answer.context["evidence_form"].errors)) == (422, ["address"])
    sent = {"file": SimpleUploadedFile("Potpisi.pdf", PDF), "caption": "Both signed"}
    assert ["Potpisi.pdf" in text(client.post(create, sent, follow=True))] == [True]
    piece = result.evidence.get()
    file = client.get(reverse("outcomes:evidence_file", args=[piece.pk]))
    assert b"".join(file.streaming_content) == PDF
    said = (file["Content-Disposition"], file["X-Content-Type-Options"], file["Cache-Control"])
    assert said == ('attachment; filename="Potpisi.pdf"', "nosniff", "no-store")
    client.post(create, {"address": "https://example.org/article"})
    address = result.evidence.get(file=None)
    assert client.get(reverse("outcomes:evidence_file", args=[address.pk])).status_code == 404
    client.post(reverse("outcomes:evidence_remove", args=[piece.pk]))
    assert (list(result.evidence.all()), StoredFile.objects.count()) == ([address], 0)


def test_one_press_makes_a_result_of_what_an_introduction_led_to(client, by, programme):
    pair = make_assignment(programme=programme)
    led = make_introduction(pair, name="Zadruga", came="agreed", came_on=TODAY)
    make_introduction(pair, name="A grocer", came="talks")
    sign_in(client, by)
    url = reverse(LIST, args=[programme.code])
    page = client.get(url)
    assert [one.name for one in page.context["led"]] == ["Zadruga"]
    press = reverse("outcomes:result_introduced", args=[led.pk])
    answer = client.post(press, follow=True)
    assert (answer.redirect_chain[0][0], client.post(press).status_code) == (
        reverse(ONE, args=[programme.results.get().pk]), 302,
    )  # fmt: skip
    page = client.get(url)
    assert (page.context["led"], [row.title for row in page.context["page"]]) == (
        [], ["Introduction to Zadruga"],
    )  # fmt: skip


def test_the_list_is_narrowed_and_taken_along(client, by, programme):
    sign_in(client, by)
    one = make_result(by, programme, title="Ugovor", kind="contract", countries=["RS"], place="Niš")
    two = make_result(by, programme, day=TODAY - timedelta(days=9), countries=["BA", "IT"], number=2)
    services.save_result(by=by, result=two, parties=[{"name": "Zadruga"}, {"name": "Opština"}], now=NOW)
    services.add_evidence(by=by, result=two, address="https://example.org/a", now=NOW)
    url = reverse(LIST, args=[programme.code])
    for asked, found in (
        ({}, [one, two]),
        ({"q": "niš"}, [one]),
        ({"q": "zadruga"}, [two]),
        ({"kind": "contract"}, [one]),
        ({"country": "IT"}, [two]),
        ({"shown": "yes"}, [two]),
        ({"shown": "no"}, [one]),
        ({"standing": "withdrawn"}, []),
        ({"q": "nothing"}, []),
    ):
        assert list(client.get(url, asked).context["page"]) == found, asked
    route = "outcomes:result_export"
    assert everywhere(client, route, programme.code, column="title") == ["Ugovor", "Joint purchase"]
    taken = rows(client, route, programme.code)[1]
    said = (taken["parties"], taken["countries"], taken["evidence"], float(taken["number"]))
    assert said == ("Opština; Zadruga", "BA; IT", 1, 2.0)
    assert [row["title"] for row in rows(client, route, programme.code, country="RS")] == ["Ugovor"]


def test_trainers_read_and_write_nothing_the_others_find_nothing(client, by, programme, result):
    piece = services.add_evidence(by=by, result=result, file=PDF, name="a.pdf", now=NOW)
    led = make_introduction(make_assignment(programme=programme), came="agreed")
    read = [
        reverse(LIST, args=[programme.code]),
        reverse("outcomes:result_export", args=[programme.code, "csv"]),
        reverse(ONE, args=[result.pk]),
        reverse("outcomes:evidence_file", args=[piece.pk]),
    ]
    write = [
        reverse(NEW, args=[programme.code]),
        reverse(EDIT, args=[result.pk]),
        reverse("outcomes:result_withdraw", args=[result.pk]),
        reverse("outcomes:result_restore", args=[result.pk]),
        reverse("outcomes:evidence_create", args=[result.pk]),
        reverse("outcomes:evidence_remove", args=[piece.pk]),
        reverse("outcomes:result_introduced", args=[led.pk]),
    ]
    who = {
        "trainer": (make_trainer(programme), {200}, {403}),
        "mentor": (make_member(programme, "mentor"), {403}, {403}),
        "funder": (make_funder(programme), {403}, {403}),
        "stranger": (make_coordinator(make_programme()), {404}, {404}),
        "another": (make_coordinator(make_programme(programme.tenant)), {404}, {404}),
        "administrator": (make_administrator(programme.tenant), {200}, None),
    }
    for name, (user, reads, writes) in who.items():
        sign_in(client, user)
        assert {client.get(url).status_code for url in read} == reads, name
        if writes:
            assert {client.post(url, SENT | {"reason": "x"}).status_code for url in write} == writes, name
    assert (programme.results.get().title, programme.results.get().evidence.count()) == ("Joint purchase", 1)
    sign_in(client, who["trainer"][0])
    assert "Take the result back" not in text(client.get(read[2]))


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(client, by, programme, n, django_assert_num_queries):
    funding, known = make_funding(programme), make_organisation(programme.tenant)
    for number in range(n):
        row = make_result(by, programme, title=f"R{number}", reported_to=[funding])
        services.save_result(by=by, result=row, parties=[{"organisation": known}], now=NOW)
        for part in range(n):
            services.add_evidence(by=by, result=row, address=f"https://example.org/{part}", now=NOW)
        make_introduction(make_assignment(programme=programme), came="agreed")
    sign_in(client, by)
    client.get(reverse(LIST, args=[programme.code]))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse(LIST, args=[programme.code]))
    with django_assert_num_queries(ONE_QUERIES):
        client.get(reverse(ONE, args=[row.pk]))


LIST_QUERIES, ONE_QUERIES = 14, 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_they_can_be_read_by_everybody(open_page, size, language, tmp_path):
    programme = make_programme()
    by = make_coordinator(programme)
    where = {"countries": ["RS", "BA"], "place": "Zlatibor"}
    row = make_result(by, programme, title="Sporazum o zajedničkoj nabavci", **where)
    services.save_result(by=by, result=row, parties=[{"name": "Zadruga", "role": "buyer"}], now=NOW)
    services.add_evidence(by=by, result=row, file=PDF, name="Potpisi.pdf", caption="Both signed", now=NOW)
    make_introduction(make_assignment(programme=programme), name="Opština", came="agreed", came_on=TODAY)
    by.language = language
    by.save()
    page = open_page(size=size, language=language, user=by)
    for route, of in ((LIST, programme.code), (ONE, row.pk), (EDIT, row.pk), (NEW, programme.code)):
        page.goto(reverse(route, args=[of]))
        assert (axe(page), overflow(page), page.evaluate(SMALL)) == ([], 0, []), route
