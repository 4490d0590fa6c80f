"""An SMTP server that keeps count of every copy, and fails on purpose at each step of a conversation."""

import asyncio
import os
import re
import signal
import struct
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from socket import SO_LINGER, SOL_SOCKET

STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "dot")
ACTS = ("drop", "reset", "delay", "refuse", "kill")  # kill: -9 of the process that talks to us
# a connection serves many messages, so that what happens once in it must fail more often
SHARES = {"connect": 0.06, "ehlo": 0.06} | dict.fromkeys(("mail", "rcpt", "data", "body", "dot"), 0.004)
REFUSALS = {"connect": "421 busy", "ehlo": "421 busy", "dot": "451 try later", "rcpt": "450 try later"}
END = b"\r\n.\r\n"


class Cut(Exception):
    """This conversation is over, on purpose."""


class Refused(Exception):
    """A command was refused; the conversation goes on."""


class Post:
    """`copies[address]` are the Message-IDs taken for it, in order. `cut` are the addresses whose letter was
    under way when the conversation broke, whoever broke it."""

    def __init__(self, seed: int, *, delay: float, patience: float, senders: Callable[[], Iterable[int]]):
        self.random, self.delay, self.patience, self.senders = Random(seed), delay, patience, senders
        self.shares: dict[str, float] = {}
        self.copies: dict[str, list[str]] = defaultdict(list)
        self.letters: list[tuple[str, bytes]] = []  # (to, text), where they are asked for
        self.ids: list[str] = []
        self.keeps = False
        self.cut: set[str] = set()
        self.met: Counter = Counter()
        self.connections: list[float] = []
        self.at_rcpt: Callable[[str], None] | None = None  # called in a thread before the recipient is taken
        self.talks: set[Talk] = set()
        self.is_black = False  # takes connections and says nothing
        self.slow = 0.0  # seconds for every letter
        self.is_shaken = False  # the database is away: what is written down of a letter may be lost
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Post":
        self.thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**23)
        self.server = asyncio.run_coroutine_threadsafe(start, self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *what) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def total(self) -> int:
        return sum(len(ids) for ids in list(self.copies.values()))

    async def _serve(self, reader, writer) -> None:
        talk = Talk(self, reader, writer)
        self.talks.add(talk)
        self.connections.append(time.monotonic())
        try:
            await talk.run()
        except (Cut, OSError, EOFError, asyncio.LimitOverrunError):
            pass
        finally:
            if talk.under_way:
                self.cut.add(talk.under_way)
            self.talks.discard(talk)
            writer.close()

    def shake(self, is_shaken: bool) -> None:
        """Said before the database goes, and when it is back: every letter of that time is cut."""
        self.is_shaken = is_shaken
        self.cut |= {talk.under_way for talk in list(self.talks) if talk.under_way}


class Talk:
    """One connection. `under_way` is whose letter may have arrived without its sender knowing."""

    def __init__(self, post: Post, reader, writer):
        self.post, self.reader, self.writer = post, reader, writer
        self.to = self.under_way = ""
        self.begun = 0.0

    async def run(self) -> None:
        if self.post.is_black:
            await self.reader.read()
            return
        await self._fail("connect")
        self._say("220 here")
        while line := await self.reader.readline():
            self._comes_back()
            word = line[:4].upper().strip().decode("ascii", "replace")
            with suppress(Refused):
                await getattr(self, f"_{word.lower()}", self._other)(line)
            await self.writer.drain()

    def _comes_back(self) -> None:
        """It wants more, so it has written down what became of the last, unless its lease was over."""
        if self.under_way and (self.post.is_shaken or time.monotonic() - self.begun > self.post.patience):
            self.post.cut.add(self.under_way)
        self.under_way = ""

    async def _ehlo(self, line: bytes) -> None:
        await self._fail("ehlo")
        self._say("250-here", "250 SIZE 30000000")

    async def _mail(self, line: bytes) -> None:
        await self._fail("mail")
        self._say("250 ok")

    async def _rcpt(self, line: bytes) -> None:
        self.to = re.search(rb"<(.+?)>", line)[1].decode()
        if self.post.at_rcpt:
            await asyncio.to_thread(self.post.at_rcpt, self.to)
        await self._fail("rcpt")
        self._say("250 ok")
        self._under_way()  # from here on its sender may have marked it, and be killed before it says DATA

    def _under_way(self) -> None:
        self.begun, self.under_way = time.monotonic(), self.to

    async def _data(self, line: bytes) -> None:
        self._under_way()
        await self._fail("data")
        self._say("354 go on")
        await self.writer.drain()
        await self._fail("body")
        text = await self.reader.readuntil(END)
        if self.post.slow:
            await asyncio.sleep(self.post.slow)
        if self.post.random.random() < 0.5:  # before it is kept, or after
            await self._fail("dot")
            self._keep(text)
        else:
            self._keep(text)
            await self._fail("dot", kept=True)
        self._say("250 kept")

    async def _quit(self, line: bytes) -> None:
        self._say("221 bye")
        raise Cut

    async def _other(self, line: bytes) -> None:
        self._say("250 ok")

    def _keep(self, text: bytes) -> None:
        found = re.search(rb"(?im)^Message-ID:\s*(<[^>]+>)", text)
        message_id = found[1].decode() if found else ""
        self.post.copies[self.to].append(message_id)
        if self.post.keeps:
            self.post.letters.append((self.to, text.removesuffix(END)))
            self.post.ids.append(message_id)

    def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def _fail(self, step: str, *, kept: bool = False) -> None:
        """At this step something happens, or nothing."""
        chance = self.post.random
        if chance.random() >= self.post.shares.get(step, 0):
            return
        act = chance.choice(ACTS)
        if act == "refuse" and (step == "body" or kept):
            act = "drop"  # no server says no there
        self.post.met[step, act] += 1
        await getattr(self, f"_act_{act}")(step)

    async def _act_drop(self, step: str) -> None:
        if step == "body":
            await self.reader.read(200)
        raise Cut

    async def _act_reset(self, step: str) -> None:
        self.writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        raise Cut

    async def _act_delay(self, step: str) -> None:
        await asyncio.sleep(self.post.delay * self.post.random.choice((0.1, 1)))

    async def _act_refuse(self, step: str) -> None:
        self._say(REFUSALS.get(step, "451 try later"))
        await self.writer.drain()
        raise Cut if step in ("connect", "ehlo") else Refused

    async def _act_kill(self, step: str) -> None:
        port = self.writer.get_extra_info("peername")[1]
        pid = await asyncio.to_thread(holder, port, list(self.post.senders()))
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        else:
            self.post.met[step, "kill"] -= 1


def holder(port: int, pids: Iterable[int]) -> int | None:
    """Which of these processes holds the local TCP port."""
    inode = next((fields[9] for fields in _sockets() if int(fields[1].split(":")[1], 16) == port), None)
    for pid in pids:
        with suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    if str(entry.readlink()) == f"socket:[{inode}]":
                        return pid
    return None


def _sockets() -> Iterable[list[str]]:
    return (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
