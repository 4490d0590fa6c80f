"""What is said about a programme's frame: its texts, who carries it, its clusters, whom it supports."""

from datetime import timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import countries
from lib.forms import ServedForm, day_field, one_of
from people.models import Enterprise, Organisation, Partner, Programme
from people.sectors import SECTORS

DAY = timedelta(days=1)


def sector_choices() -> list[tuple[str, str]]:
    return [("", _("not known")), *((letter, f"{letter}: {words}") for letter, words in SECTORS.items())]


class ProgrammeForm(ServedForm):
    """Last days, as people say them; the programme keeps the day after."""

    last_day = day_field(label=gettext_lazy("Last day"), required=False)
    applies_last = day_field(label=gettext_lazy("Last day of applying"), required=False)

    class Meta:
        model = Programme
        fields = [
            "name", "name_sr", "short_name", "description", "description_sr", "participants", "start", "zone",
            "country", "language", "second_language", "capacity", "completion_share", "applies_from",
        ]  # fmt: skip
        day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        widgets = {
            "start": day,
            "applies_from": day,
            "description": forms.Textarea({"rows": 5}),
            "description_sr": forms.Textarea({"rows": 5}),
        }
        help_texts = {
            "description": gettext_lazy("Readers of another language see this where theirs is empty."),
            "capacity": gettext_lazy("Who comes later stands on the waiting list. Empty: no limit."),
            "country": gettext_lazy("Its holidays are skipped when sessions are proposed."),
            "second_language": gettext_lazy("Certificates and sheets can be in both."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=self.fields["country"].label,
            choices=countries.choices,
            help_text=self.fields["country"].help_text,
        )
        until = self.instance.applies_until
        self.initial |= {"last_day": self.instance.last_day, "applies_last": until and until - DAY}

    def said(self) -> dict:
        """For the service: half-open."""
        said = dict(self.cleaned_data)
        last, applies = said.pop("last_day"), said.pop("applies_last")
        return said | {"end": last and last + DAY, "applies_until": applies and applies + DAY}


class PartnerForm(forms.Form):
    """An organisation of the address book, or the name of a new one."""

    organisation = forms.ModelChoiceField(
        None, label=gettext_lazy("Organisation"), required=False, empty_label=gettext_lazy("a new one")
    )
    name = forms.CharField(label=gettext_lazy("Name of a new one"), max_length=200, required=False)
    name_sr = forms.CharField(label=gettext_lazy("Its name in Serbian"), max_length=200, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Partner.Role,
        initial=Partner.Role.PARTNER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        known = Organisation.objects.visible_to(user)
        self.fields["organisation"].queryset = known.exclude(partnerships__project=programme.project_id)

    def clean(self):
        one_of(self, "organisation", "name")


class OrganisationForm(ServedForm):
    class Meta:
        model = Organisation
        fields = ["name", "name_sr", "municipality", "umbrella"]
        help_texts = {"umbrella": gettext_lazy("A union is a cluster of clusters.")}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        clusters = Organisation.objects.visible_to(user).filter(kind=Organisation.Kind.CLUSTER)
        self.fields["umbrella"].queryset = clusters.exclude(pk=self.instance.pk)
        self.fields["umbrella"].empty_label = _("none")


class ClusteringForm(forms.Form):
    """An enterprise of the programme in a cluster."""

    enterprise = forms.ModelChoiceField(None, label=gettext_lazy("Enterprise"))
    cluster = forms.CharField(
        label=gettext_lazy("Cluster"),
        max_length=200,
        help_text=gettext_lazy("Its name in any script. An unknown name is a new cluster."),
        widget=forms.TextInput({"list": "clusters", "autocomplete": "off"}),
    )
    start = day_field(label=gettext_lazy("Since"), required=False)

    def __init__(self, *args, enterprises: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = enterprises


class BeneficiaryForm(forms.Form):
    """One screen: an enterprise that is known, or a new one with what is known of it."""

    UNKNOWN = ("", gettext_lazy("not known"))
    enterprise = forms.ModelChoiceField(
        None, label=gettext_lazy("Enterprise"), required=False, empty_label=gettext_lazy("a new one")
    )
    name = forms.CharField(label=gettext_lazy("Name of a new one"), max_length=200, required=False)
    municipality = forms.CharField(label=gettext_lazy("Municipality"), max_length=100, required=False)
    activity = forms.CharField(label=gettext_lazy("What it does"), max_length=200, required=False)
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector (NACE section)"), choices=sector_choices, required=False
    )
    exports = forms.TypedChoiceField(
        label=gettext_lazy("It exports"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")), UNKNOWN],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    cluster = forms.CharField(
        label=gettext_lazy("Cluster"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Its name, if it belongs to one."),
        widget=forms.TextInput({"list": "clusters", "autocomplete": "off"}),
    )
    proposed_by = forms.ModelChoiceField(None, label=gettext_lazy("Proposed by"), required=False)
    proposed_on = day_field(label=gettext_lazy("Proposed on"), required=False)

    def __init__(self, *args, enterprises: QuerySet, proposers: QuerySet, must_propose: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = enterprises
        field = self.fields["proposed_by"]
        field.queryset, field.required, field.empty_label = proposers, must_propose, _("not known")
        if must_propose:
            field.empty_label = None
        if not enterprises.exists():
            del self.fields["enterprise"]

    def clean(self):
        one_of(self, "enterprise", "name")

    def said(self) -> dict:
        said = dict(self.cleaned_data)
        about = {name: said.pop(name) for name in ("name", "municipality", "activity", "sector", "exports")}
        said.setdefault("enterprise", None)
        return said | ({} if said["enterprise"] else {"new_enterprise": about})


def enterprises_of(user: User, programme: Programme) -> QuerySet[Enterprise]:
    """Those that take part in it or that its project supports."""
    mine = Q(enrolments__programme=programme) | Q(benefits__project=programme.project_id)
    inside = Enterprise.objects.filter(mine).order_by().values("pk")
    return Enterprise.objects.visible_to(user).filter(pk__in=inside)
