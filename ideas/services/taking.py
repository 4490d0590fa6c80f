"""Which ideas a round takes up."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ideas.models import Idea, ReviewTask, Round
from people.models import Programme

JUDGED = (Idea.State.NOMINATED, Idea.State.SCREENED, Idea.State.IN_REVIEW)
ON_A_DESK = (ReviewTask.State.WAITING, ReviewTask.State.DONE)


def to_judge(programme: Programme, now: datetime, *, round: Round | None = None) -> QuerySet[Idea]:
    """Those that wait to be judged and stand for themselves; not those that lie in another round that is not
    over yet. `round`: the one that asks (None: one that is to be opened)."""
    others = lying(programme, now).exclude(pk=round and round.pk)
    lie = ReviewTask.objects.filter(seat__round__in=others, state__in=ON_A_DESK)
    waiting = Idea.objects.standing().filter(programme=programme, state__in=JUDGED)
    return waiting.exclude(pk__in=lie.values("idea"))


def lying(programme: Programme, now: datetime) -> QuerySet[Round]:
    """Rounds that are open, or will be, and are not decided on."""
    return Round.objects.filter(programme=programme, closes_at__gt=now, selection=None).order_by("number")


def why_none(programme: Programme, now: datetime) -> str:
    """In words: why a new round would have no idea to judge."""
    first = lying(programme, now).first()
    if first is None or not Idea.objects.filter(programme=programme, state__in=JUDGED).exists():
        return _("No idea waits to be judged.")
    day = timezone.localtime(first.last_moment, timezone.get_current_timezone())
    words = _("All ideas that wait lie in round %(number)s, which runs until %(day)s.")
    return words % {"number": first.number, "day": date_format(day, "DATE_FORMAT")}
