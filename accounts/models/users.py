"""Who is allowed in: organisations that use the tracker, and their users."""

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def all_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class Tenant(models.Model):
    """The organisation whose data these are: the outermost wall."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Belgrade")
    languages = models.JSONField(_("languages"), default=all_languages)  # offered; the first to whom is new
    is_demo = models.BooleanField(default=False)  # offers sign-ins and shows the post-box

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager):
    def get_queryset(self):
        """With the tenant: every request asks for its zone and for whether it is a demo."""
        return super().get_queryset().select_related("tenant")

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """Somebody who signs in. A user belongs to one tenant; what she may do comes from her memberships."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SERBIAN_LATIN = "sr-latn", "srpski"
        SERBIAN_CYRILLIC = "sr", "српски"

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="users")
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    is_administrator = models.BooleanField(_("administrator of the organisation"), default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    limited_to: frozenset[int] | None = None  # programmes, while a limited token speaks for her

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def has_perm(self, permission: str, obj=None) -> bool:
        """Asked of the sentences in each room's rules.py; nothing is stored about permissions."""
        return self.is_active and rules.has_perm(permission, self, obj)

    def __str__(self) -> str:
        return self.name or self.email


class SetUp(models.Model):
    """The secret that opens the first-run page of an installation without an organisation. It is printed once
    and kept as a digest; when it is used, no other can be."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=~models.Q(used_at=None), name="set_up_used_once"
            )
        ]

    def __str__(self) -> str:
        return f"set-up of {self.created_at:%Y-%m-%d}"
