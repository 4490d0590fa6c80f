"""Moving and copying several sessions at once."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from people.models import Programme
from training import rules
from training.forms.planning import day_field, time_field
from training.forms.sessions import FoldField
from training.models import Session
from training.planning.proposing import Shift


class MoveForm(forms.Form):
    """Where the first of them goes; the others keep their distance, and the time of day if none is given."""

    to = day_field(label=gettext_lazy("The first of them takes place on"))
    start = time_field(label=gettext_lazy("New start"), required=False)
    end = time_field(label=gettext_lazy("New end"), required=False)
    fold = FoldField()

    def __init__(self, *args, sessions: Sequence[Session], **kwargs):
        self.first = min((session.day for session in sessions if session.day), default=None)
        super().__init__(*args, initial={"to": self.first}, **kwargs)

    def clean(self):
        said = super().clean()
        if said.get("start") and said.get("end") and said["end"] <= said["start"]:
            self.add_error("end", _("A session ends after it starts."))
        if self.first and said.get("to") and abs((said["to"] - self.first).days) > 366 * 10:
            self.add_error("to", ValidationError(_("This day is too far away.")))
        return said

    @property
    def shift(self) -> Shift:
        said = self.cleaned_data
        days = (said["to"] - self.first).days if self.first else 0
        return Shift(days=days, start=said.get("start"), end=said.get("end"))


class CopyForm(MoveForm):
    """The same plan once more, here or in another programme that she runs."""

    into = forms.ModelChoiceField(Programme.objects.none(), label=gettext_lazy("Into the programme"))
    as_modules = forms.BooleanField(
        label=gettext_lazy("As new modules"),
        required=False,
        help_text=gettext_lazy("Into another programme modules are always copied."),
    )
    start = end = None
    field_order = ["to", "into", "as_modules", "fold"]

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Programme.objects.visible_to(user)
        keys = [one.pk for one in mine if rules.may(user, "plan_session", one)]
        self.fields["into"].queryset = mine.filter(pk__in=keys)
        self.fields["into"].initial = programme.pk
