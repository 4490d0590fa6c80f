"""Sheets for scripts: bring one, say what its columns are, preview, confirm, take back."""

from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from desk.importing import running, services
from desk.importing.words import KINDS
from desk.loading import door
from desk.models import Import
from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example
from lib.api.sent import SentFile
from people.models import Programme

SHOWN = 2000  # refusals; the sheet that is handed back has all of them
MAP = {"name": {"from": ["Ime", "Prezime"], "join": " "}, "email": "E-pošta", "country": {"value": "RS"}}
COUNTS = {"created": 38, "updated": 4, "unchanged": 12, "refused": 1, "left_out": 1}
REFUSAL = {
    "sheet": "Prijave",
    "row": 17,
    "column": "E-pošta",
    "value": "mila@",
    "rule": "This is no e-mail address.",
}
KIND_CHOICES = [(name, KINDS.get(name, name)) for name in door.KINDS]
KIND = {"choices": KIND_CHOICES}


class RefusedCellSerializer(serializers.Serializer):
    sheet = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField()
    value = serializers.CharField()
    rule = serializers.CharField()


@example(
    id=7, programme="start-up-2025", name="prijave.xlsx", sheet="Prijave", header_row=None, kind="persons",
    columns=[{"header": "E-pošta", "field": "email", "how": "name", "examples": ["mila@primer.example"]}],
    mapping=MAP, where=[], leave_out=[56], standing="ready", counts=COUNTS, refusals=[REFUSAL], warnings=[],
    source="load", differences=[], job=None, reason="", created_at="2025-03-12T09:00:00+01:00",
    ended_at=None, undone_at=None,
)  # fmt: skip
class ImportSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    columns = serializers.SerializerMethodField()
    refusals = serializers.SerializerMethodField()
    standing = serializers.CharField(read_only=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = [
            "id", "programme", "name", "sheet", "header_row", "kind", "source", "columns", "mapping", "where",
            "leave_out", "standing", "counts", "refusals", "warnings", "differences", "job", "reason",
            "created_at", "ended_at", "undone_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_columns(self, record) -> list[dict]:
        kept = ("header", "field", "how", "examples")
        return [{name: column.get(name) for name in kept} for column in record.columns]

    def get_refusals(self, record) -> list[dict]:
        found = running.refusals_of(record)[:SHOWN]
        return RefusedCellSerializer([one._asdict() for one in found], many=True).data

    def get_reason(self, record) -> str:
        return record.job.reason if record.job else ""


@example(
    programme="start-up-2025", name="prijave.csv", content="SW1lLEUtcG/FoXRhCkFuYSxhbmFAcHJpbWVyLmV4YW1wbGUK"
)
class SheetSerializer(Narrowed, SentFile):
    """A file as `content` in base64 with its `name`, or as `file` of a multipart form."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    kind = serializers.ChoiceField(required=False, **KIND)


@example(kind="persons", sheet="Prijave", mapping=MAP, leave_out=[56], where=[["Grad", "Niš"]])
class MappingSerializer(serializers.Serializer):
    """What the rows are and which column is which: our fields, each with the heading it comes from (or a map
    as `manage.py load` takes it). What is left out stays as it was guessed."""

    kind = serializers.ChoiceField(required=False, **KIND)
    sheet = serializers.CharField(required=False, max_length=200)
    header_row = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1000)
    source = serializers.CharField(required=False, max_length=60)
    mapping = serializers.DictField(required=False)
    leave_out = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=200_000), required=False, max_length=1000
    )
    where = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(max_length=200), min_length=2, max_length=2),
        required=False,
        max_length=20,
    )


@example(without_refused=True)
class ConfirmationSerializer(serializers.Serializer):
    without_refused = serializers.BooleanField(default=False)


class ImportViewSet(Resource):
    """Sheets on their way in, and what came of them."""

    serializer_class = ImportSerializer
    writes = SheetSerializer
    parser_classes = [*Resource.parser_classes, MultiPartParser]
    filterset_fields = {"programme__code": ["exact"], "kind": ["exact"], "state": ["exact"]}
    queryset = Import.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Import.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "tenant", "by", "job", "file").with_refusals()

    def add(self, said, *, by, now):
        record = services.bring(by=by, now=now, **said)
        if record.kind:
            services.put_map(by=by, record=record, mapping=services.guessed_map(record))
        return record

    def remove(self, row, *, by, now):
        services.discard(by=by, record=row)

    @noun(MappingSerializer)
    def mapping(self, row, said, *, by, now):
        if said.keys() & {"kind", "sheet", "header_row", "source"}:
            chosen = {
                name: said.get(name, getattr(row, name)) for name in ("kind", "sheet", "header_row", "source")
            }
            services.choose(by=by, record=row, now=now, **chosen)
        rows = {name: said[name] for name in ("leave_out", "where") if name in said}
        mapping = said.get("mapping") or row.mapping or services.guessed_map(row)
        services.put_map(by=by, record=row, mapping=mapping, **rows)

    @noun()
    def preview(self, row, said, *, by, now):
        services.preview(by=by, record=row, now=now)

    @noun(ConfirmationSerializer)
    def confirmation(self, row, said, *, by, now):
        services.confirm(by=by, record=row, now=now, **said)

    @noun()
    def cancellation(self, row, said, *, by, now):
        services.stop(by=by, record=row, now=now)

    @noun()
    def undoing(self, row, said, *, by, now):
        services.take_back(by=by, record=row, now=now)
