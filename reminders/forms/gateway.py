"""Where short messages go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import ServedForm
from reminders.models import Gateway


class GatewayForm(ServedForm):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("It begins with https:// and takes one message at a time."),
    )

    class Meta:
        model = Gateway
        fields = ["url", "is_on"]


class TrialForm(forms.Form):
    to = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
