"""One mouth for every refusal: by field, or under `detail`, in the reader's language."""

import logging

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

log = logging.getLogger(__name__)


class Changed(exceptions.APIException):
    """412: If-Match names a state that is gone."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = gettext_lazy("It was changed in the meantime. Read it again, then decide.")
    default_code = "changed"


class Clash(exceptions.APIException):
    """409: what is asked does not go together with what is there."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy("This clashes with what was stored in the meantime. Read it again.")
    default_code = "clash"


def refuse(error: Exception, context: dict) -> Response | None:
    """The exception handler: what a form would say, the API says with 400, in the same words, by field.

    Without a field it answers under `non_field_errors`; codes are kept in the details.
    """
    return exception_handler(spoken(error), context)


def spoken(error: Exception) -> Exception:
    """The same error as one that DRF can say; what it cannot say stays as it is."""
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(_by_field(error))
    if isinstance(error, IntegrityError):  # a race past the service's own look: the database has refused
        log.warning("refused by the database: %s", str(error).splitlines()[0])
        return Clash()
    if isinstance(error, DataError | OverflowError):
        log.warning("a value that cannot be stored: %s", type(error).__name__)
        return exceptions.ValidationError(_("A value is too large, or cannot be stored."))
    return error


def _by_field(error: ValidationError) -> dict:
    detail = get_error_detail(error)
    if not isinstance(detail, dict):
        return {api_settings.NON_FIELD_ERRORS_KEY: detail}
    return {
        api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name: said
        for name, said in detail.items()
    }
