"""Costs and grants, as they are typed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.forms import ServedForm, day_field
from lib.money import read_money
from outcomes.models import Cost, Grant
from people.models import Funding, Programme
from training.models import Enrolment, Module


class CostForm(ServedForm):
    day = day_field(label=gettext_lazy("Day"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"), max_length=300, required=False,
        help_text=gettext_lazy("Needed when the amount, its currency or its day becomes another."),
    )  # fmt: skip

    class Meta:
        model = Cost
        fields = ["kind", "name", "amount", "currency", "day", "programme", "module", "is_eligible", "note"]
        widgets = {
            "kind": forms.RadioSelect,
            "amount": forms.NumberInput({"min": 0, "step": "0.01", "class": "short"}),
            "currency": forms.TextInput({"class": "short", "autocapitalize": "characters"}),
            "name": forms.TextInput({"list": "lines"}),
        }

    def __init__(self, *args, user: User, funding: Funding, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        paid = Programme.objects.visible_to(user).filter(fundings=funding)
        fields["programme"].queryset = paid
        fields["programme"].empty_label = _("not one programme only")
        modules = Module.objects.filter(programme__in=paid.order_by().values("pk"))
        fields["module"].queryset = modules.select_related("programme").order_by("programme", "number")
        fields["module"].label_from_instance = lambda one: f"{one.programme.label}: {one.title}"
        fields["kind"].choices = Cost.Kind.choices
        self.initial.setdefault("currency", funding.currency)
        if not self.instance.currency:
            self.initial["currency"] = funding.currency
        if not self.instance.pk:
            del fields["reason"]


class GrantForm(ServedForm):
    day = day_field(label=gettext_lazy("Day"), required=False)
    amounts = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("With its currency: 500 EUR; of two currencies: 122 GBP + 83.41 EUR."),
    )

    class Meta:
        model = Grant
        fields = ["enrolment", "state", "amounts", "day", "purpose", "country", "funding"]
        widgets = {"state": forms.RadioSelect, "purpose": forms.Textarea({"rows": 3})}

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        fields, row = self.fields, self.instance
        hers = Enrolment.objects.visible_to(user).filter(programme=programme).select_related("person")
        fields["enrolment"].queryset = hers.order_by("person__name_key", "pk")
        fields["enrolment"].label_from_instance = lambda one: str(one.person)
        fundings = Funding.objects.visible_to(user).filter(programmes=programme).select_related("funder")
        fields["funding"].queryset = fundings.order_by("pk")
        fields["state"].choices = Grant.State.choices
        if row.pk:
            there = row.amounts.all()
            self.initial["amounts"] = " + ".join(f"{one.amount} {one.currency}" for one in there)

    def clean_amounts(self) -> list:
        said = self.cleaned_data["amounts"].strip()
        found = read_money(said) if said else []
        if found is None:
            raise ValidationError(_("This cannot be read as an amount: write it as 500 EUR."))
        return found
