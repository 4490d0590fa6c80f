"""Taps, walk-ins and notes of the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.forms.operations import Operation
from training.models import Mark, Status


class MarkForm(Operation):
    """One tap of the register: only the time that belongs to the mark is read."""

    enrolment = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=Status)
    arrival = forms.TimeField(required=False)
    leaving = forms.TimeField(required=False)
    came = forms.TimeField(required=False, widget=forms.HiddenInput)  # she was late before she left early
    reason = forms.CharField(required=False, max_length=300)

    def clean(self):
        said = super().clean()
        status = said.get("status")
        if status == Status.LEFT_EARLY:
            said["arrival"] = said.get("came")
        elif status != Status.LATE:
            said["arrival"] = None
        if status != Status.LEFT_EARLY:
            said["leaving"] = None
        if status in (Status.PRESENT, Status.CLEARED):
            said["reason"] = ""
        said.pop("came", None)
        return said


class WalkInForm(Operation):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )


class NoteForm(Operation):
    text = forms.CharField(label=_("A new note"), max_length=5000, widget=forms.Textarea({"rows": 4}))


class SettleForm(Operation):
    """Of two marks that differ: the one that decides, and the one that stays."""

    mark = forms.ModelChoiceField(queryset=Mark.objects.none())
    keep = forms.ModelChoiceField(queryset=Mark.objects.none())

    def __init__(self, *args, marks, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("mark", "keep"):
            self.fields[name].queryset = marks
