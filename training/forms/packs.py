"""Asking for a pack of evidence: of a module, or for a funder between two days."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Funding, Programme
from training.models import Module


class PackForm(forms.Form):
    what = forms.ChoiceField(label=_("Evidence of what"))
    start = forms.DateField(
        label=_("For a funder: first day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without days: the period of the funding."),
    )
    end = forms.DateField(
        label=_("For a funder: day after the last"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        modules = Module.objects.filter(programme=programme)
        paid = Q(scopes__programme=programme) | Q(modules__programme=programme)
        fundings = Funding.objects.filter(paid).distinct().select_related("funder").order_by("pk")
        self.rows = {f"module-{one.pk}": one for one in modules}
        self.rows |= {f"funding-{one.pk}": one for one in fundings}
        self.fields["what"].choices = [
            (_("A module"), [(f"module-{one.pk}", one.title) for one in modules]),
            (_("What a funder pays for"), [(f"funding-{one.pk}", str(one)) for one in fundings]),
        ]

    def clean(self) -> dict:
        said = super().clean()
        key = said.pop("what", "")
        return said | {key.split("-")[0]: self.rows[key]} if key in self.rows else said
