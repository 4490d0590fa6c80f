"""What is wrong with the settings of a programme's reminders, in words; computed anew each time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person, Programme
from reminders.kinds import KINDS
from reminders.models import QuietHours, Reminder
from reminders.services.around import Around, hours_of
from reminders.services.planning import found_by


def bad_settings(programme: Programme) -> list[str]:
    """A zone that does not exist, of the programme or of who is to be told; quiet hours that are none."""
    if not clock.is_zone(programme.zone):
        words = _("“%(zone)s” is no time zone: nothing is planned until the programme has one that exists.")
        return [words % {"zone": programme.zone}]
    said = []
    try:
        hours_of(programme)
    except ValidationError as error:
        said = [*error.messages, _("Only what may come at night is planned until they are put right.")]
    planned = {"reminders__rule__programme": programme, "reminders__state": Reminder.State.PLANNED}
    people = Person.objects.filter(**planned).exclude(zone="").distinct()
    words = _("“%(zone)s”, the time zone of %(person)s, does not exist: the programme's is used.")
    wrong = [person for person in people if not clock.is_zone(person.zone)]
    return said + [words % {"zone": person.zone, "person": person} for person in wrong]


def trouble(programme: Programme, now: datetime | None = None) -> list[str]:
    """The bad settings, and each rule that is left out by them or by the records. Asks every rule that is
    on."""
    now, around, said = now or timezone.now(), Around(), bad_settings(programme)
    if not clock.is_zone(programme.zone):
        return said
    around.take_hours(programme, QuietHours.STARTS, QuietHours.ENDS)  # those are spoken of already
    for rule in programme.rules.filter(is_on=True, kind__in=KINDS):
        rule.programme = programme
        try:
            found_by(rule, around, now)
        except DatabaseError:
            raise
        except Exception as error:
            why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            what = {"rule": rule.get_kind_display(), "why": why}
            said.append(_("The rule “%(rule)s” is left out: %(why)s") % what)
    return said
