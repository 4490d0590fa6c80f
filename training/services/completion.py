"""Moving people to `completed`: the state follows the rule, a person decides when."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from people.models import Programme
from training.certificates.content import so_far
from training.hours import NONE, progress
from training.models import Enrolment
from training.services.enrolments import set_enrolment_states


class Completed(NamedTuple):
    moved: list[Enrolment]
    refused: list[tuple[Enrolment, str]]  # with the reason in words


@transaction.atomic
def complete_all(
    *, by: User | None, programme: Programme, enrolments: Iterable[int], now: datetime
) -> Completed:
    """Move those of these people (keys of enrolments) who met the rule from enrolled to completed. Who cannot
    be moved is named with the reason: nobody is left out in silence."""
    rows = programme.enrolments.select_for_update(of=("self",), no_key=True).select_related("person")
    rows = list(rows.filter(pk__in=list(enrolments)).order_by("pk"))
    known = progress(programme, [row.pk for row in rows])
    refused = [(row, words) for row in rows if (words := _stays(row, known.get(row.pk, NONE)))]
    stay = {row.pk for row, _words in refused}
    moved = [row for row in rows if row.pk not in stay]
    said = {row.pk: (Enrolment.State.COMPLETED, "") for row in moved}
    if said:
        set_enrolment_states(by=by, programme=programme, said=said, now=now)
    return Completed(moved, refused)


def _stays(row: Enrolment, hours) -> str:
    if row.state != Enrolment.State.ENROLLED:
        return _("%(name)s is not enrolled but %(state)s.") % {
            "name": str(row.person),
            "state": row.get_state_display(),
        }
    if not hours.completes:
        return _("%(name)s: %(rule)s") % {"name": str(row.person), "rule": so_far(hours)}
    return ""
