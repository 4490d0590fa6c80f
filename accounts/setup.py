"""The secret that opens the first-run page: printed once, kept as a digest, used once."""

import hashlib
import re
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import SetUp, Tenant

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another; five bits each
GROUPS, EACH = 5, 5


def is_set_up() -> bool:
    return Tenant.objects.exists()


def waiting() -> SetUp | None:
    """The secret that was printed and waits to be used."""
    return SetUp.objects.filter(used_at=None).order_by("-pk").first()


def new_secret(*, now: datetime) -> str:
    """Make one and return it, for the only time; those that wait are void from now on."""
    secret = "-".join("".join(secrets.choice(LETTERS) for _letter in range(EACH)) for _group in range(GROUPS))
    with transaction.atomic():
        SetUp.objects.filter(used_at=None).delete()
        SetUp.objects.create(digest=digest_of(secret), created_at=now)
    return secret


def digest_of(secret: str) -> str:
    """However it was typed: with or without hyphens, in capitals, with a space at its end."""
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", secret.lower()).encode()).hexdigest()


def opens(digest: str) -> bool:
    """Does this digest belong to the secret that waits?"""
    return bool(digest) and SetUp.objects.filter(digest=digest, used_at=None).exists()


def use(digest: str, *, now: datetime) -> bool:
    """Use it up, inside the caller's transaction. False: it was void, used, or used in this moment."""
    return SetUp.objects.filter(digest=digest, used_at=None).update(used_at=now) == 1
