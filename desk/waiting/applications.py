"""Who applied and waits for an answer."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, said, words
from desk.waiting.words import When, day_words
from lib import clock
from training.models import Enrolment


def applications(scope: Scope) -> list[Item]:
    """One row a programme that she runs, the longest wait first."""
    rows = (
        Enrolment.objects.filter(programme__in=scope.run, state=Enrolment.State.APPLIED)
        .order_by()
        .values("programme")
        .annotate(count=Count("pk"), oldest=Min("state_at"))
    )
    return [_item(scope, **row) for row in rows.order_by("oldest")]


def _item(scope: Scope, programme: int, count: int, oldest) -> Item:
    since = clock.local(oldest, scope.programmes[programme].zone).date()
    url = reverse("training:applicant_list", args=[scope.programmes[programme].code])
    longest = ngettext("it waits since %(day)s", "the longest waits since %(day)s", count)
    return Item(
        kind="application",
        at=When(_("since %(day)s") % {"day": day_words(since)}, ""),
        due=since,
        what=said("application", count),
        url=url,
        why=words(scope.label(programme), longest % {"day": day_words(since)}),
        act=_("Decide"),
        act_url=url,
        count=count,
    )
