"""The files of one session in a pack of evidence, in the language of the pack."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.files import open_file
from accounts.models import StoredFile
from lib import pdf
from lib.languages import told
from lib.sheets_out import write_csv
from training.evidence.proofs import Proof
from training.models import RosterEntry, Status
from training.papers.sheets import facts, foot
from training.register import sheet
from training.register.history import Act
from training.visibility import for_paper, funders_of_session

TEMPLATE = Path(__file__).with_name("register.typ")


def files_of(proof: Proof) -> Iterator[tuple[str, bytes]]:
    """Name and content, one by one: nothing is held but the one that is being written."""
    session = proof.session
    yield "register.pdf", register_pdf(proof)
    yield "register.csv", table(_headings(), (_row(proof, entry) for entry in proof.entries))
    acts = [_act(proof, act) for act in proof.acts]
    yield "marks.csv", table(_act_headings(), acts)
    again = (row for row, act in zip(acts, proof.acts, strict=True) if act.mark.pk in proof.again)
    yield "corrections.csv", table(_act_headings(), again)
    if notes := list(session.log.select_related("by")):
        said = (f"{_moment(proof, note.at)} · {note.by or ''}\n{note.text}\n" for note in notes)
        yield "log.txt", "\n".join(said).encode()
    if agenda := told(session.agenda, session.agenda_sr):
        yield "agenda.txt", f"{agenda}\n".encode()
    yield from _photographs(proof)
    if proof.has_sheets:
        for paper in session.papers.select_related("file"):
            yield f"sheets/sheet-{paper.pk}{ending(paper.file)}", content_of(paper.file)


def table(headings: list[str], rows: Iterable[list]) -> bytes:
    """As CSV that a spreadsheet in the reader's country opens; no cell of it runs."""
    separator = ";" if (get_language() or "").startswith("sr") else ","
    return b"".join(write_csv(headings, rows, separator=separator))


def content_of(file: StoredFile) -> bytes:
    with open_file(file) as opened:
        return opened.read()


def ending(file: StoredFile) -> str:
    return Path(file.name).suffix.lower()[:6]


def register_pdf(proof: Proof) -> bytes:
    session = proof.session
    funders, pictures = for_paper(funders_of_session(session))
    counts = sheet.tally(session)
    module = session.module.title if session.module else ""
    data = {
        "language": get_language(),
        "programme": " · ".join(filter(None, [session.programme.title, module])),
        "title": _("Register: %(session)s") % {"session": session.heading},
        "facts": facts(session),
        "counts": ngettext(
            "%(there)s of %(n)s person was there.", "%(there)s of %(n)s people were there.", counts.total
        )
        % {"there": counts.there, "n": counts.total},
        "headings": _headings()[:3] + _headings()[4:9],
        "rows": [[str(cell) for cell in row[:3] + row[4:9]] for row in _rows(proof)],
        "notes_title": _("Corrections"),
        "notes": [_told(proof, act) for act in proof.acts if act.mark.pk in proof.again],
        "chain": chain_words(proof),
        "funders": funders,
        "foot": foot(session),
    }
    return pdf.render(TEMPLATE, data, at=_as_of(proof), pictures=pictures)


def _as_of(proof: Proof) -> datetime:
    """The last thing that happened in the session, not the clock: the same records are the same bytes."""
    moments = [act.at for act in proof.acts] + [proof.session.closed_at, proof.session.ends_at]
    return max(filter(None, moments), default=datetime(2000, 1, 1, tzinfo=UTC))


def chain_words(proof: Proof) -> str:
    session = proof.session
    if not session.chain_head:
        return _("No mark is sealed in the chain of this register.")
    said = {"n": session.chain_length, "head": session.chain_head}
    return (
        ngettext("Chain of %(n)s mark, head %(head)s", "Chain of %(n)s marks, head %(head)s", said["n"])
        % said
    )


def _headings() -> list[str]:
    return [
        _("Row code"), _("Person"), _("Mark"), _("Enterprise"), _("Arrival"), _("Leaving"), _("Minutes"),
        _("How it was marked"), _("Marked by"), _("Marked"), _("Minutes planned"), _("Corrections"),
    ]  # fmt: skip


def _rows(proof: Proof) -> list[list]:
    """As in the CSV, with a sign where something was corrected and planned beside attended minutes."""
    rows = []
    for entry in proof.entries:
        row = _row(proof, entry)
        if row[11]:
            row[2] = _("%(mark)s (corrected)") % {"mark": row[2]}
        if row[6] != "":
            row[6] = _("%(minutes)s of %(planned)s") % {"minutes": row[6], "planned": row[10]}
        rows.append(row)
    return rows


def _row(proof: Proof, entry: RosterEntry) -> list:
    seen = getattr(entry, "attendance", None)
    who = [entry.enrolment.row_code, _name(proof, entry.enrolment)]
    place = sheet.place(entry.enrolment) if entry.is_named else ""
    corrections = proof.corrected.get(entry.enrolment_id, 0)
    planned = "" if entry.planned_minutes is None else entry.planned_minutes
    if seen is None:
        return [*who, _("not marked"), place, "", "", "", "", "", "", planned, corrections]
    mark = seen.mark
    return [
        *who, str(Status(seen.status).label), place, _clock(seen.arrival), _clock(seen.leaving),
        "" if seen.minutes is None else seen.minutes, str(mark.get_source_display()), str(mark.by or ""),
        _moment(proof, mark.at_server), planned, corrections,
    ]  # fmt: skip


def _name(proof: Proof, enrolment) -> str:
    return _("(name withheld)") if enrolment.pk in proof.unnamed else str(enrolment.person)


def _act_headings() -> list[str]:
    return [
        _("Row code"), _("Person"), _("Before"), _("Mark"), _("Reason"), _("Marked by"),
        _("How it was marked"), _("Device"), _("Marked"), _("On the device"), _("After closing"), _("Chain"),
    ]  # fmt: skip


def _act(proof: Proof, act: Act) -> list:
    hidden = act.enrolment.pk in proof.unnamed
    return [
        act.enrolment.row_code, _name(proof, act.enrolment), act.before, act.said,
        _("(withheld)") if hidden and act.reason else act.reason, act.by, act.source, act.device,
        _moment(proof, act.at), _moment(proof, act.at_device), _("yes") if act.is_correction else _("no"),
        act.mark.chain,
    ]  # fmt: skip


def _told(proof: Proof, act: Act) -> str:
    row = _act(proof, act)
    said = {"code": row[0], "name": row[1], "before": row[2], "now": row[3], "by": row[5], "at": row[8]}
    words = _("%(code)s %(name)s: %(before)s, then %(now)s. %(by)s, %(at)s.") % said
    return " ".join(filter(None, [words, row[4]]))


def _photographs(proof: Proof) -> Iterator[tuple[str, bytes]]:
    for photo in proof.photos:
        yield f"photographs/photo-{photo.pk}{ending(photo.file)}", content_of(photo.file)
    if proof.photos:
        headings = [_("File"), _("What it shows"), _("Who is on it"), _("Taken by"), _("Kept")]
        yield "photographs/photographs.csv", table(headings, (_photo(proof, one) for one in proof.photos))


def _photo(proof: Proof, photo) -> list:
    n = len(photo.subjects.all())
    agreed = ngettext("%(n)s person, who agreed", "%(n)s people, who all agreed", n) % {"n": n}
    return [
        f"photo-{photo.pk}{ending(photo.file)}", photo.title, agreed if n else _("nobody can be recognised"),
        str(photo.by or ""), _moment(proof, photo.at),
    ]  # fmt: skip


def _clock(at) -> str:
    return formats.time_format(at, "H:i") if at else ""


def _moment(proof: Proof, at: datetime | None) -> str:
    return f"{proof.session.local(at):%Y-%m-%d %H:%M:%S}" if at else ""
