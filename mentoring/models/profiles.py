"""Who may guide whom: mentors, what they offer, what entrepreneurs ask for, what either wishes."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import clock
from lib.walls import Walled
from people.access import InProgramme, access
from people.models import Membership, Person, Programme
from training.models import Enrolment


class Function(models.TextChoices):
    """Business functions in which mentors help."""

    BUSINESS_PLAN = "business_plan", _("business plan")
    FINANCE = "finance", _("finance")
    MARKETING = "marketing", _("marketing and sales")
    EXPORT = "export", _("export")
    PRODUCTION = "production", _("production")
    LEGAL = "legal", _("law and registration")
    DIGITAL = "digital", _("digital tools")
    PRICING = "pricing", _("pricing")


class MentorQuerySet(Walled):
    programme = "person__memberships__programme"

    def visible_to(self, user: User) -> "MentorQuerySet":
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(person__tenant_id=user.tenant_id)
        members = Membership.objects.filter(role="mentor", programme__in=may.programmes("coordinator"))
        return self.filter(Q(person__user=user) | Q(person__in=members.values("person")))

    def of(self, programme: Programme) -> "MentorQuerySet":
        """Whoever is a mentor in this programme, in any state."""
        member = Membership.objects.filter(programme=programme, role=Membership.Role.MENTOR)
        return self.filter(person__in=member.values("person"), person__joined_to=None)

    def active_in(self, programme: Programme, on: date | None = None) -> "MentorQuerySet":
        """Whoever may be given somebody in this programme on a day (today in its zone): active, and not away.
        Half-open: on the day that `away_until` names she is back. Invited, paused and left ones are not
        here."""
        on = on or clock.local(timezone.now(), programme.zone).date()
        there = Q(away_until=None) | Q(away_until__lte=on)
        return self.of(programme).filter(there, state=Mentor.State.ACTIVE).select_related("person")


class Mentor(models.Model):
    """What is known of a person as a mentor. She may be an entrepreneur elsewhere."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("left")

    class Reach(models.TextChoices):
        MUNICIPALITY = "municipality", _("her own municipality")
        REGION = "region", _("her own region")
        COUNTRY = "country", _("everywhere")

    person = models.OneToOneField(Person, models.CASCADE, related_name="mentor")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    state_at = models.DateTimeField(default=timezone.now)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    away_until = models.DateField(_("not available until"), null=True, blank=True)
    sectors = models.JSONField(_("sectors (NACE sections)"), default=list, blank=True)
    functions = models.JSONField(_("business functions"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    reach = models.CharField(_("how far she comes"), max_length=12, choices=Reach, blank=True)  # "": unknown
    on_premises = models.BooleanField(_("comes to the premises"), null=True, blank=True)
    online = models.BooleanField(_("meets online"), null=True, blank=True)
    bio = models.TextField(_("about her"), blank=True)
    bio_sr = models.TextField(_("about her, in Serbian"), blank=True)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["person__name_key", "pk"]

    def __str__(self) -> str:
        return str(self.person)


class OfferQuerySet(InProgramme):
    roles = ("coordinator",)

    def visible_to(self, user: User) -> "OfferQuerySet":
        """Coordinators see those of their programmes; a mentor her own."""
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        return self.filter(Q(pk__in=inside) | Q(mentor__person__user=user))


class Offer(models.Model):
    """What a mentor offers in one programme: how many people, how many hours, when."""

    class Per(models.TextChoices):
        PROGRAMME = "programme", _("the whole programme")
        MONTH = "month", _("a month")
        WEEK = "week", _("a week")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="offers")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="offers")
    capacity = models.PositiveSmallIntegerField(_("how many entrepreneurs"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    per = models.CharField(_("in"), max_length=9, choices=Per, default=Per.PROGRAMME)
    # [{"weekday": 0 to 6 from Monday, "start": "17:00", "end": "20:00"}], wall time in the programme's zone;
    # empty: nobody asked her, which is no answer
    windows = models.JSONField(_("when she has time"), default=list, blank=True)
    wishes = models.CharField(_("whom she would like to guide"), max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "programme"], name="offer_once")]

    def __str__(self) -> str:
        return f"{self.mentor}, {self.programme}"


class NeedQuerySet(InProgramme):
    programme = "enrolment__programme"
    roles = ("coordinator",)

    def visible_to(self, user: User) -> "NeedQuerySet":
        """Coordinators see those of their programmes; an entrepreneur her own."""
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        return self.filter(Q(pk__in=inside) | Q(enrolment__person__user=user))

    def newest(self) -> "NeedQuerySet":
        """Of each enrolment the one that counts: what was stated last."""
        later = Need.objects.filter(enrolment=OuterRef("enrolment"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class Need(models.Model):
    """What an entrepreneur asks a mentor for."""

    class Place(models.TextChoices):
        PREMISES = "premises", _("on the premises")
        ONLINE = "online", _("online")
        EITHER = "either", _("either")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="needs")
    sector = models.CharField(_("sector (NACE section)"), max_length=1, blank=True)
    functions = models.JSONField(_("business functions"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=User.Language, blank=True)
    place = models.CharField(_("place"), max_length=8, choices=Place, default=Place.EITHER)
    windows = models.JSONField(_("when she has time"), default=list, blank=True)  # as Offer.windows
    text = models.CharField(_("in her words"), max_length=500, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.text}"


class PreferenceQuerySet(InProgramme):
    programme = "enrolment__programme"
    roles = ("coordinator",)

    def visible_to(self, user: User) -> "PreferenceQuerySet":
        """Coordinators see those of their programmes; each side what she said herself."""
        if not user.is_authenticated:
            return self.none()
        inside = super().visible_to(user).order_by().values("pk")
        said = Q(side=Preference.Side.MENTOR, mentor__person__user=user)
        said |= Q(side=Preference.Side.ENTREPRENEUR, enrolment__person__user=user)
        return self.filter(Q(pk__in=inside) | said)


class Preference(models.Model):
    """One side would like the other, or will not have her: a no is a hard rule of matching."""

    class Side(models.TextChoices):
        MENTOR = "mentor", _("the mentor")
        ENTREPRENEUR = "entrepreneur", _("the entrepreneur")

    class Says(models.TextChoices):
        WISH = "wish", _("would like her")
        NO = "no", _("will not have her")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="preferences")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="preferences")
    side = models.CharField(_("who says so"), max_length=12, choices=Side)
    says = models.CharField(_("what she says"), max_length=4, choices=Says)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentor", "enrolment", "side"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.mentor} – {self.enrolment}: {self.get_says_display()}"


class DeclaredQuerySet(Walled):
    def visible_to(self, user: User) -> "DeclaredQuerySet":
        """Her own; an administrator those of the organisation; coordinators those of their mentors."""
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(person__tenant_id=user.tenant_id)
        members = Membership.objects.filter(role="mentor", programme__in=may.programmes("coordinator"))
        return self.filter(Q(person__user=user) | Q(person__in=members.values("person")))

    def standing(self) -> "DeclaredQuerySet":
        return self.filter(withdrawn_at=None)


class Declared(models.Model):
    """A conflict of interest that a person declared about another one: family, business, anything."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="declared")
    about = models.ForeignKey(Person, models.CASCADE, related_name="declared_about")
    words = models.CharField(_("what stands between them"), max_length=300)
    since = models.DateField(_("since"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DeclaredQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("about")), name="declared_about_somebody_else")
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.about}"


class HintQuerySet(InProgramme):
    roles = ("coordinator",)


class Hint(models.Model):
    """What a coordinator answered to a hint: the same family name and municipality is no fact yet."""

    class Answer(models.TextChoices):
        RELATED = "related", _("they are related")
        STRANGERS = "strangers", _("they are not related")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="hints")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    answer = models.CharField(_("answer"), max_length=9, choices=Answer)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = HintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "other"], name="hint_once"),
            models.CheckConstraint(condition=Q(person__lt=F("other")), name="hint_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.other}: {self.get_answer_display()}"


class MentorApplicationQuerySet(InProgramme):
    roles = ("coordinator",)


class MentorApplication(models.Model):
    """Somebody offers herself as a mentor by the public form; it counts once her mail confirmed it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("became a mentor")
        DECLINED = "declined", _("declined")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="mentor_applications")
    operation = models.UUIDField(unique=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=User.Language)
    # what the form asked: municipality, region, sectors, functions, languages, reach, on_premises, online,
    # capacity, hours, per, windows, organisation, role, bio, wishes
    said = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    mentor = models.ForeignKey(Mentor, models.SET_NULL, null=True, blank=True, related_name="applications")
    revision = models.PositiveIntegerField(
        default=1, editable=False
    )  # raised, an earlier letter's link is dead

    objects = MentorApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name
