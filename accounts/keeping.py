"""Plain rows: what is said is checked by the model, saved, and stands in the trail."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.audit import audit
from accounts.models import Tenant, User


@transaction.atomic
def keep(*, by: User | None, row: models.Model, said: Mapping, tenant: Tenant) -> set[str]:
    """Write the plain fields of a row that differ from what it holds; return their names.

    A row without a key is new. Raises ValidationError in the model's own words, by field; nothing is written
    and nothing stands in the trail when all is as it was.
    """
    is_new = row._state.adding
    changed = {name for name, value in said.items() if is_new or getattr(row, name) != value}
    if not changed:
        return changed
    for name in changed:
        setattr(row, name, said[name])
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody else wrote the same in this moment: say it in words
        row.full_clean()
        raise
    audit(by, "add" if is_new else "change", row, changed, tenant=tenant)
    return changed


@transaction.atomic
def take_away(*, by: User | None, row: models.Model, words: str, tenant: Tenant) -> None:
    """Delete a row that nothing is built on. Raises ValidationError with `words` where something is."""
    audit(by, "remove", row, tenant=tenant)
    try:
        row.delete()
    except (models.ProtectedError, models.RestrictedError) as error:
        raise ValidationError(words) from error
