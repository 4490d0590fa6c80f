"""What the public form asks because a rule has to know it."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Person, Programme
from people.regions import REGIONS
from people.sectors import SECTORS
from training.eligibility.judging import Kind

YES_NO = [("yes", _("yes")), ("no", _("no")), ("", _("I do not know"))]
NO_CLUSTER = "none"
PLACED = (Kind.MUNICIPALITY, Kind.REGION)


class YesNo(forms.TypedChoiceField):
    """Yes, no, or None: she does not know."""

    def __init__(self, label: str):
        super().__init__(
            label=label,
            choices=YES_NO,
            required=False,
            widget=forms.RadioSelect,
            coerce=lambda word: word == "yes",
            empty_value=None,
            initial="",
        )


def asked_for(kind: str, programme: Programme) -> dict[str, forms.Field]:
    """What a rule of this kind has to know beyond what everybody is asked."""
    if kind == Kind.ESTABLISHED_WITHIN:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        return {"established": forms.DateField(label=_("Established on"), required=False, widget=widget)}
    if kind == Kind.SEX:
        return {"sex": _sex()}
    if kind in PLACED:
        place = forms.CharField(label=_("Municipality of the business"), max_length=100, required=False)
        return {"business_municipality": place} | ({"region": _region()} if kind == Kind.REGION else {})
    if kind == Kind.SECTOR:
        return {"sector": _choice(_("Sector of the business"), SECTORS.items())}
    if kind == Kind.CLUSTER:
        clusters = Organisation.objects.filter(tenant=programme.tenant_id, kind="cluster")
        named = [(NO_CLUSTER, _("in none")), *((row.pk, row.title) for row in clusters)]
        return {"cluster": _choice(_("Cluster that the business belongs to"), named)}
    if kind == Kind.WOMAN_OWNED:
        share = forms.DecimalField(
            label=_("Your share in it, in per cent"),
            min_value=Decimal(0),
            max_value=Decimal(100),
            decimal_places=2,
            required=False,
        )
        whose = {"is_founder": YesNo(_("Did you found it?")), "is_manager": YesNo(_("Do you manage it?"))}
        return {"sex": _sex(), "share": share} | whose
    return {}


def _sex() -> forms.ChoiceField:
    choices = Person.Sex.choices
    return forms.ChoiceField(label=_("Sex"), choices=choices, required=False, widget=forms.RadioSelect)


def _region() -> forms.ChoiceField:
    return _choice(_("Region where you live"), REGIONS.items())


def _choice(label: str, named) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("I do not know")), *named], required=False)
