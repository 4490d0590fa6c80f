"""The letter to somebody who applied: a link that confirms it. She is nobody in the address book yet."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib import clock
from reminders.due import Due, Recipient, Words, link
from reminders.models import Reminder, Rule
from training.eligibility import applying
from training.models import Application


class ApplicationUnconfirmed:
    subject_type = "training.application"

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, to the address in the form, while the link works; again when she asks again."""
        rows = Application.objects.filter(programme=rule.programme, confirmed_at=None)
        rows = rows.filter(created_at__gt=now - applying.KEPT)
        for pk, revision, at in rows.values_list("pk", "revision", "created_at"):
            yield Due(None, pk, revision, at, at + applying.KEPT)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Application.objects.filter(pk=reminder.subject_id).first()
        if row is None or applying.is_late(row, now):
            return _("The application is gone: nobody confirmed it.")
        if row.confirmed_at:
            return _("The application is confirmed.")
        return "" if row.revision == reminder.subject_revision else _("She asked for a newer letter.")

    def to(self, reminder: Reminder) -> Recipient:
        said = Application.objects.filter(pk=reminder.subject_id).values_list("email", "language").first()
        return Recipient(*said) if said else Recipient("", settings.LANGUAGE_CODE)

    def subjects(self, ids: Iterable[int]) -> dict[int, Application]:
        return Application.objects.select_related("programme__tenant").in_bulk(ids)

    def words(self, row: Application) -> Words:
        until = clock.local(row.created_at + applying.KEPT, row.programme.zone)
        what = {
            "programme": row.programme.title,
            "organisation": row.programme.tenant.name,
            "day": date_format(until, "DATE_FORMAT"),
        }
        lines = [
            _(
                "You applied for %(programme)s. Open the link and press the button: then your application "
                "is in."
            )
            % what,
            _("The link works until %(day)s.") % what,
            _("It was not you? Do nothing: what was written is gone then."),
        ]
        return Words(
            _("Confirm your application for %(programme)s") % what,
            lines,
            _("Confirm the application"),
            link("training:application_confirm", applying.token_of(row)),
            _("You receive this because somebody wrote your address into the form of %(organisation)s.")
            % what,
        )
