"""A certificate as it is printed: from the frozen edition alone, in the programme's languages."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from textwrap import wrap

import segno
from django.utils import formats, translation
from django.utils.translation import gettext as _

from accounts.models import StoredFile
from lib import pdf
from people.models import Funding
from training import visibility
from training.certificates import content
from training.models import CertificateEdition

PAPER = Path(__file__).with_name("certificate.typ")
SPROUT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 26V15M16 17c0-5-3-8-9-8 0 6 3 '
    b'9 9 8Zm0-3c0-5 3-8 9-8 0 6-3 9-9 8Z" fill="#1a6b45" stroke="#1a6b45" stroke-width="2" '
    b'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def drawn(editions: Sequence[CertificateEdition]) -> bytes:
    """One PDF, a page for each. Reads the logos and takes tens of milliseconds: never inside a transaction.

    Each edition has its certificate at hand, and says something: of an erased one there is no paper. Raises
    lib.pdf.UnfitPicture where a logo is no picture.
    """
    logos = _logos(editions)
    pages, pictures = [], {"sprout.svg": SPROUT}
    for place, edition in enumerate(editions):
        page, beside = _page(edition, f"qr-{place}.svg", logos)
        pages.append(page)
        pictures |= beside
    first = editions[0]
    language = first.said["languages"][0]
    with translation.override(language):
        title = _("Certificate %(number)s") % {"number": first.certificate.number}
    data = {"title": title, "language": language, "pages": pages}
    return pdf.render(PAPER, data, at=max(edition.at for edition in editions), pictures=pictures)


def _logos(editions: Iterable[CertificateEdition]) -> dict[int, StoredFile]:
    wanted = {funder["logo"] for edition in editions for funder in edition.said["funders"]} - {None}
    return StoredFile.objects.in_bulk(wanted) if wanted else {}


def _page(
    edition: CertificateEdition, qr: str, logos: dict[int, StoredFile]
) -> tuple[dict, dict[str, bytes]]:
    said, address = edition.said, content.address(edition)
    visibles = [
        visibility.Visible(
            Funding(pk=funder["funding"], language=funder["language"]),
            funder["name"],
            funder["wording"],
            funder["disclaimer"],
            logos.get(funder["logo"]),
        )
        for funder in said["funders"]
    ]
    funders, pictures = visibility.for_paper(visibles)
    for shown, one in zip(funders, visibles, strict=True):
        shown["language"] = one.language
    words = _words(edition)
    page = words | {
        "issuer": said["issuer"],
        "number": edition.certificate.number,
        "name": said["name"],
        "attended": _in(said["languages"][0], lambda: content.length(said["hours"]["attended"])),
        "modules": [_module(row, said["languages"]) for row in said["modules"]],
        "signatories": [
            {"name": one["name"], "roles": _titles(one["roles"], said["languages"])}
            for one in said["signatories"]
        ],
        "places": ", ".join(said["places"][:3]),
        "qr": qr,
        "address": address,
        "lines": wrap(address, 32, break_on_hyphens=False),
        "funders": funders,
    }
    return page, pictures | {qr: code(address)}


def _words(edition: CertificateEdition) -> dict:
    """What is said in both languages: [[language, words], …]."""
    said, languages = edition.said, edition.said["languages"]

    def each(words: Callable[[], str]) -> list[list[str]]:
        return [[language, _in(language, words)] for language in languages]

    return {
        "kind": each(lambda: _("Certificate of completion")),
        "programme": _titles(said["programme"]["titles"], languages),
        "columns": [each(lambda: _("Module")), each(lambda: _("Days")), each(lambda: _("Attended"))],
        "said": each(lambda: _attended(said)),
        "rule": each(lambda: content.rule_said(said["hours"])),
        "check": each(lambda: _("Is it genuine? Check it here.")),
        "issued": each(lambda: _issued(edition)),
        "qr_said": _in(languages[0], lambda: _("QR code that opens the page on which this can be checked")),
    }


def _attended(said: dict) -> str:
    what = {"planned": content.length(said["hours"]["planned"])}
    if not said["first"]:
        return _("attended of %(planned)s planned") % what
    days = span(said["first"], said["last"])
    return _("attended of %(planned)s planned, %(days)s") % (what | {"days": days})


def _issued(edition: CertificateEdition) -> str:
    day = formats.date_format(date.fromisoformat(edition.said["issued_on"]), "DATE_FORMAT")
    if edition.edition > 1:
        what = {"day": day, "edition": edition.edition}
        return _("Issued on %(day)s, edition %(edition)s") % what
    return _("Issued on %(day)s") % {"day": day}


def _module(row: dict, languages: list[str]) -> dict:
    def of_planned() -> str:
        what = {
            "attended": content.length(row["attended"]),
            "planned": content.length(row["planned"]),
        }
        return _("%(attended)s of %(planned)s") % what

    return {
        "titles": _titles(row["titles"], languages),
        "dates": _in(languages[0], lambda: span(row["first"], row["last"])) if row["first"] else "",
        "hours": _in(languages[0], of_planned),
    }


def span(first: str, last: str) -> str:
    """Two ISO dates as one reads them; one of them where they are the same day."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    shown = formats.date_format(end, "SHORT_DATE_FORMAT")
    return shown if begin == end else f"{formats.date_format(begin, 'SHORT_DATE_FORMAT')} – {shown}"


def _titles(titles: dict[str, str], languages: list[str]) -> list[list[str]]:
    return [[language, titles[language]] for language in languages if titles.get(language)]


def _in(language: str, words: Callable[[], str]) -> str:
    with translation.override(language):
        return words()


def code(address: str) -> bytes:
    """The address as a QR code: an SVG file of dark modules."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, dark="#14251d")
    return out.getvalue()
