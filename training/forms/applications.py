"""The public form: what everybody is asked, and what the rules of this programme need to know."""

from datetime import date, datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.doors import Guarded
from lib.languages import told
from people.models import Consent, Enterprise, Funding, Programme
from training.eligibility import applying
from training.eligibility.consent_words import text_version, wording
from training.eligibility.judging import Kind
from training.forms.asked import NO_CLUSTER, YesNo, asked_for
from training.forms.operations import Operation
from training.models import EligibilityRule

NOT_SAID = ("", _("not said"))


class ApplicationForm(Guarded, Operation):
    door = applying.DOOR
    name = forms.CharField(label=_("First name and surname"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("We send a link there: the application counts once you open it.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language in which we write to you"))
    born = forms.IntegerField(
        label=_("Year of birth"),
        min_value=1900,
        required=False,
        help_text=_("With it we know you again, also next year."),
    )
    municipality = forms.CharField(label=_("Municipality where you live"), max_length=100, required=False)
    enterprise = forms.CharField(
        label=_("Name of your business"),
        max_length=200,
        required=False,
        help_text=_("Also one that you only plan."),
    )
    registered = forms.ChoiceField(
        label=_("Is it registered?"),
        choices=[*Enterprise.Registered.choices, NOT_SAID],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    HERS = ("name", "email", "phone", "language", "sex", "born", "municipality", "region")
    ITS = ("enterprise", "registered", "established", "sector", "business_municipality", "cluster")
    OWNS = ("share", "is_founder", "is_manager")

    def __init__(self, *args, programme: Programme, now: datetime, **kwargs):
        self.programme, self.now = programme, now
        super().__init__(*args, **kwargs)
        self.rules = list(EligibilityRule.objects.filter(programme=programme))
        spoken = [pair for pair in User.Language.choices if pair[0] in programme.tenant.languages]
        self.fields["language"].choices = spoken or User.Language.choices
        self.fields["language"].initial = get_language()
        self.fields["born"].max_value = now.year
        self.fields["began"].initial = applying.opened(programme, now)
        for kind in dict.fromkeys(rule.kind for rule in self.rules):
            self.fields |= asked_for(kind, programme)
        for rule in self.questions:
            self.fields[f"q{rule.pk}"] = YesNo(told(rule.question, rule.question_sr))
        self.fields |= dict(self._agreements())

    @property
    def questions(self) -> list[EligibilityRule]:
        return [rule for rule in self.rules if rule.kind == Kind.QUESTION]

    def _agreements(self):
        """One box for each thing to agree to; only taking part is a condition."""
        kinds = [(purpose, None) for purpose in ("taking_part", "contact_list", "photo")]
        fundings = Funding.objects.filter(scopes__programme=self.programme).select_related("funder")
        kinds += [(Consent.Purpose.FUNDER, funding) for funding in fundings.order_by("pk")]
        for purpose, funding in kinds:
            words = wording(purpose, self.programme, funding)
            is_needed = purpose == Consent.Purpose.TAKING_PART
            box = forms.BooleanField(label=words, required=is_needed)
            box.error_messages["required"] = _("Without this we may not keep your application.")
            box.agrees_to = purpose, funding and funding.pk
            yield f"agree_{purpose}{f'_{funding.pk}' if funding else ''}", box

    def group(self, names) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def about_her(self) -> list[forms.BoundField]:
        return self.group(self.HERS)

    @property
    def about_it(self) -> list[forms.BoundField]:
        return self.group((*self.ITS, *self.OWNS))

    @property
    def asked(self) -> list[forms.BoundField]:
        return self.group(f"q{rule.pk}" for rule in self.questions)

    @property
    def agreements(self) -> list[forms.BoundField]:
        return [self[name] for name, field in self.fields.items() if hasattr(field, "agrees_to")]

    def clean_born(self) -> int | None:
        born = self.cleaned_data["born"]
        if born and born > self.now.year:
            raise ValidationError(_("This year has not come yet."))
        return born

    def clean_established(self) -> date | None:
        day = self.cleaned_data["established"]
        if day and not 1800 <= day.year <= self.now.year + 1:
            raise ValidationError(_("Please look at the year again."))
        return day

    def said(self) -> dict:
        """What she wrote, as plain JSON: what is blank is left out."""
        given = self.cleaned_data
        said = {name: given.get(name) for name in ("name", "phone", "sex", "born", "municipality", "region")}
        business = {name: given.get(name) for name in ("registered", "established", "sector")}
        business["municipality"] = given.get("business_municipality")
        cluster = given.get("cluster") or ""
        answers = {str(rule.pk): given.get(f"q{rule.pk}") for rule in self.questions}
        if cluster == NO_CLUSTER:
            answers |= {str(rule.pk): False for rule in self.rules if rule.kind == Kind.CLUSTER}
        return _known(
            said
            | {
                "enterprise": given.get("enterprise"),
                "business": _known(business),
                "owns": _known({name: given.get(name) for name in self.OWNS}),
                "cluster": int(cluster) if cluster not in ("", NO_CLUSTER) else None,
                "answers": _known(answers),
                "consents": [_consent(field) for name, field in self.fields.items() if self._agreed(name)],
            }
        )

    def _agreed(self, name: str) -> bool:
        return hasattr(self.fields[name], "agrees_to") and self.cleaned_data.get(name)


def _consent(field: forms.Field) -> dict:
    purpose, funding = field.agrees_to
    return {"purpose": str(purpose), "funding": funding, "version": text_version()}


def _known(said: dict) -> dict:
    """Without what is blank, and as JSON keeps it."""
    plain = {date: date.isoformat, Decimal: str}
    return {
        name: plain.get(type(value), lambda value: value)(value)
        for name, value in said.items()
        if value not in (None, "", {}, [])
    }
