"""Where sessions take place: a known venue, or a new one named beside it; and what is known of one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Tenant
from lib.forms import ServedForm, one_of
from training.models import Venue
from training.services.places import venue_named

NEW = (
    "new",
    "address",
    "shared",
)  # of a new venue; each stands behind the name of the field that chooses one


class VenueForm(ServedForm):
    class Meta:
        model = Venue
        fields = ["name", "address", "municipality", "zone", "capacity", "is_shared"]
        widgets = {"capacity": forms.NumberInput({"min": 0, "class": "short"})}
        help_texts = {"zone": gettext_lazy("Empty: that of the programme.")}


def ask_new(form: forms.Form, name: str, label: str) -> None:
    """Beside the field that chooses a venue: what a new one is called and where it is."""
    words = _("%(venue)s: name of a new one") % {"venue": label}
    form.fields[f"{name}_new"] = forms.CharField(label=words, max_length=200, required=False)
    form.fields[f"{name}_address"] = forms.CharField(label=_("Its address"), max_length=200, required=False)
    form.fields[f"{name}_shared"] = forms.BooleanField(
        label=_("Several sessions at once (a building, online)"), required=False
    )


def settle(form: forms.Form, name: str, tenant: Tenant) -> Venue | None:
    """Leave under `name` the venue that was chosen or is known under the name that was written; else a new
    one, not saved. None: not known yet."""
    one_of(form, name, f"{name}_new", is_needed=False)
    said = form.cleaned_data
    new, address, is_shared = (said.pop(f"{name}_{part}", None) for part in NEW)
    if new and not said.get(name):
        made = Venue(tenant=tenant, name=new, address=address or "", is_shared=bool(is_shared))
        said[name] = venue_named(tenant, new) or made
    return said.setdefault(name, None)


class Place:
    """These fields as the page shows them."""

    def __init__(self, form: forms.Form, name: str):
        self.choice = form[name] if name in form.fields else None
        self.new = [form[f"{name}_{part}"] for part in NEW]

    @property
    def is_open(self) -> bool:
        """Something was said there, or there is nothing to choose from."""
        return self.choice is None or any(one.errors or one.value() for one in self.new)
