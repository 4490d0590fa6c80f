"""What many forms of training share: an operation that counts once."""

from uuid import uuid4

from django import forms


class Operation(forms.Form):
    """Something that is sent once, however often it arrives: its id is made before it leaves."""

    operation = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operation"].initial = uuid4
