"""A pack of evidence, file by file: the sessions, the headcounts, a README, the hashes of all."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.evidence.files import chain_words, content_of, ending, files_of, table
from training.evidence.packing import Packer
from training.evidence.proofs import Asked, Proof, proof
from training.evidence.readme import Counted, readme
from training.models import Headcount, Session
from training.register import sheet

Said = Callable[[int, int], None]


def write(asked: Asked, file: IO[bytes], *, now: datetime, progress: Said) -> None:
    """Write the pack, in the language that is active. `progress(done, total)` hears of every session, and may
    raise to stop it. Draws papers and reads files: never inside a transaction."""
    sessions, readers = list(asked.sessions()), asked.readers
    pack, counted = Packer(file), Counted()
    for number, session in enumerate(sessions, 1):
        progress(number - 1, len(sessions))
        if session.cancelled_at:
            counted.lines.append(_("%(session)s: cancelled") % {"session": _titled(session)})
            continue
        found, folder = proof(session, readers, now), _folder(number, session)
        for name, content in files_of(found):
            pack.add(f"{folder}/{name}", content)
        _count(counted, found, folder)
    _add_headcounts(pack, asked.headcounts(sessions))
    pack.add("README.txt", readme(asked, counted, now).encode())
    pack.close()
    progress(len(sessions), len(sessions))


def _folder(number: int, session: Session) -> str:
    day = session.day.isoformat() if session.day else "no-day"
    return f"sessions/{number:02}-{day}"


def _titled(session: Session) -> str:
    day = formats.date_format(session.day, "DATE_FORMAT") if session.day else _("not scheduled")
    return f"{day}, {session.heading}"


def _count(counted: Counted, found: Proof, folder: str) -> None:
    session, tally = found.session, sheet.tally(found.session)
    there = ngettext("%(there)s of %(n)s person there", "%(there)s of %(n)s people there", tally.total)
    closed = _("closed") if session.closed_at else _("not closed")
    said = [_titled(session), there % {"there": tally.there, "n": tally.total}, closed, folder]
    counted.lines += ["; ".join(said), f"   {chain_words(found)}"]
    counted.photos += len(found.photos)
    counted.photos_left_out += found.photos_left_out
    papers = session.papers.count()
    counted.sheets += papers if found.has_sheets else 0
    counted.sheets_left_out += 0 if found.has_sheets else papers
    counted.unnamed |= found.unnamed


def _add_headcounts(pack: Packer, counts: Iterable[Headcount]) -> None:
    counts = list(counts)
    if not counts:
        return
    headings = [
        _("Day"), _("Session"), _("Number"), _("Of what"), _("Country"), _("How it is known"), _("Evidence"),
        _("File"),
    ]  # fmt: skip
    pack.add("headcounts/headcounts.csv", table(headings, map(_headcount, counts)))
    for one in counts:
        if one.file:
            pack.add(_headcount_file(one), content_of(one.file))


def _headcount(one: Headcount) -> list:
    day, session = (one.session.day or "", one.session.heading) if one.session else ("", "")
    number = "" if one.number is None else one.number
    file = _headcount_file(one) if one.file else ""
    return [day, session, number, one.of_what, one.country, str(one.get_how_display()), one.evidence, file]


def _headcount_file(count: Headcount) -> str:
    return f"headcounts/evidence-{count.pk}{ending(count.file)}"
