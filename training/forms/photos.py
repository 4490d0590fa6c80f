"""A photograph, who is on it, and the sheet that was signed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Person
from training.forms.operations import Operation

TAKEN = "image/jpeg,image/png,image/webp"


class PhotoForm(Operation):
    file = forms.FileField(
        label=_("Photograph"),
        widget=forms.FileInput({"accept": TAKEN}),
        help_text=_("JPEG, PNG or WebP. Where and with what it was taken is not kept."),
    )
    caption = forms.CharField(label=_("What it shows"), max_length=300, required=False)
    caption_sr = forms.CharField(label=_("What it shows, in Serbian"), max_length=300, required=False)


class SubjectsForm(forms.Form):
    people = forms.ModelMultipleChoiceField(queryset=Person.objects.none(), required=False)
    nobody = forms.BooleanField(label=_("Nobody can be recognised"), required=False)

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = known


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300)


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Photograph of the signed sheet"), widget=forms.FileInput({"accept": TAKEN})
    )
