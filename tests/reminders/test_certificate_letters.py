"""The letters about certificates: to who holds one, with a page of her own; to who is asked to check it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reminders.kinds.due import Recipient
from reminders.models import Rule
from tests.factories import (
    NOW,
    make_certificate,
    make_coordinator,
    make_enrolment,
    make_person,
    make_programme,
    make_user,
)
from tests.fixtures.browser import PHONE, axe, overflow
from tests.reminders.letters import Letters
from training import services
from training.certificates import content, holder
from training.models import CheckInvitation
from training.services.checks import MOST

pytestmark = pytest.mark.django_db
Kind = Rule.Kind
BANK = "loans@bank.example"


@pytest.fixture
def certificate():
    programme = make_programme(name="Start-up")
    programme.tenant.name = "Center"
    programme.tenant.save()
    her = make_person(programme.tenant, name="Mila Nova", language="en", email="mila@primer.example")
    return make_certificate(make_enrolment(programme, person=her, state="completed"), number="START-0001")


def letters(certificate, kind) -> Letters:
    return Letters(certificate.enrolment.programme, kind)


def invite(certificate, email=BANK, by=None, now=NOW, **said):
    return services.invite_to_check(
        by=by, certificate=certificate, email=email, now=now, **{"language": "en"} | said
    )


# --- to the holder


def test_ready_with_a_page_that_needs_no_account(certificate, client):
    ready = letters(certificate, Kind.CERTIFICATE_READY)
    [one] = ready.due()
    her = certificate.enrolment.person_id
    assert one[:5] == (her, certificate.pk, 1, NOW, None)
    words = ready.says(ready.written(one))
    assert words.subject == "Your certificate of Start-up is ready"
    assert words.lines[0] == "You completed Start-up: certificate START-0001 is ready."
    assert words.lines[-1] == f"Its check page: {content.address(certificate.editions.last())}"
    assert words.url == holder.address(certificate)
    assert client.get("/" + words.url.split("/", 3)[3]).status_code == 200


def test_once_for_each_edition_while_it_is_valid(certificate):
    ready = letters(certificate, Kind.CERTIFICATE_READY)
    first = ready.planned()
    assert ready.untrue(first) == ""
    said = certificate.editions.last().said
    certificate.editions.create(edition=2, said=said, at=NOW)
    assert [one.revision for one in ready.due()] == [2]
    assert ready.untrue(first) == "It was issued again since."
    services.revoke_certificate(by=None, certificate=certificate, reason="a mistake", now=NOW)
    assert (ready.due(), ready.untrue(first)) == ([], "The certificate was revoked.")


def test_old_ones_and_erased_ones_are_news_to_nobody(certificate):
    ready = letters(certificate, Kind.CERTIFICATE_READY)
    assert ready.due(NOW + timedelta(days=7)) == []
    reminder = ready.planned()
    certificate.editions.update(said={})
    assert (ready.due(), ready.untrue(reminder)) == ([], "The certificate is gone.")


# --- to who is asked to check it


def test_to_the_address_that_was_given_in_its_language(certificate):
    check = letters(certificate, Kind.CERTIFICATE_CHECK)
    row = invite(certificate, language="sr")
    reminder = check.planned()
    assert (reminder.person, reminder.subject_id) == (None, row.pk)
    assert check.kind.to(reminder) == Recipient(BANK, "sr")
    assert check.untrue(reminder) == ""
    assert check.due(NOW + timedelta(days=7)) == []


@pytest.mark.parametrize("shows", [[], ["name"], ["hours", "name"]])
def test_it_says_no_more_than_the_holder_allows(certificate, shows):
    services.choose_what_shows(by=None, certificate=certificate, shows=shows)
    check = letters(certificate, Kind.CERTIFICATE_CHECK)
    invite(certificate)
    words = check.says(check.planned())
    everything = " ".join([words.subject, *words.lines, words.why])
    assert ("Mila" in everything) == ("name" in shows)
    who = "Mila Nova" if "name" in shows else "Its holder"
    assert words.lines[0] == f"{who} asks you to check certificate START-0001."
    assert words.lines[1] == "It was issued by Center for completing Start-up."
    assert ("the hours" in words.lines[2]) == ("hours" in shows)
    assert words.url == content.address(certificate.editions.last())


def test_asked_by_whoever_issued_it_the_organisation_asks(certificate):
    check = letters(certificate, Kind.CERTIFICATE_CHECK)
    invite(certificate, by=make_coordinator(certificate.enrolment.programme))
    assert check.says(check.planned()).lines[0] == "Center asks you to check certificate START-0001."


def test_a_revoked_one_and_one_that_is_gone_are_untrue(certificate):
    check = letters(certificate, Kind.CERTIFICATE_CHECK)
    row = invite(certificate)
    reminder = check.planned()
    services.revoke_certificate(by=None, certificate=certificate, reason="a mistake", now=NOW)
    assert (check.due(), check.untrue(reminder)) == ([], "The certificate was revoked.")
    row.delete()
    assert check.untrue(reminder) == "The invitation is gone."


@pytest.mark.parametrize("kind", [Kind.CERTIFICATE_READY, Kind.CERTIFICATE_CHECK])
def test_as_many_questions_for_three_as_for_one(certificate, kind, django_assert_num_queries):
    check = letters(certificate, kind)
    invite(certificate)
    for people in (1, 3):
        with django_assert_num_queries(1):
            found = check.due()
        assert len(found) == people
        for _more in range(2):
            invite(make_certificate(make_enrolment(certificate.enrolment.programme)))


# --- asking


def test_nobody_is_asked_twice_nor_the_whole_world(certificate):
    invite(certificate)
    with pytest.raises(ValidationError) as again:
        invite(certificate, "LOANS@bank.example")
    assert again.value.message_dict == {"email": [f"{BANK} was asked already, on 12 March 2025."]}
    for n in range(MOST - 1):
        invite(certificate, f"bank{n}@bank.example")
    with pytest.raises(ValidationError, match="20 people were asked"):
        invite(certificate, "one@more.example")
    assert CheckInvitation.objects.count() == MOST


@pytest.mark.parametrize("email", ["", "a@b", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example"])
def test_two_addresses_in_one_or_none_are_refused(certificate, email):
    with pytest.raises(ValidationError) as refused:
        invite(certificate, email)
    assert list(refused.value.message_dict) == ["email"]


def test_of_a_revoked_or_erased_one_nobody_is_asked(certificate):
    certificate.editions.update(said={})
    with pytest.raises(ValidationError, match="erased"):
        invite(certificate)
    services.revoke_certificate(by=None, certificate=certificate, reason="a mistake", now=NOW)
    with pytest.raises(ValidationError, match="revoked"):
        invite(certificate)


# --- her page, and the form on the page for staff


def test_by_her_link_she_fetches_it_chooses_and_asks(certificate, client):
    page = reverse("training:certificate_hers", args=[holder.token_of(certificate)])
    seen = client.get(page)
    assert (seen.status_code, seen["Referrer-Policy"]) == (200, "same-origin")  # the address opens it
    assert "Your certificate is ready" in seen.text
    client.post(page, {"do": "shows", "shows": ["name"]})
    client.post(page, {"do": "invite", "email": BANK, "language": "en"})
    certificate.refresh_from_db()
    row = CheckInvitation.objects.get()
    assert (certificate.shows, row.email, row.by) == (["name"], BANK, None)
    wrong = client.post(page, {"do": "invite", "email": BANK, "language": "en"})
    assert (wrong.status_code, f"{BANK} was asked already" in wrong.text) == (422, True)
    paper = client.get(reverse("training:certificate_hers_pdf", args=[holder.token_of(certificate)]))
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


def test_her_link_is_hers_alone_and_can_be_taken_back(certificate, client):
    token = holder.token_of(certificate)
    paths = [
        reverse(f"training:{name}", args=["{}"]) for name in ("certificate_hers", "certificate_hers_pdf")
    ]
    checks = content.token_of(certificate.editions.last())  # what is printed on the paper opens no more
    for wrong in (checks, token[:-1] + "x", "0-0-0.x"):
        assert [client.get(path.replace("%7B%7D", wrong)).status_code for path in paths] == [404, 404]
    certificate.revision = 2
    certificate.save()
    assert [client.get(path.replace("%7B%7D", token)).status_code for path in paths] == [404, 404]


def test_a_revoked_one_says_so_and_is_not_fetched(certificate, client):
    services.revoke_certificate(by=None, certificate=certificate, reason="ZRNO-RAZLOG", now=NOW)
    page = client.get(reverse("training:certificate_hers", args=[holder.token_of(certificate)]))
    assert ("Your certificate was revoked" in page.text, "ZRNO-RAZLOG" in page.text) == (True, False)
    assert "certificate.pdf" not in page.text
    paper = client.get(reverse("training:certificate_hers_pdf", args=[holder.token_of(certificate)]))
    assert paper.status_code == 404


def test_who_may_choose_may_ask_and_nobody_else(certificate, client):
    url = reverse("training:certificate_invite", args=[certificate.pk])
    said = {"email": BANK, "language": "en"}
    programme, person = certificate.enrolment.programme, certificate.enrolment.person
    client.force_login(make_coordinator(make_programme()))
    assert client.post(url, said).status_code == 404
    client.force_login(make_coordinator(programme))
    assert f"{BANK} is asked to check it." in client.post(url, said, follow=True).text
    assert client.post(url, said).status_code == 422
    person.user = make_user(programme.tenant)
    person.save()
    client.force_login(person.user)
    assert client.post(url, said | {"email": "other@bank.example"}).status_code == 302
    assert CheckInvitation.objects.count() == 2


def test_by_the_api(certificate, client):
    client.force_login(make_coordinator(certificate.enrolment.programme))
    url = reverse("api:certificates-invitations", args=[certificate.pk])
    done = client.post(url, {"email": BANK, "language": "sr-latn"}, content_type="application/json")
    assert (done.status_code, done.json()["email"], done.json()["certificate"]) == (201, BANK, certificate.pk)
    again = client.post(url, {"email": BANK, "language": "en"}, content_type="application/json")
    assert (again.status_code, CheckInvitation.objects.count()) == (400, 1)


@pytest.mark.postgres
def test_in_a_real_browser_by_the_link_alone(transactional_db, open_page):
    her = make_person(make_programme().tenant, name="Aleksandra Milosavljević-Jovanović")
    row = make_certificate(make_enrolment(make_programme(her.tenant), person=her, state="completed"))
    page = open_page(size=PHONE, language="en")
    page.goto(reverse("training:certificate_hers", args=[holder.token_of(row)]))
    assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_label("name", exact=True).check()
    page.get_by_role("button", name="Keep this choice").click()
    page.get_by_label("E-mail of who shall check it").fill(BANK)
    page.get_by_role("button", name="Send the letter").click()
    page.get_by_text(f"{BANK} is asked to check it.").wait_for()
    row.refresh_from_db()
    assert (row.shows, row.invitations.get().email) == (["name"], BANK)
