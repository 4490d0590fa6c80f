"""A refusal that Django gives without a word, said to the person who meets it."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render


def not_only_a_number(get_response):
    """Whoever opens an address that takes only what a form sends (she changed the language on a form that
    was refused, or kept its address) reads so, and finds her way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        for_people = request.method == "GET" and not request.path_info.startswith("/api/")
        if not (for_people and isinstance(answer, HttpResponseNotAllowed)):
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page

    return middleware
