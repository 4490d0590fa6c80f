"""What a rule would do, shown on the people whom it concerns before anything is saved."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from people.models import Person
from reminders.kinds import KINDS
from reminders.letters import Letter, Letters
from reminders.models import Reminder, Rule, RuleText
from reminders.services.around import Around, Settled
from reminders.services.messages import send_letter
from reminders.services.planning import Key, found_by

SHOWN, LOOKED_AT = 5, 500


class Shown(NamedTuple):
    """One message as it would leave. The moment is by the programme's clock."""

    reminder: Reminder
    at: datetime
    language: str
    letter: Letter


class Preview(NamedTuple):
    """How many people and messages it is about by the records as they are, and the first of them with the
    longest name. `is_past`: nobody now; these are the last that there were."""

    people: int
    messages: int
    shown: list[Shown]
    is_past: bool = False


def preview(
    rule: Rule, now: datetime, *, texts: Iterable[RuleText] | None = None, language: str = ""
) -> Preview:
    """Whom a rule (as it stands, or `proposed`) tells of what. `texts` instead of its own; all in one
    language where one is said. Raises ValidationError where its setting is bad."""
    found = _found(rule, now)
    if found:
        rows = [_reminder(rule, key, settled) for key, settled in _some(found)]
    else:
        rows = list(rule.reminders.select_related("person").order_by("-pk")[:1])
        for row in rows:
            row.rule = rule
    people = {person or -subject for (person, subject, _revision), _settled in found}
    return Preview(len(people), len(found), _shown(rule, rows, texts, language), not found)


def _found(rule: Rule, now: datetime) -> list[tuple[Key, Settled]]:
    """Whom it tells, the next first; not who wants none of it."""
    try:
        found = [one for one in found_by(rule, Around(), now).items() if one[1]]
    except (LookupError, ValueError) as error:
        raise ValidationError(str(error)) from error
    return sorted(found, key=lambda one: (one[1].due_at, one[0][0] or 0, one[0][1:]))


def _some(found: list[tuple[Key, Settled]]) -> list[tuple[Key, Settled]]:
    """The first of them, and among many the one with the longest name."""
    some = found[:LOOKED_AT]
    if len(some) <= SHOWN:
        return some
    names = {
        person.pk: len(str(person)) for person in Person.objects.filter(pk__in={one[0][0] for one in some})
    }
    longest = max(some[SHOWN - 1 :], key=lambda one: names.get(one[0][0], 0))
    return [*some[: SHOWN - 1], longest]


def _reminder(rule: Rule, key: Key, settled: Settled) -> Reminder:
    person, subject, revision = key
    fields = {"subject_type": KINDS[rule.kind].subject_type, "subject_id": subject}
    person = Person.objects.get(pk=person) if person else None
    return Reminder(rule=rule, person=person, subject_revision=revision, **fields, **settled._asdict())


def _shown(rule: Rule, rows: list[Reminder], texts: Iterable[RuleText] | None, language: str) -> list[Shown]:
    letters, found = Letters(rows), []
    if texts is not None:
        letters.texts[rule.pk] = list(texts)
    for row in rows:
        to = KINDS[rule.kind].to(row)
        to = to._replace(language=language or to.language)
        try:
            letter = letters.letter(row, to)
        except ValidationError:  # the last one is about something that is gone
            continue
        found.append(Shown(row, clock.local(row.due_at, rule.programme.zone), to.language, letter))
    return found


def send_test(*, by: User, rule: Rule, language: str, now: datetime) -> None:
    """The first message of the preview to who asks for it, at once and without the other's link. Raises
    ValidationError where there is none to show, SMTPException when it did not leave."""
    shown = preview(rule, now, language=language).shown
    if not shown:
        raise ValidationError(_("It is due to nobody, and never was: there is no message to show."))
    with translation.override(language):
        letter = shown[0].letter
        letter = letter._replace(url=settings.SITE_URL, action=_("Here stands the link of the real message"))
        subject = _("Test: %(subject)s") % {"subject": letter.subject}
        why = _("This is a test message that you sent to yourself.")
        letter = letter._replace(subject=subject, why=why)
    send_letter(letter, to=by.email, language=language)
    audit(by, "test", rule, ["language"])
