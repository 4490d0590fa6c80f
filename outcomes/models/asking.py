"""When it is asked, of whom, and what came back."""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from outcomes.models.questions import Edition, Question, Wording
from people.access import InProgramme
from people.models import Programme
from training.models import Enrolment, Module


class WaveQuerySet(InProgramme):
    roles = ("coordinator", "trainer")


class Wave(models.Model):
    """One time that a questionnaire is asked. Its code says which: application, baseline, reaction-2, exit,
    f3, f6, f12, f<months>; it is unique in the programme and means the same in every programme."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("with the application")
        BASELINE = "baseline", _("at the beginning")
        REACTION = "reaction", _("after a module")
        EXIT = "exit", _("at the end")
        FOLLOW_UP = "follow_up", _("months after the end")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waves")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="waves")
    kind = models.CharField(_("when it is asked"), max_length=12, choices=Kind)
    months = models.PositiveSmallIntegerField(_("months after the end"), null=True, blank=True)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="waves")
    code = models.CharField(max_length=20, editable=False)
    opens = models.DateField(_("first day"), null=True, blank=True)
    closes = models.DateField(_("day after the last"), null=True, blank=True)
    # asked only later how it was before: never mixed with a measured baseline in one figure
    is_retrospective = models.BooleanField(_("asked looking back"), default=False)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = [F("opens").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="wave_once_by_code",
                violation_error_message=_("This programme has such a wave already."),
            ),
            models.CheckConstraint(
                condition=Q(opens=None) | Q(closes=None) | Q(closes__gt=F("opens")),
                name="wave_closes_after_it_opens",
                violation_error_message=_("A wave closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(kind="follow_up", months__isnull=False) | (~Q(kind="follow_up") & Q(months=None)),
                name="wave_months",
                violation_error_message=_("A follow-up, and only that, says how many months after the end."),
            ),
            models.CheckConstraint(
                condition=Q(kind="reaction", module__isnull=False) | (~Q(kind="reaction") & Q(module=None)),
                name="wave_module",
                violation_error_message=_("A reaction, and only that, belongs to a module."),
            ),
        ]

    def save(self, *args, **kwargs):
        self.code = self.code_of()
        super().save(*args, **kwargs)

    def code_of(self) -> str:
        if self.kind == self.Kind.FOLLOW_UP:
            return f"f{self.months}"
        return f"reaction-{self.module.number}" if self.kind == self.Kind.REACTION else self.kind

    def is_open(self, day: date) -> bool:
        """On a local day of the programme."""
        return bool(self.opens and self.opens <= day) and not (self.closes and self.closes <= day)

    def __str__(self) -> str:
        return self.code


class InvitationQuerySet(InProgramme):
    programme = "wave__programme"
    roles = ("coordinator", "trainer")

    def once_a_person(self) -> "InvitationQuerySet":
        """Of somebody who was found to be two rows, and is asked twice in a wave, the one that says more."""
        said = Case(*(When(state=one, then=place) for place, one in enumerate(Invitation.MOST_SAID)))
        who = Coalesce("enrolment__person__joined_to", "enrolment__person", -F("pk"))
        rows = self.order_by().annotate(
            said=said, place=Window(RowNumber(), partition_by=["wave", who], order_by=["said", "-pk"])
        )
        return self.filter(pk__in=rows.filter(place=1).values("pk"))


class Invitation(models.Model):
    """One person asked in one wave, and how it went. The link she answers by is signed over the revision.

    A sheet that names nobody has an invitation a row, without an enrolment: `source` and `source_id` (a
    digest of the row and its ordinal among equal ones) say which row it was.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not answered")
        PARTIAL = "partial", _("begun")
        ANSWERED = "answered", _("answered")
        REFUSED = "refused", _("does not want to answer")
        UNREACHABLE = "unreachable", _("could not be reached")
        WITHDRAWN = "withdrawn", _("withdrew her consent")

    class Mode(models.TextChoices):
        LINK = "link", _("by her link")
        PHONE = "phone", _("by telephone")
        VISIT = "visit", _("in person")
        PAPER = "paper", _("on paper")
        LOADED = "loaded", _("from a file")

    DONE = (State.ANSWERED, State.PARTIAL)  # something was said
    MOST_SAID = (  # what is known of somebody, the most first
        State.ANSWERED, State.PARTIAL, State.REFUSED, State.WITHDRAWN, State.UNREACHABLE, State.WAITING,
    )  # fmt: skip
    NOT_DUE = (State.WITHDRAWN,)  # may not be asked: left out of who was asked, and listed

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="invitations")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # none: she herself
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    mode = models.CharField(_("how it was asked"), max_length=8, choices=Mode, blank=True)
    begun_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # when the last answer that completes it was given
    is_late = models.BooleanField(default=False)  # answered after the wave had closed: kept, and said
    revision = models.PositiveIntegerField(default=1)  # raising it kills the link

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment__person__name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "enrolment"],
                condition=Q(enrolment__isnull=False),
                name="invitation_once",
                violation_error_message=_("She is asked in this wave already."),
            ),
            models.UniqueConstraint(
                fields=["wave", "source", "source_id"],
                condition=~Q(source_id=""),
                name="invitation_once_by_source",
            ),
        ]
        indexes = [models.Index(fields=["wave", "state"], name="invitation_by_state")]

    def __str__(self) -> str:
        return f"{self.enrolment or self.source_id}, {self.wave}"


class AnswerQuerySet(InProgramme):
    programme = "invitation__wave__programme"
    roles = ("coordinator",)


class Answer(models.Model):
    """What one invitation says to one question; of `any of several` a row a choice that was ticked.

    No row is no answer: never "no", never zero. `choice` holds codes (yes, no, a choice's), `number` numbers,
    amounts and scale values, `day` days, `text` words, what stands beside "other", and what could not be
    read as what was asked for (`is_unread`: it counts for nothing until somebody settles it).
    """

    class Evidence(models.TextChoices):
        SAID = "said", _("said by herself")
        DOCUMENT = "document", _("a document was seen")
        REGISTER = "register", _("stands in a public register")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    choice = models.CharField(max_length=60, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    day = models.DateField(null=True)
    text = models.TextField(blank=True)
    is_unread = models.BooleanField(default=False)
    evidence = models.CharField(max_length=8, choices=Evidence, default=Evidence.SAID)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # none: she herself

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["invitation", "question", "id"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "question", "choice"], name="answer_once"),
        ]
        indexes = [models.Index(fields=["question", "invitation"], name="answer_by_question")]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.question}"


class AnswerChange(models.Model):
    """An answer that was given another value, or taken back, after it had been handed in. No values."""

    class After(models.TextChoices):
        ANSWERED = "answered", _("after it was handed in")
        CLOSED = "closed", _("after the wave had closed")
        LOCKED = "locked", _("after the period had been locked")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="changes")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    after = models.CharField(max_length=8, choices=After)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.question}"


class ContactQuerySet(InProgramme):
    programme = "invitation__wave__programme"
    roles = ("coordinator", "trainer")


class Contact(models.Model):
    """One attempt to reach somebody who has not answered."""

    class Way(models.TextChoices):
        PHONE = "phone", _("by telephone")
        MESSAGE = "message", _("by message")
        VISIT = "visit", _("in person")
        OTHER = "other", _("in another way")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("reached")
        NO_ANSWER = "no_answer", _("no answer")
        WRONG = "wrong", _("the number or address is wrong")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="contacts")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    way = models.CharField(_("way"), max_length=8, choices=Way)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.way}"
