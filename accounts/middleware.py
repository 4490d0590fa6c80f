"""A page speaks its reader's language and tells the hour of her organisation."""

from django.utils import timezone, translation


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
        return response

    return middleware
