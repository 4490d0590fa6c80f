"""Opening, booking and cancelling office hours."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock
from lib.forms import day_field
from mentoring.models import Meeting, Mentor, Slot
from mentoring.slots import series
from people.models import Programme
from training.forms.planning import time_field
from training.forms.sessions import FoldField


class OpenForm(forms.Form):
    """Time that a mentor holds free, once or each week. `mentors` are those for whom the user may do it."""

    mentor = forms.ModelChoiceField(
        Mentor.objects.none(), label=gettext_lazy("Mentor"), empty_label=gettext_lazy("Choose …")
    )
    day = day_field(label=gettext_lazy("Day"))
    start = time_field(label=gettext_lazy("From"))
    end = time_field(label=gettext_lazy("Until"))
    fold = FoldField()
    each = forms.IntegerField(
        label=gettext_lazy("Minutes for each person"),
        required=False,
        min_value=series.SHORTEST,
        max_value=Meeting.LONGEST,
        help_text=gettext_lazy("Cuts the time into slots of this length; empty: one slot."),
        widget=forms.NumberInput({"class": "short"}),
    )
    until = day_field(
        label=gettext_lazy("Each week, the last time on or before"),
        required=False,
        help_text=gettext_lazy("Empty: this day only. The hour stays the same when the clocks change."),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Place"),
        choices=Meeting.Place,
        initial=Meeting.Place.ONLINE,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(
        label=gettext_lazy("Where exactly, or the link"), max_length=300, required=False, strip=True
    )
    is_open = forms.BooleanField(
        label=gettext_lazy("Open to everybody of the programme"),
        required=False,
        help_text=gettext_lazy("Otherwise only to those who are guided."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=40,
        help_text=gettext_lazy("The clock by which these times are meant, such as Europe/Belgrade."),
    )

    def __init__(self, *args, programme: Programme, mentors, zone: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = mentors
        self.fields["zone"].initial = zone
        found = list(mentors[:2])
        if len(found) == 1:
            self.fields["mentor"].widget = forms.HiddenInput()
            self.fields["mentor"].initial = found[0]
        self.asks_fold = False

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"].strip()
        if not clock.is_zone(zone):
            raise ValidationError(_("“%(zone)s” is no time zone.") % {"zone": zone})
        return zone

    def clean(self):
        said = super().clean()
        if {"day", "start", "end", "zone"} <= said.keys():
            times = said["day"], said["start"], said["end"]
            self.asks_fold = series.asks_fold(*times, said["zone"], said.get("until"))
        if self.asks_fold and said.get("fold") is None:
            self.add_error("fold", ValidationError(_("Say which of the two you mean."), code="twice"))
        return said


class BookForm(forms.Form):
    """A free slot, and what she would like to talk about; or another slot instead of the one she has."""

    slot = forms.ModelChoiceField(
        Slot.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("This time is not free any more: choose another one."),
        },
    )
    about = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"), max_length=200, required=False
    )
    instead = forms.ModelChoiceField(Slot.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, free, hers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = free
        self.fields["instead"].queryset = hers


class CancelForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=300, required=False)

    def __init__(self, *args, slot: Slot, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = slot.booked_by_id is not None
