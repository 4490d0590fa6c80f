"""What every resource has in common, said in its OpenAPI description: headers, bulk bodies, every refusal."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from lib.api.bulk import MOST

READS, WRITES = ("list", "retrieve"), ("create", "partial_update", "destroy", "bulk")


class RefusalSerializer(serializers.Serializer):
    """Why not, in a sentence."""

    detail = serializers.CharField()


FIELD_ERRORS = {
    "type": "object",
    "description": "By field, what is wrong with it; `non_field_errors` for what concerns several, "
    "`detail` where the body could not be read at all.",
    "additionalProperties": {},
    "example": {"start": ["A session ends after it starts."]},
}
REFUSALS = {
    401: "Nobody is signed in, or the token is unknown, expired or revoked.",
    403: "This person or this token may not do that.",
    404: "It does not exist, or not for who asks.",
    405: "This address does not know this method.",
    406: "Answers are JSON only.",
    409: "It clashes with what is there, or the same Idempotency-Key is at work just now.",
    412: "It has changed since it was read (If-Match).",
    413: "The body is larger than two megabytes.",
    415: "Bodies are JSON only.",
    422: "This Idempotency-Key was used for another request.",
    429: "Too many requests in one minute; Retry-After says how long to wait.",
}
ONLY_OF_WRITES = (409, 412, 413, 415, 422)


def header(name: str, said: str, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=said, **kwargs)


class Schema(AutoSchema):
    @property
    def _action(self) -> str:
        return getattr(self.view, "action", None) or ""

    @property
    def _noun(self):
        return getattr(getattr(self.view, self._action, None), "noun", None)

    def get_override_parameters(self) -> list:
        if self._action in READS:
            found = [header("If-None-Match", "An ETag that you have: 304 when it is still so.")]
            found = found if self._action == "retrieve" else []
        else:
            found = [header("Idempotency-Key", "Your own key: the same request again is done once.")]
        if self._noun or self._action in ("partial_update", "destroy"):
            found.append(header("If-Match", "The ETag of what you read: 412 when it has changed since."))
        if self._shows_one:
            found.append(header("ETag", "Names this state of the object.", response=[200, 201]))
        return [*found, header("Retry-After", "Seconds to wait.", response=[429])]

    @property
    def _shows_one(self) -> bool:
        shows_itself = self._noun and not self._noun.shows
        return bool(self._action in ("retrieve", "create", "partial_update") or shows_itself)

    def get_request_serializer(self):
        if self._noun:
            return self._noun.takes
        if self._action in ("create", "partial_update"):
            return self._taken()
        return _rows_of(self._taken()) if self._action == "bulk" else super().get_request_serializer()

    def _taken(self) -> type:
        return getattr(self.view, "writes", None) or self.view.get_serializer_class()

    def get_response_serializers(self):
        return self._good() | self._refused()

    def _good(self) -> dict:
        if self._noun:
            return {self._noun.status: self._noun.shows or self.view.get_serializer_class()}
        shown = self.view.get_serializer_class()
        if self._action == "list":
            return {200: shown(many=True)}
        if self._action == "retrieve":
            return {200: shown, 304: OpenApiResponse(description="It is still as you have it.")}
        if self._action == "bulk":
            return {200: _results_of(shown)}
        if self._action == "destroy":
            return {204: OpenApiResponse(description="It is gone.")}
        return {201 if self._action == "create" else 200: shown}

    def _refused(self) -> dict:
        reads = self._action in READS
        found = {400: OpenApiResponse(FIELD_ERRORS, "What was sent is not right.")}
        for code, said in REFUSALS.items():
            if not reads or code not in ONLY_OF_WRITES:
                found[code] = OpenApiResponse(RefusalSerializer, said)
        return found


def _rows_of(taken: type) -> type:
    """The body of a bulk: {"rows": […]}."""
    rows = taken(many=True, allow_empty=False, max_length=MOST)
    return type(f"{_name(taken)}RowsSerializer", (serializers.Serializer,), {"rows": rows})


def _results_of(shown: type) -> type:
    """The answer to a bulk, row by row."""
    parts = {
        "status": serializers.IntegerField(help_text="What the row alone would have been answered with."),
        "data": shown(required=False),
        "errors": serializers.DictField(required=False, help_text="By field, what is wrong with it."),
    }
    one = type(f"{_name(shown)}ResultSerializer", (serializers.Serializer,), parts)
    results = {"results": one(many=True)}
    return type(f"{_name(shown)}ResultsSerializer", (serializers.Serializer,), results)


def _name(kind: type) -> str:
    return kind.__name__.removesuffix("Serializer")
