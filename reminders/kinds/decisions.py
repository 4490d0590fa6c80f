"""The letter to who nominated an idea: what was decided on it, why, and where she reads how it was judged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas.models import Decision, Idea, Join, Nomination
from lib import clock, signing
from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule
from training.models import Enrolment

FRESH = timedelta(days=7)  # of the decision; what was restored or brought in writes to nobody
LATEST = timedelta(days=14)
FEEDBACK = "ideas.feedback"  # the purpose of the signed link, as ideas/views/feedback.py reads it
HERS = Q(enrolment__state__in=Enrolment.TAKING_PART)
Verdict, State = Decision.Verdict, Idea.State
WENT_ON = (State.IN_MENTORING, State.LAUNCHED)
# what the letter says is still so
STANDS = Q(idea__state=F("verdict")) | Q(verdict=Verdict.SHORTLISTED, idea__state__in=WENT_ON)


class DecisionMade(Kind):
    subject_type = "ideas.decision"
    hour, days, takes_hour, takes_days = 9, 1, True, True
    days_mean = gettext_lazy("days after the round was decided")
    placeholders = ("person", "idea", "programme", "decision", "reason", "day")
    is_essential = True  # she put it forward and was promised an answer
    holds_unsure = True  # a verdict told twice reads like another one

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Everybody who nominated the idea, or one that stands under it now, once: on the morning after, so
        that who decided can look at it again. Another link to the sheet is no other decision."""
        rows = Decision.objects.filter(selection__round__programme=rule.programme)
        newer = Decision.objects.filter(idea=OuterRef("idea"), selection__at__gt=OuterRef("selection__at"))
        rows = rows.filter(STANDS, ~Exists(newer), selection__at__gt=now - FRESH)
        decided = {pk: (idea, at) for pk, idea, at in rows.values_list("pk", "idea", "selection__at")}
        of_idea = _nominators(rows)
        for pk, (idea, at) in decided.items():
            due_at = self._morning(rule, at)
            if due_at <= now + AHEAD:
                for person in sorted(of_idea.get(idea, ())):
                    yield Due(person, pk, 1, due_at, at + LATEST)

    def _morning(self, rule: Rule, at: datetime) -> datetime:
        day = clock.local(at, rule.programme.zone).date() + timedelta(days=rule.after_days)
        return max(at, evening(day, rule.at_hour, rule.programme.zone))

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        rows = Decision.objects.select_related("selection", "idea").defer("selection__ranking")
        row = rows.annotate(stands=STANDS).filter(pk=reminder.subject_id).first()
        if row is None:
            return _("The decision is gone.")
        newer = Decision.objects.filter(idea=row.idea_id, selection__at__gt=row.selection.at)
        if newer.exists():
            return _("The idea was decided on again since.")
        if not row.stands:
            return _("The idea has moved on since it was decided on.")
        hers = Nomination.objects.of_group(row.idea).filter(HERS, enrolment__person=reminder.person_id)
        return "" if hers.exists() else _("She does not stand with the idea any more, or takes part no more.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Decision]:
        rows = Decision.objects.select_related("selection__round__programme", "idea__text")
        return rows.defer("selection__ranking").in_bulk(ids)

    def about(self, row: Decision) -> str:
        return row.idea.title

    def values(self, row: Decision, person: Person | None = None) -> dict[str, str]:
        programme = row.selection.round.programme
        return {
            "person": str(person or ""),
            "idea": row.idea.title,
            "programme": programme.title,
            "decision": row.get_verdict_display(),
            "reason": row.reason,
            "day": date_format(clock.local(row.selection.at, programme.zone), "DATE_FORMAT"),
        }

    def words(self, row: Decision, person: Person | None = None) -> Words:
        """Never who judged, nor where other ideas stand: what she may read stands behind the link."""
        what = self.values(row, person) | {"title": row.idea.title}
        subject, lines = _said(row, what)
        if own := _her_own(row, person):
            lines.append(
                _("Yours is called “%(own)s”; it says the same and was judged with it.") % {"own": own}
            )
        if row.reason:
            lines.append(_("The reason: “%(reason)s”") % what)
        lines.append(_("Behind the link you read how it was judged. You need not sign in."))
        url = link("ideas:feedback", signing.sign(FEEDBACK, row.pk, row.revision))
        why = _("You receive this because you put an idea forward in %(programme)s.") % what
        return Words(subject, lines, _("Read how it was judged"), url, why)


def _nominators(decided: QuerySet[Decision]) -> dict[int, set[int]]:
    """{idea: persons}, with those of what stands under it now."""
    found, ideas = defaultdict(set), decided.order_by().values("idea")
    own = Nomination.objects.filter(HERS, idea__in=ideas)
    for idea, person in own.values_list("idea", "enrolment__person"):
        found[idea].add(person)
    under = Nomination.objects.filter(HERS, idea__joins__in=Join.objects.open().filter(into__in=ideas))
    for idea, person in under.values_list("idea__joins__into", "enrolment__person"):
        found[idea].add(person)
    return found


def _said(row: Decision, what: dict) -> tuple[str, list[str]]:
    """The subject and the first lines."""
    if row.verdict == Verdict.SHORTLISTED:
        subject = _("“%(title)s” is on the short list")
        first = _("Good news: your idea “%(idea)s” is on the short list of %(programme)s. It goes on.")
    elif row.verdict == Verdict.WAITING:
        subject = _("“%(title)s” waits")
        first = _("Your idea “%(idea)s” waits. It may go on when there is room in %(programme)s.")
    else:
        subject = _("“%(title)s” was not chosen")
        first = _("Your idea “%(idea)s” was not chosen this time. Thank you for putting it forward.")
    return subject % what, [first % what]


def _her_own(row: Decision, person: Person | None) -> str:
    """What she calls it, where hers stands under the idea that was decided on."""
    if person is None:
        return ""
    hers = Nomination.objects.of_group(row.idea).filter(enrolment__person=person)
    titles = dict(hers.order_by("pk").values_list("idea", "idea__text__title"))
    return "" if row.idea_id in titles else next(iter(titles.values()), "")
