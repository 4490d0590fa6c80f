"""JSON in and out: read strictly, written fast."""

import hashlib
from collections.abc import Iterator

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

DEEPEST = 32
LARGEST = 2**63  # what a column of eight bytes holds
OPTIONS = orjson.OPT_NON_STR_KEYS
_fallback = JSONEncoder().default


def written(data) -> bytes:
    """As JSON, whatever a serializer gives. Numbers beyond eight bytes take the slow way."""
    try:
        return orjson.dumps(data, default=_fallback, option=OPTIONS)
    except TypeError:
        return JSONRenderer().render(data)


def tag_of(body: bytes) -> str:
    """The strong ETag of an object as it is sent."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class Json(HttpResponse):
    """Bytes that are JSON already."""

    def __init__(self, body: bytes = b"", **kwargs):
        super().__init__(body, content_type="application/json", **kwargs)


class Renderer(BaseRenderer):
    media_type, format, charset = "application/json", "json", None

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else written(data)


class Parser(BaseParser):
    """Refuses what no field could take: NUL, numbers beyond eight bytes, nesting without end."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read()
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            said = _("This is not JSON: %(reason)s") % {"reason": str(error)}
            raise ParseError(said) from None
        for value, depth in _everything(data):
            if depth > DEEPEST:
                raise ParseError(_("The JSON is nested too deeply."))
            if isinstance(value, str) and "\0" in value:
                raise ParseError(_("A text holds a NUL character, which cannot be stored."))
            if isinstance(value, int) and not -LARGEST <= value < LARGEST:
                raise ParseError(_("A number is too large."))
            if isinstance(value, float) and abs(value) >= LARGEST:  # also a whole one of many digits
                raise ParseError(_("A number is too large."))
        return data


def _everything(data) -> Iterator[tuple[object, int]]:
    """Every value and key with its depth, without recursion."""
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if isinstance(value, dict):
            waiting.extend((part, depth + 1) for pair in value.items() for part in pair)
        elif isinstance(value, list):
            waiting.extend((part, depth + 1) for part in value)
