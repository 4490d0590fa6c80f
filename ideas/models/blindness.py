"""Who judges an idea blind, for rows that hang on ideas: as `ideas.rules.may_see_nominators` says for one."""

from django.db.models import OuterRef, Q

from accounts.models import User
from ideas.models.joining import Join
from ideas.models.judging import ReviewTask
from people.access import access


def recorded_by(user: User) -> Q:
    """Rows of ideas in whose programme she records ideas."""
    may = access(user)
    records = Q(idea__programme__in=may.programmes("coordinator", "trainer"))
    return records | Q(idea__programme__tenant_id=user.tenant_id) if may.is_administrator else records


def blind_tasks(user: User):
    """Her reviews in blind rounds of the outer row's idea, or of what it stands under. Who records ideas is
    blind while one of them waits, everybody else from then on."""
    hers = ReviewTask.objects.filter(seat__reviewer__user=user, seat__round__is_blind=True)
    head = Join.objects.open().filter(idea=OuterRef(OuterRef("idea"))).values("into")
    return hers.filter(Q(idea=OuterRef("idea")) | Q(idea__in=head))
