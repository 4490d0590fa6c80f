"""Handing out a list: the file, and a line in the trail that says who took which columns of what."""

from zoneinfo import ZoneInfo

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify

from accounts.audit import audit
from lib.exports import TYPES, Export, Rows, answer


def take_along(
    request: HttpRequest,
    export: Export,
    rows: Rows,
    kind: str,
    *,
    about: Model | None = None,
    part: str = "",
) -> HttpResponseBase:
    """The list as a file: 404 for a kind of file that there is not.

    `about` is the programme it belongs to, else it is a list of her organisation; `part` tells apart lists of
    one programme ("2"). The trail gets the names of the columns, never a value.
    """
    if kind not in TYPES:
        raise Http404
    about = about or request.user.tenant
    zone = ZoneInfo(about.zone)
    words = [export.title, getattr(about, "code", ""), part, timezone.localdate(timezone=zone)]
    stem = "-".join(slugify(str(word), allow_unicode=True) for word in words if word)
    if request.method != "HEAD":  # before the first row is read: a line that was read stands in the trail
        audit(request.user, "export", about, [f"{export.name}.{key}" for key in export.keys])
    return answer(request, export, rows, kind, stem=stem, zone=zone)
