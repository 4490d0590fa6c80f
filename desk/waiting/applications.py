"""Who applied and waits for an answer: to take part, or to be a mentor."""

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, said, words
from desk.waiting.words import When, day_words
from lib import clock
from mentoring.models import MentorApplication
from training.models import Enrolment


def applications(scope: Scope) -> list[Item]:
    """One row a programme that she runs, the longest wait first."""
    rows = Enrolment.objects.filter(state=Enrolment.State.APPLIED)
    return _items(scope, "application", "training:applicant_list", rows, "state_at")


def mentors(scope: Scope) -> list[Item]:
    """Those who offer themselves as mentors, once their mail confirmed it."""
    rows = MentorApplication.objects.filter(state=MentorApplication.State.WAITING)
    return _items(
        scope, "candidate", "mentoring:candidate_list", rows.exclude(confirmed_at=None), "confirmed_at"
    )


def _items(scope: Scope, kind: str, page: str, rows: QuerySet, since: str) -> list[Item]:
    rows = rows.filter(programme__in=scope.run).order_by().values("programme")
    rows = rows.annotate(count=Count("pk"), oldest=Min(since)).order_by("oldest")
    return [_item(scope, kind, page, **row) for row in rows]


def _item(scope: Scope, kind: str, page: str, *, programme: int, count: int, oldest) -> Item:
    since = clock.local(oldest, scope.programmes[programme].zone).date()
    url = reverse(page, args=[scope.programmes[programme].code])
    longest = ngettext("it waits since %(day)s", "the longest waits since %(day)s", count)
    return Item(
        kind=kind,
        at=When(_("since %(day)s") % {"day": day_words(since)}, ""),
        due=since,
        what=said(kind, count),
        url=url,
        why=words(scope.label(programme), longest % {"day": day_words(since)}),
        act=_("Decide"),
        act_url=url,
        count=count,
    )
