"""The field map: what erasing a person, exporting her data and the audit trail do with every field of every
model. Written for people in `field_map.txt`; a field without a line stops the build."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.apps import apps

ERASE = {
    "keep",  # says nothing about a person, or is needed for counts that stay
    "empty",  # becomes blank or unknown
    "unlink",  # the link to her identity is cut
    "remove",  # the row goes with her
}
EXPORT = {"hers", "no"}  # stands in what she gets when she asks for her data
AUDIT = {"name", "no"}  # the field's name may stand in the trail; a value never does


class Line(NamedTuple):
    field: str  # "people.Person.name"
    erase: str
    export: str
    audit: str


@cache
def field_map() -> dict[str, Line]:
    """All lines by field. Raises ValueError, naming the line, when one cannot be read."""
    found = {}
    for number, text in enumerate(Path(__file__).with_name("field_map.txt").read_text().splitlines(), 1):
        words = text.split("#")[0].split()
        if not words:
            continue
        if len(words) != 4 or words[1] not in ERASE or words[2] not in EXPORT or words[3] not in AUDIT:
            raise ValueError(f"field_map.txt, line {number}: {text}")
        if words[0] in found:
            raise ValueError(f"field_map.txt, line {number}: {words[0]} stands twice")
        found[words[0]] = Line(*words)
    return found


def model_fields() -> set[str]:
    """Every stored field of every model, as the map names them."""
    return {
        f"{model._meta.app_label}.{model._meta.object_name}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
    }
