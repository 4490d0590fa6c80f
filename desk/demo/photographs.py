"""Two photographs of the founding programme, drawn here: one may be shown, the other not.

And the pack of evidence of its first module."""

import io
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.core.files import File
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from desk.demo.rows import operation
from people.models import Consent, Person, Programme
from training import services as training
from training.evidence import archive
from training.evidence.proofs import Asked
from training.models import Session

PAPER, INK, LEAF = (247, 246, 240), (30, 42, 36), (52, 120, 84)
CHARTS = (  # words on the flip-chart, caption, in Serbian, who stands beside it
    (("What does", "a jar cost?", "fruit 90", "jar 35", "my hour ?"), "The flip-chart after the exercise",
     "Tabla posle vežbe", 0),
    (("Who buys", "from us?", "hotel", "shop", "aunt Mira"), "Two groups explain their customers",
     "Dve grupe objašnjavaju svoje kupce", 2),
)  # fmt: skip


def take(session: Session, trainer: User) -> None:
    """Nobody can be recognised on the first; on the second stand two, one of whom did not agree."""
    for number, (words, caption, serbian, people) in enumerate(CHARTS, 1):
        photo, _is_new = training.keep_photo(
            by=trainer,
            session=session,
            operation=operation("photo", session.programme.code, number),
            file=drawn(words, people),
            caption=caption,
            caption_sr=serbian,
            now=session.ends_at + timedelta(minutes=5 * number),
        )
        on_it = _two(session) if people else []
        training.name_people(by=trainer, photo=photo, people=on_it, nobody=not people)


def _two(session: Session) -> list[Person]:
    """One who agreed to photographs and one who did not, by the order of names."""
    agreed = Consent.objects.filter(programme=session.programme, purpose=Consent.Purpose.PHOTO)
    there = Person.objects.filter(enrolments__roster__session=session).order_by("name_key", "pk")
    hers = agreed.values("person")
    return list(there.filter(pk__in=hers)[:1]) + list(there.exclude(pk__in=hers)[:1])


def drawn(words: tuple[str, ...], people: int) -> bytes:
    """A flip-chart with words; people as plain figures beside it."""
    image = Image.new("RGB", (1200, 800), (214, 207, 190))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(56)
    draw.rectangle((330, 60, 870, 640), PAPER, INK, 6)
    for line, text in enumerate(words):
        draw.text((380, 110 + 95 * line), text, LEAF if line < 2 else INK, font)
    for leg in (400, 800):
        draw.line((leg, 640, leg + (leg - 600) // 3, 800), INK, 10)
    for place in (150, 1050)[:people]:
        draw.ellipse((place - 60, 260, place + 60, 380), (120, 96, 80))
        draw.rounded_rectangle((place - 90, 400, place + 90, 800), 60, (84, 104, 132))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def pack(programme: Programme, coordinator: User, now: datetime) -> None:
    """The evidence of the first module, as it was handed over."""
    module = programme.modules.get(number=1)
    asked = Asked(programme, module, funding=None, start=None, end=None)
    with TemporaryFile() as file:
        with translation.override(asked.language):
            archive.write(asked, file, now=now, progress=lambda done, total: None)
        training.add_pack(
            by=coordinator, programme=programme, module=module, funding=None, language=asked.language,
            job=None, name=asked.name, content=File(file), now=now,
        )  # fmt: skip
