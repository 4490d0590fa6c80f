"""The pages' door to the services: what was typed, as values. Rules live in the services."""

from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from people.models import Membership, Person, Programme
from training.models import Enrolment, Module, Session, Status, Venue


class Operation(forms.Form):
    """Something that is sent once, however often it arrives: its id is made before it leaves."""

    operation = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].initial = uuid4


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at the field it names, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


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


class StateForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=Enrolment.State)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class SessionForm(forms.ModelForm):
    """Every row that may be chosen is one that the user sees, of this programme or its tenant."""

    class Meta:
        model = Session
        fields = [
            "title",
            "title_sr",
            "module",
            "day",
            "start",
            "end",
            "break_minutes",
            "venue",
            "trainers",
            "agenda",
        ]
        widgets = {
            "day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "start": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "end": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "break_minutes": forms.NumberInput({"min": 0, "max": 600, "class": "short"}),
            "trainers": forms.CheckboxSelectMultiple,
            "agenda": forms.Textarea({"rows": 4}),
        }
        labels = {"module": _("Module"), "venue": _("Venue")}
        help_texts = {"day": _("Without a day the session is not scheduled yet.")}

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = Module.objects.visible_to(user).filter(programme=programme)
        self.fields["venue"].queryset = Venue.objects.visible_to(user).filter(tenant=programme.tenant_id)
        trainers = Membership.objects.filter(programme=programme, role=Membership.Role.TRAINER)
        self.fields["trainers"].queryset = Person.objects.filter(pk__in=trainers.values("person"))
        self.fields["module"].empty_label = _("none")
        self.fields["venue"].empty_label = _("not known yet")
        self.fields["break_minutes"].required = False

    def clean_break_minutes(self) -> int:
        return self.cleaned_data["break_minutes"] or 0

    def _post_clean(self):
        """The service checks and saves: the instance stays as it is until then."""


class CheckInForm(Operation):
    row_code = forms.CharField(
        label=_("Row code"),
        max_length=12,
        required=False,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "class": "short"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    born = forms.IntegerField(
        label=_("Year of birth"),
        min_value=1900,
        max_value=2100,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-year"}),
        error_messages={
            name: _("Four digits, as in 1984.") for name in ("invalid", "min_value", "max_value")
        },
    )

    def clean(self):
        said = super().clean()
        if self.errors or said.get("row_code"):
            return said
        if not said.get("first_name"):
            raise ValidationError(_("Write your row code, or your first name and year of birth."))
        if said.get("born") is None:
            self.add_error("born", _("Write your year of birth as well: four digits, as in 1984."))
        return said
