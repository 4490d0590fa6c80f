"""Photographs of a session, and who is on them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import StoredFile, User
from lib.languages import told
from people.access import InProgramme
from people.models import Person
from training.models.sessions import Session


class PhotoQuerySet(InProgramme):
    programme = "session__programme"
    roles = ("coordinator", "trainer")


class Photo(models.Model):
    """One photograph. Whether it may be shown follows from the consents of everybody who is on it; while
    nobody has said who that is, it may not."""

    operation = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    caption_sr = models.CharField(_("caption in Serbian"), max_length=300, blank=True)
    nobody = models.BooleanField(_("nobody can be recognised"), default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_down_at = models.DateTimeField(null=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.caption or f"#{self.pk}"

    @property
    def title(self) -> str:
        return told(self.caption, self.caption_sr) or self.caption_sr

    @property
    def described(self) -> str:
        """For who does not see it."""
        return self.title or gettext("Photograph #%(number)s") % {"number": self.pk}


class PhotoSubject(models.Model):
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="subjects")
    person = models.ForeignKey(Person, models.CASCADE, related_name="photographed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "person"], name="photo_subject_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.photo}"
