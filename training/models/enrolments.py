"""Who takes part in a programme."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.languages import told
from people.access import InProgramme
from people.models import Enterprise, Funding, Person, Programme

OUTCOMES = ("met", "not_met", "unknown")


class GroupQuerySet(InProgramme):
    roles = ("coordinator", "trainer")


class Group(models.Model):
    """A part of those who take part in a programme that is compared with the others: control, class, mentees.
    Of a control group nothing is expected: it is asked, and gets nothing."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="groups")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    name_sr = models.CharField(_("name in Serbian"), max_length=100, blank=True)
    is_control = models.BooleanField(_("the others are compared with it"), default=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["-is_control", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="group_once_by_code",
                violation_error_message=_("This programme has a group with this code already."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(is_control=True),
                name="group_one_control",
                violation_error_message=_("The others are compared with one group only."),
            ),
        ]

    @property
    def title(self) -> str:
        return told(self.name, self.name_sr)

    def __str__(self) -> str:
        return self.title


class EnrolmentQuerySet(InProgramme):
    roles = ("coordinator", "trainer")

    def visible_to(self, user: User) -> "EnrolmentQuerySet":
        """Coordinators and trainers see those of their programmes; an entrepreneur who signs in her own. What
        stayed with a row that was joined to somebody is seen by nobody: hers is the one that counts."""
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        return self.filter(Q(pk__in=inside) | Q(person__user=user), person__joined_to=None)

    def taking_part(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=Enrolment.TAKING_PART)

    def with_eligibility(self) -> "EnrolmentQuerySet":
        """Adds `eligibility`: what the binding rules of the programme amount to for each."""
        kinds, binding = Enrolment.Eligibility, Q(rule__funding=None)
        rules = EligibilityRule.objects.filter(programme=OuterRef("programme"), funding=None).order_by()
        hers = Finding.objects.filter(binding, enrolment=OuterRef("pk")).exclude(outcome="met").order_by()
        settled = Finding.objects.filter(
            Q(outcome="met") | Q(excepted_at__isnull=False),
            enrolment=OuterRef(OuterRef("pk")),
            rule=OuterRef("pk"),
        )
        found = Case(
            When(Exists(hers.filter(outcome="not_met", excepted_at=None)), then=Value(kinds.NOT_MET)),
            When(Exists(rules.filter(~Exists(settled))), then=Value(kinds.UNKNOWN)),
            When(Exists(hers.filter(excepted_at__isnull=False)), then=Value(kinds.EXCEPTED)),
            When(Exists(rules), then=Value(kinds.MET)),
            default=Value(kinds.NONE),
            output_field=models.CharField(),
        )
        return self.annotate(eligibility=found)


class Enrolment(models.Model):
    """An entrepreneur in a programme, with a state that has its date, person and reason."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        WAITLISTED = "waitlisted", _("on the waiting list")
        ENROLLED = "enrolled", _("enrolled")
        COMPLETED = "completed", _("completed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined")

    class Eligibility(models.TextChoices):
        """What all binding rules together amount to."""

        NOT_MET = "not_met", _("a rule is not met")
        UNKNOWN = "unknown", _("not known yet")
        EXCEPTED = "excepted", _("by exception")
        MET = "met", _("fits all rules")
        NONE = "none", _("there are no rules")

    TAKING_PART = (State.ENROLLED, State.COMPLETED)
    FITS = (Eligibility.MET, Eligibility.EXCEPTED, Eligibility.NONE)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.APPLIED)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    row_code = models.CharField(_("row code"), max_length=6)  # on paper and at the wall: short, unique inside
    walk_in = models.BooleanField(_("came unannounced"), default=False)
    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("group")
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["person__name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                name="enrolment_once",
                violation_error_message=_("This person is enrolled in this programme already."),
            ),
            models.UniqueConstraint(fields=["programme", "row_code"], name="enrolment_row_code_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["applied", "waitlisted", "enrolled", "completed", "withdrawn", "declined"]
                ),
                name="enrolment_state",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class StateChangeQuerySet(InProgramme):
    programme = "enrolment__programme"
    roles = ("coordinator", "trainer")


class StateChange(models.Model):
    """One step of an enrolment: what it became, when, by whom, why. Rows are added, never changed."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="changes")
    state = models.CharField(max_length=12, choices=Enrolment.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # none: it moved up by itself
    reason = models.CharField(max_length=300, blank=True)

    objects = StateChangeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.state}"


class EligibilityRuleQuerySet(InProgramme):
    roles = ("coordinator", "trainer")

    def with_counts(self) -> "EligibilityRuleQuerySet":
        """How many it came out for: `met`, `not_met`, `unknown`; and `excepted` of these two."""
        said = {
            outcome: models.Count("findings", filter=Q(findings__outcome=outcome)) for outcome in OUTCOMES
        }
        excepted = models.Count("findings", filter=~Q(findings__excepted_at=None))
        return self.annotate(**said, excepted=excepted).in_order()


class EligibilityRule(models.Model):
    """Who may take part: a rule that is data. With a funding it is that funder's own, and binds nobody
    else."""

    class Kind(models.TextChoices):
        ESTABLISHED_WITHIN = "established_within", _("business established within so many years")
        SEX = "sex", _("sex")
        MUNICIPALITY = "municipality", _("municipality")
        REGION = "region", _("region")
        SECTOR = "sector", _("sector")
        CLUSTER = "cluster", _("member of a cluster")
        WOMAN_OWNED = "woman_owned", _("owned by women, as the funder defines it")
        QUESTION = "question", _("a question, answered yes or no")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="eligibility")
    funding = models.ForeignKey(Funding, models.CASCADE, null=True, blank=True, related_name="eligibility")
    kind = models.CharField(_("rule"), max_length=20, choices=Kind)
    values = models.JSONField(
        _("any of these"), default=list, blank=True
    )  # of the kind: places, sectors, ids
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    question = models.CharField(_("question"), max_length=300, blank=True)
    question_sr = models.CharField(_("question in Serbian"), max_length=300, blank=True)
    wanted = models.BooleanField(_("the answer that fits"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = EligibilityRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return told(self.question, self.question_sr) or str(self.get_kind_display())


class FindingQuerySet(InProgramme):
    programme = "enrolment__programme"
    roles = ("coordinator", "trainer")


class Finding(models.Model):
    """How one rule came out for one enrolment, with the fact that was used; and who made an exception."""

    class Outcome(models.TextChoices):
        MET = "met", _("met")
        NOT_MET = "not_met", _("not met")
        UNKNOWN = "unknown", _("unknown")

    rule = models.ForeignKey(EligibilityRule, models.CASCADE, related_name="findings")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="findings")
    outcome = models.CharField(max_length=8, choices=Outcome)
    fact = models.JSONField(default=dict)  # what was looked at: {"established": "2015-02-01", ...}
    answer = models.BooleanField(null=True)  # to a question; unknown until somebody says it
    checked_at = models.DateTimeField(default=timezone.now)
    excepted_at = models.DateTimeField(null=True)
    excepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    exception = models.CharField(_("reason of the exception"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["rule__position", "rule_id"]
        constraints = [models.UniqueConstraint(fields=["rule", "enrolment"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"


class ApplicationQuerySet(InProgramme):
    roles = ("coordinator",)


class Application(models.Model):
    """What somebody wrote into the public form. It becomes an enrolment when she confirms it by the link that
    she is sent; until then it is nobody's, and after a week it is gone."""

    operation = models.UUIDField(unique=True)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="applications")
    email = models.EmailField(_("e-mail"))
    said = models.JSONField(default=dict)  # the cleaned form
    language = models.CharField(max_length=8, choices=User.Language)
    revision = models.PositiveIntegerField(default=1)  # raising it kills the link and asks for a new mail
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    enrolment = models.OneToOneField(
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"#{self.pk}"
