"""A line between a browser and a server that is cut at will: before a request is sent on, after it was
answered and before the answer is handed back, or half-way through its body."""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable

KINDS = ("before", "after", "half")


class Line:
    """`with Line(port) as line:` listens on `line.port`, passes every request on to the server at `line.to`.

    `line.cuts(path)` says how often a POST to such a path is cut: a share from 0 to 1. `line.done` counts
    what was cut, by kind; `line.passed` how many were not.
    """

    def __init__(self, to: int, *, cuts: Callable[[str], float] = lambda path: 0, seed: int = 1):
        self.to, self.cuts, self.random = to, cuts, random.Random(seed)
        self.done, self.passed, self.port = Counter(), 0, 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Line":
        self._thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *error) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, browser: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            while await self._one(browser, back):
                pass
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass  # either side went away: that is what this line is for
        finally:
            back.close()

    async def _one(self, browser: asyncio.StreamReader, back: asyncio.StreamWriter) -> bool:
        """One request and its answer. False: this connection is over."""
        head = await browser.readuntil(b"\r\n\r\n")
        method, path, _version = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
        body = await browser.readexactly(_length(head))
        kind = self._fate(method, path)
        if kind == "before":
            return False
        server, on = await asyncio.open_connection("127.0.0.1", self.to)
        try:
            on.write(_closing(head) + (body[: len(body) // 2] if kind == "half" else body))
            await on.drain()
            if kind == "half":
                return False
            answer = await server.read()  # to its end: we asked for it to be closed
            if kind == "after" or not answer:
                return False
            back.write(answer)
            await back.drain()
            return False
        finally:
            on.close()

    def _fate(self, method: str, path: str) -> str:
        if method != "POST" or self.random.random() >= self.cuts(path):
            self.passed += method == "POST"
            return ""
        kind = KINDS[self.done.total() % len(KINDS)]
        self.done[kind] += 1
        return kind


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _closing(head: bytes) -> bytes:
    """One request a connection: then the end of an answer is the end of what is read."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines[:-2], b"Connection: close", b"", b""])
