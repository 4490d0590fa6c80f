"""Writing a note: first who will read it, then what it says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Note
from training.forms.operations import Operation


class NoteForm(Operation):
    """`layers` are those that she may write in; the page says beside each who will read it."""

    layer = forms.ChoiceField(label=_("Who will read it"), choices=(), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Note"),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args, layers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["layer"].choices = [(one.layer, one.title) for one in layers]
        self.fields["layer"].initial = layers[0].layer  # the fewest readers

    @property
    def layer_now(self) -> str:
        return str(self["layer"].value() or "")
