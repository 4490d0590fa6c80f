"""A page of this room: dates and times on it are the programme's own."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def page(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """Render in the zone of `request.programme`, wherever the reader and the server are."""
    with timezone.override(ZoneInfo(request.programme.zone)):
        return render(request, template, context, status=status)
