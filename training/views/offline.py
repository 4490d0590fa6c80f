"""What a phone asks for so that a register works without a network, and the door for what was done there."""

import hashlib
import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lib import clock
from lib.faces import FACES
from training.forms.register import NoteForm, WalkInForm
from training.register import offline, operations, sheet
from training.views.register import kept_session

BUNDLES = ("app.css", "app.js", "register.js")


@require_safe
def roster(request: HttpRequest, session: int) -> HttpResponse:
    return JsonResponse(offline.roster(kept_session(request, session), request.user, timezone.now()))


@require_POST
def operation_take(request: HttpRequest, session: int) -> HttpResponse:
    """A batch; one answer an operation, and the rows that it touched as they are now."""
    now = timezone.now()
    session = kept_session(request, session)
    try:
        batch = operations.read(request.body)
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=400)
    if batch.user not in (None, request.user.pk):  # done by somebody else on this phone: hers to send
        return JsonResponse({"detail": _("Somebody else is signed in now.")}, status=409)
    answers = operations.take(by=request.user, session=session, batch=batch, now=now)
    touched = {answer.enrolment for answer in answers if answer.enrolment}
    everybody = any(item.get("kind") == "rest_present" for item in batch.operations)
    rows = None if everybody else sorted(touched)
    return JsonResponse(
        {
            "results": [answer._asdict() for answer in answers],
            "roster": offline.roster(session, request.user, now, rows),
        }
    )


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Who is signed in, a token to send with, and the sessions to have at hand. Open to everybody: a phone
    asks before it sends, and somebody who is signed out is told so."""
    user = request.user if request.user.is_authenticated else None
    sessions = []
    if user:
        today = clock.local(timezone.now(), user.tenant.zone).date()
        sessions = [{"id": one.pk, "url": _roster_url(one.pk)} for one in offline.ahead(user, today)]
    return JsonResponse({"user": user and user.pk, "csrf": get_token(request), "sessions": sessions})


def _roster_url(pk: int) -> str:
    return reverse("training:roster_json", args=[pk])


@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The register without a session in it: kept on phones, filled there. It holds nothing of anybody."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return _kept(HttpResponse(_shell(language)))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; another byte in it or in what it keeps makes phones fetch everything anew."""
    script = render_to_string("training/sw.js", {"kept": json.dumps(_shell_urls()), "version": _version()})
    response = _kept(HttpResponse(script, content_type="text/javascript; charset=utf-8"))
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def _kept(response: HttpResponse) -> HttpResponse:
    """Asked for again each time: the same for everybody, whoever is signed in."""
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shell_urls() -> list[str]:
    names = [*BUNDLES, "icon.svg", *(f"fonts/{face.file}" for face in FACES if face.family == "sans")]
    shells = [reverse("training:offline_register", args=[code]) for code, _name in settings.LANGUAGES]
    return [static(name) for name in names] + shells


@cache
def _shell(language: str) -> str:
    """Drawn without a request, so that neither user nor messages nor a token can slip in."""
    session = SimpleNamespace(pk=0, heading="", start="", closed_at=None, cancelled_at=None)
    with translation.override(language):
        context = {
            "session": session,
            "is_shell": True,
            "blank": offline.BLANK,
            "words": offline.words(),
            "tally": sheet.Tally(0, 0, 0, 0, 0, 0, 0),
            "note": NoteForm(),
            "walk_in": WalkInForm(auto_id="door_%s"),
        }
        return render_to_string("training/session_register.html", context)


@cache
def _version() -> str:
    """Of everything that a phone keeps: style, script and the shells."""
    found = [path.read_bytes() for name in BUNDLES if (path := Path(settings.ASSETS_DIR) / name).exists()]
    found += [_shell(code).encode() for code, _name in settings.LANGUAGES]
    return hashlib.sha256(b"".join(found)).hexdigest()[:16]
