"""A file that a script sends."""

from base64 import b64decode

from django.utils.translation import gettext as _
from rest_framework import serializers

MOST_BYTES = 10 * 1024 * 1024


class SentFile(serializers.Serializer):
    """As `content` in base64 with its `name`, or as `file` of a multipart form (the resource needs a
    MultiPartParser, its address a line in `front.FILES`). Checked it is `name` and `content`: bytes, of which
    at most one more is read than may come."""

    name = serializers.CharField(max_length=255, required=False)
    content = serializers.CharField(required=False, max_length=14_000_000)
    file = serializers.FileField(required=False)

    def validate_content(self, said: str) -> bytes:
        try:
            return b64decode(said, validate=True)
        except ValueError:
            raise serializers.ValidationError(_("This is not base64.")) from None

    def validate(self, said):
        file = said.pop("file", None)
        if file is not None:
            said |= {"content": file.read(MOST_BYTES + 1), "name": said.get("name") or file.name}
        if not said.get("name") or "content" not in said:
            raise serializers.ValidationError({"content": [_("Send the file, and what it is called.")]})
        return said
