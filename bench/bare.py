"""The limit of a list: one view, keyset `values()` + orjson, on the same table; and DRF as it comes. Nobody
is asked who she is, nothing is refused."""

import os

import orjson
from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
application = get_wsgi_application()

from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402

from people.api.book import PersonSerializer  # noqa: E402
from people.models import Person  # noqa: E402

FIELDS = PersonSerializer.Meta.fields


def limit(request) -> HttpResponse:
    before = int(request.GET.get("before", 2**62))
    rows = Person.objects.filter(id__lt=before).order_by("-id").values(*FIELDS)[:50]
    return HttpResponse(orjson.dumps({"results": list(rows)}, default=str), content_type="application/json")


class Plain(serializers.ModelSerializer):
    class Meta:
        model, fields = Person, FIELDS


class Offset(pagination.LimitOffsetPagination):
    default_limit = 50


class Default(generics.ListAPIView):
    """What DRF's documentation leads to: a ModelSerializer, offset and COUNT."""

    queryset, serializer_class, pagination_class = Person.objects.order_by("-id"), Plain, Offset
    authentication_classes = permission_classes = filter_backends = ()


urlpatterns = [path("limit", limit), path("default", Default.as_view())]
