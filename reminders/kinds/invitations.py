"""The letter that asks somebody to be a mentor, and the one that tells an entrepreneur who hers is: with
links that need no account."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lib import clock
from mentoring.meetings import links
from mentoring.models import Assignment, Mentor, Offer
from people.models import Person
from reminders.kinds.due import Due, Kind, Words
from reminders.models import Reminder, Rule

INVITED = Mentor.State.INVITED
FRESH = timedelta(days=7)  # what was brought in from old sheets is news to nobody


class MentorInvited(Kind):
    subject_type = "mentoring.offer"
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, to who has an address, while the programme is not over; once, though she may be wanted in
        several programmes: for the newest."""
        programme = rule.programme
        if programme.end and programme.end <= clock.local(now, programme.zone).date():
            return
        later = Offer.objects.filter(mentor=OuterRef("mentor"), pk__gt=OuterRef("pk"))
        rows = Offer.objects.filter(~Exists(later), programme=programme, mentor__state=INVITED)
        rows = rows.filter(mentor__person__joined_to=None).exclude(mentor__person__email="")
        for pk, person, at in rows.values_list("pk", "mentor__person", "mentor__state_at"):
            yield Due(person, pk, 1, at, None)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Offer.objects.filter(pk=reminder.subject_id).select_related("mentor").first()
        if row is None:
            return _("The invitation was taken back.")
        return "" if row.mentor.state == INVITED else _("The invitation was answered.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Offer]:
        return Offer.objects.select_related("programme__tenant", "mentor__person").in_bulk(ids)

    def about(self, row: Offer) -> str:
        return str(row.mentor)

    def words(self, row: Offer, person: Person | None = None) -> Words:
        what = {"programme": row.programme.title, "organisation": row.programme.tenant.name}
        lines = [
            _("%(organisation)s asks you to be a mentor of %(programme)s.") % what,
            _("You guide an entrepreneur for some hours, as many as you choose."),
            _("Open the link and say yes or no. You need not sign in."),
        ]
        why = _("You receive this because %(organisation)s would like you as a mentor.") % what
        url = settings.SITE_URL.rstrip("/") + links.invitation_address(row)
        return Words(_("Will you be a mentor of %(programme)s?") % what, lines, _("Answer"), url, why)


class MentorFound(Kind):
    subject_type = "mentoring.assignment"
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, to an entrepreneur who has an address, once a mentor said yes; once for each pair."""
        today = clock.local(now, rule.programme.zone).date()
        rows = Assignment.objects.filter(programme=rule.programme, state_at__gt=now - FRESH)
        rows = rows.filter(state__in=(Assignment.State.ACCEPTED, Assignment.State.ACTIVE), meetings=None)
        rows = rows.exclude(start__lt=today - FRESH).exclude(enrolment__person__email="")
        for pk, person, at in rows.values_list("pk", "enrolment__person", "state_at"):
            yield Due(person, pk, 1, at, at + FRESH)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = Assignment.objects.filter(pk=reminder.subject_id).first()
        return "" if row and row.state in Assignment.ALIVE else _("The assignment has ended.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Assignment]:
        return Assignment.objects.select_related("programme", "mentor__person").in_bulk(ids)

    def about(self, row: Assignment) -> str:
        return str(row.mentor)

    def words(self, row: Assignment, person: Person | None = None) -> Words:
        what = {"mentor": row.mentor, "programme": row.programme.title}
        lines = [
            _("%(mentor)s is your mentor in %(programme)s.") % what,
            _("Behind the link you choose a time, move it or give it back. You need not sign in."),
        ]
        url = settings.SITE_URL.rstrip("/") + links.times_address(row)
        return Words(_("Your mentor: %(mentor)s") % what, lines, _("Choose a time"), url)
