"""The faces of the pages: small WOFF2 subsets of Source Sans and Source Serif, cut from their packages.

A page loads a file only when it shows a letter of its range, so English costs two files of about 8 kB.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

# Latin: English, Serbian Latin and the signs of the pages. Cyrillic: Serbian and Russian. Wider: the other
# letters of Europe, which come in names only.
RANGES = {
    "latin": "U+20-7E, U+A0, U+A7, U+AB, U+B0-B1, U+B7, U+BB, U+BD, U+D7, U+106-107, U+10C-10D, U+110-111, "
    "U+160-161, U+17D-17E, U+2011, U+2013-2014, U+2018-201A, U+201C-201E, U+2022, U+2026, U+202F, "
    "U+2039-203A, U+20AC, U+2190-2193, U+2212, U+2248, U+2264-2265, U+2713",
    "wider": "U+A1-A6, U+A8-AA, U+AC, U+AE-AF, U+B2-B6, U+B8-BA, U+BC, U+BE-D6, U+D8-105, U+108-10B, "
    "U+10E-10F, U+112-15F, U+162-17C, U+17F, U+218-21B, U+400, U+403-407, U+40C-40E, U+450, U+453-457, "
    "U+45C-45E, U+490-491",
    "cyrillic": "U+401-402, U+408-40B, U+40F-44F, U+451-452, U+458-45B, U+45F, U+2116",
}
FAMILIES = {"sans": "Source Sans", "serif": "Source Serif"}
WEIGHTS = {400: "Regular", 600: "Semibold"}
FEATURES = ["kern", "liga", "locl", "ccmp"]

# Until a face is there the system's own stands in, scaled to the same width, so that nothing jumps.
STAND_INS = """\
@font-face { font-family: "Stand-in Sans"; src: local("Arial"), local("Liberation Sans"); size-adjust: 92.5%;
  ascent-override: 106%; descent-override: 29.5%; line-gap-override: 0% }
@font-face { font-family: "Stand-in Serif"; src: local("Georgia"), local("Times New Roman"); size-adjust: 98%;
  ascent-override: 105%; descent-override: 34%; line-gap-override: 0% }
"""


@dataclass(frozen=True)
class Face:
    """One file: a family and weight, cut to one range of letters."""

    family: str
    weight: int
    range: str

    @property
    def file(self):
        return f"{self.family}-{self.weight}-{self.range}.woff2"


FACES = [Face(family, weight, name) for family in FAMILIES for weight in WEIGHTS for name in RANGES]


def face_source(face):
    """The TTF inside the installed package."""
    package = Path(find_spec(f"font_source_{face.family}_pro").origin).parent
    return package / "files" / f"Source{face.family.title()}Pro-{WEIGHTS[face.weight]}.ttf"


def write_face(face):
    """The subset as WOFF2 bytes; the same bytes for the same package."""
    from fontTools import subset  # 0.2 s to import, needed once in the life of an installation

    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES, recalc_timestamp=False)
    font = subset.load_font(str(face_source(face)), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_code_points(RANGES[face.range]))
    cutter.subset(font)
    out = BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


def face_css():
    """The @font-face rules of all faces, with their ranges."""
    return STAND_INS + "".join(
        f'@font-face {{ font-family: "{FAMILIES[face.family]}"; font-weight: {face.weight}; '
        f'font-display: swap; src: url("fonts/{face.file}") format("woff2"); '
        f"unicode-range: {RANGES[face.range]} }}\n"
        for face in FACES
    )


def _code_points(ranges):
    points = set()
    for part in ranges.replace("U+", "").split(", "):
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points
