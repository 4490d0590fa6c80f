"""Letters to somebody who wrote into a public form: a link that confirms it. She is nobody in the address
book yet."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib import clock
from lib.doors import KEPT
from mentoring.models import MentorApplication
from mentoring.profiles import applying as mentors
from people.models import Person
from reminders.kinds.due import Due, Kind, Recipient, Words, link
from reminders.models import Reminder, Rule
from training.eligibility import applying
from training.models import Application


class Unconfirmed(Kind):
    """What the two forms share. A subclass says whose rows they are and what the letter says."""

    subject_type: str
    model: type[Model]
    is_essential = passes_quiet = True  # she sits there and waits for it

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, to the address in the form, while the link works; again when she asks again."""
        rows = self.model.objects.filter(programme=rule.programme, confirmed_at=None)
        rows = rows.filter(created_at__gt=now - KEPT)
        for pk, revision, at in rows.values_list("pk", "revision", "created_at"):
            yield Due(None, pk, revision, at, at + KEPT)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = self.model.objects.filter(pk=reminder.subject_id).first()
        if row is None or (row.confirmed_at is None and row.created_at + KEPT <= now):
            return _("The application is gone: nobody confirmed it.")
        if row.confirmed_at:
            return _("The application is confirmed.")
        return "" if row.revision == reminder.subject_revision else _("She asked for a newer letter.")

    def to(self, reminder: Reminder) -> Recipient:
        said = self.model.objects.filter(pk=reminder.subject_id).values_list("email", "language").first()
        return Recipient(*said) if said else Recipient("", settings.LANGUAGE_CODE)

    def subjects(self, ids: Iterable[int]) -> dict[int, Model]:
        return self.model.objects.select_related("programme__tenant").in_bulk(ids)

    def about(self, row) -> str:
        return f"#{row.pk}"

    def what(self, row) -> dict:
        until = clock.local(row.created_at + KEPT, row.programme.zone)
        return {
            "programme": row.programme.title,
            "organisation": row.programme.tenant.name,
            "day": date_format(until, "DATE_FORMAT"),
        }

    def letter(self, subject: str, first: str, address: str, row) -> Words:
        what = self.what(row)
        lines = [
            first % what,
            _("The link works until %(day)s.") % what,
            _("It was not you? Do nothing: what was written is gone then."),
        ]
        why = _("You receive this because somebody wrote your address into the form of %(organisation)s.")
        return Words(subject % what, lines, _("Confirm the application"), address, why % what)


class ApplicationUnconfirmed(Unconfirmed):
    subject_type = "training.application"
    model = Application

    def words(self, row: Application, person: Person | None = None) -> Words:
        first = _(
            "You applied for %(programme)s. Open the link and press the button: then your application is in."
        )
        address = link("training:application_confirm", applying.token_of(row))
        return self.letter(_("Confirm your application for %(programme)s"), first, address, row)


class MentorUnconfirmed(Unconfirmed):
    subject_type = "mentoring.mentorapplication"
    model = MentorApplication

    def words(self, row: MentorApplication, person: Person | None = None) -> Words:
        first = _(
            "You offered to guide entrepreneurs of %(programme)s. Open the link and press the button: then "
            "your application is in."
        )
        address = link("mentoring:mentor_confirm", mentors.token_of(row))
        return self.letter(_("Confirm that you would be a mentor of %(programme)s"), first, address, row)
