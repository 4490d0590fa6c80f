"""Who takes part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.models import Enrolment


class StateForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=Enrolment.State)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
