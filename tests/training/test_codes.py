from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY, make_session
from training import services
from training.models import Session
from training.register import codes

pytestmark = pytest.mark.django_db


def both(session, now, **purpose):
    return codes.token_of(session, now, **purpose), codes.short_code_of(session, now, **purpose)


def opened(code, now):
    """The session that this code opens now."""
    found = codes.read(code, now)
    return None if found.why else found.session


def test_both_codes_open_the_session_in_its_window_only():
    session = make_session()
    opens, closes = session.starts_at - timedelta(minutes=60), session.ends_at + timedelta(minutes=30)
    moments = [opens - timedelta(seconds=1), opens, closes - timedelta(seconds=1), closes]
    for n in range(2):
        found = [opened(both(session, moment)[n], moment) for moment in moments]
        assert found == [None, session, session, None]


def test_a_code_opens_in_its_two_minutes_and_the_two_after():
    session = make_session()
    begin = codes.changes_at(NOW)
    for code in both(session, begin):
        minutes = (-0.01, 0, 1.99, 2, 3.99, 4, 60)
        found = [opened(code, begin + timedelta(minutes=n)) for n in minutes]
        assert found == [None, session, session, session, session, None, None]


def test_an_old_code_is_told_from_a_wrong_one():
    session = make_session()
    for code in both(session, NOW):
        assert codes.read(code, NOW + timedelta(minutes=10)) == (session, codes.OLD, False)
    for code in ("ABCDE", "1f.1-1-1.x"):
        assert codes.read(code, NOW) == (None, codes.WRONG, False)


def test_the_codes_for_shared_phones_are_others():
    session = make_session()
    plain, shared = both(session, NOW), both(session, NOW, purpose=codes.SHARED)
    assert len({*plain, *shared}) == 4
    assert [codes.read(code, NOW) for code in plain] == [(session, "", False)] * 2
    assert [codes.read(code, NOW) for code in shared] == [(session, "", True)] * 2


def test_a_raised_revision_kills_both_codes():
    session = make_session()
    old = both(session, NOW)
    Session.objects.filter(pk=session.pk).update(code_revision=2)
    assert [opened(code, NOW) for code in old] == [None, None]
    session.refresh_from_db()
    assert opened(codes.short_code_of(session, NOW), NOW) == session


def test_closing_the_register_kills_both_codes():
    session = make_session()
    old = both(session, NOW)
    services.close_session(by=None, session=session, now=NOW)
    assert [opened(code, NOW) for code in old] == [None, None]


def test_a_code_is_read_in_small_letters_and_cyrillic():
    session = make_session()
    code = codes.short_code_of(session, NOW)
    assert opened(f" {code.lower()} ", NOW) == session
    assert opened(code.replace("A", "А").replace("K", "К"), NOW) == session  # Cyrillic А, К


@pytest.mark.parametrize(
    "code",
    [
        "",
        "ABCDE",
        "1-1-1.abc",
        "1f.1-1-1.abc",
        "zz.1-1-1.abc",
        "-1.1-1-1.a",
        "1-1-1.",
        "x" * 300,
        "1-2-3",
        "ЊЊЊЊЊ",
    ],
)
def test_wrong_codes_open_nothing(code):
    make_session()
    assert opened(code, NOW) is None


def test_a_token_of_one_session_is_not_that_of_another():
    session, other = make_session(), make_session()
    token = codes.token_of(session, NOW)
    forged = token.replace(f"-{session.pk}-", f"-{other.pk}-")
    assert (forged == token, codes.read(forged, NOW).session) == (False, None)
    slot, _dot, signed = codes.token_of(session, NOW - timedelta(hours=1)).partition(".")
    assert codes.read(f"{codes.slot_of(NOW):x}.{signed}", NOW).session is None  # made young again


def test_cancelled_and_unscheduled_sessions_have_no_open_code():
    session = make_session()
    services.cancel_session(by=None, session=session, now=NOW)
    unscheduled = make_session(day=None, start=None, end=None)
    for one in (session, unscheduled):
        assert opened(codes.token_of(one, NOW), NOW) is None


def test_the_drawing_has_no_inline_style():
    drawn = codes.drawn("http://localhost/in/x/")
    assert drawn.startswith("<svg ")
    assert "style" not in drawn


def test_short_codes_differ():
    found = {codes.short_code_of(make_session(day=TODAY), NOW) for _n in range(30)}
    assert len(found) == 30
