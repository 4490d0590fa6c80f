"""The decision about two rows: one person, or two."""

from django import forms
from django.utils.translation import gettext_lazy


class DecisionForm(forms.Form):
    """`people`: those whom the reader may see."""

    kept = forms.ModelChoiceField(queryset=None)
    other = forms.ModelChoiceField(queryset=None)
    decision = forms.ChoiceField(
        choices=[("join", gettext_lazy("one person")), ("apart", gettext_lazy("two persons"))]
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = self.fields["other"].queryset = people
