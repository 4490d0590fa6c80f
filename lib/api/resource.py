"""The base of every resource of the API. What it must say is little; see docs/api.md for what clients see."""

from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from lib import quotas
from lib.api import bulk, plain
from lib.api.bodies import Json, Parser, Renderer, tag_of, written
from lib.api.filters import Filters, refuse_unknown
from lib.api.pages import Keyset
from lib.api.refusals import Changed
from lib.walls import within


class Noun(NamedTuple):
    """What a noun action takes and answers with."""

    takes: type[serializers.Serializer] | None
    shows: type[serializers.Serializer] | None
    status: int


def noun(takes=None, *, shows=None, status: int = status.HTTP_200_OK, path: str | None = None):
    """POST /sessions/7/cancellation/ from `def cancellation(self, row, said, *, by, now)`.

    `takes` is the serializer of the body, none for no body. The answer is the row as it then is; with
    `shows`, what the method returns in that serializer.
    """

    def mark(method: Callable):
        method.noun = Noun(takes, shows, status)
        method.path = path or method.__name__.replace("_", "-")
        return method

    return mark


class Resource(viewsets.GenericViewSet):
    """A list, its objects and, where `add`, `change` or `remove` are written, the ways to change them.

    Every write is one transaction; a row is locked and compared with If-Match before it is changed.
    """

    parser_classes, renderer_classes, metadata_class = [Parser], [Renderer], None
    pagination_class, filter_backends = Keyset, [Filters]
    programme: str | tuple[str, ...] = ""  # path(s) to the programme; "" for what belongs to the tenant
    writes: type[serializers.Serializer] | None = None  # what add and change take, if it is another

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        offered = {"add": ("create", "bulk"), "change": ("partial_update",), "remove": ("destroy",)}
        for written_as, served_as in offered.items():
            if written_as in cls.__dict__:
                for name in served_as:
                    setattr(cls, name, WRITES[name])
        for name, method in list(cls.__dict__.items()):
            if hasattr(method, "noun"):
                setattr(cls, name, _served(method))

    # --- what is there

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.limit is not None and not self.programme:
            raise PermissionDenied(_("This token is limited to programmes, and this belongs to none."))
        refuse_unknown(request, self, listed=self.action == "list")
        quotas.spend_on(request)

    def reached(self) -> QuerySet:
        """What exists for who asks: `get_queryset`, and for a limited token its programmes only."""
        rows = self.get_queryset()
        return rows if self.limit is None else within(rows, self.programme, self.limit)

    @property
    def limit(self) -> frozenset[int] | None:
        """The programmes that this request may touch; None for no limit but the person's own."""
        return getattr(self.request.user, "limited_to", None)

    def get_object(self) -> models.Model:
        value = str(self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        is_key = self.lookup_field != "pk" or (value.isascii() and value.isdecimal())
        if not is_key or "\0" in value:
            raise Http404
        try:
            return self.reached().get(**{self.lookup_field: value})
        except (ObjectDoesNotExist, TypeError, ValueError):
            raise Http404 from None

    def list(self, request, *args, **kwargs) -> HttpResponse:
        rows = self.filter_queryset(self.reached())
        kind = self.get_serializer_class()
        if columns := plain.columns_of(kind, rows):
            page = self.paginate_queryset(plain.narrowed_to(rows, columns))
            results = plain.shown(page, columns)
        else:
            results = self.get_serializer(self.paginate_queryset(rows), many=True).data
        pages = self.paginator
        return Json(written({"next": pages.next, "previous": pages.previous, "results": results}))

    def retrieve(self, request, *args, **kwargs) -> HttpResponse:
        return self.answer(self.get_object())

    def body_of(self, row: models.Model) -> bytes:
        return written(self.get_serializer(row).data)

    def answer(self, row: models.Model, status: int = 200) -> HttpResponse:
        """The object with its ETag; 304 where who asks has it."""
        body = self.body_of(row)
        tag = tag_of(body)
        if self.request.method == "GET" and _names(self.request.headers.get("If-None-Match"), tag):
            return HttpResponse(status=304, headers={"ETag": tag})
        return Json(body, status=status, headers={"ETag": tag})

    # --- what is changed

    def said(self, row: models.Model | None = None, takes=None, data=None) -> dict:
        """What was sent, checked. Raises 400 by field."""
        takes = takes or self.writes or self.serializer_class
        partial = {"partial": True} if self.action == "partial_update" else {}
        data = self.request.data if data is None else data
        sent = takes(row, data=data, context=self.get_serializer_context(), **partial)
        sent.is_valid(raise_exception=True)
        return sent.validated_data

    def claimed(self) -> models.Model:
        """The row, locked, as If-Match expects it. Raises 412 where it has changed. In a transaction."""
        row = self.get_object()
        rows = row._meta.model._base_manager.order_by("pk")  # no join of the model's own order is locked
        rows.select_for_update().filter(pk=row.pk).values_list("pk").first()
        row = self.get_object()
        expected = self.request.headers.get("If-Match")
        if expected is not None and not _names(expected, tag_of(self.body_of(row))):
            raise Changed
        return row

    def shown(self, row: models.Model) -> models.Model:
        """The row as it is now, for who asks. What she made and could not see is not made."""
        if found := self.reached().filter(pk=row.pk).first():
            return found
        raise PermissionDenied(_("That would lie outside of what you reach here."))


def _names(header: str | None, tag: str) -> bool:
    """Does If-Match or If-None-Match name this tag? One made weak by compression on its way counts."""
    said = [part.strip().removeprefix("W/") for part in (header or "").split(",")]
    return "*" in said or tag in said


def _served(method: Callable) -> Callable:
    """The action behind a noun."""
    asked: Noun = method.noun

    def serve(self, request, *args, **kwargs):
        with transaction.atomic():
            row = self.claimed()
            said = self.said(row=None, takes=asked.takes) if asked.takes else {}
            made = method(self, row, said, by=request.user, now=timezone.now())
            if asked.shows:
                shown = asked.shows(made, context=self.get_serializer_context())
                return Json(written(shown.data), status=asked.status)
            return self.answer(self.shown(row), asked.status)

    serve.__name__, serve.__doc__, serve.noun = method.__name__, method.__doc__, asked
    return action(detail=True, methods=["post"], url_path=method.path, url_name=method.path)(serve)


def create(self, request, *args, **kwargs) -> HttpResponse:
    with transaction.atomic():
        made = self.add(self.said(), by=request.user, now=timezone.now())
        return self.answer(self.shown(made), status.HTTP_201_CREATED)


def partial_update(self, request, *args, **kwargs) -> HttpResponse:
    with transaction.atomic():
        row = self.claimed()
        self.change(row, self.said(row), by=request.user, now=timezone.now())
        return self.answer(self.shown(row))


def destroy(self, request, *args, **kwargs) -> HttpResponse:
    with transaction.atomic():
        self.remove(self.claimed(), by=request.user, now=timezone.now())
    return HttpResponse(status=status.HTTP_204_NO_CONTENT)


WRITES = {
    "create": create,
    "partial_update": partial_update,
    "destroy": destroy,
    "bulk": action(detail=False, methods=["post"])(bulk.bulk),
}
