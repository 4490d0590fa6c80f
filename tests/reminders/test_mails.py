"""What leaves, read as a mail program reads it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from lib.plain import JOINER, unlinked
from reminders import reading, services
from reminders.models import Reminder, Rhythm, Rule, RuleText
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_entry,
    make_person,
    make_session,
    make_venue,
)

pytestmark = pytest.mark.django_db
BAD = "www.evil.example <b> http://evil.example/x a@evil.example\r\nBcc: x@evil.example"
LONGEST = "Ж" * 200
# what mail programs take for an address: a scheme, a www, a domain of letters, an @ between two words
LOOKS_LINKED = re.compile(r"\b[a-z][a-z0-9+.-]*:[^\s\u2060]|www\.\w|\w\.[^\W\d_]{2,}|\S@\w", re.IGNORECASE)


def reminder(kind: str = "session_tomorrow", n: int = 1, **person) -> Reminder:
    """One woman on the roster of a session tomorrow, and what she is told of it."""
    session = make_session(day=TODAY + timedelta(days=n))
    her = make_person(session.programme.tenant, **person)
    make_entry(session, make_enrolment(session.programme, person=her))
    rule, _new = Rule.objects.get_or_create(programme=session.programme, kind=kind)
    return rule.reminders.create(
        person=her, subject_type="training.session", subject_id=session.pk, subject_revision=1, due_at=NOW
    )


def parts(message) -> tuple[str, str]:
    found = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    return tuple(text.replace("\r\n", "\n") for text in found)


def shown(html: str) -> str:
    """What is read of a page, one block a line, links with their address behind them."""
    html = re.sub(r"(?s)<head>.*?</head>", "", html)
    html = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2: \1", html)
    return unescape(re.sub(r"<[^>]+>", " ", html))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace(JOINER, ""))


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_both_parts_say_the_same_in_her_language(language):
    row = reminder(language=language)
    message = services.message_of(row)
    plain, html = parts(message)
    assert message["Content-Language"] == language
    assert sorted(words(plain)) == sorted(words(shown(html)))
    assert f'<html lang="{ {"sr": "sr-Cyrl", "sr-latn": "sr-Latn"}.get(language, language) }">' in html


def test_it_is_made_for_dark_and_light_and_holds_one_button():
    plain, html = parts(services.message_of(reminder()))
    assert '<meta name="color-scheme" content="light dark">' in html
    assert html.count('class="go"') == 1
    assert "<table" not in html and not re.search(r"(?i)(background|[^-]color): ?#", html)


def typed(text: str) -> str:
    """A page or a text without the addresses that are ours."""
    return re.sub(r"http://127\.0\.0\.1:8000/\S*|cid:\S+", "", text)


@pytest.mark.parametrize("name", [BAD, LONGEST, "=?utf-8?q?=0ABcc: x?=", "{{ 7*7 }} {person.pk} %(day)s"])
def test_a_name_adds_no_link_no_markup_and_no_header(name):
    row = reminder(name=name[:200])
    plain_row = reminder()
    for reminder_ in (row, plain_row):
        session = reminder_.rule.programme.sessions.get()
        said = name if reminder_ is row else "Plain"
        session.title, session.venue = said[:120], make_venue(session.programme.tenant, name=said[:100])
        session.save()
        reminder_.rule.programme.name = said[:200]
        reminder_.rule.programme.save()
    message, usual = services.message_of(row), services.message_of(plain_row)
    plain, html = parts(message)
    assert sorted(message.keys()) == sorted(usual.keys())
    assert str(message["To"]) == row.person.email
    assert re.findall(r"<(\w+)", html) == re.findall(r"<(\w+)", parts(usual)[1])
    assert LOOKS_LINKED.findall(typed(plain)) == []
    assert LOOKS_LINKED.findall(typed(shown(html))) == []
    assert "49" not in typed(plain)


def test_unlinked_breaks_addresses_and_leaves_dates_and_times():
    assert LOOKS_LINKED.findall(unlinked(BAD)) == []
    assert unlinked(unlinked(BAD)) == unlinked(BAD)
    for text in ("12.3.2025. u 10:30", "Prizren, sala 3", "Đorđe Ž. (mentorka)", "50 %"):
        assert unlinked(text) == text
    assert unlinked("\u202eabc\ud800\x00d") == "abc d"


def test_what_is_not_essential_is_stopped_with_one_press():
    row = reminder()
    message = services.message_of(row)
    stop = reading.stop_url(row.person_id, [row.rule.kind])
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = parts(message)
    assert stop in plain and reading.choices_url(row.person_id) in plain
    assert reading.choices_url(row.person_id) in html
    assert message.as_bytes().count(b"List-Unsubscribe: <http") == 1


def test_what_is_essential_says_so_and_offers_no_stop():
    pair = make_assignment()
    rule, _new = Rule.objects.get_or_create(programme=pair.programme, kind=Rule.Kind.MENTOR_FOUND)
    row = rule.reminders.create(
        person=pair.enrolment.person, subject_type="mentoring.assignment", subject_id=pair.pk,
        subject_revision=1, due_at=NOW,
    )  # fmt: skip
    row.person.language = "en"
    message = services.message_of(row)
    assert message["List-Unsubscribe"] is None
    assert "This one is essential" in parts(message)[0]


def test_a_programme_s_own_words_stand_instead_and_the_rest_stays_ours():
    row = reminder(language="en", name="www.evil.example <b>")
    RuleText.objects.create(
        rule=row.rule, language="en", subject="Come, {person}", text="Dear {person}\n\nBring <i>tea</i>."
    )
    message = services.message_of(row)
    plain, html = parts(message)
    assert str(message["Subject"]) == f"Come, www.{JOINER}evil.{JOINER}example <b>"
    assert plain.startswith(f"Dear www.{JOINER}evil.{JOINER}example <b>\n\nBring <i>tea</i>.\n\n")
    assert "&lt;i&gt;tea" in html
    assert "You receive this because" in plain and reverse("desk:today") in plain


def test_what_goes_together_is_one_message_of_its_carrier():
    first = reminder(language="en")
    session = make_session(first.rule.programme, day=TODAY + timedelta(days=2), title="Second")
    more = first.rule.reminders.create(
        person=first.person, subject_type="training.session", subject_id=session.pk, subject_revision=1,
        due_at=NOW, rhythm=Rhythm.DAILY,
    )  # fmt: skip
    message = services.digest_of([more, first])
    plain, html = parts(message)
    assert message["Message-ID"] == first.message_id
    assert str(message["Subject"]).startswith("2 messages from")
    assert html.count('class="go"') == 2 and "Second" in plain
    assert sorted(words(plain)) == sorted(words(shown(html)))
    Reminder.objects.filter(pk__in=[first.pk, more.pk]).update(carrier=first.pk)
    rows = Reminder.objects.select_related("rule__programme", "person").order_by("pk")
    made = services.messages_of(list(rows))
    assert made[first.pk] is made[more.pk] and made[more.pk]["Message-ID"] == first.message_id


def test_an_address_that_is_two_is_told_and_one_that_is_gone_too():
    row, gone = reminder(), reminder()
    row.person.email = "a@b.rs, c@d.rs"
    gone.subject_id = 0
    made = services.messages_of([row, gone])
    assert all(isinstance(one, ValidationError) for one in made.values())
    with pytest.raises(ValidationError):
        services.message_of(row)


def test_many_messages_cost_what_one_costs(django_assert_num_queries):
    rows = [reminder() for _n in range(3)]
    session = rows[0].rule.programme.sessions.get()
    more = [make_person(session.programme.tenant) for _n in range(3)]
    batch = [
        Reminder(pk=900 + n, rule=rows[0].rule, person=person, subject_id=session.pk, due_at=NOW)
        for n, person in enumerate(more)
    ]  # fmt: skip
    for some in (batch[:1], batch):
        with django_assert_num_queries(3):  # sessions, own texts, who pays
            services.messages_of(some)


def test_the_short_text_holds_the_words_and_the_link():
    row = reminder(language="en", name=BAD[:100])
    text = services.short_text_of(row)
    assert text.startswith(f"{unlinked(row.rule.programme.label)}: ")
    assert text.endswith(reverse("desk:today"))
    assert "<" not in text and "\n" not in text
