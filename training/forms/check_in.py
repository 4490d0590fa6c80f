"""She says herself who she is, before the code on the wall."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from training.forms.operations import Operation


class CheckInForm(Operation):
    row_code = forms.CharField(
        label=_("Row code"),
        max_length=12,
        required=False,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "class": "short"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    born = forms.IntegerField(
        label=_("Year of birth"),
        min_value=1900,
        max_value=2100,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-year"}),
        error_messages={
            name: _("Four digits, as in 1984.") for name in ("invalid", "min_value", "max_value")
        },
    )

    def clean(self):
        said = super().clean()
        if self.errors or said.get("row_code"):
            return said
        if not said.get("first_name"):
            raise ValidationError(_("Write your row code, or your first name and year of birth."))
        if said.get("born") is None:
            self.add_error("born", _("Write your year of birth as well: four digits, as in 1984."))
        return said


class StrikeForm(Operation):
    """A check-in is taken back: why?"""

    reason = forms.CharField(label=_("Why is it struck out?"), max_length=250)
