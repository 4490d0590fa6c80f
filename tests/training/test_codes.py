from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY, make_session
from training import codes, services
from training.models import Session

pytestmark = pytest.mark.django_db


def test_both_codes_open_the_session_in_its_window_only():
    session = make_session()
    opens, closes = session.starts_at - timedelta(minutes=60), session.ends_at + timedelta(minutes=30)
    for code in (codes.token_of(session), codes.short_code_of(session)):
        moments = [opens - timedelta(seconds=1), opens, closes - timedelta(seconds=1), closes]
        found = [codes.session_for(code, moment) for moment in moments]
        assert found == [None, session, session, None]


def test_a_raised_revision_kills_both_codes():
    session = make_session()
    old = [codes.token_of(session), codes.short_code_of(session)]
    Session.objects.filter(pk=session.pk).update(code_revision=2)
    assert [codes.session_for(code, NOW) for code in old] == [None, None]
    session.refresh_from_db()
    assert codes.session_for(codes.short_code_of(session), NOW) == session


def test_a_code_is_read_in_small_letters_and_cyrillic():
    session = make_session()
    code = codes.short_code_of(session)
    assert codes.session_for(f" {code.lower()} ", NOW) == session
    assert codes.session_for(code.replace("A", "А").replace("K", "К"), NOW) == session  # Cyrillic А, К


@pytest.mark.parametrize("code", ["", "ABCDE", "1-1-1.abc", "1-1-1.", "x" * 300, "1-2-3", "ЊЊЊЊЊ"])
def test_wrong_codes_open_nothing(code):
    make_session()
    assert codes.session_for(code, NOW) is None


def test_a_token_of_one_session_is_not_that_of_another():
    session, other = make_session(), make_session()
    forged = codes.token_of(session).replace(f"-{session.pk}-", f"-{other.pk}-")
    assert codes.session_for(forged, NOW) is None


def test_cancelled_and_unscheduled_sessions_have_no_open_code():
    session = make_session()
    services.cancel_session(by=None, session=session, now=NOW)
    unscheduled = make_session(day=None, start=None, end=None)
    for one in (session, unscheduled):
        assert codes.session_for(codes.token_of(one), NOW) is None


def test_the_drawing_has_no_inline_style():
    drawn = codes.drawn("http://localhost/in/x/")
    assert drawn.startswith("<svg ")
    assert "style" not in drawn


def test_short_codes_differ():
    found = {codes.short_code_of(make_session(day=TODAY)) for _n in range(30)}
    assert len(found) == 30
