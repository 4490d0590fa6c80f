"""Giving a mentor, asking her, her answer, and every step after that."""

from datetime import date, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from lib import clock
from lib.forms import day_field
from mentoring.models import Assignment, Mentor
from mentoring.pairs import steps
from training.forms.operations import Operation

DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER = 7, 366
SERBIAN_METHOD = _("The Serbian method takes 25 to 50 hours.")
SERBIAN_SHARE = _("In per cent of the hours; the Serbian method wants at least 75.")


class Agreement(forms.Form):
    """What the two agree on; nothing is assumed where nothing is said."""

    agreed_hours = forms.IntegerField(
        label=_("Agreed hours"), min_value=1, max_value=500, required=False, help_text=SERBIAN_METHOD
    )
    share_on_premises = forms.IntegerField(
        label=_("Share on the premises"), min_value=0, max_value=100, required=False, help_text=SERBIAN_SHARE
    )


class Until(forms.Form):
    """The last day on which she may answer, in the programme's zone."""

    until = day_field(label=_("She answers until"))

    def __init__(self, *args, zone: str, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.today = zone, today
        self.fields["until"].initial = today + timedelta(days=DAYS_TO_ANSWER)

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and not self.today <= day <= self.today + timedelta(days=MOST_DAYS_TO_ANSWER):
            raise forms.ValidationError(_("Give a day from today on, within a year."))
        return day and clock.instant(day + timedelta(days=1), time(), self.zone, fold=0)


class AssignForm(Until, Agreement):
    """Who gets which mentor; both are narrowed to the programme by the view."""

    NOW, ASK, LATER = "now", "ask", "later"

    enrolment = forms.ModelChoiceField(queryset=None, label=_("Entrepreneur"))
    mentor = forms.ModelChoiceField(queryset=None, label=_("Mentor"))
    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            (NOW, _("She guides her from today")),
            (ASK, _("Ask her first")),
            (LATER, _("Only propose it")),
        ],
        initial=NOW,
        required=False,
        widget=forms.RadioSelect,
    )
    conflict_accepted = forms.CharField(
        label=_("Why in spite of the conflict"), max_length=300, required=False
    )

    def __init__(self, *args, enrolments, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].queryset = enrolments
        self.fields["mentor"].queryset = mentors
        self.fields["until"].required = False

    def clean(self):
        given = super().clean()
        if given.get("how") == self.ASK and "until" not in self.errors and not given.get("until"):
            self.add_error("until", _("Say until when she may answer."))
        return given


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


STEPS = {
    Assignment.State.ACTIVE: _("They work together from today"),
    Assignment.State.PAUSED: _("It pauses"),
    Assignment.State.COMPLETED: _("They reached what they agreed"),
    Assignment.State.ENDED: _("It ends before that"),
    Assignment.State.DECLINED: _("It is taken back"),
}


class StepForm(forms.Form):
    """What may come next, by hand."""

    state = forms.ChoiceField(label=_("What happens"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args, before: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state, STEPS[state]) for state in steps.by_hand(before)]


class OfferForm(Until):
    beside = forms.BooleanField(
        label=_("She shall have two mentors: offer it although another one guides her or is asked"),
        required=False,
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=300)
    away_until = day_field(
        label=_("Not available until"),
        required=False,
        help_text=_("Until that day nobody is proposed to you. Leave it open where it is only this time."),
    )


class QuestionForm(Operation):
    """Read by whoever runs the programme, before she decides."""

    text = forms.CharField(
        label=_("Your question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(Until):
    mentor = forms.ModelChoiceField(Mentor.objects.none(), label=_("Who goes on"), empty_label=_("Choose …"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[("now", _("She goes on from today")), ("ask", _("Ask her first; until then all stays"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    conflict_accepted = forms.CharField(
        label=_("Why in spite of the conflict"), max_length=300, required=False
    )

    def __init__(self, *args, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = mentors
        self.fields["until"].required = False

    def clean(self):
        given = super().clean()
        if given.get("how") == "ask" and "until" not in self.errors and not given.get("until"):
            self.add_error("until", _("Say until when she may answer."))
        return given
