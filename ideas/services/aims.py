"""What ideas of a programme may serve."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import ngettext

from accounts.keeping import keep, take_away
from accounts.models import User
from ideas.models import Aim
from ideas.services.words import hold
from lib.folding import fold
from people.models import Programme

LONGEST_CODE = Aim._meta.get_field("code").max_length


@transaction.atomic
def save_aim(*, by: User, aim: Aim | None = None, programme: Programme | None = None, **said) -> Aim:
    """Add an aim to a programme's list, or word it otherwise; its code stays. One that is added without a
    code gets one from its name."""
    row = aim or Aim(programme=programme)
    if row.pk is None and not said.get("code"):
        hold(programme.pk)
        said["code"] = _free_code(programme, said.get("name", ""))
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    return row


@transaction.atomic
def remove_aim(*, by: User, aim: Aim) -> None:
    """Take an aim off the list that no idea serves. Raises ValidationError where one does."""
    hold(aim.programme_id)
    words = ngettext(
        "%(n)s idea serves this aim: it stays on the list, and can be worded otherwise.",
        "%(n)s ideas serve this aim: it stays on the list, and can be worded otherwise.",
        n := aim.ideas.count(),
    ) % {"n": n}
    if n:
        raise ValidationError(words)
    take_away(by=by, row=aim, words=words, tenant=aim.programme.tenant)


def _free_code(programme: Programme, name: str) -> str:
    begun = slugify(fold(name))[: LONGEST_CODE - 3].strip("-") or "aim"
    taken = set(programme.aims.filter(code__startswith=begun).values_list("code", flat=True))
    numbers = range(2, len(taken) + 3)
    return next(code for code in (begun, *(f"{begun}-{n}" for n in numbers)) if code not in taken)
