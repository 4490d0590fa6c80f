"""What whoever asks says of the asking itself."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outcomes import services
from outcomes.models import Contact, Invitation

State, Mode = Invitation.State, Invitation.Mode


class InterviewForm(forms.Form):
    MODES = (Mode.PHONE, Mode.VISIT, Mode.PAPER)

    mode = forms.ChoiceField(
        label=gettext_lazy("How it was asked"), choices=[(one.value, one.label) for one in MODES]
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is changed, if it had been handed in"), required=False, max_length=300
    )


class StateForm(forms.Form):
    """What of this is possible depends on where it stands."""

    ACTS = {
        "refuse": gettext_lazy("She does not want to answer"),
        "unreachable": gettext_lazy("Nobody could reach her"),
        "take_consent_back": gettext_lazy("She withdrew her consent: she is not asked any more"),
        "restore": gettext_lazy("She may be asked again"),
        "renew_link": gettext_lazy("A new link; the one of before stops working"),
    }
    act = forms.ChoiceField(label=gettext_lazy("What came of it"))
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)

    def __init__(self, *args, row: Invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["act"].choices = [(name, self.ACTS[name]) for name in self.possible()]

    def possible(self) -> list[str]:
        state = self.row.state
        found = ["take_consent_back"] if state != State.WITHDRAWN else []
        if state == State.WAITING:
            found = ["unreachable", "refuse", *found]
        elif state in (State.PARTIAL, State.UNREACHABLE):
            found = ["refuse", *found]
        if state in (State.REFUSED, State.UNREACHABLE, State.WITHDRAWN):
            found = ["restore", *found]
        return found if state == State.WITHDRAWN or not self.row.enrolment_id else [*found, "renew_link"]

    def put(self, *, by: User, now: datetime) -> None:
        act, reason = self.cleaned_data["act"], self.cleaned_data["reason"]
        more = {"renew_link": {}, "restore": {"now": now}}.get(act, {"now": now, "reason": reason})
        getattr(services, act)(by=by, invitation=self.row, **more)

    @property
    def done(self) -> str:
        return _("It is noted.")


class ContactForm(forms.Form):
    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=Contact.Way.choices)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of the attempt"), choices=Contact.Outcome.choices
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
