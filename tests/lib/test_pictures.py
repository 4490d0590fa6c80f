"""Pictures that people send are made anew; hostile ones are refused in words."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from lib.pictures import ending, media_type, smaller

RED, BLUE = (200, 30, 30), (30, 30, 200)


def drawn(size=(400, 200), mode="RGB", kind="JPEG", **options) -> bytes:
    """Red at the left, blue at the right."""
    image = Image.new(mode, size, RED if mode == "RGB" else (*RED, 255))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, size[0], size[1]), BLUE)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def taken(*, orientation: int = 1) -> bytes:
    """As a phone writes it: the way it was held, the place, the maker."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "SecretMaker", "SecretModel"
    exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 48.0, 12.34), 3: "E", 4: (20.0, 27.0, 1.0)})
    return drawn(exif=exif, comment=b"SecretComment")


def seen(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        smaller(content)
    assert error.value.messages[0].endswith(".")
    return error.value.code


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_what_the_camera_wrote_beside_the_picture_is_gone():
    before = taken()
    assert b"SecretMaker" in before
    assert seen(before).getexif().get_ifd(0x8825) != {}
    after = smaller(before)
    assert b"Secret" not in after
    assert dict(seen(after).getexif()) == {}
    assert seen(after).getexif().get_ifd(0x8825) == {}
    assert set(seen(after).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_texts_and_profiles_of_a_png_are_gone():
    notes = PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", "<x>SecretPlace</x>")
    notes.add_text("Comment", "SecretComment", zip=True)
    transparent = Image.new("RGBA", (20, 20), (1, 2, 3, 0))
    out = io.BytesIO()
    transparent.save(out, "PNG", pnginfo=notes, icc_profile=b"SecretProfile" * 20)
    after = smaller(out.getvalue())
    assert (seen(after).format, seen(after).info) == ("PNG", {})
    assert b"Secret" not in after and b"iCCP" not in after


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (400, 200), "red"), (3, (400, 200), "blue"), (6, (200, 400), "red"), (8, (200, 400), "blue")],
)
def test_it_is_turned_as_the_camera_was_held(orientation, size, corner):
    image = seen(smaller(taken(orientation=orientation)))
    red, _green, blue = image.getpixel((5, 5))
    assert (image.size, "red" if red > blue else "blue") == (size, corner)


def test_no_side_is_longer_and_a_small_one_is_not_blown_up():
    assert seen(smaller(drawn((3000, 1000)), longest=600)).size == (600, 200)
    assert seen(smaller(drawn((300, 100)), longest=600)).size == (300, 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_become_jpeg(kind):
    after = smaller(drawn(kind=kind))
    assert (seen(after).format, ending(after), media_type(after)) == ("JPEG", ".jpg", "image/jpeg")


def test_transparency_is_kept_as_png_and_only_where_there_is_some():
    image = Image.new("RGBA", (20, 20), (1, 2, 3, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    after = smaller(out.getvalue())
    assert (ending(after), media_type(after), seen(after).getpixel((1, 1))[3]) == (".png", "image/png", 0)
    assert ending(smaller(drawn(mode="RGBA", kind="PNG"))) == ".jpg"


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA"])
def test_every_way_of_writing_colours_is_read(mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert seen(smaller(out.getvalue())).size == (30, 20)


def test_the_same_picture_gives_the_same_bytes():
    assert smaller(taken()) == smaller(taken())


def test_a_bomb_is_refused_by_its_head_before_it_is_unpacked():
    assert refused(png(50_000, 50_000, zlib.compress(b"\x00" * 1000))) == "points"
    assert refused(png(8_000, 5_001, b"no points at all")) == "points"  # just over the limit
    assert refused(png(2**31 - 1, 2**31 - 1, b"")) in ("points", "kind")


def test_a_bomb_of_text_is_refused():
    notes = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"A" * 50_000_000, 9))
    whole = drawn(kind="PNG")
    assert refused(whole[:33] + notes + whole[33:]) == "kind"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"GIF89a" + b"\x00" * 100,
        b"BM" + b"\x00" * 100,
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"II*\x00\x08\x00\x00\x00" + b"\x00" * 60,
        b"\xff\xd8\xff\xe0",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
)
def test_what_is_no_picture_of_the_three_kinds_is_refused(content):
    assert refused(content) in ("kind", "damaged")


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_heic_is_refused_with_what_to_do(brand):
    assert refused(b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 40) == "heic"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_half_a_picture_is_refused(kind, share):
    whole = drawn((800, 800), kind=kind)
    assert refused(whole[: int(len(whole) * share)]) in ("damaged", "kind")


def test_a_damaged_note_of_the_camera_does_not_cost_the_picture():
    whole = taken(orientation=6)
    at = whole.index(b"Exif\x00\x00") + 6
    assert seen(smaller(whole[:at] + b"\xff" * 40 + whole[at + 40 :])).size == (400, 200)


def test_a_page_behind_a_picture_does_not_survive():
    assert b"<script>" not in smaller(drawn() + b"<script>alert(1)</script>")
