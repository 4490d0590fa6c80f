"""What may be said to the API: fields as the model has them, rows only as far as the user sees them."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser as User
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

MOST = {  # what every database holds; one of them would take more
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "IntegerField": (-(2**31), 2**31 - 1),
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
}


class Narrowed:
    """Every row that may be named is one that the user sees: `visible_to` of its model is asked, or what
    `sources` names for the field, a function from a user to the rows."""

    sources: dict[str, Callable[[User], QuerySet]] = {}
    fixed: tuple[str, ...] = ()  # said when a row is made, and never again

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        for name, field in fields.items():
            relation = getattr(field, "child_relation", field)
            if isinstance(relation, serializers.RelatedField) and not field.read_only:
                rows = self.sources.get(name, relation.queryset.model.objects.visible_to)
                relation.queryset = rows(request.user) if request else relation.queryset.none()
        return fields

    def to_internal_value(self, data):
        said = super().to_internal_value(data)
        if self.instance is not None:
            stays = {name: said.pop(name) for name in self.fixed if name in said}
            if moved := [name for name, value in stays.items() if value != getattr(self.instance, name)]:
                raise serializers.ValidationError({name: [_("This stays as it was made.")] for name in moved})
        return said


class Said(Narrowed, serializers.ModelSerializer):
    """What may be said of a row. Whether it goes together is for the service to say, in its own words; so
    nothing here looks whether something exists already."""

    def build_standard_field(self, field_name, model_field):
        kind, kwargs = super().build_standard_field(field_name, model_field)
        if "validators" in kwargs:
            kwargs["validators"] = [one for one in kwargs["validators"] if not hasattr(one, "queryset")]
        limits = MOST.get(model_field.get_internal_type())
        if limits and issubclass(kind, serializers.IntegerField):
            lowest, highest = limits
            kwargs["min_value"] = max(lowest, kwargs.get("min_value", lowest))
            kwargs["max_value"] = min(highest, kwargs.get("max_value", highest))
        return kind, kwargs

    def get_uniqueness_extra_kwargs(self, field_names, declared_fields, extra_kwargs):
        return extra_kwargs, {}

    def get_unique_together_validators(self):
        return []

    def get_unique_for_date_validators(self):
        return []


def shows(serializer, *, takes=None, asks=()):
    """For an action written out by hand: what it answers with (200), what it takes, and which parameters it
    reads from the address."""

    def mark(method: Callable) -> Callable:
        method.shown_as, method.taken_as, method.asks = serializer, takes, asks
        return method

    return mark


def example(**said):
    """What such an object looks like, invented by us: for the schema and its readable page."""
    one = OpenApiExample("Example", value=said, status_codes=[200, 201, 202])
    return extend_schema_serializer(examples=[one])
