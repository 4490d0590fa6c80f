"""Many rows in one request, with an answer for each, in the order sent."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import exceptions, status

from lib.api.bodies import Json, written
from lib.api.refusals import refuse

MOST = 500
REFUSALS = (ValidationError, PermissionDenied, Http404, exceptions.APIException)


def bulk(self, request, *args, **kwargs) -> HttpResponse:
    """Each row is stored or refused by itself: a refused one takes no other along. The whole answer is 200;
    each result has the `status` that the row alone would have had, and `data` or `errors`."""
    rows, now = _rows(request.data), timezone.now()
    with transaction.atomic():
        made = [_one(self, row, now) for row in rows]
        found = self.reached().filter(pk__in=[row.pk for row, refused in made if row is not None])
        serializer = self.get_serializer(found, many=True)
        shown = {row.pk: data for row, data in zip(found, serializer.data, strict=True)}
    results = [refused or {"status": status.HTTP_201_CREATED, "data": shown[row.pk]} for row, refused in made]
    return Json(written({"results": results}))


def _rows(data) -> list:
    rows = data.get("rows") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise exceptions.ValidationError({"rows": [_("Send the rows as a list.")]})
    if len(rows) > MOST:
        said = ngettext("At most %(most)d row at once.", "At most %(most)d rows at once.", MOST)
        raise exceptions.ValidationError({"rows": [said % {"most": MOST}]})
    return rows


def _one(self, data, now):
    """(row, None), or (None, the refusal)."""
    try:
        with transaction.atomic():
            row = self.add(self.said(data=data), by=self.request.user, now=now)
            return self.shown(row), None
    except Exception as error:
        answer = refuse(error, {"view": self, "request": self.request})
        if answer is None:
            raise
        return None, {"status": answer.status_code, "errors": answer.data}
