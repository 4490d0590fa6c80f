import re

import pytest
from django.core.signing import BadSignature
from hypothesis import given
from hypothesis import strategies as st

from lib import signing


@given(st.integers(0, 2**63), st.integers(0, 2**31))
def test_what_was_signed_is_read(row, revision):
    assert signing.read(signing.sign("wall", row, revision), "wall") == (row, revision)


def test_it_is_short_and_stands_in_an_address_as_it_is():
    token = signing.sign("wall", 123456, 7)
    assert re.fullmatch(r"[\w.-]{20,60}", token, re.ASCII)


def test_it_is_bound_to_its_purpose():
    with pytest.raises(BadSignature):
        signing.read(signing.sign("wall", 1, 1), "feed")


@pytest.mark.parametrize("place", range(len(signing.sign("wall", 123, 4))))
def test_no_letter_of_it_can_be_changed(place):
    token = signing.sign("wall", 123, 4)
    other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(BadSignature):
        signing.read(other, "wall")


@given(st.text(max_size=80))
def test_anything_else_is_refused_as_a_bad_signature(text):
    with pytest.raises(BadSignature):
        signing.read(text, "wall")


def test_a_new_secret_reads_what_the_old_one_signed(settings):
    settings.SECRET_KEY = "old" * 20
    token = signing.sign("wall", 1, 1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
    assert signing.read(token, "wall") == (1, 1)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadSignature):
        signing.read(token, "wall")


def test_a_raised_key_version_voids_all(monkeypatch):
    token = signing.sign("wall", 1, 1)
    monkeypatch.setattr(signing, "KEY_VERSION", signing.KEY_VERSION + 1)
    with pytest.raises(BadSignature):
        signing.read(token, "wall")


def test_only_counted_rows_are_signed():
    with pytest.raises(ValueError, match="counted"):
        signing.sign("wall", -1, 0)
