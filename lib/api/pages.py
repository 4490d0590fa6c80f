"""Pages that continue after the last row seen: no COUNT, no row twice while others arrive."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from lib.api.bodies import LARGEST

MOST = 200
PARAMETERS = {
    "cursor": "Where a page begins. Follow `next` and `previous`; do not make one.",
    "limit": f"How many rows a page has, at most {MOST}.",
    "order": "`-id`, newest first, or `id`, oldest first.",
}


class Place(NamedTuple):
    """After (or before) which row a page stands, in the order asked for; 0 is the start."""

    backwards: bool = False
    pk: int = 0

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{'b' if self.backwards else 'a'}{self.pk}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises ValueError."""
        way, *number = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        pk = int("".join(number))
        if way not in "ab" or not 0 < pk < LARGEST or str(cls(way == "b", pk)) != text:
            raise ValueError(text)
        return cls(way == "b", pk)


class Keyset(BasePagination):
    """Newest first, fifty rows."""

    page_size = 50

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list:
        """One page, of objects or of tuples that begin with the key. Raises 400 for a cursor that is none."""
        self.uri = request.build_absolute_uri()
        asked = request.GET
        self.limit, self.order = self._limit(asked.get("limit")), self._order(asked.get("order"))
        self.place = self._place(asked.get("cursor"))
        newest_first = (self.order == "-id") != self.place.backwards
        if self.place.pk:
            queryset = queryset.filter(**{"pk__lt" if newest_first else "pk__gt": self.place.pk})
        found = list(queryset.order_by("-pk" if newest_first else "pk")[: self.limit + 1])
        self.has_more = len(found) > self.limit
        self.rows = found[: self.limit]
        if self.place.backwards:
            self.rows.reverse()
        return self.rows

    @property
    def next(self) -> str | None:
        more = self.has_more if not self.place.backwards else bool(self.rows)
        return self._link(Place(False, _pk(self.rows[-1]))) if more else None

    @property
    def previous(self) -> str | None:
        more = self.has_more if self.place.backwards else self.place.pk and self.rows
        return self._link(Place(True, _pk(self.rows[0]))) if more else None

    def get_paginated_response(self, data) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": "string", "format": "uri", "nullable": True}
        example = {"example": "https://rasadnik.example/api/v1/sessions/?cursor=YTQy"}
        parts = {"next": link | example, "previous": link | {"example": None}, "results": schema}
        return {"type": "object", "required": list(parts), "properties": parts}

    def get_schema_operation_parameters(self, view) -> list[dict]:
        kinds = {
            "cursor": {"type": "string"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": self.page_size},
            "order": {"type": "string", "enum": ["-id", "id"], "default": "-id"},
        }
        return [
            {"name": name, "in": "query", "required": False, "description": said, "schema": kinds[name]}
            for name, said in PARAMETERS.items()
        ]

    def _link(self, place: Place) -> str:
        return replace_query_param(remove_query_param(self.uri, "cursor"), "cursor", str(place))

    def _limit(self, text: str | None) -> int:
        if text is None:
            return self.page_size
        if text.isascii() and text.isdecimal() and len(text) < 5 and 0 < int(text) <= MOST:
            return int(text)
        raise ValidationError({"limit": [_("A page has 1 to %(most)d rows.") % {"most": MOST}]})

    def _order(self, text: str | None) -> str:
        if text in (None, "-id", "id"):
            return text or "-id"
        raise ValidationError({"order": [_("The order is “-id”, newest first, or “id”, oldest first.")]})

    def _place(self, text: str | None) -> Place:
        if text is None:
            return Place()
        try:
            return Place.read(text)
        except ValueError:
            words = _("This is no cursor. Follow the links “next” and “previous”, or begin without one.")
            raise ValidationError({"cursor": [words]}) from None


def _pk(row) -> int:
    return row[0] if isinstance(row, tuple) else row.pk
