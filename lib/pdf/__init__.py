"""Papers: a Typst template and plain data become a tagged PDF (PDF/UA-1), the same bytes on every machine.

No system font and no network: the faces come from their packages. What people typed is data (`data.json`),
never part of the template, so that nothing in it can be markup.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from lib.plain import unturned

SHARED = Path(__file__).parent  # paper.typ: page, faces, head and foot of every paper of ours


class UnfitPicture(ValueError):
    """A file that was to be shown is no picture that can be shown."""


@cache
def _fonts() -> typst.Fonts:
    folders = [Path(find_spec(f"font_source_{family}_pro").origin).parent for family in ("sans", "serif")]
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder / "files") for folder in folders])


def render(
    template: Path, data: Mapping[str, Any], *, at: datetime, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of `template` (a .typ file, which reads `json("data.json")` and may import `paper.typ`).

    `data` must be plain (dict, list, str, number, bool, None); `pictures` are files (PNG, JPEG, SVG) beside
    it, by name. `at` is the moment that the paper names as its making. Takes 20 to 60 ms: never inside a
    transaction. Raises UnfitPicture for a file that is no picture.
    """
    with TemporaryDirectory(prefix="paper-") as folder:
        place = Path(folder)
        for source in (template, SHARED / "paper.typ"):
            (place / source.name).write_bytes(source.read_bytes())
        said = unturned(json.dumps(data, ensure_ascii=False))  # a sign in a name turned the rest of its line
        (place / "data.json").write_text(said, encoding="utf-8")
        for name, content in (pictures or {}).items():
            (place / name).write_bytes(content)
        try:
            return typst.compile(
                str(place / template.name),
                root=folder,
                font_paths=_fonts(),
                pdf_standards=["ua-1"],
                timestamp=at.replace(microsecond=0),
            )
        except typst.TypstError as error:
            if "image" in str(error) or "decode" in str(error):
                raise UnfitPicture(str(error)) from None
            raise
