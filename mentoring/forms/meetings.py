"""Logging a meeting, and the other side's word on it."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import day_field
from mentoring.models import Assignment, Function, Meeting, Slot

TOPICS = "topics"  # the id of the list of topics that the page offers


class TopicForm(forms.Form):
    """About what, for funders too; and what comes next, for the pair and the programme."""

    topic = forms.CharField(
        label=_("Topic"),
        max_length=200,
        help_text=_("Funders of the programme read it, without names: write nothing in confidence here."),
        widget=forms.TextInput({"list": TOPICS, "autocomplete": "off"}),
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("For the two of you and who runs the programme; no funder reads it."),
    )


class MeetingForm(TopicForm):
    """A meeting in ten seconds: when, how long, where, about what, and what comes next."""

    operation = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    slot = forms.ModelChoiceField(queryset=None, widget=forms.HiddenInput, required=False)
    day = day_field(label=_("Day"))
    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=Meeting.LONGEST,
        initial=60,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "max_value": _("A meeting lasts 12 hours (720 minutes) at most."),
            **dict.fromkeys(("invalid", "min_value"), _("A meeting lasts between 1 and 720 minutes.")),
        },
    )
    place = forms.ChoiceField(label=_("Place"), choices=Meeting.Place, widget=forms.RadioSelect)
    function = forms.ChoiceField(
        label=_("Business function"), choices=[("", _("not said")), *Function.choices], required=False
    )

    def __init__(self, *args, assignment: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        whose = {"mentor": assignment.mentor_id, "booked_by": assignment.enrolment_id}
        self.fields["slot"].queryset = Slot.objects.filter(**whose, cancelled_at=None)

    def clean(self):
        """On another day it was not the office hour that the page offered."""
        given = super().clean()
        slot = given.get("slot")
        if slot and slot.day != given.get("day"):
            given["slot"] = None
        return given


class ObjectionForm(forms.Form):
    objection = forms.CharField(
        label=_("What is not right"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it does not count"), max_length=300)
