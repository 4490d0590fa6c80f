"""The line that the long benches cut: what it says was cut, was."""

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.cutting import Line

BODY = b"x" * 1000


@contextmanager
def server():
    """One that answers with how much it read, and remembers it."""
    read = []

    class Counting(BaseHTTPRequestHandler):
        def do_POST(self):
            wanted = int(self.headers["Content-Length"])
            read.append(len(self.rfile.read(wanted)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"kept" if read[-1] == wanted else b"")

        def log_message(self, *said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as it:
        threading.Thread(target=it.serve_forever, daemon=True).start()
        yield it.server_port, read
        it.shutdown()


def post(port: int) -> bytes | None:
    """The answer; None where the line was cut."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("POST", "/acts/", BODY)
        return link.getresponse().read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        link.close()


def test_what_is_not_cut_arrives_and_is_answered():
    with server() as (to, read), Line(to) as line:
        assert [post(line.port), post(line.port)] == [b"kept", b"kept"]
    assert (read, line.passed, line.done.total()) == ([1000, 1000], 2, 0)


@pytest.mark.parametrize(
    ("cuts", "arrived"),
    [(1, []), (2, [1000]), (3, [1000, 500])],
    ids=["before it is sent", "after it was answered", "half-way through"],
)
def test_each_kind_of_cut_in_turn(cuts, arrived):
    with server() as (to, read), Line(to, cuts=lambda path: 1) as line:
        assert [post(line.port) for _number in range(cuts)] == [None] * cuts
        assert line.done.total() == cuts
    assert read == arrived


def test_a_server_that_is_gone_is_a_cut_too_and_the_line_lives_on():
    with server() as (to, read), Line(1) as line:
        assert post(line.port) is None
        line.to = to
        assert post(line.port) == b"kept"
    assert read == [1000]
