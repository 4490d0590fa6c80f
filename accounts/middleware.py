"""A page speaks its reader's language and tells the hour of her organisation."""

from uuid import uuid4

from django.utils import timezone, translation
from django.utils.log import log_response

from lib.logs import doing


def named_in_the_log(get_response):
    """Every line written while a request is answered names it, and the address that asks."""

    def middleware(request):
        with doing(f"request:{uuid4().hex[:8]}@{request.META.get('REMOTE_ADDR', '')}"):
            response = get_response(request)
            if response.status_code >= 400:  # told here, where the line knows its request
                words = (response.reason_phrase, request.path, _who(request))
                log_response("%s: %s (%s)", *words, response=response, request=request)
            return response

    return middleware


def _who(request) -> str:
    """Whoever asked, where an answer needed to know her."""
    user = getattr(request, "_cached_user", None)
    return f"user {user.pk}" if user and user.pk else "not signed in"


def readers_own(get_response):
    """Signed in, the person's own language stands above the browser's and the cookie's; moments are shown in
    her organisation's zone (a page about a session shows that session's)."""

    def middleware(request):
        if not request.user.is_authenticated:
            response = get_response(request)
            response.headers.setdefault("Cache-Control", "no-cache")
            return response
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(request.user.tenant.zone):
            response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        if not request.user.is_authenticated:  # signed out just now: nothing of hers stays on this device
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware
