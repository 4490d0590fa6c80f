"""The description of the API: for programs as OpenAPI, for people as a page."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.apidoc.page import Room, rooms
from config.apidoc.schema import built
from lib.api.bodies import Json, tag_of, written
from lib.api.schema import REFUSALS


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    body, tag = _body()
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return Json(body, headers={"ETag": tag})


@cache
def _body() -> tuple[bytes, str]:
    body = written(built())
    return body, tag_of(body)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    context = {"rooms": _rooms(), "refusals": _refusals(), "site": request.build_absolute_uri("/")[:-1]}
    return render(request, "api/page.html", context)


def _refusals() -> list[tuple[int, str, str]]:
    """Code, what it means, how its body looks."""
    by_field = '{"end": ["A session ends after it starts."]}'
    rest = [(code, said, '{"detail": "…"}') for code, said in REFUSALS.items()]
    return [(400, "What was sent is not right: by field, in your language.", by_field), *rest]


@cache
def _rooms() -> list[Room]:
    return rooms(built())
