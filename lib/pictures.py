"""Pictures that people send: made anew from their points, so that nothing else of the file is kept.

What a camera writes beside the picture (place, time, serial numbers, a smaller copy) is dropped; how it was
held is applied first. Size is judged by the head of the file, before any point is unpacked.
"""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_POINTS = 40_000_000
_QUALITY = 85
_APPLE = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_PNG = b"\x89PNG"


def smaller(content: bytes, *, longest: int = 1600) -> bytes:
    """The picture as JPEG (PNG where something of it is transparent), no side longer than `longest` points.

    Raises ValidationError, in words, for what is no JPEG, PNG or WebP, is damaged, or has over 40 million
    points. Of a moving picture the first one is kept. Takes 0.1 to 1 s: never inside a transaction.
    """
    if content[4:8] == b"ftyp" and content[8:12] in _APPLE:
        raise ValidationError(
            _("This is an HEIC picture. Save it as JPEG: in a phone's settings, “Most Compatible”."),
            code="heic",
        )
    with _opened(content) as image:
        if image.width * image.height > MAX_POINTS:
            raise _too_large()
        image.draft("RGB", (longest, longest))  # a JPEG is unpacked no larger than it needs to be
        try:
            return _anew(image, longest)
        except Image.DecompressionBombError:
            raise _too_large() from None
        except Exception:  # whatever a decoder raises over a file made to break it
            raise ValidationError(_("This picture is damaged: it cannot be read."), code="damaged") from None


def ending(content: bytes) -> str:
    """How the name of a picture that `smaller` made ends."""
    return ".png" if content.startswith(_PNG) else ".jpg"


def media_type(content: bytes) -> str:
    return "image/png" if content.startswith(_PNG) else "image/jpeg"


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:
        raise ValidationError(_("This is no picture: JPEG, PNG and WebP are taken."), code="kind") from None


def _too_large() -> ValidationError:
    return ValidationError(_("This picture has more than 40 million points. Make it smaller."), code="points")


def _anew(image: Image.Image, longest: int) -> bytes:
    image.load()
    image = _upright(image)
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    image = image.convert("RGBA" if has_alpha else "RGB")
    is_clear = has_alpha and image.getchannel("A").getextrema()[0] < 255
    if has_alpha and not is_clear:
        image = image.convert("RGB")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    image.info = {}  # comments and colour profiles would be written out again
    out = io.BytesIO()
    if is_clear:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it lies, where that note is damaged."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image
