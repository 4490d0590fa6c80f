"""A programme's own words: placeholders and nothing else."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from reminders.models import RuleText
from reminders.texts import check, filled, own, paragraphs

KNOWN = ("person", "session", "day")
BAD = (
    "{nobody}", "{person.email}", "{person[0]}", "{person!r}", "{person:>99}", "{0}", "{}", "{ person }",
    "{Person}", "{", "}", "a } b", "{person", "{{person}", "{person}}", "{%s}", "{person\n}", "{__class__}",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_placeholder_is_refused_and_the_known_ones_are_named(text):
    with pytest.raises(ValidationError) as refused:
        check(text, KNOWN)
    (words,) = refused.value.messages
    assert "is no placeholder here. These are: {person}, {session}, {day}." in words


@pytest.mark.parametrize(
    "text", ["", "Dear {person}", "{{person}}", "{{{person}}}", "100 % {{", "%(day)s $x"]
)
def test_what_may_be_written(text):
    check(text, KNOWN)


def test_a_kind_without_placeholders_says_so():
    with pytest.raises(ValidationError, match="this text has none"):
        check("{person}", ())


def test_filled_once_and_never_twice():
    values = {"person": "{day} <b>Ana</b>", "session": "100 % {{cene}}", "day": "5 May"}
    assert filled("{{person}} {person}: {session} %(day)s {day}", values) == (
        "{person} {day} <b>Ana</b>: 100 % {{cene}} %(day)s 5 May"
    )


def test_a_value_cannot_become_a_link():
    text = filled("{person}", {"person": "http://evil.example and mail@evil.example"})
    assert "evil.example" not in text and "http://" not in text and "mail@e" not in text
    assert text.replace("\u2060", "") == "http://evil.example and mail@evil.example"


def test_a_placeholder_without_a_value_is_no_silent_hole():
    with pytest.raises(ValidationError, match="{day}"):
        filled("{person} {day}", {"person": "Ana"})


def test_paragraphs_stand_between_empty_lines():
    assert paragraphs("one\r\ntwo\r\n\r\n \r\nthree\n") == ["one\ntwo", "three"]


def test_cyrillic_derives_from_latin_and_what_lacks_is_ours():
    latin = RuleText(language="sr-latn", subject="Vidimo se {day}", text="Draga {person}, njena ljubav: PDF")
    english = RuleText(language="en", subject="See you", text="Dear {person}")
    assert own([latin], "sr") == ("Видимо се {day}", "Драга {person}, њена љубав: PDF")
    assert own([latin], "sr-latn") == (latin.subject, latin.text)
    assert own([latin], "en") is None and own([english], "sr") is None
    given = RuleText(language="sr", subject="Дођи", text="…")
    assert own([latin, given], "sr") == ("Дођи", "…")
    with translation.override("en"):
        assert own([latin, english]) == ("See you", "Dear {person}")
