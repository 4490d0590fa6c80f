"""Notes of a pair's work, in three layers."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from mentoring.meetings import layers
from mentoring.models import Assignment, Meeting, Note
from mentoring.services.holding import hold


@transaction.atomic
def write_note(
    *,
    by: User,
    assignment: Assignment,
    operation: UUID,
    layer: str,
    text: str,
    meeting: Meeting | None = None,
    now: datetime,
) -> Note:
    """Write down something for who may read this layer. The same operation again is the same note."""
    hold(assignment.programme)
    if known := Note.objects.filter(operation=operation).first():
        if (known.assignment_id, known.by_id) != (assignment.pk, by.pk):
            raise ValidationError(_("This entry was sent for another assignment already."))
        return known
    if layer not in layers.layers_for(by, assignment):
        raise ValidationError({"layer": _("Only the two of them write notes for the two of them.")})
    if meeting and meeting.assignment_id != assignment.pk:
        raise ValidationError({"meeting": _("This meeting is of another assignment.")})
    said = {"layer": layer, "text": text.strip(), "meeting": meeting}
    row = Note(operation=operation, assignment=assignment, by=by, at=now, **said)
    row.full_clean()
    row.save()
    audit(by, "write", row, ["layer", "text"], tenant=assignment.programme.tenant)
    return row


@transaction.atomic
def remove_note(*, by: User, note: Note) -> None:
    """Whoever wrote it takes it back; nobody else does."""
    if note.by_id != by.pk:
        raise PermissionDenied
    audit(by, "remove", note, ["text"])
    note.delete()
