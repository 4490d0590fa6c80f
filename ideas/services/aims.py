"""What ideas of a programme may serve."""

from django.db import transaction

from accounts.keeping import keep
from accounts.models import User
from ideas.models import Aim
from people.models import Programme


@transaction.atomic
def save_aim(*, by: User, aim: Aim | None = None, programme: Programme | None = None, **said) -> Aim:
    """Add an aim to a programme's list, or word it otherwise; its code stays."""
    row = aim or Aim(programme=programme)
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    return row
