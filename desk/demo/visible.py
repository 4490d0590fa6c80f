"""What funders want to be read of them, what the programme is, and what was counted without names: invented
by us. Logos are drawn here, so that no picture lies in the repository."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from desk.demo.book import GIZ, RAS, Book
from desk.demo.frame import Frame
from training import services

LOGOS = {GIZ: ("giz", "#a3141f"), RAS: ("ras", "#12448c")}  # shapes and colours of ours, nobody's real logo
DISCLAIMERS = {
    "en": "The views expressed here are not necessarily those of the funder.",
    "sr-latn": "Stavovi izneti ovde nisu nužno stavovi finansijera.",
}
TEXT = (
    "For women who start or lead a small business: the business model first, then growth and markets. "
    "Ideas are nominated by name and reviewed, and the best go on with a mentor."
)
TEXT_SR = (
    "Za žene koje pokreću ili vode mali biznis: najpre poslovni model, zatim rast i tržišta. "
    "Ideje se predlažu poimence i ocenjuju, a najbolje nastavljaju sa mentorom."
)
HEADCOUNTS = (
    (150, "guests at the cluster day", "", "counted", "counted at the door by two trainers"),
    (250, "visitors of the closing fair", "", "published", "the fair's own report, page 4"),
    (17, "countries at the closing fair", "", "published", "the fair's own report, page 4"),
    (12, "buyers at the closing fair", "AT", "counted", "list of badges handed out"),
    (None, "readers of the printed guide", "", "estimated", "two printings; nobody knows who read them"),
)


def logos(book: Book, frame: Frame) -> None:
    """A drawn logo and a disclaimer for each funding."""
    for name, funding in frame.fundings.items():
        word, colour = LOGOS[name]
        file = services.keep_logo(by=book.coordinator, tenant=book.tenant, file=_drawn(word, colour))
        funding.logo, funding.disclaimer = file, DISCLAIMERS[funding.language]
        funding.save(update_fields=["logo", "disclaimer"])


def _drawn(word: str, colour: str) -> io.BytesIO:
    """A mark of three leaves in the funder's colour; nothing of a real one."""
    picture = Image.new("RGB", (360, 120), "white")
    draw = ImageDraw.Draw(picture)
    for number in range(3):
        left = 12 + number * 62
        draw.pieslice((left, 14, left + 92, 106), 200, 340 if number == 1 else 300, fill=colour)
    draw.rectangle((216, 52, 346, 66), fill=colour)
    draw.rectangle((216, 76, 306 + 4 * len(word), 84), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    out.name = f"{word}.png"
    return out


def described(frame: Frame) -> None:
    frame.programme.description, frame.programme.description_sr = TEXT, TEXT_SR
    frame.programme.save(update_fields=["description", "description_sr"])


def headcounts(book: Book, frame: Frame, now: datetime) -> None:
    keys = ("number", "of_what", "country", "how", "evidence")
    rows = [dict(zip(keys, row, strict=True)) for row in HEADCOUNTS]
    services.keep_headcounts(by=book.coordinator, programme=frame.programme, rows=rows, now=now)
