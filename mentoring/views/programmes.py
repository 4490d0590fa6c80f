"""The programme of an address: of whoever sees it, or of whoever runs its mentoring."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from people.models import Programme


def seen(request: HttpRequest, code: str) -> Programme:
    """One that she sees; the page's menu is of it from then on."""
    rows = Programme.objects.visible_to(request.user).select_related("tenant")
    request.programme = get_object_or_404(rows, code=code)
    return request.programme


def programme_of(request: HttpRequest, code: str) -> Programme:
    """One that she runs."""
    programme = seen(request, code)
    if not request.user.has_perm("mentoring.assign", programme):
        raise PermissionDenied
    return programme
