"""Tokens and the programmes that they are limited to."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.models import Token, User
from people.access import access
from people.models import Programme, TokenProgramme


def programmes_for(user: User) -> QuerySet[Programme]:
    """Those that a token of hers can be limited to: in which she has any role; an administrator's tenant."""
    may, mine = access(user), Programme.objects.filter(tenant_id=user.tenant_id)
    return mine if may.is_administrator else mine.filter(Q(memberships__person__user=user)).distinct()


@transaction.atomic
def make_token(
    *,
    by: User,
    name: str,
    verbs: Iterable[str],
    programmes: Iterable[Programme] | None,
    expires_at: datetime,
    now: datetime,
) -> tuple[Token, str]:
    """A token and its secret. `programmes` None is all that she reaches, also later ones. Raises
    ValidationError by field."""
    all_programmes, named = programmes is None, list(programmes or ())
    reached = set(programmes_for(by).filter(pk__in=[p.pk for p in named]).values_list("pk", flat=True))
    if not all_programmes and (not named or {p.pk for p in named} - reached):
        raise ValidationError({"programmes": _("Choose programmes in which you have a role.")})
    token, secret = tokens.make_token(
        by=by, name=name, verbs=verbs, expires_at=expires_at, now=now, all_programmes=all_programmes
    )
    TokenProgramme.objects.bulk_create(TokenProgramme(token=token, programme_id=pk) for pk in sorted(reached))
    return token, secret
