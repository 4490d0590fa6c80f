"""Reminders as messages, each in the recipient's own language, as they would leave now."""

from collections.abc import Sequence
from email.message import EmailMessage

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from lib import mail
from lib.plain import unlinked
from reminders import reading
from reminders.calendar import parts_of
from reminders.kinds import KINDS
from reminders.kinds.due import Recipient
from reminders.letters import Letter, Letters
from reminders.models import Reminder
from training.visibility import for_paper, lines


def message_of(reminder: Reminder) -> EmailMessage:
    """One reminder by itself. Raises ValidationError when its address is none, or its subject gone."""
    return _message([reminder], Letters([reminder]))


def digest_of(reminders: Sequence[Reminder]) -> EmailMessage:
    """Several reminders of one person in one programme as one message, under the Message-ID of their carrier
    (the lowest number). What is gone by now is left out; raises ValidationError when nothing is left."""
    return _message(reminders, Letters(reminders))


def send_letter(letter: Letter, *, to: str, language: str) -> None:
    """At once and by itself, to who asked for it: not planned, nothing to stop. Raises SMTPException when it
    did not leave."""
    context = {"subject": letter.subject, "parts": [letter], "whys": [letter.why]}
    context |= {"is_essential": False, "choices": ""}
    with translation.override(language):
        mail.send_now(
            to=to,
            subject=letter.subject,
            text=render_to_string("reminders/mail.txt", context),
            html=render_to_string("reminders/mail.html", context),
            language=language,
        )


def messages_of(reminders: Sequence[Reminder]) -> dict[int, EmailMessage | ValidationError]:
    """The messages of a whole batch by the key of the reminder, or why there is none. Those of one carrier
    go in one message, which stands under each of their keys."""
    letters, found = Letters(reminders), {}
    together: dict[int, list[Reminder]] = {}
    for row in reminders:
        together.setdefault(row.carrier_id or row.pk, []).append(row)
    for rows in together.values():
        try:
            made = _message(rows, letters)
        except ValidationError as error:
            made = error
        found |= {row.pk: made for row in rows}
    return found


def short_text_of(reminder: Reminder) -> str:
    """For SMS and chat, and to be copied: whose it is, what it says and its link."""
    return short_texts_of([reminder])[reminder.pk]


def short_texts_of(reminders: Sequence[Reminder]) -> dict[int, str]:
    """By the key of the reminder; empty where its subject is gone."""
    letters = Letters(reminders)
    return {row.pk: short_text(row, letters, KINDS[row.rule.kind].to(row)) for row in reminders}


def short_text(reminder: Reminder, letters: Letters, to: Recipient) -> str:
    try:
        letter = letters.letter(reminder, to)
    except ValidationError:
        return ""
    with translation.override(to.language):
        name = unlinked(reminder.rule.programme.label)
    return f"{name}: {' '.join(letter.lines)} {letter.url}"


def _message(rows: Sequence[Reminder], letters: Letters) -> EmailMessage:
    rows = sorted(rows, key=lambda row: (row.due_at, row.pk))
    if len(rows) > 1:  # alone, it says itself that its subject is gone
        rows = [row for row in rows if letters.subject(row)] or rows[:1]
    carrier = min(rows, key=lambda row: row.pk)
    to = KINDS[carrier.rule.kind].to(carrier)
    parts = [letters.letter(row, to) for row in rows]
    with translation.override(to.language):
        subject = parts[0].subject if len(parts) == 1 else _together(parts, carrier)
        shown, pictures = _funders(rows, letters)
        context = {"subject": subject, "parts": parts, **shown, **_foot(rows, parts)}
        return mail.build(
            to=to.email,
            subject=subject,
            text=render_to_string("reminders/mail.txt", context),
            html=render_to_string("reminders/mail.html", context),
            message_id=_id_of(rows, carrier),
            pictures=pictures,
            language=to.language,
            headers=_headers(context["stop"]),
            attachments=_calendar(rows, letters),
        )


def _calendar(rows: Sequence[Reminder], letters: Letters) -> list[mail.Attachment]:
    """What her calendar takes from a letter; several together go without: one message is one invitation."""
    if len(rows) > 1:
        return []
    return parts_of(rows[0].rule.kind, letters.subject(rows[0]), rows[0].person)


def _id_of(rows: Sequence[Reminder], carrier: Reminder) -> str:
    """Of the carrier that was fixed at the first try, though it may have left the digest since."""
    fixed = rows[0].carrier_id
    if fixed is None or fixed == carrier.pk:
        return carrier.message_id
    first = next((row for row in rows if row.pk == fixed), None) or rows[0].carrier
    return first.message_id


def _together(parts, carrier: Reminder) -> str:
    words = ngettext("%(n)s message from %(programme)s", "%(n)s messages from %(programme)s", len(parts))
    return words % {"n": len(parts), "programme": unlinked(carrier.rule.programme.title)}


def _foot(rows: Sequence[Reminder], parts) -> dict:
    """Why she gets it, and where she chooses: nobody without a person, nothing to stop if it is essential."""
    kinds = {row.rule.kind for row in rows if not KINDS[row.rule.kind].is_essential}
    person = rows[0].person_id
    return {
        "whys": list(dict.fromkeys(part.why for part in parts)),
        "is_essential": not kinds,
        "choices": reading.choices_url(person) if person else "",
        "stop": reading.stop_url(person, kinds) if person and kinds else "",
    }


def _funders(rows: Sequence[Reminder], letters: Letters) -> tuple[dict, dict[str, bytes]]:
    """Each once, however many of the parts it pays for."""
    visibles = {one.funding.pk: one for row in rows for one in letters.paying(row)}.values()
    papers, pictures = for_paper(visibles)
    shown = list(zip(visibles, papers, strict=True))
    return {"funders": shown, "lines": lines(list(visibles))}, pictures


def _headers(stop: str) -> dict[str, str]:
    """RFC 8058: a mail program offers to stop it with one press."""
    if not stop:
        return {}
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
