"""Filter sets that say nothing of rows that the asker does not see."""

import django_filters
from django import forms
from django.db import models

LARGEST = 2**63 - 1


class KeyFilter(django_filters.Filter):
    """By the number of a related row. A number that is nobody's finds nothing, as does one of others: a list
    to choose from would tell them apart."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        for name in ("queryset", "to_field_name", "null_label"):
            kwargs.pop(name, None)
        super().__init__(*args, min_value=1, max_value=LARGEST, **kwargs)


class Filters(django_filters.FilterSet):
    """The base of the rooms' filter sets."""

    FILTER_DEFAULTS = {
        **django_filters.FilterSet.FILTER_DEFAULTS,
        models.ForeignKey: {"filter_class": KeyFilter},
        models.OneToOneField: {"filter_class": KeyFilter},
    }
