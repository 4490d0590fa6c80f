"""What stands around the rules when they are planned: quiet hours, zones and choices of the readers. Read
once a sweep, not once a reminder."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person, Programme
from reminders import quiet
from reminders.choices import settled
from reminders.kinds.due import Due, Kind
from reminders.models import Preference, QuietHours, Rule


class Settled(NamedTuple):
    """What is written down of one reminder: when, by which way, how often."""

    due_at: datetime
    wanted_at: datetime | None  # what the rule promised, where quiet hours moved it
    channel: str
    rhythm: str
    send_before: datetime | None


def hours_of(programme: Programme) -> tuple[time, time]:
    """From when to when it is quiet. Raises ValidationError for a window that is none."""
    try:
        row = QuietHours.objects.filter(programme=programme).first()
    except ValueError:  # 25:00, as SQLite lets one write
        row = QuietHours(starts=None, ends=None)
    if row is None:
        return QuietHours.STARTS, QuietHours.ENDS
    if not isinstance(row.starts, time) or not isinstance(row.ends, time):
        raise ValidationError(_("The quiet hours of this programme are no hours of a day."), code="quiet")
    return row.starts, row.ends


class Around:
    """The surroundings of one sweep."""

    def __init__(self):
        self._hours: dict[int, tuple[time, time]] = {}
        self._readers: dict[int, Readers] = {}
        self._alike: dict[tuple, Settled | None] = {}

    def settled(self, kind: Kind, rule: Rule, due: Due) -> Settled | None:
        """How and when she is told, at an hour that is not quiet; None: she does not want it. Where only
        quiet hours are left before its subject, it stands at the hour that was promised, and the sender
        says so."""
        readers = self.readers(rule.programme)
        zone = readers.zone(due.person_id, rule.programme.zone)
        if choices := readers.choices.get(due.person_id):
            return self._settled(kind, rule, due, zone, choices)
        alike = (rule.pk, zone, *due[3:])  # many hear of one thing, and most have chosen nothing
        if alike not in self._alike:
            self._alike[alike] = self._settled(kind, rule, due, zone, ())
        return self._alike[alike]

    def _settled(
        self, kind: Kind, rule: Rule, due: Due, zone: str, choices: Iterable[Preference]
    ) -> Settled | None:
        channel, rhythm, at = settled(kind, rule, choices, due, zone)
        if channel is None:
            return None
        moment = at
        if not (kind.passes_quiet if due.passes is None else due.passes):
            starts, ends = self.hours(rule.programme)
            moment = quiet.allowed(at, zone=zone, starts=starts, ends=ends, before=due.send_before) or at
        return Settled(moment, None if moment == at else due.due_at, channel, rhythm, due.send_before)

    def hours(self, programme: Programme) -> tuple[time, time]:
        if programme.pk not in self._hours:
            self._hours[programme.pk] = hours_of(programme)
        return self._hours[programme.pk]

    def take_hours(self, programme: Programme, starts: time, ends: time) -> None:
        """These instead of what is written down."""
        self._hours[programme.pk] = starts, ends

    def readers(self, programme: Programme) -> "Readers":
        tenant = programme.tenant_id
        if tenant not in self._readers:
            self._readers[tenant] = Readers(tenant)
        return self._readers[tenant]


class Readers:
    """The people of an organisation, as far as they are not like the rest."""

    def __init__(self, tenant_id: int):
        self.tenant_id = tenant_id

    @cached_property
    def zones(self) -> dict[int, str]:
        rows = Person.objects.filter(tenant=self.tenant_id).exclude(zone="").order_by()
        return dict(rows.values_list("pk", "zone"))

    @cached_property
    def choices(self) -> dict[int, list[Preference]]:
        found = defaultdict(list)
        for one in Preference.objects.filter(person__tenant=self.tenant_id).order_by():
            found[one.person_id].append(one)
        return dict(found)

    @cached_property
    def _is_zone(self) -> dict[str, bool]:
        return {name: clock.is_zone(name) for name in set(self.zones.values())}

    def zone(self, person_id: int | None, programmes: str) -> str:
        own = self.zones.get(person_id, "")
        return own if own and self._is_zone[own] else programmes
