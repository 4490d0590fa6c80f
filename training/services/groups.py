"""The groups of a programme that are compared, and in which of them somebody is."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep, take_away
from accounts.models import User
from lib.folding import fold
from people.models import Programme
from training.models import Enrolment, Group


@transaction.atomic
def set_group(*, by: User | None, enrolment: Enrolment, group: str) -> Enrolment:
    """Put her into a group of her programme, by its code; "" takes her out of any. Raises ValidationError for
    a code that no group of the programme has."""
    row = _called(enrolment.programme, group)
    if enrolment.group_id != (row and row.pk):
        Enrolment.objects.filter(pk=enrolment.pk).update(group=row)
        enrolment.group = row
        audit(by, "set group", enrolment, ["group"], tenant=enrolment.programme.tenant)
    return enrolment


@transaction.atomic
def set_groups(*, by: User, programme: Programme, enrolments: Iterable[int], group: str) -> int:
    """Put several into a group at once, by the keys of their enrolments; "" takes them out of any. Who is in
    it already stays as she is. How many came anew. Raises ValidationError as `set_group` does."""
    row = _called(programme, group)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    here = rows.filter(programme=programme, pk__in=[*enrolments])
    moved = [one for one in here if one.group_id != (row and row.pk)]
    Enrolment.objects.filter(pk__in=[one.pk for one in moved]).update(group=row)
    for one in moved:
        audit(by, "set group", one, ["group"], tenant=programme.tenant)
    return len(moved)


def _called(programme: Programme, code: str) -> Group | None:
    """The group with this code, held so that nobody takes it away meanwhile; none for ""."""
    if not code:
        return None
    row = Group.objects.select_for_update().filter(programme=programme, code=code).first()
    if row is None:
        raise ValidationError({"group": _("The programme has no group with this code.")})
    return row


@transaction.atomic
def save_group(*, by: User, group: Group | None = None, programme: Programme | None = None, **said) -> Group:
    """What a group is called, and whether the others are compared with it: one of a programme at most. A
    code that is left empty is made from the name."""
    row = group or Group(programme=programme)
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if not said.get("code", row.code):
        said["code"] = slugify(fold(said.get("name", row.name)))[:40].strip("-")
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    return row


@transaction.atomic
def remove_group(*, by: User, group: Group) -> None:
    """Take away one that nobody is in."""
    words = _("Somebody is in this group: put her into another one first.")
    Group.objects.select_for_update().get(pk=group.pk)  # nobody is put into it meanwhile
    if group.enrolments.exists():
        raise ValidationError(words)
    take_away(by=by, row=group, words=words, tenant=group.programme.tenant)
