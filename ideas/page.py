"""A page of this room: dates and times on it are the programme's own."""

from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods


def page(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Render in the zone of `request.programme`, wherever the reader and the server are."""
    with timezone.override(ZoneInfo(request.programme.zone)):
        return render(request, template, context, status=status)


def sent_from(form: str):
    """For an address that only takes what the page `form` sends; both have the same kwargs. It shows a form
    that was refused, so somebody may come back to it with GET: she changed the language there, or signed in
    anew. She finds the page with the form."""

    def decorated(view):
        @wraps(view)
        def answer(request: HttpRequest, **which) -> HttpResponse:
            if request.method == "POST":
                return view(request, **which)
            query = request.GET.urlencode()
            return redirect(reverse(form, kwargs=which) + (f"?{query}" if query else ""))

        return require_http_methods(["GET", "HEAD", "POST"])(answer)

    return decorated
