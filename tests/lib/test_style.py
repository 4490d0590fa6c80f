"""The tokens keep their contrast in light and dark, and the files stay small enough to be read."""

import math
import re

import pytest

TEXT = ["ink", "ink-2", "leaf-ink", "sun-ink", "clay-ink"]
GROUNDS = ["paper", "surface", "leaf-wash", "sun-wash", "clay-wash", "sky-wash", "line-2"]


def _blocks(settings):
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = []
    for block in re.findall(r":root[^{]*\{([^{}]*)\}", css):
        found.append({name: value.strip() for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block)})
    return found


def _luminance(value):
    """Relative luminance (0 to 1) of an `oklch(l c h)`."""
    lightness, chroma, *hue = (float(part) for part in re.findall(r"[\d.]+", value.split("(")[1]))
    angle = math.radians(hue[0] if hue else 0)
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1, max(0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1():
    assert round(_contrast("oklch(0 0 0)", "oklch(1 0 0)"), 1) == 21.0


def test_both_dark_lists_are_the_same(settings):
    light, device, chosen = _blocks(settings)
    assert device == chosen
    assert sorted(name for name in device if name not in light) == []


@pytest.mark.parametrize("index", [0, 1], ids=["light", "dark"])
def test_contrast(settings, index):
    light, dark, _ = _blocks(settings)
    tokens = [light, {**light, **dark}][index]
    weak = [
        (text, ground, round(_contrast(tokens[text], tokens[ground]), 2))
        for text in TEXT
        for ground in GROUNDS
        if _contrast(tokens[text], tokens[ground]) < 4.5
    ]
    assert weak == []
    assert _contrast(tokens["on-leaf"], tokens["leaf"]) >= 4.5
    assert min(_contrast(tokens[name], tokens["surface"]) for name in ("edge", "ink-3", "leaf", "clay")) >= 3
    assert min(_contrast(tokens[name], tokens["paper"]) for name in ("edge", "ink-3", "leaf", "clay")) >= 3


def test_files_stay_small(settings):
    limits = {"css/**/*.css": 120, "js/*.js": 80}
    long = [
        (path.name, lines)
        for pattern, limit in limits.items()
        for path in (settings.BASE_DIR / "static").glob(pattern)
        if (lines := len(path.read_text().splitlines())) > limit
    ]
    assert long == []
