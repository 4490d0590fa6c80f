"""Keys for scripts: made once, shown once, kept as a digest, looked up by it."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import Tenant, Token, User
from lib.prepared import Prepared

PREFIX = "rsd_"
LONGEST = timedelta(days=366)  # a year, whichever it is
USED = timedelta(minutes=1)  # the last use is kept to the minute
VERBS = ("read", "add", "change")
ALL, ALL_READ = "*", "*:read"
_VERB = re.compile(r"\*|(\*|[a-z][a-z-]{0,59}):(read|add|change)")


class Refused(Exception):
    """Why a token does not let in, in words."""


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, by: User, name: str, verbs: Iterable[str], expires_at: datetime, now: datetime, all_programmes: bool
) -> tuple[Token, str]:
    """A token of hers and its secret, which is nowhere else. Raises ValidationError by field."""
    verbs, name = sorted(set(verbs)), name.strip()
    wrong = {}
    if not name or len(name) > 100:
        wrong["name"] = _("Say in up to 100 signs what it is for.")
    if not verbs or any(_VERB.fullmatch(verb) is None for verb in verbs):
        wrong["verbs"] = _("Choose at least one thing that it may do.")
    if expires_at <= now:
        wrong["expires_at"] = _("It has to expire later than now.")
    elif expires_at > now + LONGEST:
        wrong["expires_at"] = _("A token lives for a year at most.")
    if wrong:
        raise ValidationError(wrong)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=by, name=name, beginning=secret[:10], digest=digest_of(secret), verbs=verbs,
        all_programmes=all_programmes, created_at=now, expires_at=expires_at,
    )  # fmt: skip
    audit(by, "make", token, ["verbs", "expires_at"])
    return token, secret


@transaction.atomic
def revoke(*, by: User, token: Token, now: datetime) -> bool:
    """End it at once; False when it had ended already. Her own, or an administrator any of her tenant."""
    if not Token.objects.visible_to(by).filter(pk=token.pk).exists():
        raise PermissionDenied
    ended = Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now) == 1
    if ended:
        audit(by, "revoke", token)
    return ended


def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _read() -> tuple[Prepared, tuple[tuple[type, str, tuple[str, ...]], ...]]:
    """The query behind every request by token, and how its rows are cut into objects."""
    parts = (
        (Token, "", _names(Token)),
        (User, "user__", _names(User)),
        (Tenant, "user__tenant__", _names(Tenant)),
    )
    paths = [f"{prefix}{name}" for _model, prefix, names in parts for name in names]
    return Prepared(lambda digest: Token.objects.order_by().filter(digest=digest).values_list(*paths)), parts


def _found(digest: str) -> Token | None:
    """The token with its user and tenant, in one query."""
    query, parts = _read()
    objects = []
    for row in query(digest):
        for model, _prefix, names in parts:
            objects.append(model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)]))
            row = row[len(names) :]
    if not objects:
        return None
    token, token.user, token.user.tenant = objects
    return token


def token_of(secret: str, now: datetime) -> Token:
    """The living token of a secret, with its user and tenant, in one query. Raises Refused."""
    token = _found(digest_of(secret))
    if token is None:
        raise Refused(_("This token is not known here."))
    if token.revoked_at is not None or not token.user.is_active:
        raise Refused(_("This token was revoked."))
    if token.expires_at <= now:
        raise Refused(_("This token has expired."))
    return token


def note_use(token: Token, now: datetime) -> None:
    """When it was used last, to the minute: most requests write nothing."""
    if token.last_used_at is None or token.last_used_at < now - USED:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def allows(verbs: Iterable[str], resource: str, verb: str) -> bool:
    return bool({ALL, f"*:{verb}", f"{resource}:{verb}"}.intersection(verbs))
