"""Planning and changing a session."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import clock
from people.models import Membership, Person, Programme
from training.forms.venues import Place, ask_new, settle
from training.models import Module, Session, Venue
from training.planning import breaks


class BreaksField(forms.CharField):
    """Breaks as one types them, "12:00-12:30, 15:00-15:15"; clean gives what a session keeps."""

    def __init__(self, **kwargs):
        plain = {"required": False, "max_length": 200, "label": gettext_lazy("Breaks")}
        help_text = gettext_lazy("As times: 11:00-11:15, 13:00-13:45.")
        super().__init__(**plain | {"help_text": help_text} | kwargs)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else breaks.shown(value)

    def clean(self, value) -> list[list[str]]:
        return breaks.read(super().clean(value))


class FoldField(forms.TypedChoiceField):
    """Asked only where clocks go back: which of the two times of that name."""

    def __init__(self, **kwargs):
        choices = [("", "—"), (0, gettext_lazy("before the clocks go back")), (1, gettext_lazy("after it"))]
        plain = {"required": False, "coerce": int, "empty_value": None, "choices": choices}
        label = gettext_lazy("This time happens twice that day; which one?")
        super().__init__(**plain | {"label": label} | kwargs)


class SessionForm(forms.ModelForm):
    """Every row that may be chosen is one that the user sees, of this programme or its tenant."""

    breaks = BreaksField()
    fold = FoldField()

    class Meta:
        model = Session
        fields = [
            "title", "title_sr", "module", "day", "start", "end", "fold", "breaks", "break_minutes", "venue",
            "trainers", "agenda", "agenda_sr", "by_invitation", "capacity",
        ]  # fmt: skip
        widgets = {
            "day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "start": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "end": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "break_minutes": forms.NumberInput({"min": 0, "max": 600, "class": "short"}),
            "capacity": forms.NumberInput({"min": 1, "class": "short"}),
            "trainers": forms.CheckboxSelectMultiple,
            "agenda": forms.Textarea({"rows": 4}),
            "agenda_sr": forms.Textarea({"rows": 4}),
        }
        labels = {"module": gettext_lazy("Module"), "venue": gettext_lazy("Venue")}
        help_texts = {
            "day": gettext_lazy("Without a day the session is not scheduled yet."),
            "break_minutes": gettext_lazy("Follows from the breaks where their times are given."),
        }

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.fields["module"].queryset = Module.objects.visible_to(user).filter(programme=programme)
        self.fields["venue"].queryset = Venue.objects.visible_to(user).filter(tenant=programme.tenant_id)
        self.fields["trainers"].queryset = trainers_of(programme)
        self.fields["module"].empty_label = gettext_lazy("none")
        self.fields["venue"].empty_label = gettext_lazy("not known yet")
        self.fields["break_minutes"].required = False
        ask_new(self, "venue", _("Venue"))
        self.asks_fold = self.instance.fold is not None

    def clean_break_minutes(self) -> int:
        return self.cleaned_data["break_minutes"] or 0

    def clean(self):
        said = super().clean()
        settle(self, "venue", self.programme.tenant)
        at = [said.get("start"), said.get("end")]
        self.asks_fold = bool(said.get("day")) and any(
            one and clock.happens_twice(said["day"], one, self._zone(said)) for one in at
        )
        if self.asks_fold and said.get("fold") is None:
            self.add_error("fold", ValidationError(_("Say which of the two you mean."), code="twice"))
        return said

    @property
    def place(self) -> Place:
        return Place(self, "venue")

    def _zone(self, said) -> str:
        """As the service will take it: a new place's own, else what the session has, else the programme's."""
        venue = said.get("venue")
        if self.instance.pk and venue == self.instance.venue:
            return self.instance.zone
        own = self.instance.zone if self.instance.pk else self.programme.zone
        return (venue and venue.zone) or own

    def _post_clean(self):
        """The service checks and saves: the instance stays as it is until then."""


def trainers_of(programme: Programme) -> Iterable[Person]:
    trainers = Membership.objects.filter(programme=programme, role=Membership.Role.TRAINER)
    return Person.objects.filter(pk__in=trainers.values("person"))
