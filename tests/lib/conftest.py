"""An SMTP server that answers as it is told, and the folder of real files."""

from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, settings

from tests.services import free_port

# A busy machine is slow now and then: that is no failure of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@dataclass
class Scripted:
    """What it answers to each command; `None` lets the server answer by itself, "drop" cuts the line."""

    mail: str | None = None
    rcpt: str | None = None
    body: str | None = None
    connections: int = 0
    bodies: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    resets: int = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail == "drop":
            server.transport.close()
            return "421 gone"
        envelope.mail_from = address
        return self.mail or "250 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt == "drop":
            server.transport.close()
            return "421 gone"
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 ok"

    async def handle_RSET(self, server, session, envelope):
        self.resets += 1
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.body == "drop":
            server.transport.close()
            return "421 gone"
        if self.body:
            return self.body
        self.bodies.append(envelope.original_content)
        self.senders.append(envelope.mail_from)
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"


@pytest.fixture
def scripted(settings):
    """The settings point at this server."""
    script = Scripted()
    controller = Controller(script, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield script
    controller.stop()


@pytest.fixture(scope="session")
def nasty(shared_data):
    return shared_data / "nasty"
