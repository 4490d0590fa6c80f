"""Who is short of hours, while there are still sessions at which something can be done about it."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, words
from desk.waiting.words import When
from training.hours import Hours, summed, under
from training.models import Enrolment, Session


def short_of_hours(scope: Scope) -> list[Item]:
    """People under the share of their programme so far, as the people list finds them; a row a programme."""
    ahead = Session.objects.filter(
        programme=OuterRef("programme"), starts_at__gt=scope.now, cancelled_at=None
    )
    people = Enrolment.objects.filter(Exists(ahead), programme__in=scope.run).order_by()
    columns = ("programme_id", "planned", "past", "attended")
    by_programme = defaultdict(list)
    for pk, *sums in under(people).values_list(*columns):
        by_programme[pk].append(summed(*sums, scope.programmes[pk].completion_share))
    return [_item(scope, pk, found) for pk, found in sorted(by_programme.items())]


def _item(scope: Scope, pk: int, found: list[Hours]) -> Item:
    programme, n = scope.programmes[pk], len(found)
    share, lost = programme.completion_share, sum(hours.is_lost for hours in found)
    what = ngettext(
        "%(n)s person is under %(share)s %% so far", "%(n)s people are under %(share)s %% so far", n
    )
    why = ngettext("%(n)s can no longer reach it", "%(n)s can no longer reach it", lost) % {"n": lost}
    url = f"{reverse('training:enrolment_list', args=[programme.code])}?hours=under"
    return Item(
        kind="hours",
        at=When(_("so far"), ""),
        due=scope.today(pk),
        what=what % {"n": n, "share": share},
        url=url,
        why=words(scope.label(pk), why if lost else _("all of them can still reach it")),
        act=_("See who"),
        act_url=url,
        count=n,
    )
