"""The language of a page is the one its reader chose."""

from django.utils import translation


def person_language(get_response):
    """Signed in, the person's own language stands above the browser's and the cookie's."""

    def middleware(request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store" if request.user.is_authenticated else "no-cache")
        return response

    return middleware
