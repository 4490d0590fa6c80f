"""A matching run becomes proposed assignments: all of its pairs at once, or none."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from mentoring.matching.standing import Standing, standing
from mentoring.models import Assignment, MatchingRun
from mentoring.services.assignments import propose
from mentoring.services.holding import hold


@transaction.atomic
def publish(
    *,
    by: User,
    run: MatchingRun,
    confirmed: str = "",
    conflict_accepted: str = "",
    agreed_hours: int | None = None,
    share_on_premises: int | None = None,
    now: datetime,
) -> list[Assignment]:
    """Propose every pair that the records of now allow. A published run again is what it became.

    Where the records changed since the run, `confirmed` is the fingerprint of what she was shown
    (`Standing.fingerprint`): changed once more, it is asked for once more. Pairs that are impossible by
    now are left out. Raises ValidationError with code `waiting`, `published`, `stale`, `conflict` or `empty`.
    """
    hold(run.programme)
    run = MatchingRun.objects.select_related("programme__tenant", "published_by").get(pk=run.pk)
    if run.published_at:
        return list(run.assignments.order_by("pk"))
    refuse_second(run)
    stand = standing(run, now)
    _insist(stand, confirmed, conflict_accepted)
    made = [
        propose(
            by=by,
            programme=run.programme,
            mentor=line.proposal.mentor,
            enrolment=line.proposal.enrolment,
            need=line.proposal.need,
            run=run,
            agreed_hours=agreed_hours,
            share_on_premises=share_on_premises,
            conflict_accepted=conflict_accepted if line.needs_words else "",
            now=now,
        )
        for line in stand.possible
    ]
    MatchingRun.objects.filter(pk=run.pk, published_at=None).update(published_at=now, published_by=by)
    audit(by, "publish", run, ["published_at", "assignments"], tenant=run.programme.tenant)
    return made


def refuse_second(run: MatchingRun) -> None:
    """Not computed, or another run was published after this one was asked for: it knows nothing of that."""
    if not run.fingerprint:
        raise ValidationError(_("This run is not computed yet."), code="waiting")
    others = MatchingRun.objects.filter(programme=run.programme_id, published_at__gte=run.made_at)
    other = others.exclude(pk=run.pk).select_related("published_by").order_by("published_at").first()
    if other is None:
        return
    said = {
        "who": other.published_by or _("Somebody"),
        "n": other.number,
        "at": date_format(timezone.localtime(other.published_at), "SHORT_DATETIME_FORMAT"),
    }
    words = _("%(who)s published run %(n)s on %(at)s, after this one was made: run the matching again.")
    raise ValidationError(words % said, code="published")


def _insist(stand: Standing, confirmed: str, conflict_accepted: str) -> None:
    if stand.is_stale and confirmed != stand.fingerprint:
        words = _("The records have changed since this run was made: look at what changed, and confirm.")
        raise ValidationError({"confirmed": ValidationError(words, code="stale")})
    if stand.needing_words and not conflict_accepted.strip():
        words = _("Say why these pairs are right in spite of the conflict on record.")
        raise ValidationError({"conflict_accepted": ValidationError(words, code="conflict")})
    if not stand.possible:
        raise ValidationError(
            _("No pair of this run is possible any more: run the matching again."), code="empty"
        )
