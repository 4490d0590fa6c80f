"""Verbs of a funder's logframe: its lines, in the funder's words and order."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep, take_away
from accounts.models import User
from outcomes.models import Issue, LogframeLine, Target
from outcomes.registry import definitions, versions
from people.models import Funding


@transaction.atomic
def save_line(
    *, by: User, line: LogframeLine | None = None, funding: Funding | None = None, **said
) -> LogframeLine:
    """A line: what counts it is a definition that there is, in a version that there is; it stands under a
    line of the same logframe and never under itself."""
    row = line or LogframeLine(funding=funding)
    _insist_counted(row, said)
    _insist_place(row, said.get("parent", row.parent))
    if line is None:
        last = row.funding.lines.aggregate(last=Max("position"))["last"] or 0
        said = {"position": last + 1, **said}
    keep(by=by, row=row, said=said, tenant=row.funding.project.tenant)
    return row


def _insist_counted(row: LogframeLine, said: dict) -> None:
    code, version = said.get("indicator", row.indicator), said.get("version", row.version)
    tenant = row.funding.project.tenant
    if code and code not in definitions(tenant):
        raise ValidationError({"indicator": _("There is no such indicator.")})
    if code and version and version not in {one.version for one in versions(tenant, code)}:
        raise ValidationError({"version": _("There is no such version.")})


def _insist_place(row: LogframeLine, parent: LogframeLine | None) -> None:
    seen = parent
    while seen is not None:
        if seen.funding_id != row.funding_id:
            raise ValidationError({"parent": _("This line is of another funding.")})
        if row.pk and seen.pk == row.pk:
            raise ValidationError({"parent": _("A line does not stand under itself.")})
        seen = seen.parent


@transaction.atomic
def move_line(*, by: User, line: LogframeLine, up: bool) -> None:
    """Change places with the one above or below."""
    rows = list(line.funding.lines.order_by("position", "id"))
    place = next(number for number, row in enumerate(rows, 1) if row.pk == line.pk)
    place_line(by=by, line=line, position=max(1, place - 1 if up else place + 1))


@transaction.atomic
def place_line(*, by: User, line: LogframeLine, position: int) -> None:
    """Put it at a place, counted from 1; the others make room."""
    Funding.objects.select_for_update().get(pk=line.funding_id)  # who moves lines waits for who does
    rows = [row for row in line.funding.lines.order_by("position", "id") if row.pk != line.pk]
    rows.insert(position - 1, line)
    for number, row in enumerate(rows, 1):
        row.position = number
    LogframeLine.objects.bulk_update(rows, ["position"])
    audit(by, "move", line, ["position"], tenant=line.funding.project.tenant)


@transaction.atomic
def remove_line(*, by: User, line: LogframeLine) -> None:
    """With its targets; not once a summary was released to the funder: then it stays as it was promised."""
    if _was_released(line):
        raise ValidationError(_("A summary was released with this logframe: the line stays."))
    if line.lines.exists():
        raise ValidationError(_("Other lines stand under it: move them first."))
    take_away(by=by, row=line, words=_("The line is used."), tenant=line.funding.project.tenant)


@transaction.atomic
def remove_target(*, by: User, target: Target) -> None:
    """As long as no summary was released with it."""
    if target.line and _was_released(target.line):
        raise ValidationError(_("A summary was released with this logframe: the target stays."))
    take_away(by=by, row=target, words=_("The target is used."), tenant=target.funding.project.tenant)


def _was_released(line: LogframeLine) -> bool:
    return Issue.objects.filter(report__funding=line.funding_id, state=Issue.State.ISSUED).exists()
