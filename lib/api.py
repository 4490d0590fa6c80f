"""Plumbing of the API: pages without a COUNT, and one mouth for every refusal."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler


class Keyset(CursorPagination):
    """Newest first, a page continues after the last row seen: no COUNT, no row twice while others arrive."""

    ordering = "-id"
    page_size = 50


def refuse(error: Exception, context: dict) -> Response | None:
    """The exception handler: what a form would say, the API says with 400, in the same words, by field.

    Without a field it answers under `non_field_errors`; codes are kept in the details.
    """
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(_by_field(error))
    return exception_handler(error, context)


def _by_field(error: ValidationError) -> dict:
    detail = get_error_detail(error)
    if not isinstance(detail, dict):
        return {api_settings.NON_FIELD_ERRORS_KEY: detail}
    return {
        api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name: said
        for name, said in detail.items()
    }
