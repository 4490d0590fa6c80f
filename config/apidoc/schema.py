"""The OpenAPI description: what the resources say of themselves, with words and rooms."""

from functools import cache

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes

from config.apidoc.words import ROOMS, summary
from lib.api.schema import ONLY_OF_WRITES, Schema

ABOUT = """Whatever a person can do on a page, a script can do here, by the same services and with the same
words of refusal. Sign in with a token: `Authorization: Bearer …`. Lists are pages: follow `next`. Unknown is
null, never no, zero or today. More, with worked examples: docs/api.md."""


class Described(Schema):
    """Of every operation: one line of words, and the room that it belongs to."""

    @property
    def _resource(self) -> str:
        return self.path.removeprefix("/api/v1/").split("/")[0]

    @property
    def _by_hand(self):
        method = getattr(self.view, self._action, None)
        return method if hasattr(method, "shown_as") else None

    def get_request_serializer(self):
        return self._by_hand.taken_as if self._by_hand else super().get_request_serializer()

    def get_response_serializers(self):
        if not self._by_hand:
            return super().get_response_serializers()
        left_out = ONLY_OF_WRITES if self.method == "GET" else ()
        refused = {code: said for code, said in self._refused().items() if code not in left_out}
        shown = self._by_hand.shown_as
        handed = {(200, "*/*"): OpenApiTypes.BINARY} if shown is bytes else {200: shown}  # a file, or JSON
        return handed | refused

    def get_override_parameters(self) -> list:
        found = super().get_override_parameters()
        if self._by_hand:  # answers that are no object carry no tag
            found = [one for one in found if one.name != "ETag"]
        if self.method == "GET":
            found = [one for one in found if one.name != "Idempotency-Key"]
        return found

    def get_summary(self) -> str:
        return summary(self._resource, self._action)

    def get_tags(self) -> list[str]:
        return [ROOMS[self.view.queryset.model._meta.app_label]]


@cache
def built() -> dict:
    """The whole description, made once a process. It is in English, as docs are."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


def finish(result: dict, generator, request, public) -> dict:
    """After everything is collected: the rooms in order, and what every answer shares."""
    result["info"]["description"] = ABOUT
    _local_times(result)
    used = {tag for path in result["paths"].values() for one in path.values() for tag in one["tags"]}
    result["tags"] = [{"name": name} for name in ROOMS.values() if name in used]
    return result


def _local_times(part) -> None:
    """A time of day here is local, of the session's zone; OpenAPI's own format would ask for an offset."""
    if isinstance(part, dict):
        if part.get("format") == "time":
            part |= {"format": "local-time", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"}
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            _local_times(one)
