"""A gateway to try with: it prints what it gets, once it has checked the signature."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Tenant
from reminders.models import Gateway
from reminders.ways.gateway import is_genuine, key_of

LARGEST = 64 * 1024


class Command(BaseCommand):
    help = "Run an example of a gateway for short messages; what arrives is checked and printed."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=9099)
        parser.add_argument("--key", default="", help="The key that was shown; else it is derived here.")
        parser.add_argument("--tenant", default="", help="Whose messages (slug), where there are several.")

    def handle(self, *args, port: int, key: str, tenant: str, **options):
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(key, self._tenant(key, tenant)))
        where = f"http://127.0.0.1:{server.server_port}/"
        self.stdout.write(f"Waiting for messages at {where} (GATEWAY_HOSTS=127.0.0.1:{server.server_port})")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()

    def _tenant(self, key: str, slug: str) -> Tenant | None:
        if key:
            return None
        found = list(Tenant.objects.filter(**({"slug": slug} if slug else {}))[:2])
        if len(found) != 1:
            raise CommandError("Say whose messages: --tenant SLUG, or --key KEY.")
        return found[0]


def _handler(key: str, tenant: Tenant | None) -> type[BaseHTTPRequestHandler]:
    seen: set[str] = set()

    def keys() -> list[str]:
        if key or tenant is None:
            return [key]
        rows = Gateway.objects.filter(tenant=tenant).values_list("revision", flat=True)
        return [key_of(tenant.pk, revision) for revision in rows]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            if length > LARGEST:
                return self.answer(413, "too large")
            body = self.rfile.read(length)
            at, said = self.headers.get("Rasadnik-Timestamp", ""), self.headers.get("Rasadnik-Signature", "")
            if not any(is_genuine(body, one, at, said, timezone.now()) for one in keys()):
                return self.answer(401, "the signature is not right")
            known = self.headers.get("Idempotency-Key", "")
            if known not in seen:
                seen.add(known)
                print(json.dumps(json.loads(body), ensure_ascii=False), flush=True)
            self.answer(202, "taken")

        def answer(self, code: int, words: str):
            self.send_response(code)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *args):
            print("gateway:", *args[1:], file=sys.stderr, flush=True)

    return Handler
