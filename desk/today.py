"""Today: what waits for a person over all her roles, what is coming, and the sentence that says it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from desk.waiting import (
    applications,
    asking,
    booked,
    hours,
    meetings,
    offers,
    own,
    rounds,
    sessions,
    staff,
    summaries,
    taking_part,
)
from desk.waiting.items import Item, Row, Scope, Section, both, rest_waits, what_waits
from desk.waiting.words import weekday_words, whole
from lib import clock
from people.models import Programme
from training.models import Session


@dataclass(frozen=True)
class Today:
    kicker: str
    heading: str
    items: list[Item]
    sections: list[Section]

    @property
    def is_reading(self) -> bool:
        """A funder's: nothing to do, something to read."""
        return all(item.kind == "summary" for item in self.items)


def today(user: User, now: datetime) -> Today:
    """Everything that is hers, in at most a query a fact."""
    scope = Scope(user, now)
    items, sections, ahead = gather(scope)
    items += asking.questions(scope)
    items += meetings.words_wanted(scope) + own.summaries(scope) + staff.failed_jobs(scope)
    items.sort(key=lambda item: item.order)
    sections += taking_part.beneficiaries(scope) + taking_part.taking_part(scope)
    sections += meetings.paid_hours(scope)
    day = clock.local(now, user.tenant.zone).date()
    kicker = f"{date_format(day, 'l')}, {date_format(day, 'DATE_FORMAT')}"
    return Today(kicker, whole(_heading(scope, items, sections, ahead)), with_one_button(items), sections)


def gather(scope: Scope) -> tuple[list[Item], list[Section], list[Session]]:
    """What waits in her programmes, what stands beside it, and the sessions ahead."""
    may, items, sections, ahead, open_rounds = scope.may, [], [], [], []
    if scope.run or may.programmes("trainer"):
        ahead = sessions_ahead = sessions.coming(scope)
        items += sessions.todays(scope, sessions_ahead) + sessions.unfinished(scope)
    if scope.run:
        open_rounds = rounds.rounds_now(scope)
        items += rounds.uncovered(scope, open_rounds) + staff.silent(scope)
        items += hours.short_of_hours(scope) + offers.in_vain(scope)
        items += summaries.summaries(scope) + staff.mails_not_gone(scope)
        items += asking.waves(scope)
        items += applications.applications(scope) + applications.mentors(scope)
    if coming := _coming(scope, ahead, open_rounds):
        sections.append(coming)
    if may.programmes("mentor"):
        assignments = own.guided(scope)
        items += offers.to_answer(scope)
        items += own.reviews(scope) + own.meetings(scope, assignments)
        sections += own.entrepreneurs(assignments) + booked.held(scope)
    return items, sections, ahead


def _coming(scope: Scope, ahead: list[Session], open_rounds) -> Section | None:
    """The sessions after today's, and the days on which rounds close."""
    rows = [
        Row(
            what=session.heading,
            when=weekday_words(session.day),
            day=session.day.isoformat(),
            url=reverse("training:session_detail", args=[session.pk]),
            why=sessions.place_and_time(session),
        )
        for session in ahead
        if not sessions.is_today(session, scope.now)
    ]
    rows = sorted(rows[:5] + own.closings(scope, open_rounds), key=lambda row: row.day)
    if not rows:
        return None
    one: Programme | None = scope.one or (
        next(iter(scope.programmes.values())) if len(scope.programmes) == 1 else None
    )
    url = reverse("training:session_list", args=[one.code]) if one else ""
    return Section(_("Coming"), rows, more=_("All sessions") if one else "", more_url=url)


def _heading(scope: Scope, items: list[Item], sections: list[Section], ahead: list[Session]) -> str:
    """What is the case: today's session, then what else waits; else the nearest thing there is to say."""
    now = [session for session in ahead if sessions.is_today(session, scope.now)]
    rest = [item for item in items if item.kind != "session"]
    if now:
        session = taking_part.next_session(scope, now)
        return both(session, rest_waits(items))
    if rest:
        return what_waits(rest)
    if ahead:
        return both(_("Nothing waits for you"), taking_part.next_session(scope, ahead))
    spoken = [section.said for section in sections if section.said]
    if not spoken and scope.may.fundings:
        return _("No summary has been issued to you yet")
    return spoken[0] if spoken else _("Nothing waits for you today")


def with_one_button(items: list[Item]) -> list[Item]:
    """The first row has the page's one filled button; the others' verbs stand without a frame."""
    return [replace(item, first=position == 0 and bool(item.act_url)) for position, item in enumerate(items)]
