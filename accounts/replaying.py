"""An Idempotency-Key makes a write of the API safe to repeat: the same request is done once.

The row that keeps the answer is inserted in the transaction of the effect. So both stay or neither; and a
second request at the same time waits at the unique key, then gets the first one's answer.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.models import KeptAnswer

WRITES = ("POST", "PUT", "PATCH", "DELETE")
LONGEST = 200  # signs of a key
KEPT = timedelta(days=1)
WAIT = "10s"  # for another request with the same key
HEADERS = ("Content-Type", "ETag", "Location")


class OnceMiddleware:
    """Stands right before the view: who asks is known, and that she may."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in WRITES or not request.path_info.startswith("/api/v1/"):
            return None
        if not request.user.is_authenticated:
            return None  # the view refuses
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            return _refusal(400, _("An Idempotency-Key has 1 to 200 visible signs."))
        return _once(request, key, lambda: view(request, *args, **kwargs))


def sweep(now: datetime) -> int:
    """Forget answers older than a day; return how many."""
    return KeptAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _once(request: HttpRequest, key: str, act) -> HttpResponse:
    asked, response = _fingerprint(request), None
    try:
        with transaction.atomic():
            kept = _claim(request.user, key, asked)
            response = act()
            if hasattr(response, "render"):
                response.render()
            if response.status_code >= 400:
                transaction.set_rollback(True)  # an error keeps nothing
            else:
                _keep(kept, response)
    except _Taken:
        return _again(request.user, key, asked)
    except _Busy:
        return _refusal(409, _("A request with this Idempotency-Key is being answered just now."))
    return response


class _Taken(Exception):
    """The key has an answer already."""


class _Busy(Exception):
    """The key's first request is still at work."""


def _claim(user, key: str, asked: str) -> KeptAnswer:
    """Waits while another transaction holds the same key."""
    postgres = connection.vendor == "postgresql"
    try:
        with transaction.atomic():
            if postgres:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            kept = KeptAnswer.objects.create(user=user, key=key, fingerprint=asked)
            if postgres:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except IntegrityError as error:
        raise _Taken from error
    except OperationalError as error:
        raise _Busy from error
    return kept


def _keep(kept: KeptAnswer, response: HttpResponse) -> None:
    kept.status, kept.body = response.status_code, response.content.decode()
    kept.headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    kept.save(update_fields=["status", "body", "headers"])


def _again(user, key: str, asked: str) -> HttpResponse:
    """What was answered the first time."""
    try:
        kept = KeptAnswer.objects.get(user=user, key=key)
    except (KeptAnswer.DoesNotExist, DatabaseError):  # swept at this very moment
        return _refusal(409, _("A request with this Idempotency-Key is being answered just now."))
    if kept.fingerprint != asked:
        return _refusal(422, _("This Idempotency-Key was used for another request."))
    headers = kept.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, headers=headers)


def _fingerprint(request: HttpRequest) -> str:
    """Of all that the answer hangs on: by which token, what is asked of which address."""
    token = getattr(request, "token", None)
    parts = [
        str(token.pk if token else 0),
        request.method,
        request.get_full_path(),
        request.headers.get("If-Match", ""),
        request.headers.get("Content-Type", ""),
    ]
    digest = hashlib.sha256("\n".join(parts).encode() + b"\n")
    digest.update(request.body)
    return digest.hexdigest()


def _refusal(status: int, words: str) -> JsonResponse:
    return JsonResponse({"detail": words}, status=status)
