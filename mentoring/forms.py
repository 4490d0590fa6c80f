"""The page's doors to the services of mentoring."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Assignment, Meeting


class MeetingForm(forms.Form):
    """A meeting in ten seconds: when, how long, where, about what, and what comes next."""

    operation = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=Meeting.LONGEST,
        initial=60,
        error_messages={
            name: _("A meeting lasts between 1 and 720 minutes.")
            for name in ("invalid", "min_value", "max_value")
        },
    )
    place = forms.ChoiceField(label=_("Place"), choices=Meeting.Place, widget=forms.RadioSelect)
    topic = forms.CharField(label=_("Topic"), max_length=200)
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)


class AssignForm(forms.Form):
    """Who gets which mentor; both are narrowed to the programme by the view."""

    enrolment = forms.ModelChoiceField(queryset=None, label=_("Entrepreneur"))
    mentor = forms.ModelChoiceField(queryset=None, label=_("Mentor"))
    agreed_hours = forms.IntegerField(label=_("Agreed hours"), min_value=1, max_value=500, required=False)
    conflict_accepted = forms.CharField(
        label=_("Why in spite of the conflict"), max_length=300, required=False
    )

    def __init__(self, *args, enrolments, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].queryset = enrolments
        self.fields["mentor"].queryset = mentors


class EndForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (Assignment.State.COMPLETED, _("They reached what they agreed")),
            (Assignment.State.ENDED, _("It ends before that")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
