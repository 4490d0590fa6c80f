"""Who takes part."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.folding import fold
from lib.walls import Walled
from people.access import access


class PersonQuerySet(Walled):
    programme = ("memberships__programme", "enrolments__programme")

    def visible_to(self, user: User) -> "PersonQuerySet":
        """An administrator sees the whole address book; a coordinator who has a role in her programmes;
        everybody herself. Whom one meets in a programme comes from there (`training.persons.met_by`). A row
        that was joined to another is seen by nobody."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(tenant_id=user.tenant_id, joined_to=None)
        members = Person.objects.filter(memberships__programme__in=may.programmes("coordinator"))
        return self.filter(Q(user=user) | Q(pk__in=members.order_by().values("pk")), joined_to=None)

    def named_like(self, text: str) -> "PersonQuerySet":
        """Found in any script, with or without diacritics."""
        return self.filter(name_key__contains=fold(text))


class Person(models.Model):
    """Somebody the organisation knows: entrepreneur, trainer, mentor, contact of a funder. Not a User.

    The name may be unknown (a loaded programme has ids only); it is stored as typed, with a folded key.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        ANOTHER = "another", _("another")
        NOT_SAID = "not_said", _("not said")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="persons")
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    source = models.CharField(max_length=60, blank=True)  # where a loaded person came from
    source_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, null=True, blank=True)
    born = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=User.Language, default=User.Language.SERBIAN_LATIN
    )
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # she turned out to be somebody whom the address book knows already: see Twin
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="joined")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source", "source_id"],
                condition=~Q(source_id=""),
                name="person_once_per_source",
                violation_error_message=_("This person of this source is known already."),
            ),
            models.CheckConstraint(
                condition=Q(born=None) | Q(born__range=(1900, 2100)),
                name="person_born",
                violation_error_message=_("The year of birth must lie between 1900 and 2100."),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name_key"], name="person_by_name")]

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)[:200]
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name or self.source_id or f"#{self.pk}"


class TwinQuerySet(Walled):
    def visible_to(self, user: User) -> "TwinQuerySet":
        """An administrator those of her tenant. A coordinator's come from training, as her persons do."""
        if not user.is_authenticated or not access(user).is_administrator:
            return self.none()
        return self.filter(kept__tenant_id=user.tenant_id)


class Twin(models.Model):
    """Two rows that somebody judged to be one person, or to be two. Joined, every row that pointed to `other`
    points to `kept`, and `moved` says which; parted, they point back."""

    class State(models.TextChoices):
        JOINED = "joined", _("one person")
        PARTED = "parted", _("parted again")
        DIFFERENT = "different", _("two persons")

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    moved = models.JSONField(default=list)  # [model, field, [ids]] and what else has to be put back
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    parted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    parted_at = models.DateTimeField(null=True)

    objects = TwinQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(state="joined"), name="twin_joined_to_one")
        ]

    def __str__(self) -> str:
        return f"{self.kept} = {self.other}"
