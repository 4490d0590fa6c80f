"""What ideas of the demo carry beside their words: clusters, files, notes; a pasted list; a first look."""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from desk.demo.book import Book
from ideas import pasting
from ideas import services as ideas
from ideas.here import Here
from ideas.models import Idea, Nomination
from mentoring.services import newest_need
from people.models import ClusterMembership, Programme
from training.models import Enrolment, Session

# typed up from the flip chart of the last half hour; the second line of each is set further in
FLIP_CHART = """{0}, {1}: Zajednički štand na sajmu u Novom Sadu – jedan zakup,
    četiri proizvođača
- {2}: Пробни пакети за хотеле – по три производа из истог краја [I]
{1}: Repair corner in the market hall – Saturdays, tools to lend
3) Recepti sa etikete (u tri jezika) ({0})
"""
NOTES = {
    1: "Asked me not to tell the price before she has spoken with her sister.",
    4: "Ima već kupca; ugovor još nije potpisan.",
    7: "Needs a quiet reviewer: the last answer discouraged her.",
}
OFFER = """product;jar;price
plum jam;370 g;420
apple spread;370 g;390
rose-hip syrup;500 ml;510
"""
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length 62>>stream\n"
    b"BT /F1 20 Tf 40 220 Td (Offer on half a page: twelve jars) Tj ET\n"
    b"endstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def label(book: Book, programme: Programme) -> None:
    """Each idea belongs to the cluster of its first nominator's enterprise; three have files and a note."""
    first = Nomination.objects.filter(idea__programme=programme).order_by("-pk")
    enterprise = dict(first.values_list("idea", "enrolment__enterprise"))
    member = dict(ClusterMembership.objects.order_by("-pk").values_list("enterprise", "cluster"))
    found: dict[int, list[int]] = {}
    for idea, hers in enterprise.items():
        if hers in member:
            found.setdefault(member[hers], []).append(idea)
    for cluster, keys in found.items():
        Idea.objects.filter(pk__in=keys).update(cluster=cluster)
    for number, note in NOTES.items():
        programme.ideas.filter(number=number).update(note=note)
    by = book.who("trainer").user
    files = ((1, "Ponuda.pdf", PDF), (1, "Cenovnik.csv", OFFER.encode()), (4, "Tabla.png", _flip_chart()))
    for number, name, content in files:
        idea = programme.ideas.select_related("programme__tenant").get(number=number)
        now = idea.created_at + timedelta(days=1)
        ideas.attach(by=by, idea=idea, file=content, name=name, now=now)


def paste(book: Book, session: Session) -> None:
    """The trainer typed up the flip chart in the evening. Nobody has looked at these yet."""
    here = Here.of(session.programme)
    codes = sorted(row.row_code for row in here.rows.values())[:3]
    lines = pasting.understood(FLIP_CHART.format(*codes), here)
    now = session.ends_at + timedelta(hours=4)
    by = book.who("trainer").user
    ideas.keep_list(by=by, programme=session.programme, session=session, lines=lines, now=now)


def screen(book: Book, programme: Programme, now: datetime) -> None:
    """A first look, before the round: what is complete goes on."""
    complete = programme.ideas.exclude(text__summary="").select_related("programme__tenant")
    ideas.change_states(by=book.coordinator, ideas=complete, state=Idea.State.SCREENED, now=now)


def ask(book: Book, programme: Programme, now: datetime) -> None:
    """A mentor is asked for, for the first idea of somebody who has none yet and asks nobody else now."""
    rows = Nomination.objects.filter(idea__programme=programme, idea__state=Idea.State.IN_REVIEW)
    alone = rows.filter(enrolment__state__in=Enrolment.TAKING_PART, enrolment__assignments=None)
    first = alone.select_related("idea", "enrolment").order_by("idea__number", "pk").first()
    need = newest_need(first.enrolment)
    said = {"idea": first.idea, "enrolment": first.enrolment, "functions": need.functions if need else []}
    ideas.ask_for_mentor(by=book.coordinator, now=now, **said)


def _flip_chart() -> bytes:
    image = Image.new("RGB", (800, 500), (247, 246, 240))
    draw = ImageDraw.Draw(image)
    for line, words in enumerate(("Who pays?", "1 hotel", "2 shop at the corner", "3 the neighbour")):
        draw.text((60, 60 + 90 * line), words, (30, 42, 36), ImageFont.load_default(48))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
