"""Reading the post-box, while this is a demo: for the demo's own people only."""

from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.models import Tenant
from desk import postbox

PAGE = 50
LETTER = {  # a letter is somebody else's page: it may look like itself, and do nothing
    "sandbox": True,
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}


@require_GET
def postbox_list(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    found = postbox.letters(_demo(request))
    shown = [letter for letter in found if not before.isdecimal() or letter.number < int(before)]
    older = shown[PAGE - 1] if len(shown) > PAGE else None
    context = {"letters": shown[:PAGE], "count": len(found), "older": older}
    return render(request, "desk/postbox_list.html", context)


@require_GET
def postbox_letter(request: HttpRequest, letter: int) -> HttpResponse:
    found = _letter(request, letter)
    files = [(number, *postbox.attachment(part)) for number, part in enumerate(found.parts, 1)]
    context = {"letter": found, "headers": found.message.items(), "files": files}
    return render(request, "desk/postbox_letter.html", context)


@require_GET
@xframe_options_sameorigin
@csp(LETTER)
def postbox_page(request: HttpRequest, letter: int) -> HttpResponse:
    """The HTML part alone, to be framed by the letter's page."""
    found = _letter(request, letter)
    if not found.html:
        raise Http404
    return HttpResponse(found.page)


@require_GET
def postbox_part(request: HttpRequest, letter: int, part: int) -> HttpResponse:
    """An attachment, always as a file to keep, never shown by us."""
    parts = _letter(request, letter).parts
    if not 1 <= part <= len(parts):
        raise Http404
    name, content = postbox.attachment(parts[part - 1])
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _demo(request: HttpRequest) -> Tenant:
    """Outside a demo these addresses do not exist."""
    if not request.user.tenant.is_demo:
        raise Http404
    return request.user.tenant


def _letter(request: HttpRequest, number: int) -> postbox.Letter:
    found = postbox.letter(_demo(request), number)
    if found is None:
        raise Http404
    return found
