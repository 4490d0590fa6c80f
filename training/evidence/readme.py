"""The README of a pack of evidence, in the language of the pack."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.evidence.packing import HASHES
from training.evidence.proofs import Asked


@dataclass
class Counted:
    """What the README says of the whole."""

    lines: list[str] = field(default_factory=list)
    photos: int = 0
    photos_left_out: int = 0
    sheets: int = 0
    sheets_left_out: int = 0
    unnamed: set[int] = field(default_factory=set)


def readme(asked: Asked, counted: Counted, now: datetime) -> str:
    parts = [
        [_about(asked), _period(asked), _("Made on %(day)s.") % {"day": _day(now)}],
        [_("WHAT IS IN IT"), *_contents()],
        [_("SESSIONS"), *(counted.lines or [_("There is no session in it.")])],
        [_("WHO IS NAMED AND SHOWN"), *_consents(asked, counted)],
        [_("HOW TO CHECK IT"), *_checks()],
    ]
    text = "\n\n".join("\n".join(filter(None, part)) for part in parts) + "\n"
    return text.replace("..", ".")  # a Serbian date ends with a point of its own


def _day(now: datetime) -> str:
    return formats.date_format(timezone.localtime(now), "DATE_FORMAT")


def _about(asked: Asked) -> str:
    said = {"programme": asked.programme.title}
    if asked.module:
        return _("Evidence: %(module)s, %(programme)s") % (said | {"module": asked.module.title})
    return _("Evidence for %(funder)s: %(programme)s") % (said | {"funder": asked.funding.funder.title})


def _period(asked: Asked) -> str:
    if asked.module:
        return ""
    shown = {"start": asked.start, "end": asked.end}
    days = {name: formats.date_format(day, "DATE_FORMAT") for name, day in shown.items()}
    return _("Sessions from %(start)s until before %(end)s.") % days


def _contents() -> list[str]:
    return [
        _("register.pdf, register.csv: who was expected, who was there, how long, who marked it."),
        _("marks.csv: every mark in the order in which it was kept, with its place in the chain."),
        _("corrections.csv: those that changed another one, or came after the session was closed."),
        _("log.txt, agenda.txt: what the trainers wrote, and what was planned."),
        _("photographs/: pictures of the session. sheets/: signed sheets of paper."),
        _("headcounts/: people counted without names, how that is known, and the proof."),
        _("An empty list says that there is nothing of the kind; a file that is missing, likewise."),
    ]


def _consents(asked: Asked, counted: Counted) -> list[str]:
    """Why something is in it or not: by rule, with numbers."""
    funders = ", ".join(one.funder.title for one in asked.readers)
    lines = [
        _("This pack is made for: %(funders)s.") % {"funders": funders}
        if funders
        else _("No funder pays for this: the pack is for your own archive."),
        _("It holds personal data: names, minutes, signatures. Keep it as long as an audit needs it; do not "
          "publish it."),
    ]  # fmt: skip
    lines += _numbers(counted)
    return lines


def _numbers(counted: Counted) -> list[str]:
    n, sheets = len(counted.unnamed), counted.sheets_left_out
    lines = [
        ngettext(
            "%(n)s photograph is in it: everybody on it agreed, or nobody can be recognised.",
            "%(n)s photographs are in it: everybody on them agreed, or nobody can be recognised.",
            counted.photos,
        )
        % {"n": counted.photos},
        ngettext(
            "%(n)s photograph was left out for want of consent.",
            "%(n)s photographs were left out for want of consent.",
            counted.photos_left_out,
        )
        % {"n": counted.photos_left_out},
        ngettext(
            "%(n)s signed sheet is in it.", "%(n)s signed sheets are in it.", counted.sheets
        )
        % {"n": counted.sheets},
    ]  # fmt: skip
    if n:
        lines.append(
            ngettext(
                "%(n)s person did not agree to be passed on to the funder: the row stands without the name.",
                "%(n)s people did not agree to be passed on to the funder: their rows stand without names.",
                n,
            )
            % {"n": n}
        )
    if sheets:
        lines.append(
            ngettext(
                "%(n)s signed sheet was left out, because it names them; it can be seen in our office.",
                "%(n)s signed sheets were left out, because they name them; they can be seen in our office.",
                sheets,
            )
            % {"n": sheets}
        )
    return lines


def _checks() -> list[str]:
    return [
        _("%(file)s has the SHA-256 of every other file. On Linux or a Mac: sha256sum -c %(file)s")
        % {"file": HASHES},
        _(
            "The marks of a session form a chain. Whoever runs Rasadnik recomputes it with "
            "manage.py verify_register; its heads must be those above."
        ),
    ]
