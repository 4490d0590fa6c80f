"""The page's own filters; a parameter that nobody knows is refused rather than ignored."""

from functools import cache

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.widgets import SuffixedMultiWidget
from rest_framework.exceptions import ValidationError

from lib.api.pages import PARAMETERS


class Filters(DjangoFilterBackend):
    def filter_queryset(self, request, queryset, view):
        if not request.GET.keys() - PARAMETERS.keys():
            return queryset  # nothing is asked: no form is made
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(request, view, listed: bool) -> None:
    """400 that names each parameter which this address does not know, or which holds what no text may."""
    if not request.META.get("QUERY_STRING"):
        return
    asked = getattr(getattr(view, view.action or "", None), "asks", ())
    known = {*PARAMETERS, *parameters_of(view)} if listed else set(asked)
    wrong = {name: [_("This address knows no such parameter.")] for name in request.GET.keys() - known}
    for name, values in request.GET.lists():
        if any("\0" in value for value in (name, *values)):
            wrong[name.replace("\0", "\\0")] = [_("A NUL character cannot stand here.")]
    if wrong:
        raise ValidationError(wrong)


def parameters_of(view) -> frozenset[str]:
    """What the filter set of a list reads from the address."""
    kind = Filters().get_filterset_class(view, view.get_queryset().none())
    return _names(kind) if kind else frozenset()


@cache
def _names(kind: type) -> frozenset[str]:
    names = set()
    for name, made in kind.base_filters.items():
        widget = made.field.widget
        suffixed = isinstance(widget, SuffixedMultiWidget)
        names |= {widget.suffixed(name, end) for end in widget.suffixes} if suffixed else {name}
    return frozenset(names)
