"""What every form of training shares: an operation that counts once, and where a refusal is shown."""

from uuid import uuid4

from django import forms

from lib.forms import put_errors

__all__ = ["Operation", "put_errors"]


class Operation(forms.Form):
    """Something that is sent once, however often it arrives: its id is made before it leaves."""

    operation = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].initial = uuid4
