"""Programmes with what they come to, in tables, for who runs them."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from lib.api import noun
from lib.api.bodies import Json, written
from lib.api.narrowed import example, shows
from outcomes import services
from outcomes.api.figures import FiguresNow
from outcomes.api.questionnaires import AskedQuestionnaireSerializer, LibraryQuestionnaireSerializer
from outcomes.api.trust import Trusted
from outcomes.rules import insist
from outcomes.tables import KINDS
from outcomes.tables_said import table as read
from people.api import ProgrammeViewSet


@example(value=3.5, n="n 4")
class TableCellSerializer(serializers.Serializer):
    value = serializers.FloatField(allow_null=True, help_text="Null: nothing is there.")
    n = serializers.CharField(help_text="Of how many, where the value is a mean.")


@example(name="South", cells=[{"value": 12.0, "n": ""}])
class TableLineSerializer(serializers.Serializer):
    name = serializers.CharField()
    cells = TableCellSerializer(many=True)


@example(
    code="attendance", name="Marks by region", row="Region", columns=["present"],
    lines=[{"name": "South", "cells": [{"value": 12.0, "n": ""}]}],
)  # fmt: skip
class TableSerializer(serializers.Serializer):
    """Numbers as they are, small groups too: not for funders."""

    code = serializers.CharField()
    name = serializers.CharField()
    row = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    lines = TableLineSerializer(many=True)


TABLE = OpenApiParameter("table", str, OpenApiParameter.PATH, description="One of: " + ", ".join(KINDS))


class CountedProgrammeViewSet(FiguresNow, Trusted, ProgrammeViewSet):
    __doc__ = ProgrammeViewSet.__doc__

    @extend_schema(parameters=[TABLE])
    @action(detail=True, url_path=r"tables/(?P<table>[^/]+)")
    @shows(TableSerializer)
    def tables(self, request, table: str, code=None):
        """One table of the programme: marks by region, hours by module, scores, ideas, answers, reviewers."""
        programme = self.get_object()
        insist(request.user, "read_tables", programme)
        if table not in KINDS:
            raise Http404
        found = read(table, programme)
        lines = [
            {"name": line.name, "cells": [{"value": cell.value, "n": cell.n} for cell in line.cells]}
            for line in found.lines
        ]
        return Json(written(found._asdict() | {"lines": lines}))

    @noun(
        LibraryQuestionnaireSerializer,
        shows=AskedQuestionnaireSerializer,
        status=201,
        path="library-questionnaires",
    )
    def library_questionnaires(self, row, said, *, by, now):
        """One of the questionnaires that ship with the product becomes this programme's own: a draft, with
        all its questions. Once."""
        insist(by, "keep_answers", row)
        return services.bring_questionnaire(by=by, programme=row, key=said["library"])
