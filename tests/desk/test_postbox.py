"""The post-box of a demo: what arrived, as it arrived, for the demo's own people only."""

import mailbox
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from desk import embedded, postbox
from lib import mail
from tests.factories import make_person, make_tenant, make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HTML = '<p style="color:red">Здраво</p><script>alert(1)</script>'


@pytest.fixture
def tenant():
    return make_tenant(is_demo=True)


@pytest.fixture
def client(tenant):
    client = Client()
    client.force_login(make_user(tenant), backend=BACKEND)
    return client


def keep(to="ana@example.org", subject="Hello", *, at: float | None = None, **words) -> int:
    """A letter in the folder, as the sink keeps it; its number."""
    box = mailbox.Maildir(settings.POSTBOX_DIR, create=True)
    known = set(box.keys())
    box.add(mail.build(to=to, subject=subject, text=words.pop("text", "Good day."), **words).as_bytes())
    (key,) = set(box.keys()) - known
    return int(postbox.NAME.match(key)[1]) * 1_000_000 + int(postbox.NAME.match(key)[2])


def test_what_the_sink_received_over_smtp_is_in_the_box(tenant, settings):
    sink = embedded.Sink(settings.POSTBOX_DIR)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.start()
    try:
        mail.send_now(to="ana@example.org", subject="Sutra u 9.30", text="Доћи ћу.", html="<p>Доћи ћу.</p>")
    finally:
        sink.stop()
    (letter,) = postbox.letters(tenant)
    assert (letter.subject, letter.to, letter.text.strip(), letter.html.strip()) == (
        "Sutra u 9.30",
        ["ana@example.org"],
        "Доћи ћу.",
        "<p>Доћи ћу.</p>",
    )
    assert (datetime.now(UTC) - letter.at).total_seconds() < 60
    assert postbox.letter(tenant, letter.number) == letter


def test_the_newest_stands_first_and_older_ones_follow_on_the_next_page(client):
    numbers = [keep(subject=f"Letter {n}") for n in range(52)]
    answer = client.get(reverse("desk:postbox_list"))
    assert [letter.number for letter in answer.context["letters"]] == numbers[:1:-1]
    answer = client.get(reverse("desk:postbox_list"), {"before": answer.context["older"].number})
    assert [letter.subject for letter in answer.context["letters"]] == ["Letter 1", "Letter 0"]


def test_an_empty_box_says_what_brings_the_first_letter(client):
    answer = client.get(reverse("desk:postbox_list"))
    assert "No mail has left yet." in answer.content.decode()


def test_a_letter_shows_headers_plain_text_and_attachments(client):
    attachments = (("../sesija.ics", b"BEGIN:VCALENDAR", "text/calendar"),)
    number = keep(text="See http://127.0.0.1:8000/in/abc/ <b>", attachments=attachments, language="sr-latn")
    answer = client.get(reverse("desk:postbox_letter", args=[number]))
    page = answer.content.decode()
    assert ("Content-Language", "sr-latn") in list(answer.context["headers"])
    assert '<a href="http://127.0.0.1:8000/in/abc/" rel="nofollow">' in page
    assert "&lt;b&gt;" in page
    assert answer.context["files"] == [(1, "sesija.ics", b"BEGIN:VCALENDAR")]
    part = client.get(reverse("desk:postbox_part", args=[number, 1]))
    assert (part.content, part["Content-Type"], part["Content-Disposition"]) == (
        b"BEGIN:VCALENDAR",
        "application/octet-stream",
        'attachment; filename="sesija.ics"',
    )
    missing = [client.get(reverse("desk:postbox_part", args=[number, n])).status_code for n in (0, 2)]
    assert missing == [404, 404]


def test_the_html_of_a_letter_is_framed_and_can_do_nothing(client):
    number = keep(html=HTML)
    page = client.get(reverse("desk:postbox_letter", args=[number])).content.decode()
    address = reverse("desk:postbox_page", args=[number])
    assert f'<iframe class="letter-body" sandbox src="{address}"' in page
    answer = client.get(address)
    assert answer.content.decode().strip() == HTML
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert sorted(answer["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "img-src data:",
        "sandbox",
        "style-src 'unsafe-inline'",
    ]
    assert client.get(reverse("desk:postbox_page", args=[keep()])).status_code == 404


def test_letters_to_somebody_of_another_organisation_stay_out_of_sight(tenant, client):
    stranger = make_person(make_tenant(), email="Vera@Example.org")
    shared = make_user(stranger.tenant, email="both@example.org")
    make_person(tenant, email=shared.email)
    hidden = [keep(to="vera@example.org"), keep(to=shared.email)]
    seen = keep(to="ana@example.org")
    assert [letter.number for letter in postbox.letters(tenant)] == [seen]
    found = [client.get(reverse("desk:postbox_letter", args=[n])).status_code for n in [*hidden, seen]]
    assert found == [404, 404, 200]


@pytest.mark.parametrize("route", ["postbox_list", "postbox_letter", "postbox_page", "postbox_part"])
def test_outside_a_demo_there_is_no_post_box(client, route):
    number = keep(html=HTML, attachments=(("a.txt", b"a", "text/plain"),))
    args = {"postbox_list": [], "postbox_part": [number, 1]}.get(route, [number])
    url = reverse(f"desk:{route}", args=args)
    other = Client()
    other.force_login(make_user(), backend=BACKEND)
    assert [client.get(url).status_code, other.get(url).status_code] == [200, 404]
    assert Client().get(url).url == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_letters(client, count, django_assert_num_queries):
    for _ in range(count):
        keep()
    with django_assert_num_queries(4):
        client.get(reverse("desk:postbox_list"))
