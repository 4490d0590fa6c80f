"""What the lists of reminders are narrowed by, and how somebody was told."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.folding import fold
from reminders.models import Reminder, Rule

State = Reminder.State
SENDING = "sending"  # the two moments of it are one to whoever looks
STATES = [
    (State.PLANNED, _("planned")),
    (State.HELD, _("held for a person")),
    (SENDING, _("being sent")),
    (State.SENT, _("sent")),
    (State.FAILED, _("failed")),
    (State.UNCERTAIN, _("uncertain")),
    (State.DROPPED, _("no longer true")),
    (State.EXPIRED, _("too late")),
    (State.TOLD, _("told by a person")),
]
ANY = [("", _("all"))]
LARGEST = 2**63 - 1


def states_of(state: str) -> tuple[str, ...]:
    return (State.CLAIMED, State.HANDING_OVER) if state == SENDING else (state,)


class NarrowForm(forms.Form):
    """`rule` and `subject` name the group of one line of the plan."""

    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=ANY + STATES)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    rule = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    subject = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ANY + list(Rule.Kind.choices)

    def narrowed(self, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
        """What does not fit is left out of account: the page says what it shows."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if state := said.get("state"):
            rows = rows.filter(state__in=states_of(state))
        if kind := said.get("kind"):
            rows = rows.filter(rule__kind=kind)
        if rule := said.get("rule"):
            rows = rows.filter(rule=rule)
        if subject := said.get("subject"):
            rows = rows.filter(subject_id=subject)
        if key := fold(said.get("q", "")):
            rows = rows.filter(person__name_key__contains=key)
        return rows


class ToldForm(forms.Form):
    how = forms.ChoiceField(label=_("How"), choices=Reminder.How)
