"""Goals of a pair: agreeing on them, and what came of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import day_field
from mentoring.models import Function, Goal
from training.forms.operations import Operation


class GoalFields(forms.Form):
    text = forms.CharField(label=_("Goal"), max_length=300)
    due = day_field(label=_("Until when"), required=False)
    function = forms.ChoiceField(
        label=_("Business function"), choices=[("", _("not said")), *Function.choices], required=False
    )


class GoalForm(Operation, GoalFields):
    """A new one; a double tap is one goal. It stands on a page with other forms."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, auto_id="goal_%s")


class GoalStateForm(forms.Form):
    state = forms.ChoiceField(label=_("What came of it"), choices=Goal.State, widget=forms.RadioSelect)
    remark = forms.CharField(label=_("In a few words"), max_length=300, required=False)
