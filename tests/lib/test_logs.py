import json
import logging
import threading

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from lib import signing
from lib.logs import Json, Line, Refusals, doing


def record(words, *args, error=None):
    return logging.LogRecord(
        "rooms", logging.WARNING, "file.py", 1, words, args, (type(error), error, None) if error else None
    )


@pytest.mark.parametrize("formatter", [Line(), Json()])
@given(words=st.text())
def test_an_event_is_one_printable_line(formatter, words):
    line = formatter.format(record("%s", words))
    assert line.splitlines() == [line]
    assert line.isprintable()


def test_a_line_says_when_what_and_for_whom():
    with doing("job:7"):
        line = Line().format(record("mail to %s", "a\nERROR - forged"))
    moment, level, *rest = line.split(" ", 2)
    assert (moment[10], moment[-1], level) == ("T", "Z", "WARNING")
    assert rest == ["job:7 rooms mail to a\\nERROR - forged"]


def test_json_keeps_the_words_whole():
    with doing("request:3f"):
        line = json.loads(Json().format(record("%s", "ред\nдва", error=ValueError("x"))))
    assert (line["said"], line["doing"], line["level"], line["logger"]) == (
        "ред\nдва",
        "request:3f",
        "WARNING",
        "rooms",
    )
    assert line["trace"] == "ValueError: x"


def test_what_is_done_ends_with_it_and_stays_in_its_thread():
    with doing("job:1"):
        with doing("job:2"):
            pass
        seen = []
        thread = threading.Thread(target=lambda: seen.append(Line().format(record("x"))))
        thread.start()
        thread.join()
        assert " job:1 " in Line().format(record("x"))
        assert " - " in seen[0]
    assert " - " in Line().format(record("x"))


def test_a_refusal_leaves_no_trace_and_a_failure_does():
    refused, failed = record("no", error=PermissionDenied()), record("no", error=ValueError("x"))
    assert [Refusals().filter(one) for one in (refused, failed)] == [True, True]
    assert (refused.exc_info, Line().format(refused).endswith("rooms no")) == (None, True)
    assert "ValueError" in Line().format(failed)


@pytest.mark.parametrize("formatter", [Line(), Json()])
def test_no_signed_address_stands_in_a_line(formatter):
    token = signing.sign("reminders.feed", 17, 3)
    words = record("Not Found: %s", f"/calendar/{token}.ics", error=ValueError(f"/met/{token}/"))
    line = formatter.format(words)
    assert token not in line
    assert signing.masked(f"/calendar/{token}.ics") == "/calendar/1-17-3.….ics"
    assert line.count("1-17-3.") == 2
    assert signing.masked("2025-03-12.report of yesterday") == "2025-03-12.report of yesterday"
