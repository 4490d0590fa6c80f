"""Files that hang on ideas."""

from pathlib import PurePath

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import StoredFile, User
from ideas.models.blindness import blind_tasks, recorded_by
from ideas.models.ideas import HungOnIdea, Idea


class IdeaFileQuerySet(HungOnIdea):
    def there_for(self, user: User) -> "IdeaFileQuerySet":
        """Those that are there, each with what `shown` asks for: which one of its idea it is, and whether
        this reader judges the idea blind."""
        till_here = IdeaFile.objects.filter(idea=OuterRef("idea"), pk__lte=OuterRef("pk"))
        till_here = till_here.order_by().values("idea").annotate(n=Count("pk")).values("n")
        blind = blind_tasks(user)
        waits = When(recorded_by(user), then=Exists(blind.filter(state="waiting")))
        rows = self.filter(removed_at=None, file__isnull=False).select_related("file")
        return rows.annotate(place=Subquery(till_here), is_blind=Case(waits, default=Exists(blind)))


class IdeaFile(models.Model):
    """A file that somebody attached to an idea. Taken away it stays on record without its content."""

    idea = models.ForeignKey(Idea, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(gettext_lazy("name"), max_length=255)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = IdeaFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """Its name for the reader of `there_for`: a reviewer of a blind round reads no name that somebody
        gave it, for it may be hers."""
        if not self.is_blind:
            return self.name
        return _("Attachment %(n)s") % {"n": self.place} + PurePath(self.name).suffix.lower()
