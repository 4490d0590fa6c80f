"""Keys for scripts, and the answers they were given."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from lib.walls import Walled


class TokenQuerySet(Walled):
    def visible_to(self, user: User) -> "TokenQuerySet":
        """Her own; an administrator sees those of her organisation, to revoke them."""
        if not user.is_authenticated:
            return self.none()
        mine = self.filter(user__tenant_id=user.tenant_id)
        return mine if user.is_administrator else mine.filter(user=user)

    def alive(self, now: datetime) -> "TokenQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class Token(models.Model):
    """What a script signs in with. It can do what its owner can, less what it is not scoped to: programmes
    (`people.TokenProgramme`) and verbs. The secret is shown once; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    beginning = models.CharField(max_length=12)  # of the secret, to tell tokens apart
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, in hex
    verbs = models.JSONField(_("what it may do"), default=list)  # "resource:read|add|change", "*" for all
    all_programmes = models.BooleanField(_("all programmes that I reach, also later ones"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True)  # to the minute
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires")
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What the API answered to a write that carried an Idempotency-Key: the same request again gets the same
    answer, and nothing is done twice. Kept for a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return self.key
