"""The files of an idea as a reader may know them."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from ideas.models import Idea, IdeaFile


def named_for(idea: Idea, *, is_blind: bool) -> list[IdeaFile]:
    """Those that are there, each with `shown`, its name: a reviewer of a blind round reads no name that
    somebody gave it, for it may be hers."""
    rows = list(idea.files.select_related("file").order_by("pk"))
    for n, row in enumerate(rows, 1):
        row.shown = blind_name(n, row.name) if is_blind else row.name
    return [row for row in rows if row.removed_at is None and row.file]


def blind_name(n: int, name: str) -> str:
    return _("Attachment %(n)s") % {"n": n} + PurePath(name).suffix.lower()
