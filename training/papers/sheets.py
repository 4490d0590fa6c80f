"""The sheet that is printed and signed: row codes, names, boxes, the facts of the session."""

from datetime import datetime
from pathlib import Path

from django.utils import formats, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lib import pdf
from training import visibility
from training.models import Session
from training.register import sheet

TEMPLATE = Path(__file__).with_name("sheet.typ")
WHOLE_DAY = 300  # minutes from which on one signs before and after the break
AT_THE_DOOR = 5  # empty rows


def printed(session: Session, language: str, *, now: datetime) -> bytes:
    """The PDF in this language. Reads the roster and the logos; never inside a transaction."""
    with translation.override(language):
        visibles = visibility.funders_of_session(session)
        funders, pictures = visibility.for_paper(visibles)
        data = _data(session, language) | {"funders": funders}
        return pdf.render(TEMPLATE, data, at=now, pictures=pictures)


def _data(session: Session, language: str) -> dict:
    boxes = _boxes(session)
    leads = list(session.trainers.all())
    return {
        "language": language,
        "programme": " · ".join(filter(None, [session.programme.title, _module(session)])),
        "title": session.heading,
        "facts": facts(session),
        "hint": _("Sign in the box beside your name. Whoever comes late or leaves early writes the time."),
        "code": _("Code"),
        "name": _("Name"),
        "phone": _("Phone"),
        "when": _("Came late or left early: time"),
        "boxes": boxes,
        "box": 40 if len(boxes) == 1 else 30,
        "rows": [
            {"code": row.row_code, "name": str(row.person), "place": sheet.place(row)}
            for row in _expected(session)
        ],
        "door": AT_THE_DOOR,
        "door_hint": _("Not on the list? Write your name and phone here, and sign."),
        "signed": [_("Trainer: %(name)s") % {"name": lead} for lead in leads] or [_("Trainer")],
        "foot": foot(session),
    }


def _boxes(session: Session) -> list[str]:
    if (session.minutes or 0) >= WHOLE_DAY:
        return [_("Signature, morning"), _("Signature, afternoon")]
    return [_("Signature")]


def _module(session: Session) -> str:
    return session.module.title if session.module else ""


def _expected(session: Session):
    entries = session.roster.select_related("enrolment__person", "enrolment__enterprise")
    return [entry.enrolment for entry in entries.order_by("enrolment__person__name_key", "enrolment_id")]


def foot(session: Session) -> str:
    """On every page: loose sheets get mixed up."""
    number = _("Session %(number)s") % {"number": session.pk}
    day = formats.date_format(session.day, "DATE_FORMAT") if session.day else ""
    return " · ".join(filter(None, [number, day, Truncator(session.heading).chars(80)]))


def facts(session: Session) -> list[list[str]]:
    """When, where, with whom: what every paper about a session begins with."""
    venue = session.venue
    where = ", ".join(filter(None, [venue.name, venue.address, venue.municipality])) if venue else ""
    rows = [
        (_("When"), _when(session)),
        (_("Where"), where),
        (_("Trainers"), ", ".join(map(str, session.trainers.all()))),
        (_("Length"), sheet.duration(session.minutes) if session.minutes is not None else ""),
    ]
    return [[name, value] for name, value in rows if value]


def _when(session: Session) -> str:
    if session.day is None:
        return _("not scheduled")
    day = formats.date_format(session.day, "DATE_FORMAT")
    if session.start is None:
        return day
    clock = "–".join(formats.time_format(at, "H:i") for at in (session.start, session.end))
    return f"{day}, {clock} ({session.zone})"
