"""What stands before every address of the API: a limit for bodies, and JSON also for what no view answers."""

import re
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

LARGEST_BODY = 2 * 1024 * 1024  # bytes
LARGEST_FILE = 14 * 1024 * 1024  # one of 10 MB in base64
FILES = ("/api/v1/imports/", "/api/v1/idea-files/", "/api/v1/evidence/")  # the addresses that take a file


def front(get_response):
    def middleware(request: HttpRequest):
        if not request.path_info.startswith("/api/"):
            return get_response(request)
        size = request.META.get("CONTENT_LENGTH") or "0"
        takes_file = request.path_info in FILES
        largest = LARGEST_FILE if takes_file else LARGEST_BODY
        if not re.fullmatch(r"\d{1,18}", size) or int(size) > largest:
            words = _("The body is larger than two megabytes.")
            file_words = _("The file is larger than %(n)s MB.") % {"n": 10}
            return JsonResponse({"detail": file_words if takes_file else words}, status=413)
        response = get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type", "").startswith("text/html"):
            return _as_json(response)
        return response

    return middleware


def _as_json(page) -> JsonResponse:
    """The same refusal, for a script: an address that does not exist, a gate, a fault of ours."""
    words = {
        400: _("This request cannot be read."),
        403: _("You may not do this."),
        404: _("Not found."),
        500: _("Something went wrong on our side. Nothing was changed."),
    }
    said = words.get(page.status_code) or HTTPStatus(page.status_code).phrase
    return JsonResponse({"detail": said}, status=page.status_code)
