"""The first run: a secret printed once, used once; one form makes everything or nothing."""

import re
from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import setup
from accounts.models import AuditEntry, SetUp, Tenant, User
from desk.first_run import services
from desk.first_run.forms import SetUpForm
from people.models import Membership, Person, Programme
from tests.factories import make_tenant

pytestmark = pytest.mark.django_db
PAGE = "/setup/"
SAID = {
    "organisation": "Udruženje žena Prijepolja",
    "languages": ["en", "sr-latn"],
    "language": "sr-latn",
    "zone": "Europe/Belgrade",
    "name": "Ana Anić",
    "email": "Ana@Example.org",
    "own_language": "en",
    "programme": "Почетак 2026",
    "code": "",
    "start": "2026-03-01",
    "last_day": "2026-06-30",
    "participants": "women",
    "coordinators": "Vera Verić <vera@example.org>\n\n  ana@example.org ",
    "trainers": "mila@example.org;\nvera@example.org",
}


@pytest.fixture
def secret():
    return setup.new_secret(now=timezone.now())


@pytest.fixture
def inside(client, secret):
    """A browser in which the secret was typed."""
    cache.clear()
    assert client.post(PAGE, {"do": "secret", "secret": secret}).status_code == 302
    return client


def printed(*words) -> str:
    out = StringIO()
    call_command("setup", *words, stdout=out)
    return out.getvalue()


def secret_in(text: str) -> str:
    return re.search(r"#((?:[a-z2-9]{5}-){4}[a-z2-9]{5})\n", text)[1]


# --- the secret


def test_the_address_is_printed_once(settings):
    settings.SITE_URL = "https://rasadnik.example.org/"
    first = printed()
    assert f"https://rasadnik.example.org/setup/#{secret_in(first)}\n" in first
    assert first.isascii()
    second = printed()
    assert "is not printed twice" in second
    assert "manage.py setup --again" in second
    assert secret_in(first) not in second
    assert setup.opens(setup.digest_of(secret_in(first)))


def test_again_voids_the_one_before():
    old, new = secret_in(printed()), secret_in(printed("--again"))
    assert [setup.opens(setup.digest_of(secret)) for secret in (old, new)] == [False, True]
    assert SetUp.objects.count() == 1


def test_only_a_digest_is_kept():
    secret = secret_in(printed())
    [row] = SetUp.objects.values()
    assert secret.replace("-", "") not in str(row).replace("-", "")


def test_nothing_is_printed_once_an_organisation_is_here():
    make_tenant()
    assert printed() == "This installation is set up.\n"
    with pytest.raises(CommandError, match="is set up"):
        printed("--again")
    assert not SetUp.objects.exists()


@pytest.mark.parametrize("change", [str.upper, lambda text: text.replace("-", ""), lambda text: f"  {text} "])
def test_it_may_be_typed_in_many_ways(client, secret, change):
    cache.clear()
    assert client.post(PAGE, {"do": "secret", "secret": change(secret)}).status_code == 302


# --- the page


def test_reading_uses_nothing_up(client, secret):
    for _time in range(3):
        assert "Nobody is known here yet" in client.get(PAGE).text
        assert client.head(PAGE).status_code == 200
    assert setup.opens(setup.digest_of(secret))


def test_a_wrong_secret_is_refused_and_tries_are_counted(client, secret):
    cache.clear()
    for _time in range(20):
        answer = client.post(PAGE, {"do": "secret", "secret": "aaaaa-aaaaa-aaaaa-aaaaa-aaaaa"})
        assert (answer.status_code, "This is not the secret" in answer.text) == (400, True)
    answer = client.post(PAGE, {"do": "secret", "secret": secret})
    assert (answer.status_code, "Too many tries" in answer.text) == (400, True)


def test_without_the_secret_no_form_and_no_effect(client, secret, smtp_sink):
    for do in ("finish", "mail", "", "other"):
        answer = client.post(PAGE, SAID | {"do": do})
        assert 'name="organisation"' not in answer.text
    assert (Tenant.objects.count(), smtp_sink.received) == (0, [])


def test_a_secret_voided_meanwhile_shuts_the_form(inside):
    assert 'name="organisation"' in inside.get(PAGE).text
    setup.new_secret(now=timezone.now())
    answer = inside.post(PAGE, SAID | {"do": "finish"})
    assert "not valid any more" in answer.text
    assert Tenant.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_once_an_organisation_is_here_the_page_is_not(client, secret, method):
    make_tenant()
    assert getattr(client, method)(PAGE, {"do": "secret", "secret": secret}).status_code == 404


def test_everything_is_made_and_she_comes_in_with_a_code(inside, smtp_sink):
    answer = inside.post(PAGE, SAID | {"do": "finish"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/code/confirm/")
    tenant = Tenant.objects.get()
    assert (tenant.name, tenant.slug) == ("Udruženje žena Prijepolja", "udruzenje-zena-prijepolja")
    assert (tenant.zone, tenant.languages, tenant.is_demo) == ("Europe/Belgrade", ["sr-latn", "en"], False)
    programme = Programme.objects.get()
    assert (programme.code, programme.name, programme.participants) == (
        "pocetak-2026",
        "Почетак 2026",
        "women",
    )
    assert (programme.start, programme.end) == (date(2026, 3, 1), date(2026, 7, 1))
    assert list(User.objects.order_by("pk").values_list("email", "name", "language", "is_administrator")) == [
        ("ana@example.org", "Ana Anić", "en", True),
        ("vera@example.org", "Vera Verić", "sr-latn", False),
        ("mila@example.org", "mila", "sr-latn", False),
    ]
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert list(Membership.objects.order_by("pk").values_list("person__user__email", "role")) == [
        ("ana@example.org", "coordinator"),
        ("vera@example.org", "coordinator"),
        ("vera@example.org", "trainer"),
        ("mila@example.org", "trainer"),
    ]
    assert Person.objects.count() == 3
    used = SetUp.objects.get()
    assert used.used_at is not None
    assert {entry.verb for entry in AuditEntry.objects.filter(by__email="ana@example.org")} >= {
        "set up",
        "invite",
    }

    code = re.search(r"\b\d{6}\b", smtp_sink.to("ana@example.org")[0].text)[0]
    inside.post("/accounts/login/code/confirm/", {"code": code})
    assert inside.get("/programmes/pocetak-2026/").status_code == 200
    assert inside.get(PAGE).status_code == 404


def test_each_invited_gets_one_letter_in_her_language_without_a_secret(inside, smtp_sink, settings):
    settings.SITE_URL = "https://rasadnik.example.org"
    inside.post(PAGE, SAID | {"do": "finish", "language": "en"})
    [letter] = smtp_sink.to("vera@example.org")
    assert letter.subject == "You work in Почетак 2026"
    assert "Ana Anić of Udruženje žena Prijepolja" in letter.text
    assert "as: coordinator, trainer." in letter.text
    assert "https://rasadnik.example.org/accounts/login/code/" in letter.text.split()
    assert 'href="https://rasadnik.example.org/accounts/login/code/"' in letter.html
    assert letter.message["Content-Language"] == "en"
    assert len(smtp_sink.to("mila@example.org")) == 1
    assert len(smtp_sink.received) == 3  # and the code


def test_who_was_invited_signs_in_with_a_code(inside, smtp_sink):
    inside.post(PAGE, SAID | {"do": "finish"})
    cache.clear()
    vera = Client()
    vera.post("/accounts/login/code/", {"email": "vera@example.org"})
    code = re.search(r"\b\d{6}\b", smtp_sink.to("vera@example.org")[-1].text)[0]
    vera.post("/accounts/login/code/confirm/", {"code": code})
    assert vera.get("/programmes/pocetak-2026/").status_code == 200


def test_mail_that_fails_at_the_end_loses_nothing_and_is_told(inside, smtp_sink):
    smtp_sink.refuse = "550 no relaying"
    answer = inside.post(PAGE, SAID | {"do": "finish"}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "These invitations did not leave" in answer.text
    assert "vera@example.org, mila@example.org" in answer.text
    assert "The mail could not be sent just now" in answer.text
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"organisation": ""}, "organisation", "This field is required."),
        ({"email": "ana"}, "email", "Enter a valid email address."),
        ({"zone": "Mars/Olympus"}, "zone", "Select a valid choice"),
        ({"language": "sr"}, "language", "This language is not among those that people may choose."),
        ({"last_day": "2026-02-28"}, "last_day", "A programme does not end before it starts."),
        ({"code": "a b"}, "code", "Enter a valid “slug”"),
        (
            {"coordinators": "vera@example.org\nvera"},
            "coordinators",
            "Line 2: “vera” is not one e-mail address.",
        ),
        ({"trainers": "a@example.org, b@example.org"}, "trainers", "Line 1: write one address a line."),
        (
            {"trainers": "\n".join(f"t{n}@example.org" for n in range(39))},
            "trainers",
            "Invite the first 40 now, the others later.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(inside, smtp_sink, changed, field, words):
    answer = inside.post(PAGE, SAID | changed | {"do": "finish"})
    assert answer.status_code == 400
    assert answer.context["form"].errors[field][0].startswith(words)
    assert (Tenant.objects.count(), User.objects.count(), smtp_sink.received) == (0, 0, [])
    assert 'value="Почетак 2026"' in answer.text  # nothing typed is lost
    assert SetUp.objects.filter(used_at=None).count() == 1


def test_a_refusal_of_a_service_takes_everything_back(inside, monkeypatch):
    monkeypatch.setattr(SetUpForm, "clean", lambda self: self.cleaned_data | {"code": "ne valja"})
    answer = inside.post(PAGE, SAID | {"do": "finish"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["code"])
    assert (Tenant.objects.count(), User.objects.count()) == (0, 0)
    assert SetUp.objects.filter(used_at=None).count() == 1


# --- the test of the mail


def test_a_real_letter_and_the_words_of_the_server(inside, smtp_sink):
    answer = inside.post(PAGE, SAID | {"do": "mail", "organisation": "", "programme": "Half typed"})
    [letter] = smtp_sink.received
    assert (letter.recipients, letter.subject) == (("ana@example.org",), "The mail works")
    tried = answer.context["tried"]
    assert (tried.well, tried.words) == (
        True,
        f"127.0.0.1:{smtp_sink.port} took the letter to ana@example.org and said: 250 kept",
    )
    assert 'value="Half typed"' in answer.text
    assert Tenant.objects.count() == 0


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("550 no such user", "refuses the letter to ana@example.org: 550 no such user"),
        ("451 try later", "did not take the letter to ana@example.org this time: 451 try later"),
        ("530 sign in first", "cannot be reached, or does not let us in: 530 sign in first"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_server(inside, smtp_sink, refusal, words):
    smtp_sink.refuse = refusal
    tried = inside.post(PAGE, SAID | {"do": "mail"}).context["tried"]
    assert (tried.well, words in tried.words) == (False, True), tried


def test_no_server_at_all_names_the_settings(inside, settings):
    settings.EMAIL_PORT = 1
    tried = inside.post(PAGE, SAID | {"do": "mail"}).context["tried"]
    assert "127.0.0.1:1 cannot be reached" in tried.words
    assert "EMAIL_HOST" in tried.hint


def test_letters_are_counted_and_need_an_address(inside, smtp_sink):
    assert inside.post(PAGE, SAID | {"do": "mail", "email": "ana"}).context["tried"].well is False
    for _time in range(11):
        tried = inside.post(PAGE, SAID | {"do": "mail"}).context["tried"]
    assert (tried.words, len(smtp_sink.received)) == ("Too many tries. Wait ten minutes.", 10)


# --- two at once


def ask(digest: str, number: int) -> services.Ready:
    return services.set_up(
        digest=digest,
        organisation=services.Organisation(f"Organisation {number}", ["en"], "UTC"),
        administrator=services.Administrator("Ana", f"ana{number}@example.org", "en"),
        programme=services.FirstProgramme("Start", "start", None, None, "guests"),
        invitations={"trainer": [("", f"mila{number}@example.org")]},
        now=timezone.now(),
    )


def test_the_second_of_two_finds_it_done(secret):
    digest = setup.digest_of(secret)
    ask(digest, 1)
    with pytest.raises(services.SetUpAlready):
        ask(digest, 2)
    assert [tenant.name for tenant in Tenant.objects.all()] == ["Organisation 1"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secrets", ["one", "two"])
def test_eight_at_once_make_one_organisation(secrets):
    """With one secret the compare-and-set decides; with two that both wait, the constraint."""
    digests = [setup.digest_of(setup.new_secret(now=timezone.now()))] * 2
    if secrets == "two":
        digests[1] = setup.digest_of("another")
        SetUp.objects.create(digest=digests[1], created_at=timezone.now() - timedelta(minutes=1))
    barrier, ended = Barrier(8), []

    def one(number: int) -> None:
        try:
            barrier.wait()
            ended.append(type(ask(digests[number % 2], number)).__name__)
        except services.SetUpAlready:
            ended.append("SetUpAlready")
        finally:
            connection.close()

    threads = [Thread(target=one, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["Ready"] + ["SetUpAlready"] * 7
    assert (Tenant.objects.count(), Programme.objects.count(), User.objects.count()) == (1, 1, 2)
    assert SetUp.objects.exclude(used_at=None).count() == 1


# --- around it


def test_the_sign_in_page_leads_there_while_nobody_is_known(client):
    assert 'href="/setup/"' in client.get("/accounts/login/").text
    make_tenant()
    assert 'href="/setup/"' not in client.get("/accounts/login/").text


def test_only_offered_languages_are_offered(client):
    make_tenant(languages=["sr-latn", "en"])
    text = client.get("/accounts/login/").text
    assert re.findall(r'name="language" value="([a-z-]+)"', text) == ["en", "sr-latn"]
