"""Offers of mentoring: hers to answer, and people whose mentor said no or nothing."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, words
from desk.waiting.words import When, until
from mentoring.models import Assignment
from mentoring.pairs import saying, steps
from training.models import Enrolment


def to_answer(scope: Scope) -> list[Item]:
    """Whom she is asked to guide, while she can still answer."""
    rows = Assignment.objects.filter(
        state=Assignment.State.OFFERED,
        mentor__person__user=scope.user,
        programme__in=scope.programmes,
        offered_until__gt=scope.now,
    )
    rows = rows.select_related("programme", "enrolment__person", "enrolment__enterprise").order_by(
        "offered_until", "pk"
    )
    return [_to_answer(scope, row) for row in rows]


def _to_answer(scope: Scope, row: Assignment) -> Item:
    page = reverse("mentoring:assignment_answer", args=[row.pk])
    last = saying.last_moment(row).date()
    return Item(
        kind="offer",
        at=until(last, scope.today(row.programme_id)),
        due=last,
        what=_("Will you guide %(person)s?") % {"person": row.enrolment},
        url=page,
        why=words(scope.label(row.programme_id), str(row.enrolment.enterprise or "")),
        act=_("Answer"),
        act_url=page,
    )


def in_vain(scope: Scope) -> list[Item]:
    """For each programme that she runs: people who took part in an offer that came to nothing, and have no
    other one yet."""
    taken = Q(assignments__state__in=(*steps.TAKES_A_PLACE, Assignment.State.COMPLETED))
    rows = Enrolment.objects.taking_part().filter(programme__in=scope.run)
    rows = rows.filter(assignments__state__in=steps.PASSED)
    rows = rows.exclude(pk__in=Enrolment.objects.filter(taken, programme__in=scope.run).values("pk"))
    counts: dict[int, int] = {}
    for programme, _enrolment in rows.order_by().values_list("programme", "pk").distinct():
        counts[programme] = counts.get(programme, 0) + 1
    return [_in_vain(scope, programme, n) for programme, n in sorted(counts.items())]


def _in_vain(scope: Scope, programme: int, n: int) -> Item:
    page = reverse("mentoring:offer_list", args=[scope.programmes[programme].code])
    what = ngettext("%(n)s person waits for another mentor", "%(n)s people wait for another mentor", n)
    return Item(
        kind="in_vain",
        at=When(_("soon"), "soon"),
        due=scope.today(programme),
        what=what % {"n": n},
        url=page,
        why=words(scope.label(programme), _("a mentor said no, or did not answer in time")),
        act=_("See who is asked next"),
        act_url=page,
        count=n,
    )
