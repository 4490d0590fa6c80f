"""What is asked: questions that keep their identity, their wordings, and questionnaires made of them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant, User
from lib.languages import told
from people.access import InProgramme, TenantQuerySet
from people.models import Programme


class Question(models.Model):
    """One thing that is asked. Its code is its identity: the same in every wave, questionnaire and import.

    How it is put is a wording; a new wording is the same question, a new meaning is another one.
    """

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("yes or no")
        ONE = "one", _("one of several")
        MANY = "many", _("any of several")
        NUMBER = "number", _("number")
        MONEY = "money", _("amount of money")
        DAY = "day", _("day")
        SCALE = "scale", _("scale")
        TEXT = "text", _("in words")

    NUMBERS = (Kind.NUMBER, Kind.MONEY, Kind.SCALE)
    CHOSEN = (Kind.YES_NO, Kind.ONE, Kind.MANY)

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="questions")
    code = models.SlugField(_("code"), max_length=60)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind)
    # of the library of questions that ships with the product; empty for the organisation's own
    library = models.CharField(max_length=60, blank=True, editable=False)
    is_guarded = models.BooleanField(_("guarded on both sides"), default=False)  # income, closure, loss, …
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"],
                name="question_once_by_code",
                violation_error_message=_("A question with this code exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class WordingQuerySet(TenantQuerySet):
    def visible_to(self, user: User) -> "WordingQuerySet":
        return self.filter(question__in=Question.objects.visible_to(user).order_by())


class Wording(models.Model):
    """How a question is put, and what may be answered. Once an answer or a published edition uses it, it
    stays as it is: another wording takes its place.

    `choices` are [{"code": "retail", "en": "Retail", "sr": "Maloprodaja"}, …] in order; a code keeps its
    meaning through all wordings of the question. Yes or no has none: its codes are `yes` and `no`.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=400)
    text_sr = models.CharField(_("question in Serbian"), max_length=400, blank=True)
    help = models.CharField(_("explanation"), max_length=400, blank=True)
    help_sr = models.CharField(_("explanation in Serbian"), max_length=400, blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    lowest = models.DecimalField(_("lowest"), max_digits=18, decimal_places=4, null=True, blank=True)
    highest = models.DecimalField(_("highest"), max_digits=18, decimal_places=4, null=True, blank=True)
    low_label = models.CharField(_("lowest means"), max_length=100, blank=True)
    low_label_sr = models.CharField(_("lowest means, in Serbian"), max_length=100, blank=True)
    high_label = models.CharField(_("highest means"), max_length=100, blank=True)
    high_label_sr = models.CharField(_("highest means, in Serbian"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    unit_sr = models.CharField(_("unit in Serbian"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="wording_once"),
            models.CheckConstraint(
                condition=Q(lowest=None) | Q(highest=None) | Q(highest__gt=F("lowest")),
                name="wording_range",
                violation_error_message=_("The highest value must be above the lowest."),
            ),
        ]

    @property
    def title(self) -> str:
        return told(self.text, self.text_sr)

    @property
    def codes(self) -> list[str]:
        if self.question.kind == Question.Kind.YES_NO:
            return ["yes", "no"]
        return [choice["code"] for choice in self.choices]

    def __str__(self) -> str:
        return self.title


class QuestionnaireQuerySet(InProgramme):
    roles = ("coordinator", "trainer")


class Questionnaire(models.Model):
    """A set of questions of a programme. Its editions are its versions: what was published stays."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="questionnaires")
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_sr = models.CharField(_("name in Serbian"), max_length=200, blank=True)
    intro = models.TextField(_("what she reads first"), blank=True)
    intro_sr = models.TextField(_("what she reads first, in Serbian"), blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="questionnaire_once_by_code",
                violation_error_message=_("A questionnaire with this code exists already."),
            )
        ]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(InProgramme):
    programme = "questionnaire__programme"
    roles = ("coordinator", "trainer")


class Edition(models.Model):
    """One version of a questionnaire: a draft until it is published, unchanged from then on."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["questionnaire", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="edition_once"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(published_at=None), name="edition_one_draft"
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"


class ItemQuerySet(InProgramme):
    programme = "edition__questionnaire__programme"
    roles = ("coordinator", "trainer")


class Item(models.Model):
    """A question in an edition, in one wording, at its place.

    `shown_when` is {} or {"question": code, "is": [choice codes]} (any of them; of a question that stands
    above): it is asked only of who answered so.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(_("asked for until it is answered"), default=False)
    section = models.CharField(_("heading above it"), max_length=200, blank=True)
    section_sr = models.CharField(_("heading above it, in Serbian"), max_length=200, blank=True)
    shown_when = models.JSONField(_("asked only when"), default=dict, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "wording"], name="item_once")]

    def save(self, *args, **kwargs):
        if self.edition.is_published:
            raise ValidationError(_("A published edition stays as it is: make a new one."))
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return str(self.wording)
