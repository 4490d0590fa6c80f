"""The letter to who nominated: her ideas are received."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ideas.models import Nomination
from people.models import Person
from reminders.kinds.due import Due, Kind, Words, link
from reminders.kinds.reach import reachable
from reminders.models import Reminder, Rule
from training.models import Enrolment

DERIVED = 5  # the kind of UUID that is made from what a file or a pasted list says


class IdeaReceived(Kind):
    """One letter for all that she put forward in one go: it hangs on the last of these nominations, an hour
    after it, or at the end of the session in which she made it. Which one is the last follows from the
    records alone, so any number of planners find the same one, and so does one that comes late."""

    subject_type = "ideas.nomination"
    placeholders = ("person", "idea", "ideas", "programme")

    FRESH = timedelta(days=3)
    WAIT = timedelta(hours=1)
    LONGEST = timedelta(hours=12)  # of a session
    LAG = timedelta(minutes=2)  # what was sent before the end of the hour is written down by then

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Who takes part and nominated it herself or through a trainer; nothing out of a file or a pasted
        list, whose operations are derived and not drawn."""
        rows = Nomination.objects.filter(idea__programme=rule.programme, at__gt=now - self.FRESH)
        rows = rows.filter(reachable(rule, "enrolment__person"), enrolment__state__in=Enrolment.TAKING_PART)
        rows = [row for row in rows.select_related("session", "enrolment") if not _is_derived(row)]
        for row in self._last_ones(rows):
            yield Due(row.enrolment.person_id, row.pk, 1, self._ends(row) + self.LAG, row.at + self.FRESH)

    def _last_ones(self, rows: Iterable[Nomination]) -> Iterator[Nomination]:
        """Those behind which nothing came in time."""
        for several in _by_enrolment(rows).values():
            for row, following in zip(several, [*several[1:], None], strict=True):
                if following is None or following.at >= self._ends(row):
                    yield row

    def _ends(self, row: Nomination) -> datetime:
        """Until when what follows is told along."""
        end = row.session.ends_at if row.session else None
        in_it = end and row.at < end <= row.at + self.LONGEST
        return max(row.at + self.WAIT, end) if in_it else row.at + self.WAIT

    def _together(self, row: Nomination, hers: list[Nomination]) -> list[Nomination]:
        """What she put forward in one go up to this one, the first one first."""
        found = [row]
        for one in reversed([one for one in hers if _order(one) < _order(row)]):
            if found[0].at >= self._ends(one):
                break
            found.insert(0, one)
        return found

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        rows = Nomination.objects.select_related("session", "enrolment")
        row = rows.filter(pk=reminder.subject_id).first()
        if row is None:
            return _("This person nominates the idea no more.")
        if row.enrolment.state not in Enrolment.TAKING_PART:
            return _("She takes part no more.")
        later = rows.filter(enrolment=row.enrolment_id, at__gte=row.at, at__lt=self._ends(row))
        if any(_order(one) > _order(row) for one in later if not _is_derived(one)):
            return _("She has nominated another idea: one letter tells of all of them.")
        return ""

    def subjects(self, ids: Iterable[int]) -> dict[int, Nomination]:
        """With `together`: what she nominated in one go."""
        rows = Nomination.objects.select_related("enrolment__programme", "idea__text", "session")
        known = rows.in_bulk(list(ids))
        hers = rows.filter(enrolment__in={row.enrolment_id for row in known.values()})
        of = _by_enrolment(one for one in hers if not _is_derived(one))
        for row in known.values():
            row.together = self._together(row, of.get(row.enrolment_id, []))
        return known

    def about(self, row: Nomination) -> str:
        return ", ".join(one.idea.title for one in row.together)

    def values(self, row: Nomination, person: Person | None = None) -> dict[str, str]:
        return {
            "person": str(person or row.enrolment),
            "idea": row.idea.title,
            "ideas": self.about(row),
            "programme": row.enrolment.programme.title,
        }

    def words(self, row: Nomination, person: Person | None = None) -> Words:
        what = self.values(row, person) | {"number": row.idea.number, "n": len(row.together)}
        if len(row.together) == 1:
            subject, action = _("Thank you for your idea “%(idea)s”") % what, _("Look at the idea")
            first = _("Your idea “%(idea)s” is received. It has number %(number)s in %(programme)s.") % what
            listed, address = [], link("ideas:idea_detail", row.idea_id)
        else:
            subject, action = _("Thank you for your ideas (%(n)s)") % what, _("Open Rasadnik")
            first = _("Your ideas are received. In %(programme)s they have these numbers:") % what
            listed = [f"{one.idea.number}. {one.idea.title}" for one in row.together]
            address = link("desk:today")
        lines = [
            first, *listed,
            _("Mentors judge what was nominated. Then you hear what was decided, and you can read why."),
        ]  # fmt: skip
        why = _("You receive this because you put an idea forward in %(programme)s.") % what
        return Words(subject, lines, action, address, why)


def _is_derived(row: Nomination) -> bool:
    return row.operation.version == DERIVED


def _order(row: Nomination) -> tuple:
    return row.at, row.pk


def _by_enrolment(rows: Iterable[Nomination]) -> dict[int, list[Nomination]]:
    found = defaultdict(list)
    for row in sorted(rows, key=_order):
        found[row.enrolment_id].append(row)
    return found
