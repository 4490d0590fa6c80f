"""Pictures for tests, drawn here: nothing of them is committed."""

import io

from PIL import Image, ImageDraw

PLACE = "SecretMaker"


def drawn(words: str = "3 goals", *, size=(320, 240), kind: str = "JPEG", exif: bool = True) -> bytes:
    """A flip-chart with words on it, as a phone would write it: with its maker and the place."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((20, 20), words, fill="black")
    out, about = io.BytesIO(), Image.Exif()
    if exif:
        about[0x010F] = PLACE
        about.get_ifd(0x8825).update({1: "N", 2: (44.0, 48.0, 12.34)})
    image.save(out, kind, exif=about)
    return out.getvalue()
