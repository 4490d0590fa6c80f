"""Mail servers that are in trouble, each in one way of promise P13: real ones, on a port of this machine."""

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.services import free_port


@dataclass
class Troubled:
    """`rcpt`: answers by address (or for all, under ""); `mail`, `greet`, `body` for all. "hang" never
    answers, "drop" closes the line."""

    rcpt: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    body: str = ""
    connections: int = 0
    asked: list[str] = field(default_factory=list)
    received: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self._said(server, self.mail, "250 ok")

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        said = await self._said(server, self.rcpt.get(address, self.rcpt.get("", "")), "250 ok")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server, session, envelope):
        if self.body == "keep and drop":
            self._keep(envelope)
            server.transport.close()
        said = await self._said(server, self.body, "250 kept")
        if said.startswith("250"):
            self._keep(envelope)
        return said

    def _keep(self, envelope) -> None:
        self.received.append((envelope.rcpt_tos[0], envelope.original_content))

    async def _said(self, server, words: str, usual: str) -> str:
        if words == "hang":
            await asyncio.sleep(30)
        if words == "drop":
            server.transport.close()
        return words or usual


@contextmanager
def listening(settings, server: Troubled, **options):
    """The settings point at it."""
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    try:
        yield server
    finally:
        controller.stop()


def refusing_passwords() -> dict:
    """Options of a server that knows nobody."""
    return {
        "authenticator": lambda *_what: AuthResult(success=False, handled=False),
        "auth_require_tls": False,
        "auth_required": True,
    }
