"""A result, what shows it, and why it is taken back."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import countries
from lib.folding import fold
from lib.forms import ServedForm, day_field
from outcomes.models import Result
from outcomes.rules import kept_fundings
from people.models import Enterprise, Funding, Organisation, Programme
from training.models import Enrolment, Session

MORE_PARTIES = 3  # empty lines on the form


class ResultForm(ServedForm):
    day = day_field(label=gettext_lazy("Day"), required=False)
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        required=False,
        help_text=gettext_lazy("Names or codes with a comma between them: Serbia, BA, Italy."),
    )
    reported_to = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Also reported to"),
        queryset=Funding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who else reads of it, so that nobody adds it up twice."),
    )

    class Meta:
        model = Result
        fields = [
            "kind", "title", "title_sr", "day", "number", "place", "countries", "attribution", "session",
            "enrolment", "enterprise", "reported_to", "note",
        ]  # fmt: skip
        widgets = {
            "number": forms.NumberInput({"min": 0, "step": "0.01", "class": "short"}),
            "attribution": forms.RadioSelect,
            "note": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "number": gettext_lazy("Of jobs: full-time ones, a half-time one is 0.5. Empty: not known."),
        }

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        fields, row = self.fields, self.instance
        fields["session"].queryset = _sessions(user, programme)
        fields["session"].label_from_instance = lambda one: f"{one.heading} ({one.day or '–'})"
        hers = Enrolment.objects.visible_to(user).filter(programme=programme).select_related("person")
        fields["enrolment"].queryset = hers.order_by("person__name_key", "pk")
        fields["enrolment"].label_from_instance = lambda one: str(one.person)
        known = Enterprise.objects.filter(enrolments__programme=programme) | Enterprise.objects.filter(
            pk=row.enterprise_id
        )
        fields["enterprise"].queryset = known.distinct()
        fields["reported_to"].queryset = kept_fundings(user).select_related("funder")
        fields["attribution"].choices = [("", _("not said")), *Result.Attribution.choices]
        fields["kind"].choices = Result.Kind.choices
        if row.pk:
            self.initial["countries"] = ", ".join(map(countries.country_name, row.countries))

    def clean_countries(self) -> list[str]:
        said = [part.strip() for part in re.split(r"[,;\n]", self.cleaned_data["countries"]) if part.strip()]
        return [_country(part) for part in said]


def _sessions(user: User, programme: Programme):
    rows = Session.objects.visible_to(user).filter(programme=programme)
    return rows.select_related("module").order_by("day", "starts_at", "pk")


def _country(said: str) -> str:
    code = countries.code_of(said)
    if code is None:
        words = _("“%(said)s” is no country that is known here: write its two letters, as RS.")
        raise ValidationError(words % {"said": said})
    return code


class PartyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    role = forms.CharField(label=gettext_lazy("What it is in this"), max_length=100, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["list"] = "organisations"

    def clean(self):
        if self.cleaned_data.get("role") and not self.cleaned_data.get("name"):
            self.add_error("name", _("Write the name."))


Parties = forms.formset_factory(PartyForm, extra=MORE_PARTIES, max_num=60, validate_max=True)


def parties_form(data, result: Result | None = None):
    """The parties of a result, each a line, with some empty ones below."""
    there = result.parties.select_related("organisation") if result else ()
    initial = [{"name": str(party), "role": party.role} for party in there]
    return Parties(data, initial=initial, prefix="parties")


def named_parties(forms_, known: list[Organisation]) -> list[dict]:
    """What the lines say; a name in the address book is that organisation."""
    by_name = {fold(name): one for one in known for name in (one.name, one.name_sr) if name}
    found = []
    for form in forms_:
        if name := form.cleaned_data.get("name", "").strip():
            one = by_name.get(fold(name))
            who = {"organisation": one} if one else {"name": name}
            found.append(who | {"role": form.cleaned_data.get("role", "")})
    return found


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("PDF, picture, XLSX, ODS, DOCX, ODT, CSV or TXT, up to 10 MB."),
    )
    address = forms.URLField(
        label=gettext_lazy("Or an address"), max_length=300, required=False, assume_scheme="https"
    )
    caption = forms.CharField(label=gettext_lazy("What it shows"), max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)
