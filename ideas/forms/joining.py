"""What is decided on ideas that sound alike."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ideas.models import Compared, Idea
from people.models import Programme


class DecisionForm(forms.Form):
    """Of the ideas chosen: join them under the one that stands, or say that they are different, or later."""

    JOIN = "join"
    DECISIONS = [(JOIN, _("join")), *Compared.Says.choices]

    idea = forms.ModelMultipleChoiceField(
        Idea.objects.none(), error_messages={"required": _("Choose two ideas at least.")}
    )
    into = forms.ModelChoiceField(Idea.objects.none(), required=False)
    decision = forms.ChoiceField(choices=DECISIONS)

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        ideas = Idea.objects.filter(programme=programme).select_related("text")
        self.fields["idea"].queryset = self.fields["into"].queryset = ideas

    def clean(self) -> dict:
        said = super().clean()
        if said.get("decision") == self.JOIN and not said.get("into"):
            raise forms.ValidationError(_("Say which of them stands."))
        return said
