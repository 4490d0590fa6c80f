"""How many there were of what, and how that is known: one screen."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib import countries
from lib.forms import ServedForm
from people.models import Programme
from training.models import Headcount, Session


def country_choices() -> list[tuple[str, str]]:
    return [("", _("not by country")), *countries.choices()]


class HeadcountForm(ServedForm):
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices, required=False)
    upload = forms.FileField(
        label=gettext_lazy("File that shows it"),
        required=False,
        help_text=gettext_lazy("A photograph of the hall, the list of the door, an article; up to 10 MB."),
    )

    class Meta:
        model = Headcount
        fields = ["number", "of_what", "how", "session", "country", "evidence"]
        widgets = {
            "number": forms.NumberInput({"min": 0, "class": "short"}),
            "how": forms.RadioSelect,
        }
        help_texts = {
            "number": gettext_lazy("Empty: nobody knows how many. Unknown is not zero."),
            "of_what": gettext_lazy("Guests, companies, visitors of the fair."),
            "evidence": gettext_lazy("Who counted and where it can be read."),
        }

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        sessions = Session.objects.visible_to(user).filter(programme=programme)
        self.fields["session"].queryset = sessions.order_by("day", "starts_at", "pk")
        self.fields["session"].label_from_instance = lambda one: f"{one.heading} ({one.day or '–'})"
        self.fields["session"].empty_label = _("the programme as a whole")

    def said(self) -> dict:
        said = dict(self.cleaned_data)
        said.pop("upload", None)
        return said
