"""`manage.py serve`: everything in one process, from nothing to a page. It is what `make run` calls."""

import logging
import os
import signal
import socket
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Tenant
from desk import embedded
from desk.demo import build, people

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, chosen by whoever starts it
ENDED_BY_FORCE = 130


class Command(BaseCommand):
    help = "Web pages, background work, scheduler and mail sink in one process, on this machine."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument(
            "--no-demo",
            action="store_true",
            default=os.environ.get("DEMO", "1").lower() in ("0", "no", "false", "off"),
            help="leave an empty database empty, and print the address to set it up",
        )

    def handle(self, *, host: str, port: str, no_demo: bool, **options):
        try:
            lock = embedded.lock(Path(settings.DATA_DIR))
        except embedded.Taken as taken:
            raise CommandError(f"{taken} End that one first, or give DATA_DIR another folder.") from None
        _on_signals()
        with lock, _bound(host, port) as door:
            _know_own_addresses(host, door.getsockname()[1])
            call_command("migrate", verbosity=0, interactive=False)
            if not no_demo and not Tenant.objects.exists():
                self._say("First start: building the demo ...")
                build.build(today=build.today(timezone.now()))
            self._run(door, host)

    def _run(self, door: socket.socket, host: str) -> None:
        from django.core.wsgi import get_wsgi_application
        from waitress.server import create_server

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # empty: finders serve
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
        application = get_wsgi_application()
        is_demo = Tenant.objects.filter(is_demo=True).exists()
        companions = embedded.Companions(
            on_death=self._worker_died, on_letter=(lambda text: None) if is_demo else self._say
        )
        try:
            companions.start()
            server = create_server(application, sockets=[door], threads=8, ident=None)
            self._greet(door, host)
            server.run()  # until a signal
            server.close()
        finally:
            self._say("Ending ...")
            if not companions.stop():
                self._say("Some work still runs; it is cut off here and goes on at the next start.")
                os._exit(1)  # Python would wait for its threads, however long they take
        if self.died:
            raise CommandError("The background worker ended by itself; the log above says why.")

    died = False

    def _worker_died(self) -> None:
        self.died = True
        os.kill(os.getpid(), signal.SIGTERM)

    def _greet(self, door: socket.socket, host: str) -> None:
        port = door.getsockname()[1]
        self._say(f"\nRasadnik is at http://{_shown(host)}:{port}/  (Ctrl-C ends it)")
        if host in EVERYWHERE:
            self._say(
                "Other devices reach it too. Marking without a connection needs TLS on a phone: see docs/."
            )
        if Tenant.objects.filter(is_demo=True).exists():
            self._say(
                f"\nA demo. Sign in on the page with one click, or with password {people.PASSWORD} as\n"
            )
            for sign_in in people.SIGN_INS:
                self._say(f"  {sign_in.role_word:<28}{sign_in.email}")
            self._say("")
        elif not Tenant.objects.exists():
            call_command("setup", stdout=self.stdout)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _bound(host: str, port: str) -> socket.socket:
    """A socket that holds the address, so that nothing is begun when it is taken. It listens later."""
    try:
        if int(port) not in range(65536):  # the resolver would take it modulo 65536
            raise ValueError("a port lies between 0 and 65535")
        family, kind, proto, _name, address = socket.getaddrinfo(
            host or None, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        door = socket.socket(family, kind, proto)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except (OSError, ValueError) as error:
        raise CommandError(
            f"{host}:{port} cannot be served: {error}. PORT=8001 takes another port."
        ) from None
    return door


def _know_own_addresses(host: str, port: int) -> None:
    """Links in mails lead here, and requests to the address that was asked for are answered."""
    if "SITE_URL" not in os.environ:
        settings.SITE_URL = f"http://{_shown(host)}:{port}"
    if "ALLOWED_HOSTS" not in os.environ:
        names = _names_of_this_machine() if host in EVERYWHERE else [f"[{host}]" if ":" in host else host]
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, *names]


def _shown(host: str) -> str:
    if host in EVERYWHERE:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _names_of_this_machine() -> list[str]:
    name = socket.gethostname()
    found = {name, f"{name}.local", *_addresses(name)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(found)


def _addresses(name: str) -> list[str]:
    try:
        return [entry[4][0] for entry in socket.getaddrinfo(name, None, socket.AF_INET)]
    except OSError:
        return []


def _on_signals() -> None:
    """The first Ctrl-C (or SIGTERM) ends in order, the second at once. A shell that started us in the
    background left SIGINT ignored: so both handlers are set here."""
    asked = []

    def handler(number, frame):
        if asked:
            os._exit(ENDED_BY_FORCE)
        asked.append(number)
        raise SystemExit(0)

    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)
