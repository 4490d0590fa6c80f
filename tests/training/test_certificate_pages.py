"""The pages of certificates: for staff, for the holder, and the public one that checks them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib import signing
from tests.factories import (
    NOW,
    make_attendance,
    make_certificate,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_module,
    make_person,
    make_programme,
    make_session,
    make_signatory,
    make_trainer,
    make_user,
)
from training import services
from training.certificates import content, shown
from training.models import Certificate, Signatory

pytestmark = pytest.mark.django_db
CHOSEN = ["name", "hours", "modules", "dates"]


@pytest.fixture
def programme():
    return make_programme(code="start-up", name="Start-up", name_sr="Start-up obuka")


@pytest.fixture
def coordinator(programme):
    return make_coordinator(programme)


@pytest.fixture
def holder(programme):
    user = make_user(programme.tenant)
    make_person(user=user, name="Ana Anić")
    return user


def completed(programme, **fields):
    """Somebody who was there the whole day of a module."""
    row = make_enrolment(programme, **fields)
    module = programme.modules.first() or make_module(programme, name="Money", name_sr="Novac")
    session = programme.sessions.first() or make_session(programme, module=module)
    make_attendance(make_entry(session, row))
    return row


@pytest.fixture
def certificate(programme, holder):
    return make_certificate(completed(programme, person=holder.person), number="START-UP-0007")


def address(certificate, edition=1):
    row = certificate.editions.get(edition=edition)
    return reverse("training:certificate_check", args=[content.token_of(row)])


# --- the check page


def test_it_says_that_it_is_valid_and_nothing_that_was_not_chosen(client, certificate):
    answer = client.get(address(certificate))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Certificate START-UP-0007 is valid" in page and certificate.tenant.name in page
    assert [word for word in ("Ana Anić", "4 h", "Money", "80 %", "12 Mar") if word in page] == []
    assert answer["X-Robots-Tag"] == "noindex" and '<meta name="robots" content="noindex">' in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("chosen", CHOSEN)
def test_each_choice_shows_itself_and_no_other(client, certificate, chosen):
    services.choose_what_shows(by=None, certificate=certificate, shows=[chosen])
    facts = client.get(address(certificate), headers={"accept": "application/json"}).json()
    always = {"state", "number", "issuer", "programme", "edition", "newest_edition"}
    assert set(facts) - always == {chosen}
    page = client.get(address(certificate)).content.decode()
    words = {"name": "Ana Anić", "hours": "attended were", "modules": "Money", "dates": "12 Mar"}
    assert {name for name, word in words.items() if word in page} == {chosen}


def test_hours_come_with_the_rule_worked_out(client, certificate):
    services.choose_what_shows(by=None, certificate=certificate, shows=["hours"])
    facts = client.get(address(certificate), headers={"accept": "application/json"}).json()
    assert facts["hours"] == {
        "attended_minutes": 240,
        "planned_minutes": 240,
        "completes_from_per_cent": 80,
        "completes_from_minutes": 192,
        "meets": True,
    }
    page = client.get(address(certificate)).content.decode().replace("\u00a0", " ")
    assert "From 80" not in page  # the rule is one sentence with its example
    assert "of 4 h that is 3 h 12 min; attended were 4 h." in page


def test_revoked_says_when_and_never_why(client, certificate, coordinator):
    services.choose_what_shows(by=None, certificate=certificate, shows=CHOSEN)
    services.revoke_certificate(by=coordinator, certificate=certificate, reason="TAJNA", now=NOW)
    answer = client.get(address(certificate))
    page = answer.content.decode()
    assert "was revoked on 12 Mar 2025" in page
    assert [word for word in ("TAJNA", "Ana Anić", "Money") if word in page] == []
    facts = client.get(address(certificate), headers={"accept": "application/json"}).json()
    assert (facts["state"], facts["revoked_on"]) == ("revoked", "2025-03-12")
    assert set(facts) & set(CHOSEN) == set()


def test_an_older_edition_says_that_there_is_a_newer_one(client, certificate, coordinator):
    person = certificate.enrolment.person
    person.name = "Ana Horvat"
    person.save()
    services.reissue_certificate(by=coordinator, certificate=certificate, now=NOW + timedelta(days=1))
    services.choose_what_shows(by=None, certificate=certificate, shows=["name"])
    old, new = (client.get(address(certificate, n)).content.decode() for n in (1, 2))
    assert "is edition 1; edition 2 has replaced it" in old and "has replaced it" not in new
    assert "Ana Horvat" in old and "Ana Anić" not in old


@pytest.mark.parametrize("wrong", ["x", "1-1-1.abc", "0-0-0.x", "ћирилица"])
def test_what_is_not_ours(client, certificate, wrong):
    answer = client.get(reverse("training:certificate_check", args=[wrong]))
    assert answer.status_code == 404
    assert "This is not one of our certificates" in answer.content.decode()
    said = client.get(
        reverse("training:certificate_check", args=[wrong]), headers={"accept": "application/json"}
    )
    assert (said.status_code, said.json()) == (404, {"state": "not_ours"})


def test_signed_for_something_else_or_taken_back_is_not_ours(client, certificate):
    for token in (signing.sign("training.wall", certificate.editions.get().pk, 1),):
        assert client.get(reverse("training:certificate_check", args=[token])).status_code == 404
    printed = address(certificate)
    Certificate.objects.update(revision=2)
    assert client.get(printed).status_code == 404


def test_an_erased_holder_leaves_a_valid_number(client, certificate):
    certificate.editions.update(said={})
    services.choose_what_shows(by=None, certificate=certificate, shows=CHOSEN)
    answer = client.get(address(certificate))
    assert answer.status_code == 200 and "START-UP-0007 is valid" in answer.content.decode()


def test_a_machine_that_tries_is_asked_to_wait(client, certificate, monkeypatch):
    monkeypatch.setattr("training.views.certificate.CHECKS", 3)
    answers = [client.get(address(certificate)).status_code for _n in range(4)]
    assert answers == [200, 200, 200, 429]


def test_the_check_page_costs_the_same_for_one_module_and_for_three(client, programme, certificate):
    services.choose_what_shows(by=None, certificate=certificate, shows=CHOSEN)
    found, printed = [], address(certificate)
    for _n in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            client.get(printed)
        found.append(len(asked))
        edition = certificate.editions.get()
        edition.said["modules"] *= 3
        edition.save()
    assert found == [3, 3]  # the edition; the newest; which languages are offered


# --- staff


def test_the_list_says_who_may_have_one_who_has_one_and_who_may_not(
    client, coordinator, programme, certificate
):
    completed(programme, person=make_person(programme.tenant, name="Mira Mirić"))
    absent = make_enrolment(programme, person=make_person(programme.tenant, name="Vida Vidić"))
    make_attendance(make_entry(programme.sessions.get(), absent), status="absent", minutes=0)
    client.force_login(coordinator)
    page = client.get(reverse("training:certificate_list", args=["start-up"])).content.decode()
    assert "2 completed it; 1 certificate can be issued" in page
    assert "START-UP-0007" in page and "no longer reachable" in page
    assert page.count("/certificate/") == 1  # a button for Mira alone


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, coordinator, programme, n):
    for _n in range(n):
        make_certificate(completed(programme))
    client.force_login(coordinator)
    client.get(reverse("training:certificate_list", args=["start-up"]))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("training:certificate_list", args=["start-up"]))
    assert len(asked) == 9


@pytest.mark.parametrize("n", [1, 3])
def test_all_as_one_paper_costs_the_same_for_one_and_for_three(client, coordinator, programme, n):
    for _n in range(n):
        make_certificate(completed(programme))
    client.force_login(coordinator)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("training:certificate_all", args=["start-up"]))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert len(asked) == 6


def test_issue_by_hand_revoke_and_issue_again(client, coordinator, programme):
    enrolment = completed(programme)
    client.force_login(coordinator)
    answer = client.post(reverse("training:certificate_issue", args=[enrolment.pk]))
    row = Certificate.objects.get()
    assert answer.url == reverse("training:certificate_detail", args=[row.pk])
    revoke = reverse("training:certificate_revoke", args=[row.pk])
    assert client.post(revoke, {"reason": ""}).status_code == 422
    assert client.post(revoke, {"reason": "name misspelt"}).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "was revoked on" in page and "name misspelt" in page
    client.post(reverse("training:certificate_reissue", args=[row.pk]))
    assert "START-UP-0001 is valid" in client.get(answer.url).content.decode()
    assert client.get(reverse("training:certificate_pdf", args=[row.pk]) + "?edition=1").status_code == 200
    assert client.get(reverse("training:certificate_pdf", args=[row.pk]) + "?edition=9").status_code == 404


def test_refused_by_hand_in_words(client, coordinator, programme):
    enrolment = make_enrolment(programme, person=make_person(programme.tenant, name="Vida Vidić"))
    make_attendance(make_entry(make_session(programme), enrolment), status="absent", minutes=0)
    client.force_login(coordinator)
    answer = client.post(reverse("training:certificate_issue", args=[enrolment.pk]), follow=True)
    assert "Vida Vidić: 0 h of 4 h; 80 % are 3 h 12 min." in answer.content.decode()


def test_ticked_people_are_moved_to_completed(client, coordinator, programme):
    there, under = completed(programme), make_enrolment(programme)
    client.force_login(coordinator)
    page = client.get(reverse("training:certificate_list", args=["start-up"])).content.decode()
    assert "1 person met the rule and is still “enrolled”" in page
    keys = [there.pk, under.pk, "x", "⑨"]
    page = client.post(
        reverse("training:completion_create", args=["start-up"]), {"enrolment": keys}, follow=True
    ).content.decode()
    assert "1 person is completed now." in page and "stands on no roster" not in page
    there.refresh_from_db()
    assert there.state == "completed"


def test_who_signs(client, coordinator, programme):
    client.force_login(coordinator)
    address = reverse("training:signatory_list", args=["start-up"])
    assert client.post(address, {"name": ""}).status_code == 422
    client.post(address, {"name": "Jelena Jelić", "role": "Director", "role_sr": "direktorka"})
    row = Signatory.objects.get()
    client.post(reverse("training:signatory_edit", args=[row.pk]), {"name": "Jelena J.", "role": "Head"})
    row.refresh_from_db()
    assert (row.name, row.role, row.role_sr, row.position) == ("Jelena J.", "Head", "", 1)
    for _n in range(3):
        make_signatory(programme)
    answer = client.post(address, {"name": "Fifth"})
    assert (answer.status_code, Signatory.objects.count()) == (422, 4)
    client.post(reverse("training:signatory_remove", args=[row.pk]))
    assert Signatory.objects.filter(pk=row.pk).exists() is False


# --- the holder


def test_her_own_page_says_what_is_left_and_where_her_certificate_is(client, holder, certificate):
    client.force_login(holder)
    page = client.get(reverse("training:enrolment_detail", args=[certificate.enrolment_id])).content.decode()
    assert "4 h of 4 h; 80 % are 3 h 12 min. That is enough." in page
    assert "START-UP-0007" in page
    assert "Whoever checks it reads that it is valid, and nothing else." in page


def test_she_downloads_hers_and_chooses_what_it_shows(client, holder, certificate):
    client.force_login(holder)
    answer = client.get(reverse("training:certificate_pdf", args=[certificate.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="START-UP-0007.pdf"'
    client.post(reverse("training:certificate_shows", args=[certificate.pk]), {"shows": ["name", "hours"]})
    certificate.refresh_from_db()
    assert certificate.shows == ["name", "hours"]
    client.post(reverse("training:certificate_shows", args=[certificate.pk]), {"shows": ["phone"]})
    certificate.refresh_from_db()
    assert certificate.shows == ["name", "hours"]


def test_a_revoked_one_is_no_longer_hers_to_download(client, holder, coordinator, certificate):
    services.revoke_certificate(by=coordinator, certificate=certificate, reason="TAJNA", now=NOW)
    client.force_login(holder)
    assert client.get(reverse("training:certificate_pdf", args=[certificate.pk])).status_code == 403
    page = client.get(reverse("training:certificate_detail", args=[certificate.pk])).content.decode()
    assert "was revoked on" in page and "TAJNA" not in page


# --- strangers


ROUTES = [
    ("get", "certificate_list", "programme"), ("post", "certificate_issue_all", "programme"),
    ("get", "certificate_all", "programme"), ("post", "completion_create", "programme"),
    ("get", "signatory_list", "programme"), ("post", "signatory_list", "programme"),
    ("get", "signatory_edit", "signatory"), ("post", "signatory_edit", "signatory"),
    ("post", "signatory_remove", "signatory"), ("post", "certificate_issue", "enrolment"),
    ("get", "certificate_detail", "certificate"), ("get", "certificate_pdf", "certificate"),
    ("post", "certificate_reissue", "certificate"), ("post", "certificate_revoke", "certificate"),
    ("post", "certificate_shows", "certificate"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "route", "of"), ROUTES)
def test_strangers_find_nothing_and_trainers_change_nothing(
    client, programme, certificate, method, route, of
):
    rows = {
        "programme": programme.code,
        "signatory": make_signatory(programme).pk,
        "enrolment": certificate.enrolment_id,
        "certificate": certificate.pk,
    }
    target = reverse(f"training:{route}", args=[rows[of]])
    client.force_login(make_coordinator(make_programme()))
    assert getattr(client, method)(target).status_code == 404
    client.force_login(make_trainer(programme))
    reads = route in ("certificate_list", "certificate_all", "certificate_detail", "certificate_pdf")
    assert getattr(client, method)(target).status_code == (200 if reads else 403)


def test_facts_are_the_same_for_people_and_programs(certificate):
    row = content.edition_of(content.token_of(certificate.editions.get()))
    assert shown.shown(row)["programme"] == {"sr-latn": "Start-up obuka", "en": "Start-up"}
    assert shown.in_words(shown.shown(row), "sr")["programme_said"] == "Старт-уп обука"


def test_erased_certificates_are_left_out_of_the_one_paper_and_not_issued_again(
    client, coordinator, programme
):
    rows = [make_certificate(completed(programme)) for _n in range(3)]
    client.force_login(coordinator)
    whole = reverse("training:certificate_all", args=["start-up"])
    rows[0].editions.update(said={})
    assert client.get(whole)["Content-Type"] == "application/pdf"
    page = client.get(reverse("training:certificate_list", args=["start-up"])).content.decode()
    assert "1 certificate is left out: what it said was erased with the person." in page
    for row in rows:
        row.editions.update(said={})
    answer = client.get(whole, follow=True)
    assert "3 certificates are left out" in answer.content.decode()
    again = client.post(reverse("training:certificate_reissue", args=[rows[0].pk]), follow=True)
    assert f"What {rows[0].number} said was erased with the person" in again.content.decode()
    assert rows[0].editions.count() == 1
